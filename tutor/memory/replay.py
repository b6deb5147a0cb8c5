"""From the journal to the states: the same step builds them one by one and all at once.

So a stored state can always be checked against the journal, or made again from it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice

from tutor.memory.amend import settled
from tutor.memory.bulk import Working
from tutor.memory.fsrs import memory_after
from tutor.memory.ids import digest_of
from tutor.memory.model import AmendedEvent, CardState, Event, EventKind, Rating
from tutor.memory.order import in_order
from tutor.memory.schedule import Scheduler
from tutor.memory.time import Moment

# Kinds that change no state: they tell of no card, or of another row.
STATELESS: frozenset[EventKind] = frozenset(
    {"undo", "params", "prediction", "accept", "retime", "exam", "session"}
)


def apply(state: CardState, event: Event, scheduler: Scheduler) -> CardState:
    """The state of one card, or one topic, after an event that counts."""
    if event.kind in STATELESS:
        return state
    return replace(
        _changed(state, event, scheduler),
        last_event=event.id,
        applied=state.applied ^ _digest(event),
    )


def replay(
    events: Iterable[Event],
    scheduler: Scheduler,
    rename: Callable[[str], str] = str,
) -> dict[str, CardState]:
    """All states after `events`, which may come with or without what was undone.

    scheduler: of the newest weights; a promised due time stays as long as it was built on the
    same history. rename: the present key of an old one, so that a card that moved keeps its
    history.
    """
    cards: dict[str, list[Event]] = {}
    for event in settled(list(events)):
        if event.kind not in STATELESS:
            cards.setdefault(rename(event.card_key), []).append(event)
    return {key: state_after(key, rows, scheduler) for key, rows in cards.items()}


def state_after(key: str, events: Sequence[Event], scheduler: Scheduler) -> CardState:
    """The state of one card after the events of its own that count, in whatever order they come."""
    state, rows, at = CardState(key), in_order(events), 0
    while at < len(rows):
        run = list(_that_keep_their_promise(rows, at, state.applied))
        state = _answered(state, run, scheduler) if run else apply(state, rows[at], scheduler)
        at += len(run) or 1
    return state


def _that_keep_their_promise(rows: Sequence[Event], at: int, applied: int) -> Iterator[Event]:
    """The answers from a row on that were built on what has been applied before them."""
    for event in islice(rows, at, None):
        if event.kind != "review" or event.rating is None or event.on not in (None, applied):
            return
        applied ^= _digest(event)
        yield event


def _answered(state: CardState, run: Sequence[Event], scheduler: Scheduler) -> CardState:
    """The state after answers that keep their promise: what `apply` gives one by one."""
    card, model, applied = Working.of(state), scheduler.model, state.applied
    for event in run:
        assert event.rating is not None
        states = card.next_states(model, event.study_day)
        card.answer(event.rating, event.study_day, memory_after(states, event.rating))
        card.due_utc_ms = event.at_utc_ms if event.due_utc_ms is None else event.due_utc_ms
        applied ^= _digest(event)
    return card.frozen(model, run[-1].id, applied)


def _digest(event: Event) -> int:
    # What was built on an answer was built on what had been said of it, too.
    return digest_of(event.id) ^ (event.said if isinstance(event, AmendedEvent) else 0)


def _changed(  # noqa: PLR0911 - one return a kind
    state: CardState, event: Event, scheduler: Scheduler
) -> CardState:
    match event.kind:
        case "review":
            return _reviewed(state, event, scheduler)
        case "suspend" | "unsuspend":
            return replace(state, suspended=event.kind == "suspend")
        case "flag" | "unflag":
            return replace(state, flagged=event.kind == "flag")
        case "known" | "unknown":
            return replace(state, passed=event.kind == "known")
        case "bury":
            return replace(state, buried_until_day=event.study_day + 1)
        case "reset":
            return _reset(state)
        case "set_due":
            return replace(state, due_utc_ms=event.due_utc_ms or event.at_utc_ms)
        case "anchor":
            return _anchored(state, event, scheduler)
        case _:
            return state


def _reviewed(state: CardState, event: Event, scheduler: Scheduler) -> CardState:
    if event.rating is None:
        raise ValueError(f"the review {event.id} has no rating")
    due = _promised(state, event, event.rating, scheduler)
    return scheduler.answered(state, event.rating, event.study_day, due)


def _promised(state: CardState, event: Event, rating: Rating, scheduler: Scheduler) -> int:
    """When the card comes back: as promised, if the promise was built on what is known now."""
    if event.on is None or event.on == state.applied:
        # What promised nothing is due at once.
        return event.at_utc_ms if event.due_utc_ms is None else event.due_utc_ms
    then = Moment(event.at_utc_ms, event.utc_offset_min, event.study_day)
    return scheduler.outcome(state, rating, then, event.retention).state.due_utc_ms


def _reset(state: CardState) -> CardState:
    """A new life: what was answered before counts for the statistics only."""
    return CardState(
        state.key,
        flagged=state.flagged,
        passed=state.passed,
        scored=state.scored,
        remembered=state.remembered,
    )


def _anchored(state: CardState, event: Event, scheduler: Scheduler) -> CardState:
    """A memory that is known without its answers, as another program kept it."""
    told = json.loads(event.payload)
    return replace(
        state,
        phase="review",
        step=0,
        stability=float(told["stability"]),
        difficulty=float(told["difficulty"]),
        due_utc_ms=event.at_utc_ms if event.due_utc_ms is None else event.due_utc_ms,
        reps=max(1, int(told.get("reps", 1))),
        lapses=int(told.get("lapses", 0)),
        first_day=event.study_day if state.first_day is None else state.first_day,
        last_day=event.study_day,
        model=scheduler.model.id,
        buried_until_day=None,
        passed=True,
    )
