"""The numbers of the first screen, kept right with every answer.

They go into the store with the answer itself, so nothing here may walk over all cards.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import islice

from tutor.deck.library import Library
from tutor.deck.model import MARKED
from tutor.memory import stats
from tutor.memory.course import Course
from tutor.memory.model import Moment
from tutor.memory.stats import History
from tutor.memory.today import Limits, Today
from tutor.memory.workload import Pace, Proposal, propose
from tutor.settings import Settings
from tutor.store.glance import ChapterGlance, Glance, Retention

_NEXT_TOPICS = 3
_RECENT_DAYS = 30


@dataclass(frozen=True, slots=True)
class Due:
    """What waits: now, until the end of the study day, new ones, and when the next one comes."""

    due_now: int
    today: int
    new: int
    next_due_utc_ms: int | None


@dataclass(slots=True)
class Summary:
    """What the first screen says, from the decks, the history and the learner's pace."""

    library: Library
    course: Course
    settings: Settings
    history: History
    pace: Pace
    marked_share: float = field(init=False)
    _known: frozenset[str] = frozenset({""})
    _chapters: tuple[ChapterGlance, ...] = ()

    def __post_init__(self) -> None:
        entries = self.library.entries.values()
        marked = sum(entry.kind in MARKED for entry in entries)
        self.marked_share = marked / max(1, len(entries))

    @property
    def limits(self) -> Limits:
        """The day's limits as the learner set them."""
        chosen = self.settings
        return Limits(chosen.new_cards_a_day, chosen.new_topics_a_day, chosen.reviews_a_day)

    def due(self, today: Today, now: Moment) -> Due:
        """What waits now and today."""
        waiting = today.waiting()
        later = [at for at, _ in waiting if at > now.utc_ms]
        return Due(
            due_now=sum(cards for at, cards in waiting if at <= now.utc_ms),
            today=sum(cards for at, cards in waiting if at < today.end),
            new=today.new_count(self.limits),
            next_due_utc_ms=later[0] if later else today.beyond_horizon(),
        )

    def proposal(self, today: Today) -> Proposal:
        """What fits the minutes that the learner has a day."""
        return self._proposal(today, today.waiting())

    def _proposal(self, today: Today, waiting: list[tuple[int, int]]) -> Proposal:
        due = sum(cards for at, cards in waiting if at < today.end)
        allowed = max(0, self.limits.reviews - len(today.reviewed))
        return propose(
            min(due, allowed),
            today.new_count(self.limits),
            self.pace.seconds(self.marked_share),
            self.settings.minutes_a_day,
        )

    def glance(self, today: Today, now: Moment) -> Glance:
        """The row of the first screen."""
        waiting = today.waiting()
        plan = self._proposal(today, waiting)
        chapters = self._by_chapter(today)
        coming = tuple(islice(self._next_topics(today), _NEXT_TOPICS))
        retention = self.history.retention
        return Glance(
            written_utc_ms=now.utc_ms,
            study_day=now.study_day,
            due=tuple(waiting),
            reviews=plan.reviews,
            new=plan.new,
            demos=int(bool(plan.new) and any(self.library.topics[name].demo for name in coming)),
            minutes=plan.minutes,
            topics=sum(chapter.topics for chapter in chapters),
            known=sum(chapter.known for chapter in chapters),
            chapters=chapters,
            next_topics=tuple((name, self.library.topics[name].title) for name in coming),
            study_days=sum(self._recent(now.study_day)),
            streak=stats.streak(self.history.days, now.study_day),
            answers=self.history.reviews,
            retention=None
            if retention is None
            else Retention(retention.value, retention.low, retention.high, retention.n),
            signature=self.library.signature,
        )

    def _recent(self, day: int) -> Iterator[bool]:
        return (day - ago in self.history.days for ago in range(_RECENT_DAYS))

    def _next_topics(self, today: Today) -> Iterator[str]:
        """Open topics that were not begun yet, in teaching order."""
        everything = Limits(new_topics=None)
        return (
            name
            for name, _ in today.new(everything)
            if name in self.library.topics and not today.begun(name)
        )

    def _by_chapter(self, today: Today) -> tuple[ChapterGlance, ...]:
        """Known topics a chapter, counted anew only when a topic became known."""
        if today.known != self._known:
            self._known = frozenset(today.known)
            topics = self.library.topics.values()
            self._chapters = tuple(
                ChapterGlance(
                    number=number,
                    title=title,
                    topics=sum(topic.chapter == number for topic in topics),
                    known=sum(topic.chapter == number and topic.id in self._known
                              for topic in topics),
                )
                for number, title in self.library.chapters.items()
            )  # fmt: skip
        return self._chapters
