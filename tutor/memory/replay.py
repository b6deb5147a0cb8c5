"""From the journal to the states: the same step builds them one by one and all at once.

So a stored state can always be checked against the journal, or made again from it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace

from tutor.memory.model import CardState, Event, EventKind
from tutor.memory.schedule import Scheduler

# Kinds that tell of no card: they change no state.
STATELESS: frozenset[EventKind] = frozenset({"undo", "params", "prediction"})


def apply(  # noqa: PLR0911 - one return a kind
    state: CardState, event: Event, scheduler: Scheduler
) -> CardState:
    """The state of one card, or one topic, after an event that is not undone."""
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
            return CardState(state.key, flagged=state.flagged, passed=state.passed)
        case "set_due":
            return replace(state, due_utc_ms=event.due_utc_ms or event.at_utc_ms)
        case "undo" | "params" | "prediction":
            return state


def replay(
    events: Iterable[Event],
    scheduler: Scheduler,
    rename: Callable[[str], str] = str,
) -> dict[str, CardState]:
    """All states after `events`, which may come with or without what was undone.

    scheduler: of the newest weights; due times stay as promised. rename: the present key of an
    old one, so that a card that moved keeps its history.
    """
    rows = sorted(events, key=lambda event: event.id)
    undone = {event.undoes for event in rows if event.kind == "undo"}
    states: dict[str, CardState] = {}
    for event in rows:
        if event.id in undone or event.kind in STATELESS:
            continue
        key = rename(event.card_key)
        states[key] = apply(states.get(key) or CardState(key), event, scheduler)
    return states


def _reviewed(state: CardState, event: Event, scheduler: Scheduler) -> CardState:
    if event.rating is None:
        raise ValueError(f"the review {event.id} has no rating")
    # What promised nothing is due at once.
    due = event.at_utc_ms if event.due_utc_ms is None else event.due_utc_ms
    return scheduler.answered(state, event.rating, event.study_day, due)
