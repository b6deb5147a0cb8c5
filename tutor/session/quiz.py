"""One quiz for one learner: the cards that were asked for, or a mix over what is known.

The app and the plain session drive the same object, so that one seed asks the same in either.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection
from contextlib import suppress
from dataclasses import replace

from tutor.deck.model import KINDS, MARKED, Card
from tutor.errors import DataError, NotFoundError, UsageError
from tutor.quiz.question import Question
from tutor.quiz.report import Report
from tutor.quiz.sequence import DEFAULT_COUNT, QuestionSequence, choose
from tutor.session.accepting import Accepted, accept_last, acceptance
from tutor.session.answers import Saved, record_quiz
from tutor.session.choosing import met, quizzed
from tutor.session.earlier import Earlier
from tutor.session.learner import Learner
from tutor.session.plans import QuizPlan, fewer
from tutor.session.recording import Record, draws_of
from tutor.session.returning import left, take_up
from tutor.session.several import Claims
from tutor.session.turn import Turn

_SEEDS = 1_000_000


class QuizSession:
    """One quiz of a learner: what is asked now, and answers saved at once.

    plan: as it was drawn up, with its cards and its seed: the same plan asks the same again.
    """

    def __init__(self, learner: Learner, plan: QuizPlan) -> None:
        """Raises UsageError for a kind, NotFoundError for a topic, a card, or if nothing fits.

        A plan that names a session goes on where that was left.
        """
        self.learner = learner
        self.earlier = Earlier(learner)
        self.asked_for = plan.count
        self.plan = left(learner, plan.session) if plan.session else drawn_up(learner, plan)
        assert self.plan.seed is not None
        self._record = Record(learner, self.plan)
        draws = draws_of(learner, self.plan.session)
        self._planned = len(draws or self.plan.cards)
        self._sequence = QuestionSequence(self.plan.cards, self.plan.seed, self._card, draws)
        if self.plan.session:
            take_up(learner, self._sequence, self.plan.session)
        self._claims = Claims(learner.place.database)
        self._asked: Question | None = None
        self._postponed = set[str]()
        self._answers = {draw.key: self._answers_of(draw.key) for draw in self._sequence.draws}

    def _card(self, key: str) -> Card:
        return self.learner.library.card(key)

    @property
    def seed(self) -> int:
        """What chose the questions and their numbers."""
        return self._sequence.seed

    @property
    def question(self) -> Question | None:
        """The question asked now; None when the quiz is over. One that cannot be is left out.

        What another program asks now comes last; what it has answered meanwhile, or still asks
        then, is left out.
        """
        while (question := self._sequence.question) is not None and question is not self._asked:
            self._take(question)
        if question is None:
            self._claims.give_back()
        if question is None and self.plan.session and self.total != self._planned:
            # It was gone on with, and some of it cannot be asked any more: no count says that.
            self._record.end()
        return question

    def _take(self, question: Question) -> None:
        """Claim a question, or let another one take its place."""
        key = question.card.key
        free = self._claims.take(key)
        with suppress(DataError):  # the answer will tell
            self.learner.catch_up()
        if self._answers.setdefault(key, self._answers_of(key)) != self._answers_of(key):
            self._sequence.skip()
        elif free:
            self._asked = question
        elif key in self._postponed:
            self._sequence.skip()
        else:
            self._postponed.add(key)
            self._sequence.postpone()

    def _answers_of(self, key: str) -> int:
        """How many answers a card has, whoever gave them."""
        entry = self.learner.library.entries.get(key)
        units = entry.units if entry else (key,)
        return sum(self.learner.state(unit).reps for unit in (key, *units))

    @property
    def short(self) -> str:
        """That fewer questions fit than were asked for, in words; empty if not."""
        return fewer(self.asked_for, self.total)

    @property
    def position(self) -> int:
        """The number of the question asked now, from 1."""
        return self._sequence.position

    @property
    def total(self) -> int:
        """How many questions the quiz has."""
        return self._sequence.total

    def settle(self, turn: Turn) -> Saved:
        """Save the marked answer, and count it; on disk when this returns. Raises DataError."""
        assert turn.mark is not None
        saved = record_quiz(
            self.learner,
            turn.question,
            turn.mark,
            answer=turn.answer,
            confidence=turn.confidence,
            hints=turn.hints,
            elapsed_ms=turn.elapsed_ms,
            record=self._record,
        )
        self._answers[turn.question.card.key] = self._answers_of(turn.question.card.key)
        self._sequence.note(
            turn.mark,
            turn.answer,
            seconds=turn.seconds,
            confidence=turn.confidence,
            given=turn.given,
        )
        return saved

    def advance(self) -> None:
        """Go on to the next question."""
        self._sequence.advance()

    def skip(self) -> None:
        """Leave the question out, as if it had never been in the quiz. Raises DataError."""
        self._sequence.skip()
        self._note()

    def another(self) -> None:
        """Ask the same card once more right after this question, with other numbers."""
        self._sequence.another()
        self._note()

    def end(self) -> None:
        """Let the quiz be over as it stands, so that it is not offered again. Raises DataError."""
        self._record.end()

    def leave(self) -> None:
        """Let other programs ask the question that is asked here."""
        self._claims.give_back()

    @property
    def resuming(self) -> QuizPlan:
        """The plan that goes on where this quiz stands."""
        return replace(self.plan, session=self._record.id)

    def _note(self) -> None:
        """Write down which questions there are now."""
        draws = self._sequence.draws
        self._record.add(turns=[[draw.key, draw.draw, draw.gap] for draw in draws])
        self._planned = len(draws)

    def undo(self) -> str | None:
        """Take back the last answer, also of an earlier session; its card is asked now.

        A card that the decks no longer have, and a topic marked as known, is only taken back.
        Returns the key; None when there is nothing to take back.
        """
        amended = acceptance(self.learner)
        key = self.learner.undo()
        self._record.taken_back()
        if key is not None and amended:
            self._sequence.accept(key, right=False)
        elif key is not None:
            with suppress(NotFoundError):
                entry, gap = self.learner.library.unit(key)
                self._sequence.take_back(entry.key, gap)
                self._answers[entry.key] = self._answers_of(entry.key)
        return key

    def accept(self) -> Accepted | None:
        """Let the last answer count as right if it was a written miss; None if it was not."""
        accepted = accept_last(self.learner)
        if accepted is not None:
            self._sequence.accept(accepted.key, right=True)
        return accepted

    def report(self) -> Report:
        """How it has gone so far."""
        return self._sequence.report()


def drawn_up(learner: Learner, plan: QuizPlan) -> QuizPlan:
    """The plan with its cards and its seed chosen.

    Cards already met come first, unless a seed is given: then the questions depend on the decks
    and the seed alone. Raises UsageError for a kind, NotFoundError for a topic, a chapter, a tag,
    a card, or when nothing fits.
    """
    check_kinds(plan.kinds)
    seed = secrets.randbelow(_SEEDS) if plan.seed is None else plan.seed
    if plan.cards:
        keys = [_key(learner, key) for key in plan.cards][: plan.count]
    else:
        keys = choose(
            quizzed(learner, plan),
            count=DEFAULT_COUNT if plan.count is None else plan.count,
            seed=seed,
            kinds=plan.kinds,
            prefer=met(learner) if plan.seed is None else (),
        )
    if not keys and plan.count != 0:
        raise NotFoundError(
            "Nothing to ask",
            "No card that the program can mark fits this choice.",
            "Choose other topics or kinds, or all of them.",
        )
    return replace(plan, cards=tuple(keys), seed=seed)


def check_kinds(kinds: Collection[str]) -> None:
    """Raises UsageError for what is no kind of question that the program marks."""
    for name in kinds:
        if name not in MARKED:
            about = "is studied, not quizzed" if name in KINDS else "is no kind of question"
            known = ", ".join(kind for kind in KINDS if kind in MARKED)
            raise UsageError("Wrong kind", f"{name!r} {about}.", f"Kinds: {known}.")


def _key(learner: Learner, key: str) -> str:
    library = learner.library
    entry = library.entries.get(library.resolve(key))
    if entry is None:
        raise NotFoundError(
            "No such card", f"{key!r} is no card of these decks.", "A key is written deck/id."
        )
    if entry.kind not in MARKED:
        raise UsageError(
            "Not a quiz card",
            f"{entry.key} is a {entry.kind} card: you rate it yourself.",
            f"tutor study --topic {entry.topic}" if entry.topic else "tutor study",
        )
    return entry.key
