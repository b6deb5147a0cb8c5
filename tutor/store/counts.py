"""How many answers each study day has, kept with every answer so that no start counts them anew.

The table follows the journal in the same transaction; `counted` makes it from the journal itself.
"""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from tutor.memory.amend import Amendments
from tutor.memory.ids import ids_from
from tutor.memory.model import Event
from tutor.memory.stats import DayCount, History, Local, crossed
from tutor.memory.time import DAY_MS
from tutor.store.chain import crc_of
from tutor.store.rows import EVENT_FIELDS, FIRST_DAY, LAST_DAY, to_event
from tutor.store.schema import AMONG_SELDOM

# More answers than anyone gives in a day.
_MOST = 2**32
_ACTIVE = """
    kind = 'review' AND NOT EXISTS (
        SELECT 1 FROM event AS undoing WHERE undoing.undoes = event.id AND undoing.kind = 'undo')
"""
_DAYS = f"""
    SELECT study_day, count(*), coalesce(sum(elapsed_ms), 0) FROM event
    WHERE {_ACTIVE} GROUP BY study_day
"""
_COLUMNS = ", ".join(f'"{name}"' for name in EVENT_FIELDS)
_RETIMED = f"SELECT {_COLUMNS} FROM event WHERE {AMONG_SELDOM} AND kind = 'retime'"
_TAKEN = "SELECT undoes FROM event WHERE undoes IS NOT NULL AND kind = 'undo'"
_KEPT = f"""
    SELECT study_day, reviews, elapsed_ms FROM day_count
    WHERE study_day BETWEEN {FIRST_DAY} AND {LAST_DAY} AND reviews BETWEEN 1 AND {_MOST}
        AND elapsed_ms BETWEEN 0 AND {_MOST * DAY_MS}
"""
_ONE_DAY = "SELECT reviews, elapsed_ms FROM day_count WHERE study_day = ?"
_PUT = "INSERT OR REPLACE INTO day_count (study_day, reviews, elapsed_ms, crc) VALUES (?, ?, ?, ?)"
_TOTALS = "SELECT coalesce(sum(scored), 0), coalesce(sum(remembered), 0) FROM card_state"

_KIND, _DAY, _ELAPSED, _UNDOES = map(
    EVENT_FIELDS.index, ("kind", "study_day", "elapsed_ms", "undoes")
)

# Answers of a study day lie at most so many days from it in UTC, and their ids with them.
_AROUND = 3
_NEAR = f"""
    SELECT at_utc_ms, utc_offset_min FROM event
    WHERE id >= ? AND id < ? AND study_day = ? AND {_ACTIVE}
"""
Days = Mapping[int, tuple[int, int]]


def kept(connection: sqlite3.Connection) -> Days:
    """The table: answers and milliseconds by study day; rows that cannot be are left out."""
    rows = connection.execute(_KEPT).fetchall()
    return {day: (reviews, elapsed) for day, reviews, elapsed in rows}


def counted(connection: sqlite3.Connection) -> Days:
    """The same, counted from the whole journal."""
    rows = connection.execute(_DAYS).fetchall()
    days = {day: [reviews, elapsed] for day, reviews, elapsed in rows}
    for old, new in _retimed(connection):
        for event, sign in ((old, -1), (new, 1)):
            count = days.setdefault(event.study_day, [0, 0])
            count[0] += sign
            count[1] += sign * (event.elapsed_ms or 0)
    return {day: (count[0], count[1]) for day, count in days.items() if count[0]}


def numbers(connection: sqlite3.Connection) -> tuple[int, int, int]:
    """Rows of the journal, answers that count, and rows that take others back."""
    rows, undone = connection.execute(
        "SELECT count(*), coalesce(sum(kind = 'undo'), 0) FROM event"
    ).fetchone()
    answers = connection.execute("SELECT coalesce(sum(reviews), 0) FROM day_count").fetchone()[0]
    return rows, answers, undone


def history(connection: sqlite3.Connection) -> History:
    """The answers in numbers, from the derived tables alone."""
    scored, remembered = connection.execute(_TOTALS).fetchone()
    days = {day: DayCount(*count) for day, count in sorted(kept(connection).items())}
    newest = max(days, default=0)
    last = _at_end(connection, newest, newest, "DESC") if days else None
    return History(days, scored, remembered, _skipped(connection, days), last)


