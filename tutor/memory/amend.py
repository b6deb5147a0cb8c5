"""What later rows say of earlier ones: taken back, accepted after all, given another time.

Nothing in the journal is changed; whoever reads it reads it through here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import reduce
from operator import xor
from typing import Any

from tutor.memory.ids import digest_of
from tutor.memory.model import AmendedEvent, Event, EventKind

# What amends another row, named by `of` in its payload.
AMENDING: frozenset[EventKind] = frozenset({"accept", "retime"})
# No digest of a card: the due time is worked out anew.
REWORKED = -1
_NAMES = tuple(each.name for each in fields(Event))


@dataclass(slots=True)
class Amendments:
    """The rows that say something of others, by the ids of those.

    undone: ids of rows that do not count. amending: the `accept` and `retime` rows that do, in
    order, by the id of the row they amend.
    """

    undone: frozenset[str] = frozenset()
    amending: dict[str, list[Event]] = field(default_factory=dict)

    @classmethod
    def of(cls, events: Iterable[Event]) -> Amendments:
        """What these rows amend; rows of other kinds say nothing."""
        rows = [event for event in events if event.kind == "undo" or event.kind in AMENDING]
        undone = frozenset(row.undoes for row in rows if row.kind == "undo" and row.undoes)
        amending: dict[str, list[Event]] = {}
        for row in sorted(rows, key=lambda row: row.id):
            if row.kind in AMENDING and row.id not in undone:
                amending.setdefault(amended_id(row), []).append(row)
        return cls(undone, amending)

    def active(self, event: Event) -> bool:
        """Whether the row counts by itself."""
        return event.kind != "undo" and event.id not in self.undone

    def amended(self, event: Event) -> Event:
        """The row as it counts now."""
        rows = self.amending.get(event.id, ())
        for row in rows:
            event = _accepted(event, row) if row.kind == "accept" else _retimed(event, row)
        return _said_of(event, rows) if rows else event

    def settled(self, events: Iterable[Event]) -> list[Event]:
        """The rows that count, as they count; those that amend others stay, and change nothing."""
        return [self.amended(event) for event in events if self.active(event)]


def settled(events: Sequence[Event]) -> list[Event]:
    """The rows that count, as they count, when `events` holds all that is said of them."""
    return Amendments.of(events).settled(events)


def amended_id(row: Event) -> str:
    """The id of the row that an `accept` or `retime` row amends."""
    return str(_payload(row)["of"])


def accepting(of: Event) -> str:
    """The payload of an `accept` row: the answer that counts as right after all."""
    return json.dumps({"of": of.id})


def retiming(of: Event, at_utc_ms: int, study_day: int) -> str:
    """The payload of a `retime` row: the row whose clock was wrong, and when it counts."""
    return json.dumps({"of": of.id, "at_utc_ms": at_utc_ms, "study_day": study_day})


def _said_of(event: Event, rows: Sequence[Event]) -> AmendedEvent:
    said = reduce(xor, (digest_of(row.id) for row in rows))
    values: dict[str, Any] = {name: getattr(event, name) for name in _NAMES}
    return AmendedEvent(**values, said=said)


def _accepted(event: Event, row: Event) -> Event:
    return replace(
        event, rating=row.rating or event.rating, correct=True, due_utc_ms=row.due_utc_ms
    )


def _retimed(event: Event, row: Event) -> Event:
    """The row at its new time; what it promised was counted from the wrong one."""
    told = _payload(row)
    at, day = int(told["at_utc_ms"]), int(told["study_day"])
    due = event.due_utc_ms
    if event.kind == "set_due" and due is not None:
        due = min(due, at)
    return replace(event, at_utc_ms=at, study_day=day, due_utc_ms=due, on=REWORKED)


def _payload(row: Event) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(row.payload)
    return data
