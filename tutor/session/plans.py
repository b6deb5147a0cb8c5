"""What to study and what to be quizzed on: plain data that a command line or a page makes.

A plan knows no learner; `StudySession` and `QuizSession` make sessions of a learner and a plan.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class StudyPlan:
    """One session of study.

    limit: ends after so many answers. new: so many new cards, whatever the day's limits. topics:
    only these, by any of their names, open whatever they need. ignore_needs: all topics are open.
    ahead: new cards beyond the day's own. cards: just these, due or not, in this order.
    """

    limit: int | None = None
    new: int | None = None
    topics: tuple[str, ...] = ()
    ignore_needs: bool = False
    ahead: bool = False
    cards: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class QuizPlan:
    """One quiz: over these cards, or over `count` cards of these topics and kinds.

    cards: keys, in the order of asking. topics: by any of their names. kinds: of questions.
    count: ten, when none is given. seed: asks the same questions with the same numbers again;
    drawn when none is given.
    """

    cards: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    count: int | None = None
    seed: int | None = None

    @property
    def chosen(self) -> bool:
        """Whether anything was asked for, so that nothing needs to be chosen first."""
        return bool(self.topics or self.kinds or self.cards or self.count)
