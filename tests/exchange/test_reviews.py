"""Review logs: what is read, and that a bad line stops the whole with its place."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.errors import UsageError
from tutor.exchange.reviews import read_reviews
from tutor.memory.log import PastAnswer
from tutor.memory.model import Rating

HEAD = "card_id,review_rating,review_time,review_duration\n"


def read(tmp_path: Path, text: str | bytes) -> list[PastAnswer]:
    file = tmp_path / "log.csv"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_reviews(file)


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


def test_an_id_is_made_safe(tmp_path: Path) -> None:
    (row,) = read(tmp_path, HEAD + "a\x1b[31m\u202eb,3,2026-01-02T10:00:00Z,1\n")
    assert row.card_id == "a[31mb"


def test_no_rows_are_no_error(tmp_path: Path) -> None:
    assert read(tmp_path, HEAD) == []


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("a,0,2026-01-02T10:00:00Z,1", "review_rating"),
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
