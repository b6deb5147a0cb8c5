"""Study days across midnight, rollover, daylight saving, travel and a clock set back."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.memory.time import DAY_MS, day_start, iso, nearest_day, now, study_day

HOUR_MS = 3_600_000
OFFSETS = st.integers(-12 * 60, 14 * 60)
MOMENTS = st.integers(0, 4_000_000_000_000)


def moment(text: str, zone: str) -> tuple[int, int]:
    """UTC milliseconds and offset of a local time."""
    local = datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone))
    offset = local.utcoffset()
    assert offset is not None
    return int(local.timestamp() * 1000), int(offset.total_seconds() // 60)


def day_of(text: str, zone: str = "Europe/Berlin") -> int:
    return study_day(*moment(text, zone), 4)


def test_a_session_past_midnight_is_one_day() -> None:
    assert day_of("2026-11-20T23:50") == day_of("2026-11-21T03:59")
    assert day_of("2026-11-21T04:00") == day_of("2026-11-20T23:50") + 1


@pytest.mark.parametrize(
    ("before", "after"), [("2026-03-28", "2026-03-29"), ("2026-10-24", "2026-10-25")]
)
def test_daylight_saving_neither_loses_nor_doubles_a_day(before: str, after: str) -> None:
    for hour in ("04:00", "12:00", "23:59"):
        assert day_of(f"{after}T{hour}") == day_of(f"{before}T{hour}") + 1


def test_a_promised_day_stays_that_day_when_the_learner_travels() -> None:
    at, offset = moment("2026-05-01T20:00", "Europe/Berlin")
    due = day_start(study_day(at, offset, 4) + 10, offset, 4)
    promised = study_day(at, offset, 4) + 10
    for zone in ("Europe/Berlin", "Asia/Tokyo", "America/New_York", "America/Los_Angeles"):
        _, there = moment("2026-05-11T08:00", zone)
        assert nearest_day(due, there, 4) == promised


def test_a_promised_day_stays_that_day_when_the_clocks_change() -> None:
    at, offset = moment("2026-03-27T20:00", "Europe/Berlin")
    day = study_day(at, offset, 4) + 3
    _, summer = moment("2026-03-30T08:00", "Europe/Berlin")
    assert summer == offset + 60
    assert nearest_day(day_start(day, offset, 4), summer, 4) == day


@given(MOMENTS, OFFSETS, st.integers(0, 23))
def test_a_day_holds_the_moments_from_its_start_to_the_next(
    at: int, offset: int, rollover: int
) -> None:
    day = study_day(at, offset, rollover)
    start = day_start(day, offset, rollover)
    assert start <= at < start + DAY_MS
    assert day_start(day + 1, offset, rollover) == start + DAY_MS
    assert nearest_day(start, offset, rollover) == day


@given(MOMENTS, OFFSETS, st.integers(-11 * 60, 11 * 60))
def test_travel_of_less_than_half_a_day_keeps_a_promised_day(
    at: int, offset: int, travel: int
) -> None:
    day = study_day(at, offset, 4)
    assert nearest_day(day_start(day, offset, 4), offset + travel, 4) == day


def test_now_settles_clock_offset_and_day_together() -> None:
    at, offset = moment("2026-11-21T03:00", "Europe/Berlin")
    moment_now = now(lambda: at, 4, lambda _: offset)
    assert (moment_now.utc_ms, moment_now.utc_offset_min) == (at, 60)
    assert moment_now.study_day == day_of("2026-11-20T12:00")


def test_iso_is_cut_to_seconds() -> None:
    at, _ = moment("2026-11-21T04:00:00.999", "UTC")
    assert iso(at) == "2026-11-21T04:00:00Z"
