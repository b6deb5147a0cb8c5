"""The tables, indexes and triggers as the migrations make them, word for word.

What a file has instead of them, or beside them, another program or a flipped bit has made.
"""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from functools import cache
from pathlib import Path

from tutor.store import revision
from tutor.store.version import APPLICATION_ID

# Written out in a file of its own; a test holds it to be what the migrations make.
_WORDS = Path(__file__).with_name("schema.sql")
_NAME = re.compile(r"CREATE (?:UNIQUE )?(TABLE|INDEX|TRIGGER) (\w+)")
_ANY = re.compile(r'\s*CREATE (?:\w+ )?(TABLE|VIEW|INDEX|TRIGGER) (\w+|"[^"]*")', re.IGNORECASE)
_ALL = "SELECT type, name, tbl_name, sql FROM sqlite_master WHERE sql IS NOT NULL"

DERIVED = frozenset({"card_state", "day_count", "glance"})
"""Tables that are worked out from the journal, and may be made anew at any time."""
_CACHE = "the header's size of the cache is not ours"
# The schema that the words make.
VERSION = 2

Objects = dict[str, str]


@cache
def expected() -> Objects:
    """The words of each table, index and trigger by its name."""
    parts = _WORDS.read_text(encoding="utf-8").split("\n;\n")
    named = ((_NAME.match(part), part) for part in parts if part.strip())
    return {match[2]: part for match, part in named if match}


def create(connection: sqlite3.Connection) -> None:
    """Make everything in an empty file, as the migrations would, in an instant."""
    for sql in expected().values():
        connection.execute(sql)
    connection.execute(f"INSERT INTO {revision.TABLE} VALUES ('{VERSION:04d}')")
    connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    connection.execute(f"PRAGMA user_version = {VERSION}")


def present(connection: sqlite3.Connection) -> Objects:
    """The same of a database; SQLite's own tables are left out."""
    rows = connection.execute(_ALL).fetchall()
    return {name: sql for _, name, _, sql in rows if not name.startswith("sqlite_")}


def faults(connection: sqlite3.Connection) -> list[str]:
    """What is missing, strange or different, in words."""
    wanted, there = expected(), present(connection)
    found = [f"{_what(wanted[name])} is missing" for name in sorted(wanted.keys() - there.keys())]
    found += [f"{_what(there[name])} is not ours" for name in sorted(there.keys() - wanted.keys())]
    found += [
        f"{_what(wanted[name])} is not as it was made"
        for name in sorted(wanted.keys() & there.keys())
        if _bare(wanted[name]) != _bare(there[name])
    ]
    if not _default_cache(connection):
        found.append(_CACHE)
    return found + _misfiled(connection)


def mend(connection: sqlite3.Connection) -> list[str]:
    """Make missing indexes and triggers, drop strange ones; what was done, in words.

    Tables are left alone: what is in them is the learner's.
    """
    wanted, there, done = expected(), present(connection), []
    if not _default_cache(connection):
        connection.execute("PRAGMA default_cache_size = 0")
        done.append(f"{_CACHE}: it is again")
    for name, sql in there.items():
        kind = _kind(sql)
        if kind in ("INDEX", "TRIGGER") and _bare(wanted.get(name, "")) != _bare(sql):
            connection.execute(f'DROP {kind} "{name}"')
            done.append(f"{_what(sql)} was taken out")
    there = present(connection)
    for name, sql in wanted.items():
        if name not in there and _kind(sql) in ("INDEX", "TRIGGER"):
            connection.execute(sql)
            done.append(f"{_what(sql)} was made again")
    return done


def renew_derived(connection: sqlite3.Connection) -> list[str]:
    """Make derived tables anew, and empty, where they are missing or of another make; their names.

    What is in them is in the journal, too.
    """
    wanted, there = expected(), present(connection)
    names = [name for name in sorted(DERIVED) if _bare(there.get(name, "")) != _bare(wanted[name])]
    for name in names:
        if name in there:
            kind = "VIEW" if _what(there[name]).startswith("the view") else "TABLE"
            connection.execute(f"DROP {kind} {name}")
        connection.execute(wanted[name])
    return names


def _misfiled(connection: sqlite3.Connection) -> list[str]:
    """Rows of SQLite's own list whose columns say something else than their words."""
    return [
        f"the {kind} {name} is filed under another name"
        for kind, name, table, sql in connection.execute(_ALL).fetchall()
        if (match := _NAME.match(sql))
        and (match[1].lower() != kind or match[2] != name or (kind == "table" and table != name))
    ]


def _bare(sql: str) -> str:
    """The words without what is between them: versions of SQLAlchemy break lines differently."""
    return "".join(sql.split())


def _default_cache(connection: sqlite3.Connection) -> bool:
    """Whether the header leaves the size of the cache open, as every file of ours does."""
    asked = "PRAGMA default_cache_size"
    with closing(sqlite3.connect(":memory:")) as empty:
        usual = empty.execute(asked).fetchone()
    return bool(connection.execute(asked).fetchone() == usual)


def _kind(sql: str) -> str:
    match = _NAME.match(sql)
    return match[1] if match else ""


def _what(sql: str) -> str:
    match = _ANY.match(sql)
    return f"the {match[1].lower()} {match[2]}" if match else "something without a name"
