"""An exam: questions against the clock, back and forth, and no word on any of them until the end.

Each answer is in the journal when it is given, so that an exam goes on where it was. Handing in
marks all of them as a quiz would, and writes the marks and the result in one transaction.

A learner has one exam at a time, the one that was begun last: all windows show one and the same,
and before each act a window takes up what the others did.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from time import monotonic
from typing import NoReturn

from tutor.errors import ElsewhereError, NotFoundError
from tutor.memory.model import Event
from tutor.quiz.question import Question
from tutor.quiz.report import Confidence, Item, Report
from tutor.quiz.verdict import Mark
from tutor.session.answers import quiz_rows
from tutor.session.exam_drawing import askable, drawn_up
from tutor.session.exam_result import Result, chapter_marks, results
from tutor.session.exam_rows import (
    Given,
    Sitting,
    answer_row,
    left,
    newest,
    newest_row,
    without_changed,
)
from tutor.session.learner import Learner
from tutor.session.plans import ExamPlan, fewer
from tutor.session.several import Claims
from tutor.session.turn import Turn
from tutor.text.voice import aloud, speaking

Ticks = Callable[[], float]


class ExamSession:
    """One exam of a learner: the question looked at, what was answered and flagged, the clock.

    resumed: whether it was begun before. news: what another window has done with it, in words,
    until a driver has told it and set it back to nothing.
    """

    news = ""

    def __init__(self, learner: Learner, plan: ExamPlan, ticks: Ticks = monotonic) -> None:
        """Raises UsageError for a kind, NotFoundError for a topic, or when nothing fits."""
        self.learner = learner
        self._ticks = ticks
        self._seen = newest_row(learner)
        found = left(learner) if plan.go_on else None
        if plan.go_on and found is None:
            raise NotFoundError(
                "No exam to go on with",
                "No exam was left before its end in the last week.",
                "Begin one: tutor exam",
            )
        self.resumed = found is not None
        self._asked_for = None if self.resumed else plan.count
        self._sitting = without_changed(found, learner) if found else drawn_up(learner, plan)
        if self.given is not None:
            self._sitting.at = self.first_open(self.at)
        self._questions: dict[int, Question | None] = {}
        self._opened = self._looked = ticks()
        self._spent_before = self._sitting.spent_ms
        self._result: Result | None = None
        self._claims = Claims(learner.place.database)

    # -- what is so ---------------------------------------------------------------------------

    @property
    def total(self) -> int:
        """How many questions the exam has."""
        return len(self._sitting.keys)

    @property
    def short(self) -> str:
        """That fewer questions fit than were asked for, in words; empty if not."""
        return fewer(self._asked_for, self.total)

    @property
    def at(self) -> int:
        """The question looked at, from 0."""
        return self._sitting.at

    @property
    def seed(self) -> int:
        """What drew the questions and their numbers."""
        return self._sitting.seed

    @property
    def question(self) -> Question | None:
        """The question looked at; None for one that can be asked no more.

        No quiz and no session of another program asks its card meanwhile.
        """
        question = self.question_at(self.at)
        if question is not None:
            self._claims.take(question.card.key)
        return question

    def question_at(self, at: int) -> Question | None:
        """A question by its place; None for one whose card is gone since the exam was begun."""
        if at not in self._questions:
            self._questions[at] = askable(self.learner, self._sitting.keys[at], self.seed)
        return self._questions[at]

    @property
    def given(self) -> Given | None:
        """The answer to the question looked at, as it stands."""
        return self._sitting.answers.get(self.at)

    def answer_at(self, at: int) -> Given | None:
        """The answer to a question by its place."""
        return self._sitting.answers.get(at)

    def first_open(self, after: int = 0) -> int:
        """The first question without an answer, from a place on and then from the beginning."""
        places = [*range(after, self.total), *range(after)]
        return next((at for at in places if at not in self._sitting.answers), after)

    @property
    def answered(self) -> int:
        """How many questions have an answer."""
        return len(self._sitting.answers)

    def is_flagged(self, at: int) -> bool:
        """Whether a question is to be looked at again."""
        return at in self._sitting.flagged

    @property
    def limit_ms(self) -> int | None:
        """What the clock gives; None without a clock."""
        return self._sitting.limit_ms

    @property
    def spent_ms(self) -> int:
        """What the exam has taken; the time for which it was closed does not count."""
        if self._result is not None:
            return round(self._result.seconds * 1000)
        return self._spent_before + round((self._ticks() - self._opened) * 1000)

    @property
    def left_ms(self) -> int | None:
        """What is left on the clock, not below 0; None without a clock."""
        limit = self._sitting.limit_ms
        return None if limit is None else max(0, limit - self.spent_ms)

    @property
    def out_of_time(self) -> bool:
        """Whether the clock has run down: no answer counts any more."""
        return self.left_ms == 0

    @property
    def over(self) -> bool:
        """Whether it is handed in, here or in another window."""
        return self._result is not None

    @cached_property
    def chapter_titles(self) -> dict[str, str]:
        """The title of each topic's chapter; a topic's own name may give an answer away."""
        return {topic.id: topic.chapter_title for topic in self.learner.library.topics.values()}

    @property
    def heading(self) -> str:
        """What may be said above the question looked at: its chapter."""
        question = self.question
        if question is None:
            return ""
        return self.chapter_titles.get(question.card.topic or "", question.card.deck)

    # -- what changes -------------------------------------------------------------------------

    def look_around(self) -> None:
        """Take up what other windows have done with the exam; `news` says that they did.

        Raises ElsewhereError where it goes on no more as it did here: it was handed in (`over`),
        or given up for another exam, which is the one that goes on. Raises DataError.
        """
        seen, self._seen = self._seen, newest_row(self.learner)
        found = newest(self.learner) if self._seen != seen else None
        if found is None or self.over:
            return
        if found.id == self._sitting.id:
            self._join(found)
        elif not found.ended:
            self._give_up_for(found)

    def _join(self, found: Sitting) -> None:
        """Take up what another window did in this exam."""
        if found.ended:
            there = (result for result in results(self.learner) if result.id == found.id)
            self._result = next(there, None)
            raise ElsewhereError("Another window has handed this exam in", "It is over.")
        self._count_time()
        found.at, found.spent_ms = self.at, max(found.spent_ms, self.spent_ms)
        found.took_ms = found.took_ms | self._sitting.took_ms
        self._sit(found)
        self.news = "Another window has this exam open too: what was answered there is here."

    def _give_up_for(self, found: Sitting) -> NoReturn:
        self._sit(found)
        self._questions.clear()
        raise ElsewhereError(
            "Another window has begun an exam",
            f"It goes on here: {self.answered} of {self.total} answered.",
        )

    def _sit(self, found: Sitting) -> None:
        self._sitting = without_changed(found, self.learner)
        self._spent_before = found.spent_ms
        self._opened = self._looked = self._ticks()

    def go(self, to: int) -> None:
        """Look at another question; nothing is written for that. Raises as `look_around` does."""
        self.look_around()
        self._count_time()
        self._sitting.at = max(0, min(to, self.total - 1))

    def answer(self, text: str, confidence: Confidence | None = None) -> str:
        """Give an answer, or another one, to the question looked at; on disk when this returns.

        Returns what keeps the answer from being read, which says nothing of its being right;
        empty when it was taken. Raises as `look_around` does, and DataError.
        """
        question = self.question
        assert question is not None
        mark = Turn(question, self.learner.library).reply(text)
        if mark is not None and mark.verdict == "ask-again" and not mark.near:
            return mark.message
        given = Given(text, confidence, question.card.content_hash)
        self._write(**answer_row(given))
        self._sitting.answers[self.at] = given
        return ""

    def flag(self) -> bool:
        """Flag the question looked at, or take the flag away; whether it has one now.

        Raises as `answer` does.
        """
        self.look_around()
        on = self.at not in self._sitting.flagged
        self._write(flag=on)
        (self._sitting.flagged.add if on else self._sitting.flagged.discard)(self.at)
        return on

    def leave(self) -> bool:
        """Write down how far it is, to go on another time; False if nothing was done yet.

        Raises DataError.
        """
        self.close()
        begun = bool(self._sitting.id) and not self.over
        if begun:
            try:
                self._write()
            except ElsewhereError:
                return not self.over
        return begun

    def hand_in(self) -> Result:
        """Mark all answers and end the exam; on disk when this returns.

        Raises as `answer` does; the result of one that another window handed in comes after that.
        """
        if self._result is not None:
            return self._result
        self._count_time()
        made: list[Result] = []

        def rows() -> list[Event]:
            self.look_around()
            first = self._first()
            beginning, began = self._beginning(first)
            with self._in_signs():
                marked = [(at, *each) for at in range(self.total) if (each := self._marked(at))]
            result = self._made(beginning, began, [item for _, _, _, item in marked])
            made[:] = [result]
            reviews = [
                row
                for at, question, mark, item in marked
                if at in self._sitting.answers
                for row in self._review(question, mark, item)
            ]
            return [*first, *reviews, self.learner.event("exam", "", payload=result.payload())]

        written = self.learner.append(rows)
        self._seen = written[-1].id
        self._result = replace(made[0], ended_utc_ms=written[-1].at_utc_ms)
        if speaking():
            heard = (each[-1] for at in range(self.total) if (each := self._marked(at)))
            self._result = replace(self._result, report=Report(tuple(heard)))
        self._claims.close()
        return self._result

    def close(self) -> None:
        """Let other programs ask the card of the question looked at."""
        self._claims.close()

    # -- within -------------------------------------------------------------------------------

    def _first(self) -> list[Event]:
        if self._sitting.id:
            return []
        return [self.learner.event("exam", "", payload=self._sitting.first())]

    def _beginning(self, first: list[Event]) -> tuple[str, int]:
        if first:
            return first[0].id, first[0].at_utc_ms
        return self._sitting.id, self._sitting.began_utc_ms

    def _write(self, **what: object) -> None:
        """Write a row about the question looked at, after the first row if there is none yet."""
        assert not self.over
        self._count_time()
        began: list[tuple[str, int]] = []

        def rows() -> list[Event]:
            self.look_around()
            first = self._first()
            began[:] = [self._beginning(first)]
            step = self._sitting.step(began[0][0], **what)
            return [*first, self.learner.event("exam", "", payload=step)]

        self._seen = self.learner.append(rows)[-1].id
        self._sitting.id, self._sitting.began_utc_ms = began[0]

    def _count_time(self) -> None:
        now = self._ticks()
        took = self._sitting.took_ms
        took[self.at] = took.get(self.at, 0) + round((now - self._looked) * 1000)
        self._looked = now
        self._sitting.spent_ms = self.spent_ms

    def _marked(self, at: int) -> tuple[Question, Mark, Item] | None:
        """A question with what a quiz would say of the answer; none at all is a wrong one."""
        question = self.question_at(at)
        if question is None:
            return None
        given = self._sitting.answers.get(at, Given(""))
        turn = Turn(question, self.learner.library)
        turn.confidence = given.confidence
        mark = turn.reply(given.answer or "?")
        assert mark is not None
        if mark.verdict == "ask-again":
            mark = replace(mark, verdict="right" if mark.near else "wrong")
        answer = turn.answer if turn.over else given.answer
        seconds = self._sitting.took_ms.get(at, 0) / 1000
        confidence = turn.confidence if given.answer else None
        return question, mark, Item.of(question, mark, answer, seconds, confidence, given.answer)

    @contextmanager
    def _in_signs(self) -> Iterator[None]:
        """Let the journal's texts have signs, whoever listens; questions keep what they made."""
        kept = self._questions
        if speaking():
            self._questions = {}
        with aloud(False):
            yield
        self._questions = kept

    def _review(self, question: Question, mark: Mark, item: Item) -> list[Event]:
        return quiz_rows(
            self.learner, question, mark,
            answer=item.answer, confidence=item.confidence, elapsed_ms=round(item.seconds * 1000),
        )  # fmt: skip

    def _made(self, beginning: str, began: int, items: list[Item]) -> Result:
        now, limit, spent = self.learner.now(), self._sitting.limit_ms, self.spent_ms
        flagged = [self._sitting.keys[at] for at in sorted(self._sitting.flagged)]
        return Result(
            id=beginning,
            began_utc_ms=began,
            ended_utc_ms=now.utc_ms,
            study_day=now.study_day,
            seed=self.seed,
            minutes=None if limit is None else round(limit / 60_000),
            seconds=(spent if limit is None else min(spent, limit)) / 1000,
            flagged=tuple(flagged),
            chapters=chapter_marks(self.learner.library, items),
            report=Report(tuple(items)),
        )
