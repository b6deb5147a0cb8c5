"""The numbers of the first screen, kept right with every answer.

They go into the store with the answer itself, so nothing here may walk over all cards.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import islice
from typing import Any

from tutor.deck.library import Library
from tutor.deck.model import MARKED
from tutor.memory import stats
from tutor.memory.course import Course
from tutor.memory.stats import History
from tutor.memory.time import Moment, iso
from tutor.memory.today import Limits, Today
from tutor.memory.waiting import Waiting
from tutor.memory.workload import Pace, Proposal, propose
from tutor.settings import Settings
from tutor.store.glance import LAST_DAYS, ChapterGlance, Glance, Retention

Pairs = list[tuple[int, int]]
_NEXT_TOPICS = 3
_RECENT_DAYS = 30


@dataclass(frozen=True, slots=True)
class Due:
    """What waits: now, until the end of the study day, new ones, and when the next one comes.

    waiting: the day's cards in parts. ready: how many of them a session would ask now.
    """

    due_now: int
    today: int
    new: int
    next_due_utc_ms: int | None
    waiting: Waiting
    ready: int

    def as_json(self) -> dict[str, Any]:
        """The shape of `tutor due --json`."""
        next_due = self.next_due_utc_ms
        return {
            "now": self.due_now,
            "today": self.today,
            "new": self.new,
            "next_due": None if next_due is None else iso(next_due),
        }


@dataclass(frozen=True, slots=True)
class _Coming:
    """What is new and known, as of one day and so many of its changes.

    cards: the new ones that the day may bring. topics: the next ones.
    """

    of: Today
    at: int
    cards: int
    topics: tuple[str, ...]
    chapters: tuple[ChapterGlance, ...]


@dataclass(slots=True)
class Summary:
    """What the first screen says, from the decks, the history and the learner's pace."""

    library: Library
    course: Course
    settings: Settings
    history: History
    pace: Pace
    marked_share: float = field(init=False)
    _coming: _Coming | None = None
    _known: frozenset[str] = frozenset({""})
    _chapters: tuple[ChapterGlance, ...] = ()
    _bare: tuple[ChapterGlance, ...] = field(init=False)

    def __post_init__(self) -> None:
        self._bare = tuple(self._without_topics())
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
        parts = self._parts(today, waiting)
        later = [at for at, _ in waiting if at > now.utc_ms]
        steps = sum(cards for at, cards in today.steps() if at <= now.utc_ms)
        return Due(
            due_now=sum(cards for at, cards in waiting if at <= now.utc_ms),
            today=parts.due + parts.learning,
            new=parts.new,
            next_due_utc_ms=later[0] if later else today.beyond_horizon(),
            waiting=parts,
            ready=self._allowed(today, parts).due + steps + parts.new,
        )

    def _parts(self, today: Today, waiting: Pairs | None = None) -> Waiting:
        """All that waits on this day, whatever its limit of reviews.

        waiting: what `today` says of it, where it was asked already.
        """
        every, steps = (
            sum(cards for at, cards in pairs if at < today.end)
            for pairs in (today.waiting() if waiting is None else waiting, today.steps())
        )
        return Waiting(every - steps, steps, self._new(today).cards)

    def _allowed(self, today: Today, parts: Waiting) -> Waiting:
        """As much of it as the day's limit of reviews leaves."""
        left = max(0, self.limits.reviews - len(today.reviewed))
        return replace(parts, due=min(parts.due, left))

    def minutes(self, today: Today) -> int:
        """How long it takes to do what this day may bring, at the learner's own pace."""
        return self._minutes(today, self._parts(today))

    def _minutes(self, today: Today, parts: Waiting) -> int:
        allowed = self._allowed(today, parts)
        return allowed.minutes(self.pace.seconds(self.marked_share))

    def proposal(self, today: Today) -> Proposal:
        """What fits the minutes that the learner has a day."""
        parts = self._parts(today)
        return propose(
            parts.due + parts.learning,
            parts.new,
            self.pace.seconds(self.marked_share),
            self.settings.minutes_a_day,
            limit=self.limits.reviews,
            done=len(today.reviewed),
        )

    def glance(self, today: Today, now: Moment) -> Glance:
        """The row of the first screen."""
        waiting = today.waiting()
        parts = self._parts(today, waiting)
        chapters, coming = self._new(today).chapters, self._new(today).topics
        retention = self.history.retention
        return Glance(
            written_utc_ms=now.utc_ms,
            study_day=now.study_day,
            due=tuple(waiting),
            learning=tuple(today.steps()),
            day_end_utc_ms=today.end,
            new=parts.new,
            demos=int(bool(parts.new) and any(self.library.topics[name].demo for name in coming)),
            minutes=self._minutes(today, parts),
            topics=sum(chapter.topics for chapter in chapters if not chapter.deck),
            known=sum(chapter.known for chapter in chapters if not chapter.deck),
            chapters=chapters,
            next_topics=tuple((name, self.library.topics[name].title) for name in coming),
            study_days=sum(self._recent(now.study_day)),
            streak=stats.streak(self.history.days, now.study_day, self.history.skipped),
            days=tuple(self._last_days(now.study_day)),
            answers=self.history.reviews,
            retention=None
            if retention is None
            else Retention(retention.value, retention.low, retention.high, retention.n),
            signature=self.library.signature,
        )

    def _recent(self, day: int) -> Iterator[bool]:
        return (day - ago in self.history.days for ago in range(_RECENT_DAYS))

    def _last_days(self, day: int) -> Iterator[int]:
        """The answers of each of the last days, none before the first answer."""
        days = self.history.days
        first = max(min(days, default=day), day - LAST_DAYS + 1)
        return (days[each].reviews if each in days else 0 for each in range(first, day + 1))

    def _new(self, today: Today) -> _Coming:
        """What is coming and known; looked for again only after an answer that bears on it."""
        if self._coming is None or (self._coming.of, self._coming.at) != (today, today.changes):
            self._coming = _Coming(
                of=today,
                at=today.changes,
                cards=today.new_count(self.limits),
                topics=tuple(islice(self._next_topics(today), _NEXT_TOPICS)),
                chapters=self._by_chapter(today),
            )
        return self._coming

    def _next_topics(self, today: Today) -> Iterator[str]:
        """Topics that were not begun yet, as they come when each is known before the next."""
        return (name for name in today.coming() if name in self.library.topics)

    def _by_chapter(self, today: Today) -> tuple[ChapterGlance, ...]:
        """Known topics a chapter, counted anew only when a topic became known; then bare decks."""
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
        begun = (replace(bare, known=today.begun_of(bare.deck)) for bare in self._bare)
        every = [*self._chapters, *begun] if self._bare else self._chapters
        return tuple(sorted(every, key=lambda chapter: (chapter.number == 0, chapter.number)))

    def _without_topics(self) -> Iterator[ChapterGlance]:
        """The decks that open no topic: they stand in the course map with their cards.

        What is known of them is counted when asked for.
        """
        units = Counter(entry.deck for entry in self.course.entry_of.values())
        for deck, (number, title) in self.library.bare.items():
            if units[deck]:
                yield ChapterGlance(number, title, units[deck], 0, deck)
