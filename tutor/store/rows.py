"""Events and states to table rows and back: the one door for what a database holds.

Columns stand in the order of the dataclass fields, so that a row is the fields' values. What
cannot have been written by the tutor is refused with the row and the reason.
"""

from __future__ import annotations

import json
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import fields, replace
from operator import attrgetter
from typing import Any, TypeVar, get_args

from tutor.errors import DataError
from tutor.memory.model import CardState, Event, EventKind, Phase, Rating, ReviewSource
from tutor.memory.schedule import LEARNING_MIN, RELEARNING_MIN
from tutor.memory.time import DAY_MS
from tutor.text.sanitize import clean

T = TypeVar("T")

EVENT_FIELDS = tuple(field.name for field in fields(Event))
STATE_FIELDS = tuple(field.name for field in fields(CardState))
# The values that a row's hash is of; those before the writer's are the event's own.
CHAINED = EVENT_FIELDS
_OWN = EVENT_FIELDS[: EVENT_FIELDS.index("writer")]
_event_values = attrgetter(*_OWN)
_state_values = attrgetter(*STATE_FIELDS)
_KINDS = frozenset(get_args(EventKind))
_CONFIDENCES = frozenset((None, "sure", "unsure"))
_SOURCES = frozenset((None, *get_args(ReviewSource)))
_PHASES = frozenset(get_args(Phase))
_RATINGS: dict[int | None, Rating | None] = {None: None, **{int(r): r for r in Rating}}
_BOOLS: dict[int | None, bool | None] = {None: None, 0: False, 1: True}
_RATING = EVENT_FIELDS.index("rating")
_CORRECT = EVENT_FIELDS.index("correct")
_FLAGS = tuple(map(STATE_FIELDS.index, ("suspended", "flagged", "passed")))

# A clock may stand anywhere from 1970 to 2200; a promise reaches a hundred years further.
LAST_MS = 7_258_118_400_000
LAST_DUE_MS = LAST_MS + 40_000 * DAY_MS
LAST_DAY = LAST_DUE_MS // DAY_MS
FIRST_DAY = -2
LONGEST_MS = 366 * DAY_MS
_BIGGEST = 2**63 - 1
# More answers to one card than a life has seconds.
_MOST = 2**32
_LAST_STEP: dict[Phase, int] = {
    "new": 0,
    "learning": len(LEARNING_MIN) - 1,
    "review": 0,
    "relearning": len(RELEARNING_MIN) - 1,
}
_LONGEST_KEY = 1_000
_LONGEST_TEXT = 4_000_000
# An amendment names another row, an anchor brings a memory.
_NEEDED: dict[str, tuple[str, ...]] = {
    "params": ("weights",),
    "accept": ("of",),
    "retime": ("of", "at_utc_ms", "study_day"),
    "anchor": ("stability", "difficulty"),
}


def event_row(event: Event) -> tuple[Any, ...]:
    """The values that insert `event`, without its place in the chain.

    An answer's lone surrogates become question marks.
    """
    return _row(_readable(event))


def sound_row(event: Event) -> tuple[Any, ...]:
    """The same of an event that will be let in when it is read. Raises DataError for any other.

    What is written once stands in the journal for good.
    """
    event = _readable(event)
    if fault := _fault(_event_fault, event):
        hint = ""
        if not _within(event.at_utc_ms, 0, LAST_MS):
            hint = f"Set this computer's clock: it says {time.strftime('%Y-%m-%d %H:%M')}."
        raise DataError("This cannot be saved", f"{event.card_key}: the row {fault}.", hint)
    return _row(event)


def _readable(event: Event) -> Event:
    try:
        (event.answer or "").encode()
    except UnicodeEncodeError:
        readable = (event.answer or "").encode("utf-8", "replace").decode()
        return replace(event, answer=readable)
    return event


def _row(event: Event) -> tuple[Any, ...]:
    values = list(_event_values(event))
    if event.rating is not None:
        values[_RATING] = int(event.rating)
    if event.correct is not None:
        values[_CORRECT] = int(event.correct)
    return tuple(values)


def state_row(state: CardState) -> tuple[Any, ...]:
    """The values that insert `state`, without their CRC."""
    values = list(_state_values(state))
    for flag in _FLAGS:
        values[flag] = int(values[flag])
    return tuple(values)


def to_event(row: Sequence[Any]) -> Event:
    """The event in `row`. Raises ValueError when a value cannot have been written by us."""
    values = list(row)
    try:
        values[_RATING] = _RATINGS[values[_RATING]]
        values[_CORRECT] = _BOOLS[values[_CORRECT]]
    except (KeyError, TypeError) as error:
        raise ValueError(f"event {values[0]!r} has the impossible value {error}") from error
    event = Event(*values)
    if fault := _fault(_event_fault, event):
        raise ValueError(f"event {clean(str(event.id))[:40]!r} {fault}")
    return event


def to_state(row: Sequence[Any]) -> CardState:
    """The state in `row`. Raises ValueError when a value cannot have been written by us."""
    values = list(row)
    for flag in _FLAGS:
        values[flag] = bool(values[flag])
    state = CardState(*values)
    if fault := _fault(_state_fault, state):
        raise ValueError(f"state {clean(str(state.key))[:40]!r} {fault}")
    return state


