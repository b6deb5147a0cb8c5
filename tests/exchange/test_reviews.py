"""Review logs: what is read, and that a bad line stops the whole with its place."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path

import pytest

from tutor.errors import UsageError
from tutor.exchange.reviews import Unit, read_reviews
from tutor.memory.log import AnswerLog, PastAnswer
from tutor.memory.model import Rating
from tutor.memory.time import study_day

NOW_MS = 1_795_860_000_000
HEAD = "card_id,review_rating,review_time,review_duration\n"


def read(tmp_path: Path, text: str | bytes, unit: Unit = "ms") -> AnswerLog:
    file = tmp_path / "log.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_reviews(file, unit, lambda: NOW_MS)


def test_rows_come_in_the_order_of_time(tmp_path: Path) -> None:
    rows = read(
        tmp_path,
        HEAD + "b,3,2026-01-02T10:00:00+01:00,5200\na,1,2026-01-02T08:59:59.500+00:30,\n",
    )
    assert rows == [
        PastAnswer("a", Rating.AGAIN, 1_767_342_599_500, 30, None),
        PastAnswer("b", Rating.GOOD, 1_767_344_400_000, 60, 5200),
    ]


def test_columns_in_any_order_with_others_between_and_a_mark_at_the_beginning(
    tmp_path: Path,
) -> None:
    text = "\ufeffreview_time,review_state,card_id,review_rating\r\n1767344400000,2,42,4\r\n"
    (row,) = read(tmp_path, text)
    assert (row.card_id, row.rating, row.at_utc_ms) == ("42", Rating.EASY, 1_767_344_400_000)


@pytest.mark.parametrize("sign", [",", ";", "\t"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_columns_are_parted_as_spreadsheets_part_them(tmp_path: Path, sign: str, mark: str) -> None:
    text = mark + HEAD + 'a,3,2026-01-02T10:00:00Z,"1000"\r\n'
    (row,) = read(tmp_path, text.replace(",", sign))
    assert (row.card_id, row.rating, row.elapsed_ms) == ("a", Rating.GOOD, 1000)


def test_an_id_is_made_safe(tmp_path: Path) -> None:
    (row,) = read(tmp_path, HEAD + "a\x1b[31m\u202eb,3,2026-01-02T10:00:00Z,1\n")
    assert row.card_id == "a[31mb"


def test_times_in_seconds(tmp_path: Path) -> None:
    (row,) = read(tmp_path, HEAD + "a,3,1735725600,1\n", "s")
    assert row.at_utc_ms == 1_735_725_600_000


def test_rows_that_are_no_answers_are_counted_and_left_out(tmp_path: Path) -> None:
    log = read(tmp_path, HEAD + "a,0,2026-01-02T10:00:00Z,0\na,3,2026-01-03T10:00:00Z,1\n")
    assert (len(log), log.left_out) == (1, 1)


@pytest.mark.parametrize("rollover", [0, 4, 23])
def test_a_date_without_a_time_is_that_study_day(tmp_path: Path, rollover: int) -> None:
    (row,) = read(tmp_path, HEAD + "a,3,2025-03-05,1\n")
    days = (date(2025, 3, 5) - date(1970, 1, 1)).days
    assert study_day(row.at_utc_ms, row.offset_min, rollover) in {days, days - (rollover > 12)}


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UsageError, match="no file"):
        read_reviews(tmp_path / "pipe")


def test_no_rows_are_no_error(tmp_path: Path) -> None:
    assert read(tmp_path, HEAD) == []


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("a,-1,2026-01-02T10:00:00Z,1", "review_rating"),
        ("a,3,1735725600,1", "before 1987, a slip in the units; if it counts seconds: --unit s"),
        ("a,3,20250105,1", "before 1987"),
        ("a,3,1970-01-21T02:08:00Z,1", "before 1987"),
        ("a,3,1986-12-30,1", "before 1987"),
        ("a,3,2031-01-01T10:00:00Z,1", "in the future"),
        ("a,5,2026-01-02T10:00:00Z,1", "review_rating"),
        ("a,good,2026-01-02T10:00:00Z,1", "review_rating"),
        ("a,3,yesterday,1", "review_time"),
        ("a,3,,1", "review_time"),
        ("a,3,9999999999999999,1", "between 1970 and 2200"),
        ("a,3,1969-01-01T00:00:00Z,1", "between 1970 and 2200"),
        ("a,3,2026-01-02T10:00:00Z,-5", "review_duration"),
        ("a,3,2026-01-02T10:00:00Z,nan", "review_duration"),
        (",3,2026-01-02T10:00:00Z,1", "card_id"),
        (f"{'x' * 300},3,2026-01-02T10:00:00Z,1", "card_id"),
        ("a", "review_time"),
        ('"a', "unexpected end"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, line: str, why: str) -> None:
    good = "a,3,2026-01-02T10:00:00Z,1\n"
    with pytest.raises(UsageError, match=why) as error:
        read(tmp_path, HEAD + good + line + "\n")
    assert "log.csv:3" in error.value.message
    assert "Nothing was imported" in error.value.message


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"", "'card_id' is missing"),
        (b"card_id,review_time\n", "'review_rating' is missing"),
        (b"\xff\xfe\x00", "UTF-8"),
        (b"card_id,review_rating,review_time\n" + b"x" * 200_000 + b"\n", "field larger"),
    ],
)
def test_no_review_log(tmp_path: Path, content: bytes, why: str) -> None:
    with pytest.raises(UsageError, match=why):
        read(tmp_path, content)


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="No such file"):
        read_reviews(tmp_path / "none.csv")
    with pytest.raises(UsageError, match="directory"):
        read_reviews(tmp_path)


@pytest.mark.parametrize("row", ["x,3,{0}", "x,{0},2024-01-01T00:00:00Z", "x,3,0,{0}"])
def test_what_is_quoted_is_short(tmp_path: Path, row: str) -> None:
    names = "card_id,review_rating,review_time,review_duration"
    file = tmp_path / "long.csv"
    file.write_text(f"{names}\n{row.format('9' * 90_000 + 'x')}\n")
    with pytest.raises(UsageError) as failed:
        read_reviews(file)
    assert len(str(failed.value)) < 500
