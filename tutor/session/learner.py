"""One learner: decks, answers and memory, opened together.

Everything that changes what is remembered goes through `append`: one transaction, then the
memory in this program.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from threading import RLock
from typing import Any, TypeVar

from tutor import garbage
from tutor import settings as settings_file
from tutor.deck import library as decks
from tutor.deck.library import Library
from tutor.deck.load_progress import OnProgress, ignore
from tutor.deck.model import MARKED
from tutor.errors import UnwritableError
from tutor.memory import time
from tutor.memory.course import Course
from tutor.memory.ids import Ids
from tutor.memory.model import CardState, Event, EventKind
from tutor.memory.replay import replay
from tutor.memory.schedule import Scheduler
from tutor.memory.time import Clock, Moment
from tutor.memory.today import Today
from tutor.memory.workload import KEPT, Pace
from tutor.paths import Place
from tutor.session.changes import Bulk, Change, changes_of, placed
from tutor.session.clock import ahead, retimings, warning
from tutor.session.payload import revised
from tutor.session.replaying import ELSEWHERE, Renames, scheduler
from tutor.session.several import patiently
from tutor.session.summary import Due, Summary
from tutor.session.undoing import key_of, last_rows
from tutor.session.verifying import present_states
from tutor.settings import Settings
from tutor.store.database import open_store
from tutor.store.glance import Glance
from tutor.store.journal import Store

T = TypeVar("T")

# Longer than this is absence, not thought.
MAX_ELAPSED_MS = 300_000


class Learner:
    """The decks, the journal and what follows from them; may be used from several threads.

    One lock orders all that writes and sums; between two calls only `at_rest()` holds it.

    library, store, settings: as opened. today: the states and the day's counts. scheduler: when
    cards come back. warnings: what the learner should be told once.
    """

    today: Today
    summary: Summary
    scheduler: Scheduler

    @classmethod
    def open(
        cls,
        place: Place,
        clock: Clock | None = None,
        on_progress: OnProgress = ignore,
        on_migration: OnProgress = ignore,
    ) -> Learner:
        """Open everything. Raises DataError (tutor.errors) when the answers cannot be opened.

        `on_progress` hears how far the reading of the decks is, `on_migration` how far the answers
        of an older version are brought over.
        """
        settings, complaints = settings_file.load(place.settings)
        store = open_store(place.database, place.backups, on_migration)
        try:
            library = decks.load(place.content, place.cache, on_progress=on_progress)
            learner = cls(place, library, store, settings, clock or time.system_clock)
        except BaseException:
            store.close()
            raise
        odd = warning(ahead(store, learner.now()), learner.now())
        learner.warnings = [*complaints, *library.news, *store.warnings, *odd]
        garbage.keep("learner")  # the decks are here to stay
        learner._kept = True
        return learner

    def __init__(
        self, place: Place, library: Library, store: Store, settings: Settings, clock: Clock
    ) -> None:
        self.place, self.store, self.settings = place, store, settings
        self.warnings: list[str] = []
        self._clock = clock
        self._lock = RLock()
        self._kept = False
        self._take_library(library)

    def close(self) -> None:
        """Close the store; nothing is left to be written."""
        self.store.close()
        if self._kept:
            self._kept = False
            garbage.release("learner")

    # -- what is so ---------------------------------------------------------------------------

    def now(self) -> Moment:
        """This moment. A new study day begins with the first call in it, or in another zone."""
        now = time.now(self._clock, self.settings.rollover_hour)
        if (now.study_day, now.utc_offset_min) != (self.today.day, self.today.offset):
            with self._lock:
                self.today = Today(self.course, self.today.states, now, self.settings.rollover_hour)
        return now

    def state(self, key: str) -> CardState:
        """What is remembered of a unit."""
        if key.startswith(f"{ELSEWHERE}/") and key not in self.today.states:
            # Cards of other programs are never asked, and there may be very many.
            return self.store.state(key) or CardState(key)
        return self.today.state(key)

    def states(self) -> Iterator[CardState]:
        """The states of the units that the decks have."""
        states = self.today.states
        return (states[unit] for unit in self.course.entry_of if unit in states)

    def made_scheduler(self, newest: Sequence[Event] = ()) -> Scheduler:
        """The scheduler by journal, these newest rows, settings and decks."""
        return scheduler(self.store, self.settings, self.library.retentions, newest)

    def known(self) -> set[str]:
        """The topics whose card was answered well once, or that are marked as known."""
        return set(self.today.known)

    def marked(self) -> set[str]:
        """The topics that are marked as known."""
        return set(self.today.marked)

    def due(self) -> Due:
        """What waits."""
        with self._lock:
            now = self.now()
            return self.summary.due(self.today, now)

    def glance(self) -> Glance:
        """The numbers of the first screen."""
        with self._lock:
            now = self.now()
            return self.summary.glance(self.today, now)

    def at_rest(self) -> AbstractContextManager[object]:
        """While this is held no other thread changes what the learner remembers."""
        return self._lock

    # -- what changes -------------------------------------------------------------------------

    def event(self, kind: EventKind, key: str, **fields: Any) -> Event:
        """An event, not yet in the journal; of this moment, if `fields` give no other."""
        now = self.now()
        zone, day = now.utc_offset_min, now.study_day
        when = {"at_utc_ms": now.utc_ms, "utc_offset_min": zone, "study_day": day}
        return Event(self._ids.next(now.utc_ms), kind, key, **when | fields)

    def append(self, make: Callable[[], Sequence[Event]]) -> Sequence[Event]:
        """Put the events that `make` gives into the journal with all that follows from them.

        `make` looks at the present states; it is called again when another program has answered
        meanwhile. On disk when this returns. Raises DataError; then nothing has changed.
        """
        return self._again_if_changed(lambda: self._append(make()))

    def new_id(self, utc_ms: int) -> str:
        """An id for an event of that moment, greater than all before it."""
        return self._ids.next(utc_ms)

    def new_ids(self, utc_ms: int, count: int) -> list[str]:
        """So many of them."""
        return self._ids.many(utc_ms, count)

    def take_in(self, make: Callable[[], Bulk]) -> None:
        """Append many events of the past with the states after them, written as they are made.

        Raises as `append` does.
        """

        def act() -> None:
            bulk = make()
            self.store.append_rows(bulk.rows(), bulk.states())
            self.refresh(prepare=True)

        self._again_if_changed(act)

    def cut_back(self) -> int:
        """Let rows of a clock that ran ahead count as of now, in one act; how many they are."""
        rows = self.amend(lambda: retimings(ahead(self.store, self.now()), self.now(), self.event))
        return len(rows)

    def rebuild(self, make: Callable[[], Sequence[Event]]) -> None:
        """Append events that bear on many states, such as new weights, and replay everything."""
        self._again_if_changed(lambda: self._rebuild(make()))

    def mark_known(self, topics: Iterable[str]) -> tuple[str, ...]:
        """Mark topics as known already. Raises NotFoundError; returns their ids."""
        return self._mark("known", topics)

    def mark_unknown(self, topics: Iterable[str]) -> tuple[str, ...]:
        """Take that back."""
        return self._mark("unknown", topics)

    def undo(self, find: Callable[[], list[Event]] | None = None) -> str | None:
        """Take back the last answer (or suspend, bury, flag ...), also of an earlier session.

        find: gives the events of another act, which is taken back whatever came after it.
        Returns the key that it was saved under; None when there is nothing left.
        """
        return self._again_if_changed(lambda: self._undo(find() if find else last_rows(self.store)))

    def refresh(self, prepare: bool = False) -> None:
        """Read the answers again, and if asked `prepare` the next first screen."""
        with self._lock:
            self.scheduler = self.made_scheduler()
            states = present_states(self.store, self.scheduler, self.renames)
            # After the states: what another program adds in between makes the append fail.
            self._ids = Ids(self.store.last_event_id(here=True))
            now = time.now(self._clock, self.settings.rollover_hour)
            self.today = Today(self.course, states, now, self.settings.rollover_hour)
            history = self.store.history()
            self.summary = Summary(self.library, self.course, self.settings, history, self._pace())
            if prepare:
                self._put_glance()

    def catch_up(self) -> None:
        """Read the answers again if another program has written; else nothing is done."""
        with self._lock:
            if self.store.changed():
                self.refresh()

    def reload(self) -> None:
        """Read the decks again, as when a file was edited, and the settings."""
        library = decks.load(self.place.content, self.place.cache)
        with self._lock:
            self.settings, _ = settings_file.load(self.place.settings)
            self._take_library(library)

    def _take_library(self, library: Library) -> None:
        self.library = library
        self.course = Course(library.entries.values(), library.topics)
        self.renames = Renames(library.entries.values(), self.course.entry_of, library.former)
        self.refresh()
        revised_units = list(self.renames.revised(library.entries.values(), self.store))
        if revised_units:
            self.append(lambda: [self._due_now(*each) for each in revised_units])
        else:
            self._put_glance()

    def _put_glance(self) -> None:
        """Prepare the next first screen; without it that screen is only slower."""
        with suppress(UnwritableError):
            self.store.put_glance(self.glance())

    def _due_now(self, unit: str, revision: str) -> Event:
        return self.event("set_due", unit, due_utc_ms=self.today.start, payload=revised(revision))

    def _pace(self, gone: Collection[str] = ()) -> Pace:
        """The pace of the last answers, without those whose ids are `gone`."""
        pace = Pace()
        for event in reversed(self.store.recent(2 * KEPT)):
            if event.id not in gone:
                self._note_pace(pace, event)
        return pace

    def _note_pace(self, pace: Pace, event: Event) -> None:
        entry = self.course.entry_of.get(event.card_key)
        if entry is not None and event.kind == "review" and event.elapsed_ms:
            pace.add(entry.kind in MARKED, event.elapsed_ms)

    def _append(self, events: Sequence[Event]) -> Sequence[Event]:
        changes = list(changes_of(events, self.state, self.scheduler))
        self._take(changes)
        for event in events:
            self._note_pace(self.summary.pace, event)
        placed = [change.event for change in changes]
        try:
            self._store(placed, changes)
        except BaseException:
            self._take_back(changes)
            self.summary.pace = self._pace()
            raise
        return placed

    def _store(self, events: Sequence[Event], changes: Iterable[Change]) -> None:
        states = {change.after.key: change.after for change in changes if change.bears}
        glance = self.summary.glance(self.today, self.now())
        self.store.append(events, states.values(), glance)

    def _rebuild(self, events: Sequence[Event]) -> None:
        by = self.made_scheduler(events)
        states = replay([*self.store.events(), *events], by, self.renames.key)
        self.store.append(events, list(states.values()))
        self.refresh(prepare=True)

    def _again_if_changed(self, act: Callable[[], T]) -> T:
        """Do it, and do it again on fresh states while other programs write in between."""
        with self._lock:
            return patiently(act, self.refresh)

    def _placed(self, event: Event, on: CardState) -> Event:
        return placed(event, on, self.scheduler.wishes.of_deck(on.key))

    def _take(self, changes: Iterable[Change], sign: int = 1) -> None:
        """Bring today's counts and the history in step with the changes.

        sign: -1 when the events are taken back, so that their answers count no more.
        """
        for change in changes:
            if not change.bears:
                continue
            self.today.put(change.after)
            self.summary.history.move(change.before, change.after)
            if change.event.kind == "review":
                self.summary.history.take(change.event, sign)

    def _take_back(self, changes: Sequence[Change], sign: int = 1) -> None:
        """Undo `_take` with the same sign."""
        back = [Change(each.event, each.after, each.before) for each in reversed(changes)]
        self._take(back, -sign)

    def _mark(self, kind: EventKind, topics: Iterable[str]) -> tuple[str, ...]:
        ids = self.library.topic_ids(topics)
        self.append(lambda: [self.event(kind, topic) for topic in ids])
        return ids

    def _undo(self, events: list[Event]) -> str | None:
        if not events:
            return None
        gone = {event.id for event in events}
        if events[0].kind in ("accept", "retime"):
            self._amend([self.event("undo", each.card_key, undoes=each.id) for each in events])
            return key_of(events, self.renames, self.course)
        changes = list(self._without(events, gone))
        undos = [
            self._placed(self.event("undo", event.card_key, undoes=event.id), change.before)
            for event, change in zip(events, changes, strict=True)
        ]
        self._take(changes, -1)
        self.summary.pace = self._pace(gone)
        try:
            self._store(undos, changes)
        except BaseException:
            self._take_back(changes, -1)
            self.summary.pace = self._pace()
            raise
        return key_of(events, self.renames, self.course)

    def amend(self, make: Callable[[], Sequence[Event]]) -> Sequence[Event]:
        """Append rows that say something of earlier ones (`accept`, `retime`), and what follows.

        Raises as `append` does.
        """
        return self._again_if_changed(lambda: self._amend(make()))

    def _amend(self, events: Sequence[Event]) -> Sequence[Event]:
        """Append the rows with the states of their cards replayed."""
        placed, states = [], []
        by_key: dict[str, list[Event]] = {}
        for event in events:
            by_key.setdefault(self.renames.key(event.card_key), []).append(event)
        for key, rows in by_key.items():
            before = self.state(key)
            placed += [self._placed(row, before) for row in rows]
            told = [*self.renames.everything(key, self.store), *rows]
            states.append(replay(told, self.scheduler, self.renames.key).get(key, CardState(key)))
        self.store.append(sorted(placed, key=lambda row: row.id), states)
        self.refresh(prepare=True)
        return placed

    def _without(self, events: Sequence[Event], gone: set[str]) -> Iterator[Change]:
        """What taking these events back does to their cards, one after the other."""
        new: dict[str, CardState] = {}
        for event in events:
            key = self.renames.key(event.card_key)
            before = new.get(key) or self.state(key)
            told = [old for old in self.renames.everything(key, self.store) if old.id not in gone]
            new[key] = replay(told, self.scheduler, self.renames.key).get(key, CardState(key))
            yield Change(replace(event, card_key=key), before, new[key])