def _fault(look: Callable[[T], str], what: T) -> str:
    try:
        return look(what)
    except (TypeError, AttributeError):
        # A flipped bit can make a number of a text, whatever the column's type.
        return "has a value of another type"


def _event_fault(event: Event) -> str:  # noqa: PLR0911 - one return a fault
    """What cannot be about an event; empty when nothing."""
    if event.kind not in _KINDS:
        return f"has the unknown kind {event.kind!r}"
    if event.source not in _SOURCES:
        return f"has the unknown source {event.source!r}"
    if event.confidence not in _CONFIDENCES:
        return f"has the unknown confidence {event.confidence!r}"
    if not (event.id and _is_key(event.id) and _is_key(event.card_key)):
        return "has a name that no tutor writes"
    if not _within(event.at_utc_ms, 0, LAST_MS):
        return f"has the impossible time {event.at_utc_ms}"
    if not _within(event.utc_offset_min, -1440, 1440):
        return f"has the impossible offset {event.utc_offset_min}"
    today = event.at_utc_ms // DAY_MS
    # The day of an anchor is that of an answer that another program took, perhaps years before.
    if not _within(event.study_day, 0 if event.kind == "anchor" else today - 2, today + 2):
        return f"has the study day {event.study_day}, which does not fit its time"
    due = event.due_utc_ms
    if due is not None and not _within(due, FIRST_DAY * DAY_MS, LAST_DUE_MS):
        return f"has the impossible due time {due}"
    if not _within(event.elapsed_ms or 0, 0, LONGEST_MS) or not _within(event.hints, 0, 10_000):
        return "has a count that is out of range"
    if event.kind == "review" and event.rating is None:
        return "is an answer without a rating"
    if event.kind == "undo" and not event.undoes:
        return "takes nothing back"
    return _chain_fault(event) or _text_fault(event) or _payload_fault(event)


def _chain_fault(event: Event) -> str:
    if event.on is not None and not _within(event.on, -1, _BIGGEST):
        return f"was built on the impossible digest {event.on}"
    if event.retention is not None and not 0 < event.retention < 1:
        return f"has the impossible retention {event.retention}"
    return ""


def _text_fault(event: Event) -> str:
    texts = (event.content_hash, event.model, event.undoes or "", event.after or "", event.writer)
    if not all(map(_is_key, texts)):
        return "has a text that no tutor writes"
    if event.answer is not None and len(event.answer.encode("utf-8")) > _LONGEST_TEXT:
        return "has an answer that is too long"
    return ""


def _payload_fault(event: Event) -> str:  # noqa: PLR0911 - one return a fault
    """What is wrong with the JSON beside the columns."""
    needed = _NEEDED.get(event.kind, ())
    if not event.payload and not needed:
        return ""
    try:
        told = json.loads(event.payload)
        if not isinstance(told, dict) or any(name not in told for name in needed):
            return "has a payload in which something is missing"
        if event.kind == "params" and not all(map(math.isfinite, told["weights"])):
            return "has impossible weights"
        if event.kind == "anchor" and not (
            0 < float(told["stability"]) < math.inf and 1 <= float(told["difficulty"]) <= 10
        ):
            return "has an impossible memory"
        if event.kind == "retime" and not _within(int(told["at_utc_ms"]), 0, LAST_MS):
            return "has an impossible time in its payload"
    except (ValueError, TypeError, ArithmeticError, RecursionError):
        return "has a payload that cannot be read"
    return ""


def _state_fault(state: CardState) -> str:
    """What cannot be about a state; empty when nothing."""
    if state.phase not in _PHASES:
        return f"has the unknown phase {state.phase!r}"
    if not _is_key(state.key):
        return "has a name that no tutor writes"
    # Written out: every start of the program reads all states.
    sound = (
        0 <= state.stability < math.inf
        and 0 <= state.difficulty <= 10
        and (state.phase == "new" or state.stability > 0)
        and FIRST_DAY * DAY_MS <= state.due_utc_ms <= LAST_DUE_MS
        and 0 <= state.step <= _LAST_STEP[state.phase]
        and 0 <= state.reps <= _MOST
        and 0 <= state.lapses <= _MOST
        and 0 <= state.scored <= _MOST
        and 0 <= state.remembered <= _MOST
        and 0 <= state.applied <= _BIGGEST
        and (state.first_day is None or FIRST_DAY <= state.first_day <= LAST_DAY)
        and (state.last_day is None or FIRST_DAY <= state.last_day <= LAST_DAY)
        and (state.buried_until_day is None or FIRST_DAY <= state.buried_until_day <= LAST_DAY)
    )
    return "" if sound else "has a value that is out of range"


def _within(value: int, low: int, high: int) -> bool:
    return low <= value <= high


def _is_key(text: str) -> bool:
    """Short, and nothing in it acts on a terminal."""
    return len(text) <= _LONGEST_KEY and (text.isprintable() or clean(text) == text)
