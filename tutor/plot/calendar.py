"""Paints a year of days: a column a week, Monday on top, the busier the day the stronger.

Square days at any width: half blocks where a day has one column, whole rows where it has two. The
newest weeks are kept where not all find room. Without colour a sign's ink stands for the shade.
"""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from rich.style import Style

from demos.views import Calendar
from tutor.plot.canvas import Canvas
from tutor.plot.palette import STEPS, Inks
from tutor.plot.scale import Ints, number

WEEK = 7
# Title, months, and a row for two days.
LEAST_ROWS = 2 + (WEEK + 1) // 2
_GUTTER = 4
_NAMES = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
# From no answer to the most: with blocks, and in ASCII.
_BLOCKS, _ASCII = "·░▒▓█", ".:+*#"
# So many of the days lie below the strongest shade: one long day must not make all others pale.
_FULL = 0.95


def widest(panel: Calendar) -> int:
    """The columns in which every week is seen with two columns a day."""
    return _GUTTER + 2 * _weeks(panel)


def paint_calendar(panel: Calendar, canvas: Canvas, inks: Inks) -> None:
    """Paint below the title's row."""
    rows = canvas.height - 2
    if rows < 1 or canvas.width <= _GUTTER:
        return
    halves = inks.palette.halves and inks.palette.colours
    across = 2 if canvas.width >= widest(panel) and rows >= WEEK else 1
    shown = min(_weeks(panel), (canvas.width - _GUTTER) // across)
    steps = _steps(panel)[:, -shown:]
    if across == 1 and halves:
        _in_halves(steps, rows, canvas, inks)
    else:
        _in_rows(steps, rows, across, canvas, inks)
    for x, name in _months(panel, shown, across):
        canvas.put(_GUTTER + x, 1, name, inks.role("quiet"))
    _key(panel, canvas, inks)


def _weeks(panel: Calendar) -> int:
    return max(1, math.ceil((panel.weekday + len(panel.values)) / WEEK))


def _steps(panel: Calendar) -> Ints:
    """The step of each day as (weekday, week); -1 where there is none."""
    values = np.asarray(panel.values, dtype=float)
    full, steps = _most(panel), np.full(_weeks(panel) * WEEK, -1, dtype=np.intp)
    parts = np.ceil(np.clip(values / full, 0, 1) * (STEPS - 1))
    steps[panel.weekday : panel.weekday + len(values)] = np.where(np.isfinite(values), parts, -1)
    return steps.reshape(-1, WEEK).T


def _most(panel: Calendar) -> float:
    """The value from which on a day has the strongest shade."""
    values = np.asarray(panel.values, dtype=float)
    some = values[np.isfinite(values) & (values > 0)]
    return float(np.quantile(some, _FULL)) if some.size else 1.0


def _in_halves(steps: Ints, rows: int, canvas: Canvas, inks: Inks) -> None:
    """Two days a row, each half a cell."""
    for row in range(min(rows, (WEEK + 1) // 2)):
        canvas.put(0, 2 + row, _NAMES[2 * row], inks.role("quiet"))
        for week in range(steps.shape[1]):
            upper = int(steps[2 * row, week])
            lower = int(steps[2 * row + 1, week]) if 2 * row + 1 < WEEK else -1
            canvas.put(_GUTTER + week, 2 + row, *_half(upper, lower, inks))


def _half(upper: int, lower: int, inks: Inks) -> tuple[str, Style]:
    if upper < 0 and lower < 0:
        return " ", inks.blank
    if upper < 0:
        return "▄", inks.ink(inks.step(lower))
    return "▀", inks.ink(inks.step(upper), inks.step(lower))


def _in_rows(steps: Ints, rows: int, across: int, canvas: Canvas, inks: Inks) -> None:
    """A row a weekday, `across` columns a day."""
    for day in range(min(rows, WEEK)):
        if day % 2 == 0:
            canvas.put(0, 2 + day, _NAMES[day], inks.role("quiet"))
        for week, step in enumerate(steps[day].tolist()):
            if step >= 0:
                sign, style = _sign(step, inks)
                canvas.put(_GUTTER + across * week, 2 + day, sign * across, style)


def _sign(step: int, inks: Inks) -> tuple[str, Style]:
    if inks.palette.colours:
        return " ", inks.ink(None, inks.step(step))
    return (_BLOCKS if inks.palette.halves else _ASCII)[step], inks.role("text")


def _months(panel: Calendar, shown: int, across: int) -> Iterator[tuple[int, str]]:
    """Column and name of each month that has room for its name before the next one."""
    hidden, free = _weeks(panel) - shown, 0
    for at, name in panel.months:
        x = ((panel.weekday + at) // WEEK - hidden) * across
        if x >= free and x + len(name) <= shown * across:
            yield x, name
            free = x + len(name) + 1


def _key(panel: Calendar, canvas: Canvas, inks: Inks) -> None:
    """At the right of the title: the shades from none to most."""
    most = number(math.ceil(_most(panel)))
    at = canvas.width - len(most) - STEPS - 3
    if at <= len(panel.title) + 1:
        return
    canvas.put(at, 0, "0", inks.role("quiet"))
    for step in range(STEPS):
        sign, style = _sign(step, inks)
        canvas.put(at + 2 + step, 0, sign, style)
    canvas.put(canvas.width - len(most), 0, most, inks.role("quiet"))
