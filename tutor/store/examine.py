"""Everything that can be seen wrong in a database without replaying it.

The same look for `doctor`, for a copy before its seal, and for a backup before it is trusted:
SQLite's own check, the schema, every row through its door, the chains, the derived rows.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from typing import Any

from sqlalchemy import Connection
from sqlalchemy.exc import DatabaseError

from tutor.store import chain, objects, revision
from tutor.store.chain import crc_of
from tutor.store.engine import driver
from tutor.store.rows import EVENT_FIELDS, STATE_FIELDS, to_event, to_state
from tutor.store.schema import event, rules
from tutor.store.version import SCHEMA_VERSION

# More faults than this say no more than the first ones.
ENOUGH = 20
# So many rows are asked for at once.
_AT_ONCE = 500
_OLDEST = EVENT_FIELDS[: EVENT_FIELDS.index("payload") + 1]
# What SQL can see of a row that may not be as we write it; the door in `rows` decides.
_DOUBTFUL = """
    kind IN ('params', 'accept', 'retime', 'anchor', 'undo') OR payload <> ''
    OR at_utc_ms NOT BETWEEN 0 AND 7258118400000 OR utc_offset_min NOT BETWEEN -1440 AND 1440
    OR abs(study_day - at_utc_ms / 86400000) > 2
    OR (due_utc_ms IS NOT NULL AND due_utc_ms NOT BETWEEN 0 AND 7258118400000)
    OR (elapsed_ms IS NOT NULL AND elapsed_ms NOT BETWEEN 0 AND 86400000)
    OR hints NOT BETWEEN 0 AND 100 OR (kind = 'review' AND rating IS NULL)
    OR id = '' OR length(id) > 100 OR length(card_key) > 200
    OR undoes IS NOT NULL OR length(answer) > 100000
"""
# Where chains are, their walk sees for itself which texts are more than plain ASCII.
_DOUBTFUL_TEXTS = """
    OR id GLOB '*[^ -~]*' OR card_key GLOB '*[^ -~]*'
    OR content_hash GLOB '*[^ -~]*' OR model GLOB '*[^ -~]*'
"""
_DOUBTFUL_TEXTS_NOW = """
    OR "after" GLOB '*[^ -~]*' OR writer GLOB '*[^ -~]*'
"""
_DOUBTFUL_NOW = f"""
    OR "on" < -1 OR (retention IS NOT NULL AND retention NOT BETWEEN 0.01 AND 0.99)
    OR NOT ({rules(event)})
"""


def problems(connection: Connection) -> list[str]:
    """What is wrong, in words; empty when nothing."""
    journal, derived = problems_apart(connection, structure_problems(connection))
    return (journal + derived)[:ENOUGH]


def problems_apart(connection: Connection, structure: Sequence[str]) -> tuple[list[str], list[str]]:
    """What is wrong with the file and the journal; and with what can be made again from it.

    structure: what `structure_problems` has found, which takes a third of all of it.
    """
    try:
        found = list(structure) or _journal(connection)
        return found, [] if found else list(_derived(connection))
    except DatabaseError as error:
        # Some damage stops the look itself.
        return [str(error.orig)], []
    except (sqlite3.Error, UnicodeDecodeError) as error:
        return [str(error)], []


def reindexed(connection: Connection) -> tuple[list[str], list[str]]:
    """Make the indexes anew when only they are wrong; what was done, and what is wrong then."""
    found = structure_problems(connection)
    if not found or not all(" index " in fault for fault in found):
        return [], found
    driver(connection).execute("REINDEX")
    return ["the indexes were made again"], structure_problems(connection)


def structure_problems(connection: Connection) -> list[str]:
    """What SQLite alone finds wrong: pages, indexes, constraints."""
    try:
        return _by_sqlite(connection)
    except DatabaseError as error:
        return [str(error.orig)]
    except (sqlite3.Error, UnicodeDecodeError) as error:
        return [str(error)]


def _by_sqlite(connection: Connection) -> list[str]:
    """SQLite's check, of the present schema without the constraints.

    It makes the list of each `kind IN (...)` anew for every row, which takes two thirds of its
    time. The rows that break one are asked for at once below, and derived rows have their CRC.
    """
    ours = _version(connection) == SCHEMA_VERSION
    connection.exec_driver_sql(f"PRAGMA ignore_check_constraints = {int(ours)}")
    try:
        found = [str(row[0]) for row in connection.exec_driver_sql("PRAGMA integrity_check")]
    finally:
        connection.exec_driver_sql("PRAGMA ignore_check_constraints = 0")
    return [] if found == ["ok"] else found


def _journal(connection: Connection) -> list[str]:
    version = _version(connection)
    below = driver(connection)
    found: list[str] = []
    if version == SCHEMA_VERSION:
        found += objects.faults(below) + revision.faults(connection, version)
    if version < chain.FIRST_SCHEMA or found:
        return found + list(islice(_scanned(below, version), ENOUGH))
    wrong, places = chain.walked(below, f"CASE WHEN {_DOUBTFUL + _DOUBTFUL_NOW} THEN 1 ELSE 0 END")
    return wrong + list(islice(_unsound(below, places), ENOUGH))


def _version(connection: Connection) -> int:
    return int(connection.exec_driver_sql("PRAGMA user_version").scalar_one())


def _scanned(below: sqlite3.Connection, version: int) -> Iterator[str]:
    """What is wrong with rows whose chains cannot be walked."""
    columns, doubtful = _OLDEST, _DOUBTFUL + _DOUBTFUL_TEXTS
    if version >= chain.FIRST_SCHEMA:
        columns, doubtful = EVENT_FIELDS, doubtful + _DOUBTFUL_TEXTS_NOW + _DOUBTFUL_NOW
    yield from _refused(below.execute(f"SELECT {_names(columns)} FROM event WHERE {doubtful}"))


def _unsound(below: sqlite3.Connection, places: Sequence[int]) -> Iterator[str]:
    """What is wrong with the rows at these places."""
    for first in range(0, len(places), _AT_ONCE):
        some = places[first : first + _AT_ONCE]
        among = f"rowid IN ({', '.join('?' * len(some))})"
        query = f"SELECT {_names(EVENT_FIELDS)} FROM event WHERE {among}"
        yield from _refused(below.execute(query, some))


def _names(columns: Sequence[str]) -> str:
    return ", ".join(f'"{name}"' for name in columns)


def _refused(rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Why rows do not pass the door."""
    for row in rows:
        try:
            to_event(row)
        except ValueError as error:
            yield str(error)


def _derived(connection: Connection) -> Iterator[str]:
    """The derived rows that are not as they were written."""
    if _version(connection) != SCHEMA_VERSION:
        return
    below = driver(connection)
    names = ", ".join(f'"{name}"' for name in STATE_FIELDS)
    for *row, crc in below.execute(f"SELECT {names}, crc FROM card_state"):
        if crc_of(row) != crc:
            yield f"the state of {row[0]!r} is not as it was written"
            continue
        try:
            to_state(row)
        except ValueError as error:
            yield str(error)
    for *row, crc in below.execute("SELECT study_day, reviews, elapsed_ms, crc FROM day_count"):
        if crc_of(row) != crc:
            yield f"the count of the study day {row[0]} is not as it was written"
    for *row, crc in below.execute("SELECT id, json, crc FROM glance"):
        if crc_of(row) != crc:
            yield "the row of the first screen is not as it was written"
