"""Events and states to table rows and back.

Columns stand in the order of the dataclass fields, so that a row is the fields' values.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields, replace
from operator import attrgetter
from typing import Any, get_args

from tutor.memory.model import CardState, Event, EventKind, Phase, Rating

EVENT_FIELDS = tuple(field.name for field in fields(Event))
STATE_FIELDS = tuple(field.name for field in fields(CardState))
_event_values = attrgetter(*EVENT_FIELDS)
_state_values = attrgetter(*STATE_FIELDS)
_KINDS = frozenset(get_args(EventKind))
_PHASES = frozenset(get_args(Phase))
_RATINGS: dict[int | None, Rating | None] = {None: None, **{int(r): r for r in Rating}}
_BOOLS = {None: None, 0: False, 1: True}
_RATING = EVENT_FIELDS.index("rating")
_CORRECT = EVENT_FIELDS.index("correct")
_FLAGS = tuple(map(STATE_FIELDS.index, ("suspended", "flagged", "passed")))


def event_row(event: Event) -> tuple[Any, ...]:
    """The values that insert `event`; an answer's lone surrogates become question marks."""
    try:
        (event.answer or "").encode()
    except UnicodeEncodeError:
        readable = (event.answer or "").encode("utf-8", "replace").decode()
        event = replace(event, answer=readable)
    return _event_values(event)


def state_row(state: CardState) -> tuple[Any, ...]:
    """The values that insert `state`."""
    return _state_values(state)


def to_event(row: Sequence[Any]) -> Event:
    """The event in `row`. Raises ValueError when a value cannot have been written by us."""
    values = list(row)
    if values[1] not in _KINDS:
        raise ValueError(f"event {values[0]!r} has the unknown kind {values[1]!r}")
    try:
        values[_RATING] = _RATINGS[values[_RATING]]
        values[_CORRECT] = _BOOLS[values[_CORRECT]]
    except KeyError as error:
        raise ValueError(f"event {values[0]!r} has the impossible value {error}") from error
    return Event(*values)


def to_state(row: Sequence[Any]) -> CardState:
    """The state in `row`. Raises ValueError when a value cannot have been written by us."""
    values = list(row)
    if values[1] not in _PHASES:
        raise ValueError(f"state {values[0]!r} has the unknown phase {values[1]!r}")
    for flag in _FLAGS:
        values[flag] = bool(values[flag])
    return CardState(*values)
