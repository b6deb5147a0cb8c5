"""One card of a session of study, as it is asked."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from tutor.deck.model import Card, Entry
from tutor.memory.model import CardState, Outcome, Rating
from tutor.memory.waiting import Waiting
from tutor.quiz.fading import Example, example
from tutor.quiz.question import Question


@dataclass(frozen=True)
class StudyItem:
    """One card as it is asked now.

    unit: what is scheduled; gap: which gap of a cloze. position, total: how far the session is,
    from 1, in cards, or in answers where the plan limits them. waiting: what is left in parts,
    with this card. outcomes: what each button does. state: what is remembered before the answer.
    """

    unit: str
    entry: Entry
    card: Card
    gap: int | None
    question: Question
    position: int
    total: int
    waiting: Waiting
    outcomes: dict[Rating, Outcome]
    state: CardState
    answered_hash: Callable[[], str]

    @property
    def forgotten(self) -> int:
        """How often a leech was forgotten; 0 for any other card."""
        return self.state.lapses if self.state.leech else 0

    @property
    def example(self) -> Example | None:
        """What is shown before the answer to one who has not yet solved such a task."""
        return example(self.question, self.state.phase)

    @cached_property
    def changed(self) -> bool:
        """Whether the card's text is another than at its last review."""
        before = self.answered_hash() if self.state.reps else ""
        return bool(before) and before != self.card.content_hash
