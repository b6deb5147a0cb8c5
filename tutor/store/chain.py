"""The hash chains of the journal: one a writer, each row's hash being of it and the one before.

A writer is one data folder for as long as it lives: a restored or copied one goes on under a new
name. The chain finds accidents (a flipped bit, a lost row, a foreign edit), not someone who
computes it anew.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import sqlite3
import zlib
from array import array
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from tutor.store.rows import CHAINED

# The first schema with chains; older files have rows alone.
FIRST_SCHEMA = 2
# What stands before a writer's first row.
START = bytes(32)

_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
# No string of JSON holds a bare line end, so it parts values without doubt.
_LINE_END = "\n"
_encode_in_lines = json.JSONEncoder(ensure_ascii=False, separators=(_LINE_END, ":")).encode
# The home of a writer of another machine, whose rows came here by a merge.
ELSEWHERE = "elsewhere"
LIVED_HERE = f"event.writer NOT IN (SELECT name FROM writer WHERE home = '{ELSEWHERE}')"
_WRITER = "SELECT name, rows, tip, home, crc FROM writer"
# The text of a row, made by SQLite; `text_of` makes the same.
ROW_TEXT = "CAST(json_array(" + ", ".join(f'"{name}"' for name in CHAINED) + ") AS BLOB)"


@dataclass(frozen=True, slots=True)
class Writer:
    """One chain: how many rows it has, the hash of the last one, and the file it goes on in.

    home: the file's inode; empty when the writer has ended, `ELSEWHERE` for another machine's.
    """

    name: str
    rows: int = 0
    tip: bytes = START
    home: str = ""

    def values(self) -> tuple[Any, ...]:
        """The values of its own row, with their CRC."""
        return (self.name, self.rows, self.tip, self.home, self.crc())

    def crc(self) -> int:
        """The CRC of its own row."""
        return crc_of((self.name, self.rows, self.tip.hex(), self.home))

    def linked(self, rows: Iterable[Sequence[Any]]) -> tuple[Writer, list[tuple[Any, ...]]]:
        """The writer after these rows, and the rows with writer, seq and hash."""
        chained = [(*row, self.name, seq) for seq, row in enumerate(rows, self.rows + 1)]
        tip, linked = self.tip, []
        for row, text in zip(chained, texts_of(chained), strict=True):
            tip = link(tip, text)
            linked.append((*row, tip))
        return Writer(self.name, self.rows + len(chained), tip, self.home), linked


def text_of(row: Sequence[Any]) -> bytes:
    """The JSON of a row's values, in the order of `CHAINED`, that its hash is of."""
    return _encode(row).encode("utf-8")


def texts_of(rows: Sequence[Sequence[Any]]) -> Iterator[bytes]:
    """The same of many rows, which is faster at once."""
    if len(rows) == 1:
        yield text_of(rows[0])
    elif rows:
        # Between two rows `]` and `[` stand bare; within one they only stand in strings.
        for values in _encode_in_lines(rows)[2:-2].split("]\n["):
            yield f"[{values.replace(_LINE_END, ',')}]".encode()


def link(before: bytes, text: bytes) -> bytes:
    """The hash of a row: SHA-256 of the hash before it and its own text."""
    return hashlib.sha256(before + text).digest()


def crc_of(values: Sequence[Any]) -> int:
    """The CRC-32 of a derived row."""
    return zlib.crc32(_encode(values).encode("utf-8"))


def own_writer(connection: sqlite3.Connection, home: str) -> Writer:
    """The writer that goes on in the file `home`; a new one, drawn by chance, if there is none.

    All others end: a file that was copied or restored is another life, and on a row that is not as
    it was written nothing can be built.
    """
    row = connection.execute(f"{_WRITER} WHERE home = ?", (home,)).fetchone()
    if row is not None and Writer(*row[:4]).crc() == row[4]:
        return Writer(*row[:4])
    end_all(connection)
    return Writer(secrets.token_hex(8), home=home)


def end_all(connection: sqlite3.Connection) -> None:
    """Let no writer go on: who writes next begins a chain."""
    for old in writers(connection):
        if old.home not in ("", ELSEWHERE):
            put_writer(connection, replace(old, home=""))


