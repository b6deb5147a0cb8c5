"""Opens an Anki package (.apkg, .colpkg): the right one of its databases, within limits, read only.

A package of today holds two: the newest format beside a note that asks for a newer Anki, so the
first that is there is the wrong one. Nothing of the file is trusted: sizes, schema, views.
"""

from __future__ import annotations

import sqlite3
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from importlib import import_module
from pathlib import Path
from typing import IO, Protocol

from tutor.errors import UsageError
from tutor.exchange import zips

# In the order in which they are looked for, and whether zstd packs them.
_DATABASES = (
    ("collection.anki21b", True), ("collection.anki21", False), ("collection.anki2", False),
)  # fmt: skip
_META = "meta"
_NEWEST_META = 3
_MAGIC = b"SQLite format 3\0"
# Bytes 18 and 19 say that there is a WAL, which a package never has.
_NO_WAL = b"\1\1"
_CHUNK = 1 << 20
# No text of a note is longer; a column that computes one is a bomb.
_LONGEST_VALUE = 50_000_000
# Steps of SQLite's machine between two looks, and how many looks a question may take.
_STEPS, _LOOKS = 1_000_000, 20_000
_ASKS_FOR_NEWER = "Please update to the latest Anki version"
_TABLES = {
    11: {"col", "notes", "cards", "revlog"},
    18: {"col", "notes", "cards", "revlog", "notetypes", "fields", "templates", "decks"},
}
_AGAIN = "Export it from Anki once more."


def looks(file: Path) -> bool:
    """Whether a zip holds what Anki writes."""
    if not zipfile.is_zipfile(file):
        return False
    with zipfile.ZipFile(file) as archive:
        names = set(archive.namelist())
    return any(name in names for name, _ in _DATABASES)


@contextmanager
def opened(file: Path) -> Iterator[tuple[sqlite3.Connection, int]]:
    """The database of a package, open for reading, and its schema: 11 or 18.

    Raises UsageError with one sentence when it cannot be read; also while it is being read.
    """
    with tempfile.TemporaryDirectory(prefix="tutor-") as folder:
        path = Path(folder) / "collection"
        name = _unpack(file, path)
        try:
            with closing(_connected(path)) as connection:
                yield connection, _schema(connection, file, name)
        except (sqlite3.Error, OverflowError, UnicodeError) as error:
            raise damaged(file, str(error)) from error


def damaged(file: Path, why: str) -> UsageError:
    """That the package cannot be read, and why."""
    return UsageError(f"{file.name} is damaged", f"{why[:200].rstrip('.')}.", _AGAIN)


def _unpack(file: Path, path: Path) -> str:
    """Write the package's database to `path`; which one it is."""
    try:
        with zipfile.ZipFile(file) as archive:
            names = archive.namelist()
            name, packed = next((each for each in _DATABASES if each[0] in names), ("", False))
            if not name:
                raise UsageError(
                    f"{file.name} is no Anki package", "It holds no collection of Anki's.", _AGAIN
                )
            _refuse_newer(archive, file)
            info = archive.getinfo(name)
            zips.check(info, file.name)
            with archive.open(info) as source:
                _copy(source, path, packed, file, info.file_size)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise damaged(file, f"It cannot be unpacked: {error}") from error
    return name


def _refuse_newer(archive: zipfile.ZipFile, file: Path) -> None:
    """Anki numbers its packages in `meta`, a protobuf whose first field is the number."""
    if _META not in archive.namelist():
        return
    meta = zips.member(archive, _META, file.name, limit=1000)
    if len(meta) >= 2 and meta[0] == 8 and meta[1] > _NEWEST_META:
        raise UsageError(
            f"{file.name} is not read", "It is of a newer kind than this program knows.",
            "Export it from Anki with the box \"Support older Anki versions\".",
        )  # fmt: skip


