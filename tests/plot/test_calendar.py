"""The year of days: every day in its place, the busiest the strongest, the newest kept."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from rich.segment import Segment

from demos.views import Calendar
from tutor.luminance import luminance
from tutor.plot import paint
from tutor.plot.calendar import LEAST_ROWS, widest
from tutor.plot.palette import DARK, LIGHT, STEPS, inks
from tutor.plot.sentences import sentences

PAGE = replace(DARK, background="#101010")
PLAIN = replace(DARK, colours=False)


def year(values: list[float], weekday: int = 0) -> Calendar:
    return Calendar("Answers", np.array(values, dtype=float), weekday, ((0, "Jan"), (31, "Feb")))


def text(rows: list[list[Segment]]) -> list[str]:
    return ["".join(segment.text for segment in row) for row in rows]


def colours(rows: list[list[Segment]], y: int) -> list[tuple[object, object]]:
    """Ink and ground of every cell of a row."""
    return [
        (segment.style and segment.style.color, segment.style and segment.style.bgcolor)
        for segment in rows[y]
        for _ in segment.text
    ]


def test_days_stand_under_their_month_and_weekday() -> None:
    values = [0.0] * 59
    values[33] = 9.0  # 3 February, a Saturday
    rows = text(paint(year(values, weekday=0), 40, 9, PLAIN))
    assert rows[1].index("Jan") == 4 and rows[1].index("Feb") == 4 + 2 * 4
    assert rows[2 + 33 % 7][4 + 2 * (33 // 7) :].startswith("██")
    assert sum(row.count("█") for row in rows[2:]) == 2


def test_two_days_share_a_cell_where_there_is_little_room() -> None:
    values = [0.0] * 365
    values[-1] = 5.0
    panel = year(values)
    rows = paint(panel, 60, LEAST_ROWS, PAGE)
    last = 4 + 364 // 7
    ink, ground = colours(rows, 2 + (364 % 7) // 2)[last]
    strongest = inks(PAGE).ink(inks(PAGE).step(STEPS - 1)).color
    assert strongest in (ink, ground)
    assert widest(panel) > 60


def test_the_newest_weeks_are_kept() -> None:
    values = [float(at) for at in range(365)]
    rows = text(paint(year(values), 24, 9, PLAIN))
    assert rows[2][4:24].strip("█▓") == ""  # the last weeks are the busiest


def test_more_answers_never_look_like_less() -> None:
    for palette in (PAGE, replace(LIGHT, background="#fbfaf7")):
        page = luminance(palette.background or "")
        shades = [inks(palette).step(step) or "" for step in range(STEPS)]
        away = [abs(luminance(shade) - page) for shade in shades]
        assert away == sorted(away) and len(set(away)) == STEPS
    assert inks(PAGE).step(-1) is None


def test_it_is_said_in_sentences() -> None:
    said = sentences(year([1.0] * 31 + [2.0, 0.0]))
    assert said == [
        "Calendar, Answers:",
        "33 answers on 32 of 33 days.",
        "At most 2 a day.",
        "Jan: 31.",
        "Feb: 2.",
    ]
    assert sentences(year([0.0]))[1] == "No answers yet."
