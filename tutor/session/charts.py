"""The pictures of Progress as plain panels: what a painter paints, a page shows, a file keeps."""

from __future__ import annotations

import math
from collections.abc import Sequence
from datetime import date, timedelta

import numpy as np

from demos.views import Calendar, Curves, Floats, Series
from tutor.memory.simulate import Workload
from tutor.session.past import Past
from tutor.session.statistics import Stats, StudyDay

YEAR = 365
# The least that stands below the lowest share of a picture, in percent.
_ROOM = 5
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def calendar(stats: Stats, today: date) -> Calendar:
    """The answers of each day of the last year; the first week is whole."""
    first = today - timedelta(days=YEAR - 1)
    first -= timedelta(days=first.weekday())
    days = [first + timedelta(days=at) for at in range((today - first).days + 1)]
    counts = {each.day: each.reviews for each in stats.study_days}
    months = tuple((at, _MONTHS[day.month - 1]) for at, day in enumerate(days) if day.day == 1)
    values = np.array([counts.get(day, 0) for day in days], dtype=float)
    return Calendar("Answers a day", values, 0, months)


def retention(past: Past, today: date) -> Curves | None:
    """True retention by week with its 95 % interval, beside what was foretold and the wish."""
    if len(past.weeks) < 2:
        return None
    x = np.array([_weeks_from(date.fromisoformat(row.name), today) for row in past.weeks])
    shares = [row.kept.remembered for row in past.weeks]
    foretold = [row.kept.foretold for row in past.weeks]
    lowest = min(past.wish, *foretold, *(share.value for share in shares))
    return Curves(
        "True retention by week, %",
        (
            Series("remembered", _percent([share.value for share in shares]), x, "accent"),
            Series("foretold", _percent(foretold), x, "b"),
            Series("95 %", _percent([share.low for share in shares]), x, "quiet"),
            Series("", _percent([share.high for share in shares]), x, "quiet"),
        ),
        x_label="weeks from today",
        y_range=(max(0.0, 100 * lowest - _ROOM), 100.0),
        levels=((100 * past.wish, "wish"),),
    )


def knowledge(past: Past) -> Curves | None:
    """How many cards were probably remembered on the last day of each week."""
    if len(past.knowledge) < 2:
        return None
    days, cards = zip(*past.knowledge, strict=True)
    x = (np.array(days, dtype=float) - days[-1]) / 7
    series = (Series("", np.array(cards), x),)
    return Curves("Cards probably remembered", series, x_label="weeks from today")


def coming(stats: Stats, days: int) -> Curves | None:
    """The cards due on each of the next days; of a year, in each week."""
    due = np.array(stats.forecast[:days], dtype=float)
    if not due.any():
        return None
    if days <= 60:
        series = (Series("", due, np.arange(len(due), dtype=float)),)
        return Curves(f"Due a day, next {days} days", series, x_label="days from today")
    weeks = due[: len(due) // 7 * 7].reshape(-1, 7).sum(axis=1)
    series = (Series("", weeks, np.arange(len(weeks), dtype=float)),)
    return Curves(f"Due a week, next {days} days", series, x_label="weeks from today")


def minutes(stats: Stats, today: date) -> Curves | None:
    """The minutes of each week of the last year."""
    spent = _by_week(stats.study_days, today)
    if np.count_nonzero(spent) < 2:
        return None
    first = int(np.flatnonzero(spent)[0])
    x = np.arange(first - len(spent) + 1, 1, dtype=float)
    series = (Series("", spent[first:], x),)
    return Curves("Minutes a week", series, x_label="weeks from today")


def work(runs: Sequence[Workload], days: int, wish: float) -> Curves | None:
    """Minutes a day over the desired retention, were all cards learned from nothing."""
    if len(runs) < 2:
        return None
    x = _percent([run.retention for run in runs])
    series = (Series("", np.array([run.minutes / days for run in runs]), x),)
    marks = ((100 * wish, "wish"),) if x[0] <= 100 * wish <= x[-1] else ()
    return Curves("Minutes a day", series, x_label="desired retention, %", marks=marks)


def _by_week(study_days: Sequence[StudyDay], today: date) -> Floats:
    """Minutes in weeks that end today, the oldest first."""
    spent = np.zeros(math.ceil(YEAR / 7))
    for each in study_days:
        ago = (today - each.day).days // 7
        if 0 <= ago < len(spent):
            spent[-1 - ago] += each.seconds / 60
    return spent


def _weeks_from(monday: date, today: date) -> float:
    this_monday = today - timedelta(days=today.weekday())
    return (monday - this_monday).days / 7


def _percent(shares: Sequence[float]) -> Floats:
    return 100 * np.array(shares, dtype=float)
