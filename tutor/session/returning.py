"""A quiz goes on where it was left: its questions and its answers as the journal has them."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.errors import NotFoundError
from tutor.memory.model import Event
from tutor.quiz.asking import UNASKABLE
from tutor.quiz.question import WORDED, Question
from tutor.quiz.sequence import QuestionSequence
from tutor.quiz.verdict import Mark
from tutor.session.choosing import accepted
from tutor.session.plans import QuizPlan
from tutor.session.recording import answers_of, resumed

if TYPE_CHECKING:
    from tutor.session.learner import Learner


def left(learner: Learner, session: str) -> QuizPlan:
    """The plan of a quiz that was left, as it was drawn up. Raises NotFoundError."""
    plan, _ = resumed(learner, session)
    if not isinstance(plan, QuizPlan):
        raise NotFoundError("No such quiz", "That session is no quiz.", "tutor study --resume")
    library = learner.library
    known = tuple(key for key in plan.cards if library.resolve(key) in library.entries)
    if not known or plan.seed is None:
        raise NotFoundError("Nothing is left of it", "The decks have none of its cards any more.")
    return replace(plan, cards=known)


def take_up(learner: Learner, sequence: QuestionSequence, session: str) -> None:
    """Let the answers that a quiz has in the journal count, and ask what comes after them."""
    forgiven = accepted(learner)
    for events in answers_of(learner, session):
        with suppress(NotFoundError):
            unit = learner.renames.key(events[0].card_key)
            entry, gap = learner.library.unit(unit)
            question = sequence.question
            if question is None or question.card.key != entry.key:
                # Taken back in this quiz, but given in an earlier one.
                sequence.insert(entry.key, gap if len(events) == 1 else None)
            _note(learner, sequence, events, all(e.correct or e.id in forgiven for e in events))
            sequence.advance()


def _note(
    learner: Learner, sequence: QuestionSequence, events: Sequence[Event], right: bool
) -> None:
    question, first = sequence.question, events[0]
    if question is None:
        return
    answer = first.answer or ""
    sequence.note(
        _mark(learner, question, answer, right),
        answer,
        seconds=sum(event.elapsed_ms or 0 for event in events) / 1000,
        confidence=first.confidence,
    )


def _mark(learner: Learner, question: Question, answer: str, right: bool) -> Mark:
    """What was said of an answer: marked again, so that slips are named; what counted, counts."""
    from tutor.quiz.marking import mark
    from tutor.quiz.terms import NONE, terms_of

    plain = Mark("right" if right else "wrong", expected=question.expected)
    if not (answer and question.marked):
        return plain
    terms = terms_of(learner.library) if question.kind in WORDED else NONE
    with suppress(*UNASKABLE):
        again = mark(question, answer, terms)
        return again if again.right == right and again.verdict != "ask-again" else plain
    return plain