def _copy(source: IO[bytes], path: Path, packed: bool, file: Path, size: int) -> None:
    limit = min(zips.MAX_MEMBER, max(size * zips.MAX_RATIO, _CHUNK))
    written, first = 0, b""
    with path.open("wb") as out:
        for data in _unpacked(source, file) if packed else iter(lambda: source.read(_CHUNK), b""):
            first = first or data[:20]
            written += len(data)
            if written > limit:
                raise UsageError(
                    f"{file.name} is too large", f"It would unpack to more than {limit:,} bytes.",
                    "Export it in parts.",
                )  # fmt: skip
            out.write(data)
    if not first.startswith(_MAGIC):
        raise damaged(file, "Its collection is no database")
    with path.open("r+b") as out:
        out.seek(18)
        out.write(_NO_WAL)


class _Decompressor(Protocol):
    """What both modules of zstd have."""

    eof: bool
    needs_input: bool

    def decompress(self, data: bytes, max_length: int = -1) -> bytes:
        """What a part of the packed bytes gives, at most so many; the rest comes when asked."""


def _unpacked(source: IO[bytes], file: Path) -> Iterator[bytes]:
    """A frame of zstd, unpacked in pieces of at most a megabyte."""
    zstd = _zstd(file)
    while not zstd.eof:
        chunk = source.read(_CHUNK) if zstd.needs_input else b""
        if zstd.needs_input and not chunk:
            raise damaged(file, "Its collection ends too early")
        try:
            data = zstd.decompress(chunk, _CHUNK)
        except Exception as error:  # ZstdError of whichever module is there
            raise damaged(file, f"It cannot be unpacked: {error}") from error
        if data:
            yield data


def _zstd(file: Path) -> _Decompressor:
    """The decompressor of Python 3.14, or of the package that brings it to older ones."""
    for module in ("compression.zstd", "backports.zstd"):
        with suppress(ImportError):
            made: _Decompressor = import_module(module).ZstdDecompressor()
            return made
    raise UsageError(
        f"{file.name} is packed with zstd",
        "Reading that needs Python 3.14, or the extra `anki` (backports.zstd).",
        'Export it from Anki with the box "Support older Anki versions", or install it: '
        "pip install 'nn-tutor[anki]'",
    )


def _connected(path: Path) -> sqlite3.Connection:
    """A connection that reads and nothing else, and ends what takes for ever."""
    connection = sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True)
    connection.execute("PRAGMA trusted_schema = OFF")
    connection.execute("PRAGMA query_only = ON")
    connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST_VALUE)
    connection.create_collation("unicase", _unicase)
    looked = iter(range(_LOOKS))
    connection.set_progress_handler(lambda: next(looked, None) is None, _STEPS)
    return connection


def _unicase(one: str, other: str) -> int:
    """Anki's order of names, which its indexes need; case does not count."""
    one, other = one.casefold(), other.casefold()
    return (one > other) - (one < other)


def _schema(connection: sqlite3.Connection, file: Path, name: str) -> int:
    """The schema's number. Raises UsageError for one that is not read, or without its tables."""
    found = dict(connection.execute("SELECT name, type FROM sqlite_master").fetchall())
    if found.get("col") != "table":
        raise damaged(file, "It has no table `col`")
    row = connection.execute("SELECT ver FROM col").fetchone()
    number = row[0] if row else None
    if number not in _TABLES:
        raise UsageError(
            f"{file.name} is not read", f"Its schema is {number}; 11 and 18 are read.",
            "Open it in a present Anki and export it there.",
        )  # fmt: skip
    missing = sorted(table for table in _TABLES[number] if found.get(table) != "table")
    if missing:
        raise damaged(file, f"It has no table `{missing[0]}`")
    if name == _DATABASES[-1][0] and _is_dummy(connection):
        raise UsageError(
            f"{file.name} holds no deck",
            "It has only the note with which Anki asks for a newer version; the deck is missing.",
            _AGAIN,
        )
    return int(number)


def _is_dummy(connection: sqlite3.Connection) -> bool:
    rows = connection.execute("SELECT flds FROM notes LIMIT 2").fetchall()
    return len(rows) == 1 and str(rows[0][0]).startswith(_ASKS_FOR_NEWER)