def _skipped(connection: sqlite3.Connection, days: Collection[int]) -> set[int]:
    """The days without an answer, within the streak that ends last, that never were."""
    found: set[int] = set()
    day = max(days, default=0)
    while day in days or (day + 1 in days and day - 1 in days and _never_was(connection, day)):
        if day not in days:
            found.add(day)
        day -= 1
    return found


def _never_was(connection: sqlite3.Connection, day: int) -> bool:
    before = _at_end(connection, day, day - 1, "DESC")
    after = _at_end(connection, day, day + 1, "ASC")
    return before is not None and after is not None and crossed(before, after)


def _at_end(connection: sqlite3.Connection, near: int, day: int, order: str) -> Local | None:
    """The last (DESC) or first (ASC) answer of a study day, sought in the ids around `near`."""
    ids = (ids_from((near - _AROUND) * DAY_MS), ids_from((near + _AROUND) * DAY_MS))
    found = connection.execute(f"{_NEAR} ORDER BY at_utc_ms {order}", (*ids, day)).fetchone()
    return None if found is None else (found[0], found[1])


def follow(connection: sqlite3.Connection, rows: Sequence[Sequence[Any]]) -> bool:
    """Take rows in that are being appended; call it before they are written.

    Whether any of them says something of earlier ones: then what counts may stand elsewhere.
    """
    change: defaultdict[int, list[int]] = defaultdict(lambda: [0, 0])
    amends = False
    for row in rows:
        kind = row[_KIND]
        if kind == "review":
            count = change[row[_DAY]]
            count[0] += 1
            count[1] += row[_ELAPSED] or 0
        elif kind in ("undo", "retime"):
            amends = True
            if kind == "undo" and (taken := _taken(connection, rows, row[_UNDOES])):
                change[taken[0]][0] -= 1
                change[taken[0]][1] -= taken[1] or 0
    for day, (reviews, elapsed) in change.items():
        old = connection.execute(_ONE_DAY, (day,)).fetchone() or (0, 0)
        _put(connection, day, (old[0] + reviews, old[1] + elapsed))
    return amends


def _taken(
    connection: sqlite3.Connection, rows: Sequence[Sequence[Any]], uid: str
) -> tuple[int, int | None] | None:
    """Study day and milliseconds of the answer that is taken back; None if it is no answer."""
    answer = _answer(connection, uid)
    if answer is not None:
        return answer.study_day, answer.elapsed_ms
    beside = (row for row in rows if row[0] == uid and row[_KIND] == "review")
    return next(((row[_DAY], row[_ELAPSED]) for row in beside), None)


def recount(connection: sqlite3.Connection) -> None:
    """Make the table anew from the journal."""
    connection.execute("DELETE FROM day_count")
    for day, count in counted(connection).items():
        _put(connection, day, count)


def any_retimed(connection: sqlite3.Connection) -> bool:
    """Whether the time of any row was ever mended: then days are counted anew, not followed."""
    return connection.execute(f"{_RETIMED} LIMIT 1").fetchone() is not None


def _put(connection: sqlite3.Connection, day: int, count: tuple[int, int]) -> None:
    if count[0]:
        connection.execute(_PUT, (day, *count, crc_of((day, *count))))
    else:
        connection.execute("DELETE FROM day_count WHERE study_day = ?", (day,))


def _answer(connection: sqlite3.Connection, uid: str) -> Event | None:
    """The answer with this id, if it counts; None when the row is something else."""
    query = f"SELECT {_COLUMNS} FROM event WHERE id = ? AND {_ACTIVE}"
    row = connection.execute(query, (uid,)).fetchone()
    return None if row is None else to_event(row)


def _retimed(connection: sqlite3.Connection) -> Iterable[tuple[Event, Event]]:
    """The answers whose time was mended: as they stand in the journal, and as they count."""
    rows = connection.execute(_RETIMED).fetchall()
    if not rows:
        return
    taken = {uid for (uid,) in connection.execute(_TAKEN)}
    amendments = Amendments.of(event for row in rows if (event := to_event(row)).id not in taken)
    for uid in amendments.amending:
        answer = _answer(connection, uid)
        if answer is not None:
            yield answer, amendments.amended(answer)
