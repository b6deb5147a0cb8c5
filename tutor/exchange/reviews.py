"""Reads a review log in CSV: one answer a line, from any other program.

Columns `card_id,review_rating,review_time,review_duration` in any order, further ones are
ignored; times in ISO 8601 or UTC milliseconds, durations in milliseconds.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path

from tutor.errors import UsageError
from tutor.memory.log import PastAnswer
from tutor.memory.model import Rating
from tutor.memory.time import MINUTE_MS, local_offset
from tutor.text.sanitize import clean

NEEDED = ("card_id", "review_rating", "review_time")
_EXAMPLE = "card_id,review_rating,review_time,review_duration"
_LONGEST_ID = 200
# 1970 to 2200: what lies outside is no time, but a slip in the units.
_LATEST_MS = 7_258_118_400_000


def read_reviews(file: Path) -> list[PastAnswer]:
    """All answers of the file in the order of time.

    Raises UsageError that names file and line when it cannot be read; then nothing is taken.
    """
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            rows = list(_rows(csv.DictReader(lines, strict=True), file))
    except OSError as error:
        raise _refused(file, 0, f"{error.strerror}") from error
    except UnicodeDecodeError as error:
        raise _refused(file, 0, "this is no UTF-8 text") from error
    return sorted(rows, key=lambda row: row.at_utc_ms)


def _rows(reader: csv.DictReader[str], file: Path) -> Iterator[PastAnswer]:
    try:
        missing = [name for name in NEEDED if name not in (reader.fieldnames or ())]
        if missing:
            raise ValueError(f"the column {missing[0]!r} is missing")
        for row in reader:
            yield _row(row)
    except UnicodeDecodeError:
        raise
    except (ValueError, csv.Error) as error:
        raise _refused(file, reader.reader.line_num, str(error)) from error


def _row(row: Mapping[str, str | None]) -> PastAnswer:
    card = clean(row["card_id"] or "").strip()
    if not card or len(card) > _LONGEST_ID:
        raise ValueError(f"card_id must have 1 to {_LONGEST_ID} characters")
    at, offset = _moment((row["review_time"] or "").strip())
    return PastAnswer(card, _rating(row["review_rating"]), at, offset, _elapsed(row))


def _rating(text: str | None) -> Rating:
    try:
        return Rating(int(text or ""))
    except ValueError:
        raise ValueError(f"review_rating must be 1, 2, 3 or 4, not {text!r}") from None


def _elapsed(row: Mapping[str, str | None]) -> int | None:
    text = (row.get("review_duration") or "").strip()
    try:
        elapsed = round(float(text)) if text else None
    except (ValueError, OverflowError):
        elapsed = -1
    if elapsed is not None and elapsed < 0:
        raise ValueError(f"review_duration must be milliseconds, not {text!r}")
    return elapsed


def _moment(text: str) -> tuple[int, int]:
    """UTC milliseconds and offset; a time without an offset is the learner's local time."""
    try:
        if text.isdecimal():
            at = int(text)
            offset = local_offset(at) if at < _LATEST_MS else 0
        else:
            moment = datetime.fromisoformat(text)
            at = round(moment.timestamp() * 1000)
            offset = _offset(moment, at)
    except (ValueError, OverflowError, OSError):
        raise ValueError(
            f"review_time must be like 2026-11-20T18:30:00+01:00, not {text!r}"
        ) from None
    if not 0 <= at < _LATEST_MS:
        raise ValueError(f"review_time {text!r} is not between 1970 and 2200")
    return at, offset


def _offset(moment: datetime, at: int) -> int:
    """The offset that is written; UTC says nothing of where the learner was, so here it is."""
    given = moment.utcoffset()
    if given is None or moment.tzinfo is UTC or not given:
        return local_offset(at)
    return round(given.total_seconds() * 1000) // MINUTE_MS


def _refused(file: Path, line: int, why: str) -> UsageError:
    place = f"{file}:{line}" if line else str(file)
    return UsageError(
        "This review log cannot be read",
        f"{place}: {why}. Nothing was imported.",
        f"The first line names the columns: {_EXAMPLE}",
    )
