"""A card's history in Anki as rows of the journal, and its state after them.

An answer promises what Anki promised; where the card stands otherwise in the end, rows of their
own say so. Nothing here holds the whole log as objects.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from tutor.deck.load_progress import OnProgress, counted, ignore
from tutor.exchange.anki.collection import Card, Collection
from tutor.exchange.anki.history import History, Row, Standing, Told, history, standing
from tutor.memory.amend import settled
from tutor.memory.bulk import Working
from tutor.memory.ids import digest_of
from tutor.memory.model import CardState, Event, EventKind, Rating
from tutor.memory.order import in_order
from tutor.memory.replay import STATELESS, apply
from tutor.memory.schedule import MAX_DAYS
from tutor.memory.time import DAY_MS, MINUTE_MS, day_start, local_offset, nearest_day, study_day
from tutor.session.learner import MAX_ELAPSED_MS, Learner
from tutor.store.rows import event_row

# Anki's own guess assumes this retention of the time before FSRS (its default).
_HISTORICAL = 0.9
# An answer of ours that was exported and comes back is the same one: +1 ms where two would clash.
_SAME_MS = 1_000
_QUARTER_MS = 15 * MINUTE_MS
_A_SECOND_MS = 1_000
_KINDS: dict[str, EventKind] = {
    "review": "review", "reset": "reset", "set_due": "set_due", "memory": "anchor",
    "guess": "anchor",
}  # fmt: skip


@dataclass(slots=True)
class Arrived:
    """What came of the answers: how many the package has for cards that come in, how many of them
    are new, of how many cards the memory is a guess, and why rows do not count."""

    answers: int = 0
    new_answers: int = 0
    estimated: int = 0
    skipped: Counter[str] = field(default_factory=Counter)


class Rows:
    """The rows and states of an import, made while they are written (`tutor.session.changes.Bulk`).

    cards: each card of Anki's with its unit.
    """

    def __init__(
        self,
        learner: Learner,
        collection: Collection,
        cards: Sequence[tuple[Card, str]],
        on_progress: OnProgress = ignore,
    ) -> None:
        self.learner, self.collection, self.cards = learner, collection, cards
        self.on_progress = on_progress
        self.arrived = Arrived()
        self.rollover = learner.settings.rollover_hour
        self._zones: dict[int, tuple[int, int]] = {}
        self._wishes: dict[float, float] = {}
        self.begun()

    def begun(self) -> Rows:
        """From the start, on what the journal says now."""
        learner = self.learner
        self.now = learner.now()
        self.scheduler = learner.scheduler
        self.arrived = Arrived()
        self._states: list[CardState] = []
        self._there: dict[str, set[int]] = {}
        if learner.today.states:
            for key, at in learner.store.imported():
                self._there.setdefault(learner.renames.key(key), set()).add(at)
        return self

    def count(self) -> Arrived:
        """What would come, without making it."""
        for unit, _, told in self._each():
            self.arrived.new_answers += sum(row.kind == "review" for row in self._new(unit, told))
        return self.arrived

    def states(self) -> Iterator[CardState]:
        """The states of the cards that got rows; ask when the rows have been written."""
        yield from self._states

    def rows(self) -> Iterator[tuple[object, ...]]:
        """The rows, card by card."""
        for unit, card, told in self._each():
            stands = standing(card, self.collection.day_zero)
            if unit not in self.learner.today.states:
                yield from self._fresh(unit, told, stands)
                continue
            new = self._new(unit, told)
            if new or self._differs(self.learner.state(unit), stands):
                yield from self._among(unit, new, told, stands)

    def _each(self) -> Iterator[tuple[str, Card, History]]:
        seen: set[str] = set()
        for card, unit in counted(self.cards, self.on_progress):
            if unit in seen:
                self.arrived.skipped["another card of the package is the same one here"] += 1
                continue
            seen.add(unit)
            told = history(self.collection, card, self.now.utc_ms)
            self.arrived.answers += told.answers
            self.arrived.estimated += told.estimated
            self.arrived.skipped.update(told.skipped)
            yield unit, card, told

    def _new(self, unit: str, told: History) -> list[Row]:
        """The rows that the journal has not: neither from an import, nor as answers given here."""
        there = self._there.get(unit, set())
        rows = [row for row in told.rows if self._time(row) not in there]
        if not rows or unit not in self.learner.today.states:
            return rows
        own = [
            event for event in self.learner.renames.everything(unit, self.learner.store)
            if event.kind == "review" and event.source != "import"
        ]  # fmt: skip
        return [row for row in rows if not any(_same(row, event) for event in own)]

    # -- a card without rows in the journal ------------------------------------------------------

    def _fresh(self, unit: str, told: History, stands: Standing) -> Iterator[tuple[object, ...]]:
        state, events, last = CardState(unit), 0, 0
        if told.plain:
            state = yield from self._answers(state, told.plain)
            last = told.plain[-1][0]
        for answers, others in groupby(told.said, key=_is_answer):
            if answers:
                given = [
                    (row.at_utc_ms, row.rating, row.interval, row.elapsed_ms) for row in others
                ]
                state = yield from self._answers(state, given)
                last = max(last, given[-1][0])
                continue
            for row in others:
                events += 1
                event = self._built(self._event(unit, row), state, stands)
                yield event_row(event)
                state = apply(state, event, self.scheduler)
                last = max(last, self._time(row))
        self.arrived.new_answers += (len(told.plain) or len(told.said)) - events
        yield from self._settle(state, stands, last)

    def _answers(
        self, state: CardState, told: Sequence[Told]
    ) -> Generator[tuple[object, ...], None, CardState]:
        """Rows of the journal for answers that follow each other, and the state after them."""
        model, key, applied = self.scheduler.model, state.key, state.applied
        wish = self.scheduler.wishes.of_deck(key)
        # One object a value: what all rows share is written once.
        model_id, retention = model.id, self._wishes.setdefault(wish, wish)
        card, last = Working.of(state), state.last_day
        given, elapsed, due, uid = list[tuple[int, int]](), list[tuple[int, int]](), 0, ""
        for uid, (at, rating, interval, spent) in zip(
            self.learner.new_ids(self.now.utc_ms, len(told)), told, strict=True
        ):
            offset, shift = self._zone(at)
            day = (at - shift) // DAY_MS
            due = _promise(at, interval, day, shift)
            given.append((rating, day))
            elapsed.append((rating, 0 if last is None or day < last else day - last))
            last = day if last is None or day > last else last
            # The columns of the journal, in their order.
            yield (
                uid, "review", key, at, offset, day, rating, _spent(spent), "import", None, None,
                None, 0, "", model_id, due, None, "", None, applied, retention,
            )  # fmt: skip
            applied ^= digest_of(uid)
        # Nothing asks for the memory between answers: it is worked out for all at once.
        before = (state.stability, state.difficulty) if state.stability else None
        card.answer_all(given, model.after_all(before, elapsed))
        card.due_utc_ms = due
        return card.frozen(model, uid, applied)

    # -- a card that the journal knows -----------------------------------------------------------

    def _among(
        self, unit: str, new: Sequence[Row], told: History, stands: Standing
    ) -> Iterator[tuple[object, ...]]:
        """New rows among those that are there, each where its time puts it."""
        old = settled(self.learner.renames.everything(unit, self.learner.store))
        events = {event.id: event for event in (self._event(unit, row) for row in new)}
        rows = in_order([row for row in [*old, *events.values()] if row.kind not in STATELESS])
        state = CardState(unit)
        for row in rows:
            placed = row
            if row.id in events:
                placed = self._built(row, state, stands)
                yield event_row(placed)
                self.arrived.new_answers += row.kind == "review"
            state = apply(state, placed, self.scheduler)
        # What was done here after Anki's last answer counts more than how the card stands there.
        if rows and rows[-1].source != "import":
            if new:
                self._states.append(state)
            return
        last = max((row.at_utc_ms for row in rows), default=0)
        yield from self._settle(state, stands, last)

    # -- how a card stands in the end ------------------------------------------------------------

    def _settle(
        self, state: CardState, stands: Standing, last_ms: int
    ) -> Iterator[tuple[object, ...]]:
        """Rows for what Anki says of the card beside its answers."""
        at = min(max(last_ms + 1, stands.changed_ms), max(self.now.utc_ms, last_ms + 1))
        for kind in self._lacking(state, stands):
            # A memory is of the last answer.
            made = self._said(state.key, kind, last_ms + 1 if kind == "anchor" else at)
            if kind == "anchor":
                payload = _payload(state.stability, state.difficulty)
                made = replace(made, payload=payload)
            elif kind == "set_due":
                made = replace(made, due_utc_ms=self._due(stands))
            made = self._built(made, state, stands)
            yield event_row(made)
            state = apply(state, made, self.scheduler)
            at = max(at, made.at_utc_ms) + 1
        if state.last_event is not None:
            self._states.append(state)

    def _differs(self, state: CardState, stands: Standing) -> bool:
        return next(self._lacking(state, stands), None) is not None

    def _lacking(self, state: CardState, stands: Standing) -> Iterator[EventKind]:
        """What has to happen to a card here so that it stands as in Anki, in this order."""
        if stands.new and state.phase != "new":
            yield "reset"
        elif stands.review and state.phase in ("learning", "relearning"):
            yield "anchor"
        if not stands.new and not self._is_due(state, stands):
            yield "set_due"
        if stands.suspended != state.suspended:
            yield "suspend" if stands.suspended else "unsuspend"
        if stands.flagged != state.flagged:
            yield "flag" if stands.flagged else "unflag"
        today = self._day(stands.changed_ms) == self.now.study_day
        if stands.buried and today and state.buried_until_day != self.now.study_day + 1:
            yield "bury"

    def _is_due(self, state: CardState, stands: Standing) -> bool:
        if stands.due_utc_ms is not None:
            return abs(state.due_utc_ms - stands.due_utc_ms) < _A_SECOND_MS
        day = nearest_day(state.due_utc_ms, self.now.utc_offset_min, self.rollover)
        return stands.due_day is None or (day == stands.due_day and state.due_utc_ms != 0)

    def _due(self, stands: Standing) -> int:
        if stands.due_utc_ms is not None:
            return stands.due_utc_ms
        day = stands.due_day or 0
        return max(0, day_start(day, self.now.utc_offset_min, self.rollover))

    # -- rows as events --------------------------------------------------------------------------

    def _said(self, unit: str, kind: EventKind, at_utc_ms: int) -> Event:
        """An event of the past, which an import brought."""
        offset = self._offset(at_utc_ms)
        return Event(
            self.learner.new_id(self.now.utc_ms), kind, unit, at_utc_ms, offset,
            study_day(at_utc_ms, offset, self.rollover), source="import",
            model=self.scheduler.model.id, retention=self.scheduler.wishes.of_deck(unit),
        )  # fmt: skip

    def _built(self, event: Event, on: CardState, stands: Standing) -> Event:
        """The event on the state before it; a memory keeps what the state counts, and its date."""
        event = replace(event, on=on.applied)
        if event.kind != "anchor":
            return event
        counts = (on.reps, on.lapses) if on.reps else (stands.reps, stands.lapses)
        told = json.loads(event.payload) | {"reps": max(1, counts[0]), "lapses": counts[1]}
        due = on.due_utc_ms if on.reps else event.due_utc_ms
        return replace(event, payload=json.dumps(told), due_utc_ms=due)

    def _event(self, unit: str, row: Row) -> Event:
        """A row of the log as an event."""
        made = self._said(unit, _KINDS[row.kind], self._time(row))
        match row.kind:
            case "review":
                shift = self._zone(row.at_utc_ms)[1]
                due = _promise(row.at_utc_ms, row.interval, made.study_day, shift)
                spent = _spent(row.elapsed_ms)
                return replace(made, rating=Rating(row.rating), elapsed_ms=spent, due_utc_ms=due)
            case "set_due":
                day = made.study_day + min(row.interval, MAX_DAYS)
                due = day_start(day, made.utc_offset_min, self.rollover)
                return replace(made, due_utc_ms=due)
            case "memory":
                return replace(made, payload=_payload(row.stability, row.difficulty))
            case "guess":
                told = self.scheduler.model.from_ease(row.ease, row.interval, _HISTORICAL)
                return replace(made, payload=_payload(*told))
            case _:
                return made

    def _time(self, row: Row) -> int:
        """When a row happened; of a memory of which only the day is known, that day's noon."""
        if row.day is None:
            # A memory is of the answer before it.
            return row.at_utc_ms + (row.kind in ("memory", "guess"))
        return row.day * DAY_MS + DAY_MS // 2 - self.now.utc_offset_min * MINUTE_MS

    def _day(self, at_utc_ms: int) -> int:
        return study_day(at_utc_ms, self._offset(at_utc_ms), self.rollover)

    def _offset(self, at: int) -> int:
        return self._zone(at)[0]

    def _zone(self, at: int) -> tuple[int, int]:
        """The offset at a moment in minutes, and where study day 0 begins under it."""
        quarter = at // _QUARTER_MS
        zone = self._zones.get(quarter)
        if zone is None:
            offset = local_offset(at)
            zone = self._zones[quarter] = offset, day_start(0, offset, self.rollover)
        return zone


def _is_answer(row: Row) -> bool:
    return row.kind == "review"


def _promise(at: int, interval: int, day: int, shift: int) -> int:
    """When Anki said that the card would come back. shift: where study day 0 begins."""
    if interval > 0:
        return (day + min(interval, MAX_DAYS)) * DAY_MS + shift
    return at + min(-interval * 1000, MAX_DAYS * DAY_MS)


def _spent(ms: int) -> int:
    return max(0, min(ms, MAX_ELAPSED_MS))


def _same(row: Row, event: Event) -> bool:
    """Whether a row of the log is an answer that was given here."""
    return (
        row.kind == "review"
        and row.rating == event.rating
        and abs(row.at_utc_ms - event.at_utc_ms) < _SAME_MS
    )


def _payload(stability: float, difficulty: float) -> str:
    return json.dumps({"stability": stability, "difficulty": difficulty})