def put_writer(connection: sqlite3.Connection, writer: Writer) -> None:
    """Write a writer's own row."""
    connection.execute(
        "INSERT OR REPLACE INTO writer (name, rows, tip, home, crc) VALUES (?, ?, ?, ?, ?)",
        writer.values(),
    )


def writers(connection: sqlite3.Connection) -> list[Writer]:
    """All writers of the journal."""
    return [Writer(*row[:4]) for row in connection.execute(f"{_WRITER} ORDER BY name").fetchall()]


def faults(connection: sqlite3.Connection) -> list[str]:
    """What is wrong with the chains, in words; empty when every row is as it was written."""
    return walked(connection)[0]


def walked(connection: sqlite3.Connection, doubt: str = "0") -> tuple[list[str], Sequence[int]]:
    """The same, and the places (rowids) of the rows that are to pass the door.

    Those are where SQL finds `doubt`, and where a text holds more than plain ASCII.
    """
    found, doubtful = _wrong_writers(connection), array("q")
    rows = connection.execute(f"SELECT writer, seq, hash, {ROW_TEXT}, {doubt}, rowid FROM event")
    reached: dict[str, tuple[int, bytes]] = {}
    # The writer at hand, where it was reached: most rows have the writer of the row before.
    here: str | None = None
    before, tip = 0, START
    sha256 = hashlib.sha256
    for name, seq, kept, text, doubted, rowid in rows:
        if name != here:
            if here is not None:
                reached[here] = (before, tip)
            here, (before, tip) = name, reached.get(name, (0, START))
        if seq != before + 1:
            found.append(_gap(name, before, seq))
        elif sha256(tip + text).digest() != kept and link(tip, _again(connection, rowid)) != kept:
            found.append(f"row {seq} of the writer {name} is not as it was written")
        if doubted or not text.isascii() or b"\\" in text or b"\x7f" in text:
            doubtful.append(rowid)
        before, tip = seq, kept
        if len(found) >= _ENOUGH:
            return found, doubtful
    if here is not None:
        reached[here] = (before, tip)
    return found + _lost_ends(connection, reached), doubtful


def _gap(name: str, before: int, seq: int) -> str:
    """What is wrong where a writer's row comes after one that is not the row before it."""
    if seq <= before:
        return f"row {seq} of the writer {name} comes after its row {before}"
    if seq == before + 2:
        return f"row {before + 1} of the writer {name} is missing"
    return f"rows {before + 1} to {seq - 1} of the writer {name} are missing"


# More faults than this say no more than the first ones.
_ENOUGH = 20


def _again(connection: sqlite3.Connection, rowid: int) -> bytes:
    """The text made by us: another SQLite may write a number or an escape in another way."""
    names = ", ".join(f'"{name}"' for name in CHAINED)
    try:
        row = connection.execute(f"SELECT {names} FROM event WHERE rowid = ?", (rowid,)).fetchone()
    except sqlite3.Error:
        return b""
    return text_of(row)


def _wrong_writers(connection: sqlite3.Connection) -> list[str]:
    rows = connection.execute(_WRITER).fetchall()
    return [
        f"the row of the writer {row[0]} is not as it was written"
        for row in rows
        if Writer(*row[:4]).crc() != row[4]
    ]


def _end(writer: Writer, last: tuple[int, bytes]) -> str:
    """What is wrong where the journal ends with another row of a writer than its own row says."""
    rows, lost = last[0], writer.rows - last[0]
    if lost > 0:
        missing = "the last one is" if lost == 1 else f"the last {lost} are"
        return f"of the {writer.rows} rows of the writer {writer.name} {missing} missing"
    if lost < 0:
        return f"the writer {writer.name} wrote {writer.rows} rows, but there is a row {rows}"
    return f"row {rows} of the writer {writer.name} is not the last one that it wrote"


def _lost_ends(connection: sqlite3.Connection, reached: dict[str, tuple[int, bytes]]) -> list[str]:
    known = {one.name: one for one in writers(connection)}
    found = [
        _end(one, last)
        for one in known.values()
        if (one.rows, one.tip) != (last := reached.get(one.name, (0, START)))
    ]
    return found + [f"the writer {name} is not known" for name in sorted(reached.keys() - known)]
