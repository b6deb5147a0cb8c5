"""What an answer's event carries beside its columns: what it is part of, the card's revision.

Kept as JSON in the event's payload, which is empty when there is nothing to say.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from tutor.memory.model import Event

_TOGETHER = "together"
_REVISION = "rev"
_SESSION = "session"
_SLIP = "slip"


def joined(events: Sequence[Event]) -> list[Event]:
    """Several events that are one answer, marked so that one undo takes all of them back."""
    return grouped(events) if len(events) > 1 else list(events)


def grouped(events: Sequence[Event]) -> list[Event]:
    """The events of one act of the learner, be it a single one, that one undo takes back."""
    return [
        replace(event, payload=json.dumps(_read(event) | {_TOGETHER: events[0].id}))
        for event in events
    ]


def group_of(event: Event) -> str | None:
    """What the events of the same answer have in common; None for an answer of one event."""
    return _read(event).get(_TOGETHER)


def named(payload: str, session: str) -> str:
    """The payload with the id of the session that the answer is part of."""
    return json.dumps((json.loads(payload) if payload else {}) | {_SESSION: session})


def revised(revision: str, slip: str | None = None) -> str:
    """The payload of an event to a card of this revision.

    slip: the name of the misconception that gives exactly this answer.
    """
    said = ({_REVISION: revision} if revision else {}) | ({_SLIP: slip} if slip else {})
    return json.dumps(said, ensure_ascii=False) if said else ""


def slip_of(payload: str) -> str | None:
    """The named misconception in the payload of an answer; None for none."""
    name = json.loads(payload).get(_SLIP) if payload else None
    return name if isinstance(name, str) else None


def _read(event: Event) -> dict[str, str]:
    data: dict[str, str] = json.loads(event.payload) if event.payload else {}
    return data
