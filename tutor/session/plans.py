"""What to study and what to be quizzed on: plain data that a command line or a page makes.

A plan knows no learner; `StudySession` and `QuizSession` make sessions of a learner and a plan.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Pick = Literal["", "missed", "known"]
"""Of the cards: whatever the plan says else, only those missed lately, or only those met before."""
RESUMED = "last"
"""Instead of a session's id: the one that was left."""


@dataclass(frozen=True, slots=True)
class StudyPlan:
    """One session of study.

    limit: ends after so many answers. minutes: ends on time, what is nearest to being forgotten
    first. new: so many new cards, whatever the day's limits. topics, chapters, tags: only these,
    topics by any of their names, chapters by number or title; open whatever they need.
    ignore_needs: all topics are open. ahead: new cards beyond the day's own. cards: just these,
    due or not, in this order. drill: the answers leave the schedule as it is. pick: of a drill,
    which cards. session: goes on with the session of this id.
    """

    limit: int | None = None
    new: int | None = None
    topics: tuple[str, ...] = ()
    ignore_needs: bool = False
    ahead: bool = False
    cards: tuple[str, ...] = ()
    minutes: int | None = None
    chapters: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    drill: bool = False
    pick: Pick = ""
    session: str = ""

    @property
    def whole(self) -> bool:
        """Whether it is all that the day brings: what waits then needs no plan to be resumed."""
        return replace(self, session="") == StudyPlan()

    @property
    def counted(self) -> bool:
        """Whether how far it is says what is left; else that is whatever still waits."""
        return bool(self.limit or self.minutes or self.cards or self.drill)


def fewer(wanted: int | None, total: int) -> str:
    """That fewer questions fit than were asked for, in words; empty if not."""
    if not wanted or total >= wanted:
        return ""
    fit = "only 1 fits" if total == 1 else f"only {total} fit"
    return f"You asked for {wanted} questions: {fit} what you chose."


@dataclass(frozen=True, slots=True)
class QuizPlan:
    """One quiz: over these cards, or over `count` cards of these topics and kinds.

    cards: keys, in the order of asking. topics: by any of their names. kinds: of questions.
    chapters: by number or title. pick: only cards missed lately, or only those met before.
    count: ten, when none is given. seed: asks the same questions with the same numbers again;
    drawn when none is given. session: goes on with the quiz of this id.
    """

    cards: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    count: int | None = None
    seed: int | None = None
    chapters: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    pick: Pick = ""
    session: str = ""

    @property
    def chosen(self) -> bool:
        """Whether anything was asked for, so that nothing needs to be chosen first."""
        return bool(
            self.topics or self.kinds or self.cards or self.count
            or self.chapters or self.tags or self.pick or self.session
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class ExamPlan:
    """One exam: `count` questions of these topics, chapters and kinds, or the one that was left.

    topics: by any of their names. chapters: by number or title. kinds: of questions. count: twenty,
    when none is given. minutes: of the clock; a minute and a half a question when none is given, 0
    for none. seed: asks the same questions again. go_on: with the exam that was left.
    """

    topics: tuple[str, ...] = ()
    chapters: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    count: int | None = None
    minutes: int | None = None
    seed: int | None = None
    go_on: bool = False

    @property
    def chosen(self) -> bool:
        """Whether anything was asked for, so that nothing needs to be chosen first."""
        return self != ExamPlan()
