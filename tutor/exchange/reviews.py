"""Reads a review log in CSV: one answer a line, from any other program.

Columns `card_id,review_rating,review_time,review_duration` in any order, further ones are
ignored; times in ISO 8601 or as a UTC number in the given unit, durations in milliseconds.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from operator import itemgetter
from pathlib import Path
from typing import Literal, NoReturn

from tutor.errors import UsageError
from tutor.memory.log import AnswerLog
from tutor.memory.time import MINUTE_MS, local_offset, system_clock
from tutor.text.sanitize import clean

Unit = Literal["ms", "s"]
UNITS: dict[Unit, int] = {"ms": 1, "s": 1000}
NEEDED = ("card_id", "review_rating", "review_time")
_DURATION = "review_duration"
_EXAMPLE = "card_id,review_rating,review_time,review_duration"
_SEPARATORS = ",;\t"
_LONGEST_HEAD = 10_000
_LONGEST_ID = 200
# The first program of this kind is of 1987 (SuperMemo 1.0): a number before it counts others.
_EARLIEST_MS = 536_457_600_000
_LATEST_MS = 7_258_118_400_000
# Clocks of two machines are never quite the same.
_TOLERANCE_MS = 10 * MINUTE_MS
_RATINGS = {str(rating): rating for rating in range(5)}
# An offset from UTC changes at quarters of an hour only.
_QUARTER_MS = 15 * MINUTE_MS
_A_DATE = len("2026-11-20")


def is_head(line: str) -> bool:
    """Whether this is the first line of a review log."""
    return _separator(line) is not None


def _separator(line: str) -> str | None:
    """What parts the columns of a first line; None if it is no review log's.

    Spreadsheets write a comma, or in many languages a semicolon.
    """
    for sign in _SEPARATORS:
        columns = next(csv.reader([line], delimiter=sign), [])
        if all(name in columns for name in NEEDED):
            return sign
    return None


def read_reviews(
    file: Path, unit: Unit = "ms", clock: Callable[[], int] = system_clock
) -> AnswerLog:
    """All answers of the file in the order of time; rows of rating 0 are counted, not taken.

    unit: of times that are plain numbers. Raises UsageError that names file and line when it
    cannot be read; then nothing is taken.
    """
    log = AnswerLog()
    try:
        if file.exists() and not (file.is_file() or file.is_dir()):
            raise _refused(file, 0, "that is no file")
        with file.open(encoding="utf-8-sig", newline="") as lines:
            sign = _separator(lines.readline(_LONGEST_HEAD)) or _SEPARATORS[0]
            lines.seek(0)
            rows = csv.reader(lines, delimiter=sign, strict=True)
            _Reader(file, unit, clock()).read(rows, log)
    except OSError as error:
        raise _refused(file, 0, f"{error.strerror}") from error
    except UnicodeDecodeError as error:
        raise _refused(file, 0, "this is no UTF-8 text") from error
    log.sort()
    return log


class _Reader:
    """Reads rows; what many of them have in common is worked out once."""

    def __init__(self, file: Path, unit: Unit, now_ms: int) -> None:
        self._file = file
        self._factor = UNITS[unit]
        self._now_ms = now_ms
        self._latest_ms = min(now_ms + _TOLERANCE_MS, _LATEST_MS - 1)
        self._cards: dict[str, str] = {}
        self._offsets: dict[int, int] = {}

    def read(self, lines: Iterator[list[str]], log: AnswerLog) -> None:
        """Put the answers into the log, and count the rows that are none."""
        number = 1
        try:
            names = next(lines, [])
            missing = [name for name in NEEDED if name not in names]
            if missing:
                raise ValueError(f"the column {missing[0]!r} is missing")
            places = [names.index(name) for name in NEEDED]
            # What a row does not have is empty.
            places.append(names.index(_DURATION) if _DURATION in names else len(names))
            wanted, padding = itemgetter(*places), [""] * (len(names) + 1)
            for cells in lines:
                if cells:
                    self._take(log, *wanted(cells[: len(names)] + padding))
        except UnicodeDecodeError:
            raise
        except (ValueError, csv.Error) as error:
            number = getattr(lines, "line_num", number)
            raise _refused(self._file, number, str(error)) from error

    def _take(self, log: AnswerLog, card: str, rating: str, time: str, duration: str) -> None:
        key = self._cards.get(card) or self._card(card)
        at, offset = self._moment(time.strip())
        given = _RATINGS.get(rating.strip())
        if given is None:
            raise ValueError(f"review_rating must be 1, 2, 3 or 4, not {_short(rating)!r}")
        elapsed = _elapsed(duration.strip())
        if given:
            log.add(key, given, at, offset, elapsed)
        else:
            log.left_out += 1

    def _card(self, raw: str) -> str:
        key = clean(raw).strip()
        if not key or len(key) > _LONGEST_ID:
            raise ValueError(f"card_id must have 1 to {_LONGEST_ID} characters")
        self._cards[raw] = key
        return key

    def _moment(self, text: str) -> tuple[int, int]:
        """UTC milliseconds and offset; a time without an offset is the learner's local time."""
        try:
            if text.isdecimal():
                at, given = int(text) * self._factor, None
            elif len(text) == _A_DATE:
                at, given = self._some_time_on(datetime.fromisoformat(text)), None
            else:
                moment = datetime.fromisoformat(text)
                at = round(moment.timestamp() * 1000)
                given = None if moment.tzinfo is UTC else moment.utcoffset()
        except (ValueError, OverflowError, OSError):
            raise ValueError(
                f"review_time must be like 2026-11-20T18:30:00+01:00, not {_short(text)!r}"
            ) from None
        if not _EARLIEST_MS <= at <= self._latest_ms:
            self._refuse(text, at)
        # UTC says nothing of where the learner was, so here it is.
        return at, (given // timedelta(minutes=1) if given else self._offset(at))

    def _refuse(self, text: str, at: int) -> NoReturn:
        """Say why this cannot be the time of an answer."""
        if not 0 <= at < _LATEST_MS:
            raise ValueError(f"review_time {_short(text)!r} is not between 1970 and 2200")
        if at < _EARLIEST_MS:
            # Whoever wrote a date of 1970 took seconds for milliseconds.
            hint = "; if it counts seconds: --unit s" if text.isdecimal() else " of who wrote it"
            told = f"review_time {_short(text)!r} lies before 1987, a slip in the units"
            raise ValueError(f"{told}{hint}")
        raise ValueError(f"review_time {_short(text)!r} lies in the future")

    def _some_time_on(self, day: datetime) -> int:
        """A moment of that study day, whatever hour it begins at: noon, or now if it is today."""
        noon = round(day.replace(hour=12).timestamp() * 1000)
        today = datetime.fromtimestamp(self._now_ms / 1000).date()
        return min(noon, self._now_ms) if day.date() == today else noon

    def _offset(self, at: int) -> int:
        quarter = at // _QUARTER_MS
        offset = self._offsets.get(quarter)
        if offset is None:
            offset = self._offsets[quarter] = local_offset(at)
        return offset


def _short(text: str) -> str:
    """A cell as it is quoted in a complaint."""
    return clean(text, 40)


def _elapsed(text: str) -> int | None:
    try:
        elapsed = (int(text) if text.isdecimal() else round(float(text))) if text else None
    except (ValueError, OverflowError):
        elapsed = -1
    if elapsed is not None and elapsed < 0:
        raise ValueError(f"review_duration must be milliseconds, not {_short(text)!r}")
    return elapsed


def _refused(file: Path, line: int, why: str) -> UsageError:
    place = f"{file}:{line}" if line else str(file)
    return UsageError(
        "This review log cannot be read",
        f"{place}: {why}. Nothing was imported.",
        f"The first line names the columns: {_EXAMPLE}",
    )
