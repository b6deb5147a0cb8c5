"""What an append writes: rows with their places in the chain, counts, states, the glance."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from contextlib import ExitStack
from itertools import islice

from tutor.memory.model import CardState
from tutor.store import chain, counts, many
from tutor.store.end import End
from tutor.store.glance import Glance
from tutor.store.rows import state_row
from tutor.store.schema import event
from tutor.store.statements import PUT_GLANCE, PUT_STATE

CHUNK = 5000
"""So many rows are read or written at once."""
_COLUMNS = ", ".join(f'"{column.name}"' for column in event.columns)
_ADD = f"INSERT INTO event ({_COLUMNS})"
Row = tuple[object, ...]


def add_rows(below: sqlite3.Connection, rows: Iterable[Row], end: End) -> End:
    """Write rows behind the journal's end; the end after them.

    rows: the events' own columns, as `rows.event_row` gives them.
    """
    place, uid = end.tip
    writer, rows, taken_back = end.writer, iter(rows), False
    with ExitStack() as at_once:
        while chunk := list(islice(rows, CHUNK)):
            if len(chunk) == CHUNK and writer is end.writer:
                at_once.enter_context(many.unhindered(below))
            taken_back = counts.follow(below, chunk) or taken_back
            writer, linked = writer.linked(chunk)
            many.insert(below, _ADD, linked)
            place, uid = place + len(chunk), str(chunk[-1][0])
    if writer is not end.writer:
        chain.put_writer(below, writer)
    if taken_back and counts.any_retimed(below):
        counts.recount(below)
    return End((place, uid), writer)


def put_derived(below: sqlite3.Connection, states: Iterable[CardState], new: Glance | None) -> None:
    """Write states, and the first screen's row if it is given, each with its CRC."""
    rows = ((*row, chain.crc_of(row)) for row in map(state_row, states))
    below.executemany(PUT_STATE, rows)
    if new is not None:
        text = new.to_json()
        below.execute(PUT_GLANCE, (1, text, chain.crc_of((1, text))))
