"""The journal's rows as plain dictionaries, and back into an empty journal, chains and all."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from sqlalchemy import Connection

from tutor.errors import DamagedError
from tutor.store import chain, counts, many
from tutor.store.chain import ELSEWHERE, Writer
from tutor.store.engine import driver, for_writing
from tutor.store.failures import as_data_errors
from tutor.store.journal import Store
from tutor.store.rows import EVENT_FIELDS, to_event

_EVENTS = ", ".join(f'"{name}"' for name in EVENT_FIELDS)
_ADD = f"INSERT INTO event ({_EVENTS}, hash)"
_CHUNK = 5000


def writers(store: Store) -> Iterator[dict[str, Any]]:
    """Each writer's name, number of rows, newest hash (hexadecimal), and whether it wrote here."""
    with store.engine.connect() as connection:
        for writer in chain.writers(driver(connection)):
            yield {
                "name": writer.name, "rows": writer.rows, "tip": writer.tip.hex(),
                "here": writer.home != ELSEWHERE,
            }  # fmt: skip


def events(store: Store) -> Iterator[dict[str, Any]]:
    """Every row of the journal in its order, as columns; the hash hexadecimal."""
    with store.engine.connect() as connection:
        rows = driver(connection).execute(f"SELECT {_EVENTS}, hash FROM event ORDER BY rowid")
        for row in rows:
            yield dict(zip((*EVENT_FIELDS, "hash"), (*row[:-1], row[-1].hex()), strict=True))


def is_empty(store: Store) -> bool:
    """Whether nothing was ever written."""
    return store.last_event_id() is None


def fill(
    store: Store, rows: Iterable[Mapping[str, Any]], given: Iterable[Mapping[str, Any]]
) -> int:
    """Put rows and writers into an empty journal, all or nothing; how many rows there were.

    Each row passes the door, and the chains must hold. Raises DamagedError when something does
    not fit; then nothing was written.
    """
    with as_data_errors(store.files), for_writing(store.engine).begin() as connection:
        count = _add(connection, rows)
        below = driver(connection)
        for writer in given:
            chain.put_writer(below, _writer(writer))
        if faults := chain.faults(below):
            raise _refused(faults[0])
        counts.recount(below)
    return count


def _add(connection: Connection, rows: Iterable[Mapping[str, Any]]) -> int:
    below, count = driver(connection), 0
    chunk: list[tuple[Any, ...]] = []
    for row in rows:
        chunk.append(_values(row))
        count += 1
        if len(chunk) == _CHUNK:
            many.insert(below, _ADD, chunk)
            chunk.clear()
    many.insert(below, _ADD, chunk)
    return count


def _values(row: Mapping[str, Any]) -> tuple[Any, ...]:
    try:
        values = [row[name] for name in EVENT_FIELDS]
        to_event(values)
        return (*values, bytes.fromhex(row["hash"]))
    except (KeyError, ValueError, TypeError) as error:
        raise _refused(f"a row is not as a tutor writes it: {error}") from error


def _writer(given: Mapping[str, Any]) -> Writer:
    try:
        home = "" if given.get("here", True) else ELSEWHERE
        return Writer(str(given["name"]), int(given["rows"]), bytes.fromhex(given["tip"]), home)
    except (KeyError, ValueError, TypeError) as error:
        raise _refused(f"a writer is not as a tutor writes it: {error}") from error


def _refused(why: str) -> DamagedError:
    return DamagedError(
        "This journal is not whole", f"{why}. Nothing was imported.",
        "Export it once more: tutor export json FILE",
    )  # fmt: skip
