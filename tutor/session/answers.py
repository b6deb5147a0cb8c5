"""What an answer is worth: the rating it may have, and quiz answers as reviews.

A wrong answer is Again, a right choice at most Good, a hint at most Hard: to recognise is not
to recall.
"""

from __future__ import annotations

from dataclasses import dataclass

from tutor.memory.model import Event, Rating
from tutor.quiz.question import CHOSEN, Question
from tutor.quiz.report import Confidence
from tutor.quiz.verdict import Mark
from tutor.session.learner import MAX_ELAPSED_MS, Learner
from tutor.session.payload import joined, revised
from tutor.session.plans import QuizPlan
from tutor.session.promising import outcomes
from tutor.session.recording import Record


@dataclass(frozen=True, slots=True)
class Saved:
    """An answer that is on disk: the key it was saved under, and when it comes back."""

    key: str
    due_utc_ms: int


def ceiling(question: Question, correct: bool | None, hints: int) -> Rating:
    """The highest rating that an answer may have; `correct` is None if the learner judged."""
    if correct is False:
        return Rating.AGAIN
    if hints:
        return Rating.HARD
    return Rating.GOOD if correct and question.kind in CHOSEN else Rating.EASY


def record_quiz(
    learner: Learner,
    question: Question,
    mark: Mark,
    *,
    answer: str | None = None,
    confidence: Confidence | None = None,
    hints: int = 0,
    elapsed_ms: int = 0,
    record: Record | None = None,
) -> Saved:
    """Save a marked answer as a review, as `quiz_rows` makes it. Raises DataError.

    record: of the session that it is part of.
    """
    record = record or Record(learner, QuizPlan(), kept=False)

    def rows() -> list[Event]:
        return record.tagged(
            quiz_rows(
                learner, question, mark,
                answer=answer, confidence=confidence, hints=hints, elapsed_ms=elapsed_ms,
            )
        )  # fmt: skip

    events = learner.append(rows)
    record.written()
    return Saved(question.key, min(event.due_utc_ms or 0 for event in events))


def quiz_rows(
    learner: Learner,
    question: Question,
    mark: Mark,
    *,
    answer: str | None = None,
    confidence: Confidence | None = None,
    hints: int = 0,
    elapsed_ms: int = 0,
) -> list[Event]:
    """A marked answer as rows of the journal: wrong is Again, right is Good, with a hint Hard.

    A cloze asked as a whole is one answer to each of its typed gaps.
    """
    units = _units(learner, question, mark)
    spent = min(elapsed_ms, MAX_ELAPSED_MS) // len(units)

    def review(unit: str, right: bool) -> Event:
        rating = min(Rating.GOOD, ceiling(question, right, hints))
        return learner.event(
            "review", unit, rating=rating, source="quiz", answer=answer, correct=right,
            confidence=confidence, hints=hints, elapsed_ms=spent,
            content_hash=question.card.content_hash, model=learner.scheduler.model.id,
            due_utc_ms=_due(learner, unit, rating),
            payload=revised(question.card.rev, mark.misconception),
        )  # fmt: skip

    return joined([review(*each) for each in units.items()])


def _due(learner: Learner, unit: str, rating: Rating) -> int:
    return outcomes(learner, learner.state(unit))[rating].state.due_utc_ms


def _units(learner: Learner, question: Question, mark: Mark) -> dict[str, bool]:
    """The units that were answered, and whether rightly."""
    typed = question.typed_gaps
    if question.kind != "cloze" or question.key in learner.course.entry_of:
        return {question.key: mark.right}
    if not typed:
        return dict.fromkeys(learner.library.entries[question.key].units, mark.right)
    parts = mark.parts or (mark.right,) * len(typed)
    return {f"{question.key}/{gap.slug}": part for gap, part in zip(typed, parts, strict=True)}
