"""Two questions before a lesson, which nothing remembers: wrong guesses make the lesson stay.

Trying to answer before reading helps even where the answer is wrong (L. E. Richland, N. Kornell and
L. S. Kao, Journal of Experimental Psychology: Applied 15, 2009). What nobody could know yet says
nothing of a memory, so no answer goes into the journal.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tutor.deck.model import MARKED
from tutor.errors import NotFoundError
from tutor.session.answers import Saved
from tutor.session.plans import QuizPlan
from tutor.session.quiz import QuizSession
from tutor.session.recording import Record

if TYPE_CHECKING:
    from tutor.session.learner import Learner
    from tutor.session.turn import Turn

QUESTIONS = 2
# A guess needs something to choose from; words and numbers come after that.
_FIRST = ("choice", "truefalse", "multi", "numeric", "typed")


def questions_before(learner: Learner, topic: str) -> tuple[str, ...]:
    """The keys of at most two cards of the topic that were never answered; of two kinds if any."""
    cards = [
        entry
        for entry in learner.library.cards_of(topic)
        if entry.kind in MARKED and entry.kind in _FIRST
        and not any(learner.state(unit).reps for unit in entry.units)
    ]  # fmt: skip
    cards.sort(key=lambda entry: _FIRST.index(entry.kind))
    firsts = {entry.kind: entry for entry in reversed(cards)}
    chosen = sorted(firsts.values(), key=lambda entry: _FIRST.index(entry.kind))
    rest = [entry for entry in cards if entry not in chosen]
    return tuple(entry.key for entry in (*chosen, *rest)[:QUESTIONS])


class Pretest(QuizSession):
    """The questions before a lesson: marked as in a quiz, and written nowhere."""

    def __init__(self, learner: Learner, topic: str) -> None:
        """Raises NotFoundError where the topic has no such question."""
        cards = questions_before(learner, topic)
        if not cards:
            raise NotFoundError("Nothing to guess at", "This topic has no question that is new.")
        super().__init__(learner, QuizPlan(cards=cards))
        self._record = Record(learner, self.plan, kept=False)

    def settle(self, turn: Turn) -> Saved:
        """Count the answer, for now."""
        assert turn.mark is not None
        self._sequence.note(turn.mark, turn.answer, seconds=turn.seconds, given=turn.given)
        return Saved(turn.question.key, 0)

    def skip(self) -> None:
        """Leave the question out."""
        self._sequence.skip()

    def undo(self) -> str | None:
        """Nothing was written."""
        return None
