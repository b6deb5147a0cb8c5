"""What the first screen shows, prepared as one row and read without SQLAlchemy.

The row is written in the same transaction as each answer, so it is never older than the journal.
"""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from dataclasses import dataclass, fields
from itertools import takewhile
from operator import attrgetter
from pathlib import Path
from typing import Any

from tutor.memory.waiting import Waiting
from tutor.store.version import APPLICATION_ID, SCHEMA_VERSION
from tutor.text.sanitize import clean


@dataclass(frozen=True, slots=True)
class ChapterGlance:
    """How much of one chapter is known, in topics; in cards where its deck has no topics.

    deck: the name of a deck that has none; empty for any other chapter.
    """

    number: int
    title: str
    topics: int
    known: int
    deck: str = ""

    @property
    def query(self) -> str:
        """What Browse finds its cards by."""
        return f"deck:{self.deck}" if self.deck else f"chapter:{self.number}"


@dataclass(frozen=True, slots=True)
class Retention:
    """The share of mature reviews remembered, with its interval, over `n` reviews."""

    value: float
    low: float
    high: float
    n: int


@dataclass(frozen=True, slots=True)
class Glance:
    """The numbers of the first screen at the moment they were written.

    due: (UTC ms, cards that fall due then) ascending, overdue ones included; what falls due
        much later is left out, for by then the store has long been opened again.
    learning: those of `due` in their learning steps. day_end_utc_ms: the end of the study day.
    new, demos, minutes: new cards that the day may bring, demos, and how long all of it takes.
    next_topics: (id, title) of the topics that come next.
    study_days: how many of the last 30 study days had answers; streak: in a row until today.
    days: the answers of each of the last study days; the last of them is `study_day`.
    answers: rows of the journal that are answers; 0 means that the learner is new.
    signature: the decks it was computed with; schema: the database's version.
    """

    written_utc_ms: int
    study_day: int
    due: tuple[tuple[int, int], ...] = ()
    learning: tuple[tuple[int, int], ...] = ()
    day_end_utc_ms: int = 0
    new: int = 0
    demos: int = 0
    minutes: int = 0
    topics: int = 0
    known: int = 0
    chapters: tuple[ChapterGlance, ...] = ()
    next_topics: tuple[tuple[str, str], ...] = ()
    study_days: int = 0
    streak: int = 0
    days: tuple[int, ...] = ()
    answers: int = 0
    retention: Retention | None = None
    signature: str = ""
    schema: int = SCHEMA_VERSION

    def due_at(self, utc_ms: int) -> int:
        """How many cards wait at that moment, if nothing was answered since.

        A clock that was set back does not hide what was due already.
        """
        return _until(max(utc_ms, self.written_utc_ms), self.due)

    def waiting_at(self, utc_ms: int) -> Waiting:
        """The day's cards in parts at that moment, if nothing was answered since."""
        until = max(utc_ms, self.written_utc_ms, self.day_end_utc_ms - 1)
        steps = _until(until, self.learning)
        return Waiting(_until(until, self.due) - steps, steps, self.new)

    def to_json(self) -> str:
        """The row's text."""
        return _encode(_shallow(self))

    @staticmethod
    def from_json(text: str) -> Glance:
        """Read a row's text. Raises ValueError, TypeError, KeyError on anything else.

        It is painted before anything else is looked at, and anybody can have given the file on:
        every number is one that can be, and no text acts on a terminal.
        """
        data: dict[str, Any] = json.loads(text)
        retention = data["retention"]
        counts = {name: _whole(data[name], 0) for name in _COUNTS}
        return Glance(
            written_utc_ms=_whole(data["written_utc_ms"]),
            study_day=_whole(data["study_day"]),
            due=_pairs(data["due"]),
            learning=_pairs(data["learning"]),
            day_end_utc_ms=_whole(data["day_end_utc_ms"]),
            chapters=tuple(_chapter(**chapter) for chapter in data["chapters"]),
            next_topics=tuple((_words(key), _words(title)) for key, title in data["next_topics"]),
            retention=_retention(**retention) if retention else None,
            signature=_words(data["signature"]),
            days=tuple(_whole(count, 0) for count in data.get("days", ())[-LAST_DAYS:]),
            **counts,
        )


LAST_DAYS = 26 * 7
"""Study days whose answers the first screen shows."""

_COUNTS = (
    "new", "demos", "minutes", "topics", "known", "study_days", "streak", "answers",
    "schema",
)  # fmt: skip


def _whole(value: object, least: int = -(2**53)) -> int:
    if type(value) is not int or not least <= value <= 2**53:
        raise ValueError("this is no number that the glance can hold")
    return value


def _pairs(rows: list[list[object]]) -> tuple[tuple[int, int], ...]:
    return tuple((_whole(at), _whole(count, 0)) for at, count in rows)


def _until(utc_ms: int, pairs: tuple[tuple[int, int], ...]) -> int:
    return sum(count for _, count in takewhile(lambda pair: pair[0] <= utc_ms, pairs))


def _share(value: object) -> float:
    if not isinstance(value, int | float) or not 0 <= value <= 1:
        raise ValueError("this is no share")
    return float(value)


def _words(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError("this is no text")
    return clean(value, limit=500).replace("\n", " ")


def _chapter(
    number: object, title: object, topics: object, known: object, deck: object = ""
) -> ChapterGlance:
    counts = _whole(topics, 0), _whole(known, 0)
    return ChapterGlance(_whole(number, 0), _words(title), *counts, _words(deck))


def _retention(value: object, low: object, high: object, n: object) -> Retention:
    return Retention(_share(value), _share(low), _share(high), _whole(n, 0))


# Characters of the row; what falls due in a day makes some ten thousand.
_LONGEST = 2_000_000

# What a missing, locked, damaged or foreign file and a row of any content can cause.
_UNREADABLE = (
    sqlite3.Error, OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError,
)  # fmt: skip


_NAMES = {
    kind: tuple(field.name for field in fields(kind)) for kind in (Glance, ChapterGlance, Retention)
}
_VALUES = {kind: attrgetter(*names) for kind, names in _NAMES.items()}


def _shallow(part: Any) -> dict[str, Any]:
    """A dataclass as a dict, one level deep: `asdict` copies every number of it."""
    return dict(zip(_NAMES[type(part)], _VALUES[type(part)](part), strict=True))


# It goes round in no circle, and looking for one takes a fifth of the time.
_encode = json.JSONEncoder(
    ensure_ascii=False, separators=(",", ":"), default=_shallow, check_circular=False
).encode


def read_glance(database: Path) -> Glance | None:
    """The row as last written; None when there is none that this version can read.

    Never creates a file and never complains: the real opening of the store does both.
    """
    try:
        uri = f"{database.absolute().as_uri()}?mode=ro"
        with closing(sqlite3.connect(uri, uri=True, timeout=0.1)) as connection:
            if _pragma(connection, "application_id") != APPLICATION_ID:
                return None
            if _pragma(connection, "user_version") != SCHEMA_VERSION:
                return None
            row = connection.execute(
                "SELECT json FROM glance WHERE id = 1 AND length(json) < ?", (_LONGEST,)
            ).fetchone()
        return Glance.from_json(row[0]) if row else None
    except _UNREADABLE:
        return None


def _pragma(connection: sqlite3.Connection, name: str) -> int:
    value: int = connection.execute(f"PRAGMA {name}").fetchone()[0]
    return value
