"""The order in which the events of one card count: by cause first, by time where none is known.

A learner's own rows follow each other as they were written, whatever the clock said; imported
answers stand where their time puts them, however late they came in.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from heapq import heapify, heappop, heappush

from tutor.memory.model import Event


def in_order(events: Sequence[Event]) -> list[Event]:
    """The events of one card in the order in which they count.

    A row comes after the row before it of the same writer and after the one that it names
    (`after`); among those that may come next the earliest does (Kahn 1962). An imported answer
    names none. Of several imported answers of one time the first counts: the same log was
    imported twice. A date that a new text of the card brings counts once, and not where the text
    was met already.
    """
    return _without_met(_ordered(events))


def revision_of(event: Event) -> str:
    """The card's revision when the event happened; empty for the first."""
    return str(json.loads(event.payload).get("rev", "")) if event.payload else ""


def _ordered(events: Sequence[Event]) -> list[Event]:
    rows = _without_twins(sorted(events, key=_written))
    own = [row for row in rows if row.source != "import"]
    if len(own) == len(rows) and len({row.writer for row in rows}) < 2:
        return rows
    place = {row.id: number for number, row in enumerate(rows)}
    follows: list[list[int]] = [[] for _ in rows]
    waits = [0] * len(rows)
    for before, after in _causes(own):
        if before in place:
            follows[place[before]].append(place[after])
            waits[place[after]] += 1
    return [rows[number] for number in _by_cause(rows, follows, waits)]


def _by_cause(rows: Sequence[Event], follows: list[list[int]], waits: list[int]) -> list[int]:
    ready = [(_timed(row), number) for number, row in enumerate(rows) if not waits[number]]
    heapify(ready)
    order: list[int] = []
    while ready:
        _, number = heappop(ready)
        order.append(number)
        for next_number in follows[number]:
            waits[next_number] -= 1
            if not waits[next_number]:
                heappush(ready, (_timed(rows[next_number]), next_number))
    # Rows that name each other in a circle cannot have been written by us: by time, at the end.
    return order + sorted(set(range(len(rows))) - set(order), key=lambda at: _timed(rows[at]))


def _causes(own: Sequence[Event]) -> list[tuple[str, str]]:
    """(id, id of what comes after it): of one writer's rows, and by what a row names."""
    last: dict[str, str] = {}
    pairs = []
    for row in own:
        named = {last.get(row.writer), row.after}
        pairs += [(before, row.id) for before in named if before is not None]
        last[row.writer] = row.id
    return pairs


def _without_met(rows: list[Event]) -> list[Event]:
    """Without the dates of revisions that were met before: two machines each set one."""
    if not any(map(_brings_revision, rows)):
        return rows
    met, kept = set[str](), []
    for row in rows:
        if not _brings_revision(row) or revision_of(row) not in met:
            kept.append(row)
        if row.kind in ("review", "set_due"):
            met.add(revision_of(row))
    return kept


def _brings_revision(row: Event) -> bool:
    """Whether this is the date of a new text: such a card is due at once."""
    at_once = row.kind == "set_due" and (row.due_utc_ms or 0) <= row.at_utc_ms
    return at_once and revision_of(row) != ""


def _without_twins(rows: Sequence[Event]) -> list[Event]:
    first: dict[tuple[str, int], Event] = {}
    for row in sorted((row for row in rows if row.source == "import"), key=_named):
        first.setdefault((row.kind, row.at_utc_ms), row)
    return [
        row for row in rows
        if row.source != "import" or first[row.kind, row.at_utc_ms] is row
    ]  # fmt: skip


def _written(row: Event) -> tuple[bool, str, int, str]:
    """The order of writing; rows that are not in the journal yet come last."""
    return (not row.seq, row.writer, row.seq, row.id)


def _named(row: Event) -> tuple[bool, str]:
    """An order that is the same on every machine, whatever the chain a row stands in there."""
    return (not row.seq, row.id)


def _timed(row: Event) -> tuple[int, bool, str]:
    return (row.at_utc_ms, *_named(row))
