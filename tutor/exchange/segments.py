"""A folder of segment files, in which machines leave their rows for each other.

`WRITER.000001.jsonl` holds the first 1,000 rows of a writer, a line each: `HASH JSON`, where HASH
is of the hash before and the JSON, as in the journal. Whatever carries the folder may end a file in
half a line, bring files in any order, or change line ends: only whole lines that follow the one
before are read, and the next sync makes a file whole.
"""

from __future__ import annotations

import os
import re
import stat
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from tutor.errors import UnwritableError
from tutor.paths import opened
from tutor.store.chain import START, link
from tutor.store.union import Link

ROWS = 1000
"""How many rows a file holds: more make histories of git grow, fewer make too many files."""
_NAME = re.compile(r"([0-9a-f]{16})\.(\d{6})\.jsonl")
_HASH = 32
# An answer has at most four million bytes, each of which JSON may write as six.
_LONGEST = 25_000_000


@dataclass(slots=True)
class Segments:
    """One writer's rows in the folder, as far as they are whole; a `Chain`.

    told: why there may be more than `rows`; empty when there is nothing to tell.
    """

    name: str
    files: dict[int, Path]
    rows: int = 0
    told: str = ""
    _hashes: bytearray = field(default_factory=bytearray)

    def read(self) -> None:
        """Read all files from the first on, up to what does not follow."""
        for number in range(1, max(self.files, default=0) + 1):
            path = self.files.get(number)
            if path is None:
                self.told = f"{file_name(self.name, number)} is not there yet"
            else:
                self._read(path)
            if self.told:
                return
            if self.rows < number * ROWS:
                if number < max(self.files):
                    self.told = f"{file_name(self.name, number)} is shorter than it will be"
                return

    def hash_at(self, seq: int) -> bytes:
        """The hash of row `seq`."""
        return bytes(self._hashes[(seq - 1) * _HASH : seq * _HASH])

    def above(self, seq: int) -> Iterator[Link]:
        """The rows after `seq`."""
        for number in range(seq // ROWS + 1, (self.rows - 1) // ROWS + 2):
            at = (number - 1) * ROWS
            for line in _lines(self.files[number]):
                at += 1
                if seq < at <= self.rows and (found := _link(line)):
                    yield found

    def _read(self, path: Path) -> None:
        tip = self.hash_at(self.rows) if self.rows else START
        try:
            for at, line in enumerate(_lines(path), 1):
                found = _link(line)
                if found is None or at > ROWS or link(tip, found.text) != found.hash:
                    half = not line.endswith(b"\n") and at <= ROWS
                    self.told = (
                        f"{path.name} ends in half a line" if half
                        else f"{path.name}, line {at}: it does not follow the one before"
                    )  # fmt: skip
                    return
                tip = found.hash
                self._hashes += tip
                self.rows += 1
        except OSError as error:
            self.told = f"{path.name}: {error.strerror or error}"


@dataclass(frozen=True, slots=True)
class Folder:
    """What lies in a folder: the writers' rows, and what else has to do with them by its name."""

    chains: dict[str, Segments]
    strangers: tuple[str, ...]

    @property
    def told(self) -> list[str]:
        """What is waited for, cannot be read, or does not belong here."""
        waits = [each.told for each in self.chains.values() if each.told]
        return [*waits, *(f"{name} is not read: it is no file of ours" for name in self.strangers)]


def look(folder: Path) -> Folder:
    """Read all segments of the folder. Raises OSError when it cannot be listed."""
    chains: dict[str, Segments] = {}
    strangers = []
    for path in sorted(folder.iterdir()):
        name = _NAME.fullmatch(path.name)
        if name and stat.S_ISREG(path.lstat().st_mode):
            chains.setdefault(name[1], Segments(name[1], {})).files[int(name[2])] = path
        elif name or re.match(r"[0-9a-f]{16}\..*jsonl", path.name):
            # A copy that a carrier made of two versions, a link, a folder.
            strangers.append(path.name)
    for each in chains.values():
        each.read()
    return Folder(chains, tuple(strangers))


def write(
    folder: Path, name: str, after: int, rows: Iterable[Link], ends: bool = False
) -> list[Path]:
    """Write a writer's rows after row `after`, a multiple of `ROWS`; the files that changed.

    What is in a file and follows stays; from the first line that does not on it is written anew.
    ends: nothing can come after these rows; what stands there is dropped. On disk when this
    returns. Raises UnwritableError.
    """
    changed = []
    for number, lines in enumerate(_files(rows), after // ROWS + 1):
        path = folder / file_name(name, number)
        with _told(path):
            if _write(path, lines, ends):
                changed.append(path)
    return changed


def file_name(name: str, number: int) -> str:
    """The name of a writer's file of that number, from 1 on."""
    return f"{name}.{number:06d}.jsonl"


def is_ours(name: str) -> bool:
    """Whether a file of this name holds rows."""
    return _NAME.fullmatch(name) is not None


def _files(rows: Iterable[Link]) -> Iterator[list[bytes]]:
    given = iter(rows)
    while lines := [_line(row) for row in islice(given, ROWS)]:
        yield lines


def _line(row: Link) -> bytes:
    """The one way to write a row down: a file that says the same otherwise was harmed."""
    return row.hash.hex().encode() + b" " + row.text + b"\n"


def _write(path: Path, lines: Sequence[bytes], ends: bool) -> bool:
    """Open, bring in step, close: a file that is held open may be replaced by its carrier."""
    how = os.O_RDWR | os.O_CREAT | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(path, how, 0o600), "r+b") as file:
        place, whole = 0, 0
        for line in lines:
            found = file.readline(len(line) + 1)
            if found not in (line, line[:-1] + b"\r\n"):
                break
            place, whole = place + len(found), whole + 1
        if whole == len(lines) and not (file.read(1) if ends or whole == ROWS else b""):
            return False
        file.seek(place)
        file.truncate()
        file.write(b"".join(lines[whole:]))
        file.flush()
        os.fsync(file.fileno())
    return True


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UnwritableError(
            "This file cannot be written", f"{path}: {error.strerror or error}.",
            "Your answers are safe in your journal; sync again when it can.",
        ) from error  # fmt: skip


def _lines(path: Path) -> Iterator[bytes]:
    """The lines of a file, none longer than any of ours."""
    with opened(path) as file:
        yield from _limited(file)


def _limited(file: BinaryIO) -> Iterator[bytes]:
    while line := file.readline(_LONGEST):
        yield line


def _link(line: bytes) -> Link | None:
    """What a whole line says, written as we write it but for its end; None for any other."""
    if not line.endswith(b"\n"):
        return None
    body = line[:-1].removesuffix(b"\r")
    try:
        found = Link(bytes.fromhex(body[: 2 * _HASH].decode("ascii")), body[2 * _HASH + 1 :])
    except ValueError:
        return None
    return found if _line(found)[:-1] == body else None
