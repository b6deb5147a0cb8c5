"""Paints curves in braille with their axes: numbers at the ends, a word at every line.

Curves differ by dashes and by the sign at their end, which the legend repeats.
"""

from __future__ import annotations

import numpy as np
from rich.cells import cell_len

from demos.views import Curves, Floats, Series
from tutor.plot.braille import ACROSS, DOWN, PATTERNS, Dots
from tutor.plot.canvas import Canvas, crop
from tutor.plot.palette import Inks
from tutor.plot.scale import Axis, Bools, Ints, axis

_ENDS = "●◆▲■★▼"
# Scattered points are signs up to so many, and dots beyond.
_MOST_SIGNS = 60
# Fewer cells than these hold no axes; the curves then take all the room.
_LEAST_WIDTH, _LEAST_HEIGHT = 16, 5


def paint_curves(panel: Curves, canvas: Canvas, inks: Inks) -> None:
    """Paint below the title's row: legend, curves with the y axis at their left, x axis."""
    named = [series for series in panel.series if series.name]
    top = 1
    if named and canvas.height > _LEAST_HEIGHT:
        _legend(panel, canvas, inks)
        top = 2
    roomy = canvas.width >= _LEAST_WIDTH and canvas.height >= _LEAST_HEIGHT and not panel.extent
    height = canvas.height - top - (1 if roomy else 0)
    if height < 1:
        return
    y_axis = _y_axis(panel, height)
    gutter = max(map(cell_len, _y_words(y_axis, height))) + 2 if roomy else 0
    width = canvas.width - gutter
    if width < 1:
        return
    axes = (_x_axis(panel, width), y_axis)
    if panel.extent:
        axes = _plane(panel.extent, width, height)
    if roomy:
        _frame(panel, canvas, inks, (gutter, top, width, height), axes)
    _lines(panel, canvas, inks, (gutter, top, width, height), axes)
    _curves(panel, canvas, inks, (gutter, top, width, height), axes)


Place = tuple[int, int, int, int]  # left, top, width, height in cells
Axes = tuple[Axis, Axis]


def _xs(series: Series) -> Floats:
    y = np.asarray(series.y, dtype=float).ravel()
    if series.x is None:
        return np.arange(len(y), dtype=float)
    x = np.asarray(series.x, dtype=float).ravel()
    return x[: len(y)]


def _ys(series: Series) -> Floats:
    return np.asarray(series.y, dtype=float).ravel()[: len(_xs(series))]


def _x_axis(panel: Curves, width: int) -> Axis:
    values = [_xs(series) for series in panel.series]
    marks = np.array([at for at, _ in panel.marks], dtype=float)
    across = np.concatenate([*values, marks])
    # A run that has just begun has one place; it stands at the left, with room to go on.
    start = float(across[0]) if across.size and np.ptp(across) == 0 else None
    given = (start, start + 1.0) if start is not None and not panel.log_x else None
    return axis(across, width * ACROSS, panel.log_x, given)


def _y_axis(panel: Curves, height: int) -> Axis:
    """Over all curves and levels; row 0 is on top, so it runs from the highest value down."""
    values = [_ys(series) for series in panel.series]
    marked = np.array([at for at, _ in panel.levels], dtype=float)
    up = axis(np.concatenate([*values, marked]), height * DOWN, panel.log_y, panel.y_range)
    return Axis(up.hi, up.lo, up.dots, up.log)


def _plane(extent: tuple[float, float, float, float], width: int, height: int) -> Axes:
    """Axes with the extent in their middle, one unit as long across as up: dots are square."""
    left, right, bottom, top = extent
    across, up = width * ACROSS, height * DOWN
    dot = max((right - left) / across, (top - bottom) / up)
    x, y = (left + right) / 2, (bottom + top) / 2
    return (
        Axis(x - dot * across / 2, x + dot * across / 2, across),
        Axis(y + dot * up / 2, y - dot * up / 2, up),
    )


