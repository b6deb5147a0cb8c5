"""Flips single bits of a learner's database, and counts which `doctor` and `backup` notice.

    python -m tools.flip_bits [COUNT] [SEED]

A flip matters when SQLite reads something else afterwards: another schema, row or setting, or an
error. Every flip that matters must be found by the check of `doctor`, and by `backup` before it
seals a copy; in a sealed backup every flip must be found. Prints the counts; exit status 1 when
one was missed.
"""

from __future__ import annotations

import random
import shutil
import sqlite3
import sys
import tempfile
from collections import Counter
from contextlib import closing
from pathlib import Path

from tools import old_journal
from tutor.errors import DataError
from tutor.store.backup import backup_in, backup_to
from tutor.store.catalog import Files
from tutor.store.database import open_store
from tutor.store.verify import verify

ANSWERS, CARDS = 600, 80
# What a program can ask of a file's header.
_PRAGMAS = (
    "application_id", "user_version", "encoding", "auto_vacuum", "page_size", "page_count",
    "journal_mode", "default_cache_size", "freelist_count",
)  # fmt: skip


def sound(folder: Path) -> Files:
    """A database of the present schema with some hundred answers, and no backup beside it."""
    files = Files(folder / "tutor.db", folder / "backups")
    old_journal.write(files.database, ANSWERS, CARDS, seed=7)
    open_store(files.database, files.backups).close()
    shutil.rmtree(files.backups)
    return files


def read(database: Path) -> object:
    """Everything that SQLite reads of a file; the text of the error where it cannot."""
    try:
        with closing(sqlite3.connect(f"{database.as_uri()}?mode=ro", uri=True)) as connection:
            names = connection.execute("SELECT type, name, tbl_name, sql FROM sqlite_master")
            objects = sorted(names.fetchall(), key=repr)
            rows = [
                sorted(connection.execute(f'SELECT * FROM "{name}"').fetchall(), key=repr)
                for kind, name, *_ in objects
                if kind == "table"
            ]
            asked = [connection.execute(f"PRAGMA {name}").fetchall() for name in _PRAGMAS]
            check = connection.execute("PRAGMA integrity_check").fetchall()
            return objects, rows, asked, check
    except (sqlite3.Error, OverflowError, UnicodeDecodeError) as error:
        return repr(error)


def flipped(content: bytes, bit: int) -> bytes:
    """The content with one bit turned over."""
    broken = bytearray(content)
    broken[bit // 8] ^= 1 << bit % 8
    return bytes(broken)


def doctor_finds(files: Files) -> bool:
    """Whether the check of `doctor` finds fault, or the file is refused."""
    try:
        with open_store(files.database, files.backups) as store:
            return bool(store.check())
    except DataError:
        return True


def backup_refuses(files: Files) -> bool:
    """Whether no copy is made and sealed."""
    try:
        with open_store(files.database, files.backups) as store:
            backup_in(store.engine, files, "manual")
    except DataError:
        return True
    return False


def one_flip(content: bytes, bit: int, before: object, folder: Path) -> str:
    """What came of one flip: harmless, found, or missed by one of the two."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    files = Files(folder / "tutor.db", folder / "backups")
    files.database.write_bytes(flipped(content, bit))
    if read(files.database) == before:
        return "harmless"
    files.database.write_bytes(flipped(content, bit))
    found = doctor_finds(files)
    for beside in folder.glob("tutor.db*"):
        beside.unlink()
    shutil.rmtree(files.backups, ignore_errors=True)
    files.database.write_bytes(flipped(content, bit))
    refused = backup_refuses(files)
    if found and refused:
        return "found"
    return "missed by doctor" if not found else "missed by backup"


def flips(count: int, seed: int, folder: Path) -> tuple[Counter[str], list[int]]:
    """The counts of so many flips of a live database, and the bits that were missed."""
    content = sound(folder / "sound").database.read_bytes()
    return flips_of(content, count, seed, folder)


def flips_of(content: bytes, count: int, seed: int, folder: Path) -> tuple[Counter[str], list[int]]:
    """The same of the database whose bytes are given."""
    chance = random.Random(seed)
    whole = folder / "whole.db"
    whole.write_bytes(content)
    before, counts, missed = read(whole), Counter[str](), []
    for _ in range(count):
        bit = chance.randrange(8 * len(content))
        came = one_flip(content, bit, before, folder / "flipped")
        counts[came] += 1
        if came.startswith("missed"):
            missed.append(bit)
    return counts, missed


def sealed_flips(count: int, seed: int, folder: Path) -> int:
    """How many of so many flips of a sealed backup were not noticed."""
    files = sound(folder / "sealed")
    with open_store(files.database, files.backups) as store:
        copy = backup_to(store.engine, files, folder / "copy.db")
    content, chance = copy.read_bytes(), random.Random(seed)
    missed = 0
    for _ in range(count):
        copy.write_bytes(flipped(content, chance.randrange(8 * len(content))))
        missed += verify(copy).good
    return missed


def main() -> int:
    """Flip, and print what came of it."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 500
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "sound").mkdir()
        (folder / "sealed").mkdir()
        counts, missed = flips(count, seed, folder)
        print(f"live database, {count} flips, seed {seed}: {dict(counts)}")
        lost = sealed_flips(count, seed, folder)
        print(f"sealed backup, {count} flips: {count - lost} found, {lost} missed")
    for bit in missed:
        print(f"missed: byte {bit // 8}, bit {bit % 8}")
    return 1 if missed or lost else 0


if __name__ == "__main__":
    sys.exit(main())