def _y_words(y_axis: Axis, height: int) -> list[str]:
    """What stands at the left of each row: the ends, and the middle where there is room."""
    words = [""] * height
    words[0] = y_axis.number(0.0)
    if height > 1:
        words[-1] = y_axis.number(1.0)
    if height >= 7:
        row = height // 2
        words[row] = y_axis.number((row + 0.5) / height)
    return words


def _legend(panel: Curves, canvas: Canvas, inks: Inks) -> None:
    x = 0
    for i, series in enumerate(panel.series):
        if not series.name:
            continue
        word = crop(f"{_ENDS[i % len(_ENDS)]} {series.name}", canvas.width - x)
        canvas.put(x, 1, word, inks.role(series.role))
        x += cell_len(word) + 2
    if panel.y_label and x + cell_len(panel.y_label) <= canvas.width:
        canvas.put(canvas.width - cell_len(panel.y_label), 1, panel.y_label, inks.role("quiet"))


def _frame(panel: Curves, canvas: Canvas, inks: Inks, place: Place, axes: Axes) -> None:
    left, top, width, height = place
    quiet = inks.role("quiet")
    for row, word in enumerate(_y_words(axes[1], height)):
        tick = "┤" if word else "│"
        canvas.put(0, top + row, word.rjust(left - 2) + " " + tick, quiet)
    first, last = axes[0].number(0.0), axes[0].number(1.0)
    bottom = top + height
    canvas.put(left, bottom, first, quiet)
    canvas.put(canvas.width - cell_len(last), bottom, last, quiet)
    room = width - cell_len(first) - cell_len(last) - 2
    word = crop(panel.x_label, room)
    canvas.put(left + cell_len(first) + 1 + (room - cell_len(word)) // 2, bottom, word, quiet)


def _lines(panel: Curves, canvas: Canvas, inks: Inks, place: Place, axes: Axes) -> None:
    """The vertical marks and horizontal levels, each with its word."""
    left, top, width, height = place
    quiet = inks.role("quiet")
    for value, word in panel.levels:
        at, inside = axes[1].places(np.array([value], dtype=float))
        if inside[0]:
            row = top + int(at[0]) // DOWN
            canvas.put(left, row, "┄" * width, quiet)
            shown = crop(word, width)
            canvas.put(left + width - cell_len(shown), row, shown, quiet)
    for value, word in panel.marks:
        at, inside = axes[0].places(np.array([value], dtype=float))
        if inside[0]:
            column = int(at[0]) // ACROSS
            for row in range(height):
                canvas.put(left + column, top + row, "┊", quiet)
            shown = crop(word, width)
            canvas.put(left + min(column + 1, width - cell_len(shown)), top, shown, quiet)


def _curves(panel: Curves, canvas: Canvas, inks: Inks, place: Place, axes: Axes) -> None:
    left, top, width, height = place
    dots = Dots(width, height)
    signs: list[tuple[int, int, str, Series]] = []
    for i, series in enumerate(panel.series):
        x, y, here = _dots_of(series, axes)
        style = inks.role(series.role)
        at = np.nonzero(here)[0]
        if not series.dots:
            dots.line(x, y, here, style, PATTERNS[i % len(PATTERNS)])
            at = at[-1:] if series.name else at[:0]
        elif len(at) > _MOST_SIGNS:
            dots.points(x[here], y[here], style)
            at = at[:0]
        cells = zip((x[at] // ACROSS).tolist(), (y[at] // DOWN).tolist(), strict=True)
        signs += [(column, row, _ENDS[i % len(_ENDS)], series) for column, row in cells]
    dots.put_on(canvas, left, top)
    for column, row, sign, series in signs:
        canvas.put(left + column, top + row, sign, inks.role(series.role, bold=True))


def _dots_of(series: Series, axes: Axes) -> tuple[Ints, Ints, Bools]:
    x, x_inside = axes[0].places(_xs(series))
    y, y_inside = axes[1].places(_ys(series))
    return x, y, x_inside & y_inside
