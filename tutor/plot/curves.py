"""Paints curves in braille with their axes: round numbers, and a word at every line.

Curves differ by dashes and by the sign at their end, which the legend repeats; both go with the
role, so that a curve has the same in every panel.
"""

from __future__ import annotations

import numpy as np
from rich.cells import cell_len

from demos.views import Curves, Floats, Series
from tutor.plot import marks, ticks
from tutor.plot.braille import ACROSS, DOWN, PATTERNS, Dots
from tutor.plot.canvas import Canvas, crop
from tutor.plot.labels import Labels
from tutor.plot.marks import SIGNS
from tutor.plot.palette import Inks
from tutor.plot.scale import Axis, Bools, Ints, axis

# Scattered points are signs up to so many, and dots beyond.
_MOST_SIGNS = 60
# Fewer cells than these hold no axes; the curves then take all the room.
_LEAST_WIDTH, _LEAST_HEIGHT = 16, 5


def paint_curves(panel: Curves, canvas: Canvas, inks: Inks) -> None:
    """Paint below the title's row: legend, curves with the y axis at their left, x axis."""
    top = 1 + (_legend(panel, canvas, inks) if canvas.height > _LEAST_HEIGHT else 0)
    roomy = canvas.width >= _LEAST_WIDTH and canvas.height >= _LEAST_HEIGHT and not panel.extent
    height = canvas.height - top - (1 if roomy else 0)
    if height < 1:
        return
    y_axis = _y_axis(panel, height)
    gutter = max(map(cell_len, _y_words(y_axis, height).values()), default=0) + 2 if roomy else 0
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
    _words(panel, canvas, inks, (gutter, top, width, height), axes)


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


def _y_words(y_axis: Axis, height: int) -> dict[int, str]:
    """The word at the left of a row, for each row that has a round number."""
    most = max(2, height // 2 if height < 8 else min(6, height // 3))
    values = np.array(ticks.ticks(y_axis, most))
    dots, inside = y_axis.places(values)
    rows = (dots // DOWN).tolist()
    return {
        row: ticks.word(value)
        for row, value, here in zip(rows, values.tolist(), inside.tolist(), strict=True)
        if here
    }


def _legend(panel: Curves, canvas: Canvas, inks: Inks) -> int:
    """Write the names of the curves below the title; how many rows they take."""
    told = marks.entries([(series.name, series.role) for series in panel.series])
    rows = marks.legend(told, canvas.width, 1 if canvas.height < 9 else 2)
    for y, row in enumerate(rows, start=1):
        marks.put(canvas, inks, (0, y), row)
    x = sum(cell_len(words) + 2 for _, words, _ in rows[0]) if rows else 0
    if rows and panel.y_label and x + cell_len(panel.y_label) <= canvas.width:
        canvas.put(canvas.width - cell_len(panel.y_label), 1, panel.y_label, inks.role("quiet"))
    return len(rows)


def _frame(panel: Curves, canvas: Canvas, inks: Inks, place: Place, axes: Axes) -> None:
    left, top, _, height = place
    quiet = inks.role("quiet")
    words = _y_words(axes[1], height)
    for row in range(height):
        tick = "┤" if row in words else "│"
        canvas.put(0, top + row, words.get(row, "").rjust(left - 2) + " " + tick, quiet)

    def start(value: float, cells: int) -> int:
        at = int(axes[0].places(np.array([value]))[0][0]) // ACROSS
        return min(max(0, left + at - cells // 2), canvas.width - cells)

    numbers, gap = ticks.laid_out(axes[0], panel.x_label, canvas.width, start)
    for x, word in numbers:
        canvas.put(x, top + height, word, quiet)
    label = crop(panel.x_label, gap[1])
    canvas.put(gap[0] + (gap[1] - cell_len(label)) // 2, top + height, label, quiet)


def _lines(panel: Curves, canvas: Canvas, inks: Inks, place: Place, axes: Axes) -> None:
    """The horizontal levels and vertical marks, below the curves."""
    left, top, width, height = place
    quiet = inks.role("quiet")
    for row in _cells_of([at for at, _ in panel.levels], axes[1], DOWN):
        if row is not None:
            canvas.put(left, top + row, "┄" * width, quiet)
    for column in _cells_of([at for at, _ in panel.marks], axes[0], ACROSS):
        for row in range(height) if column is not None else ():
            canvas.put(left + (column or 0), top + row, "┊", quiet)


def _cells_of(values: list[float], axis: Axis, dots: int) -> list[int | None]:
    """The row or column of each value; None outside."""
    at, inside = axis.places(np.array(values, dtype=float))
    return [int(a) // dots if here else None for a, here in zip(at, inside, strict=True)]


def _words(panel: Curves, canvas: Canvas, inks: Inks, place: Place, axes: Axes) -> None:
    """The word of each level and mark, over the curves and where it hides least of them."""
    left, top, width, height = place
    labels = Labels(canvas, inks.role("quiet"))
    columns = _cells_of([at for at, _ in panel.marks], axes[0], ACROSS)
    for column, (_, text) in zip(columns, panel.marks, strict=True):
        if column is not None:
            word = crop(text, width)
            sides = (left + column + 1, left + column - cell_len(word))
            rows = (top, top + height - 1, top + 1, top + height // 2)
            inside = [x for x in sides if left <= x <= left + width - cell_len(word)]
            labels.put(word, [(x, y) for y in rows for x in inside])
    rows_of = _cells_of([at for at, _ in panel.levels], axes[1], DOWN)
    for row, (_, text) in zip(rows_of, panel.levels, strict=True):
        if row is not None:
            word = crop(text, width)
            spare = width - cell_len(word)
            labels.put(word, [(left + x, top + row) for x in (spare, 0, spare // 2)])


def _curves(panel: Curves, canvas: Canvas, inks: Inks, place: Place, axes: Axes) -> None:
    left, top, width, height = place
    dots = Dots(width, height)
    signs: list[tuple[int, int, str, Series]] = []
    places = marks.places([(series.name, series.role) for series in panel.series])
    for i, series in zip(places, panel.series, strict=True):
        x, y, here = _dots_of(series, axes)
        style = inks.role(series.role)
        at = np.nonzero(here)[0]
        if not series.dots:
            dots.line(x, y, here, style, PATTERNS[i])
            at = at[-1:] if series.name else at[:0]
        elif len(at) > _MOST_SIGNS:
            dots.points(x[here], y[here], style)
            at = at[:0]
        cells = zip((x[at] // ACROSS).tolist(), (y[at] // DOWN).tolist(), strict=True)
        signs += [(column, row, SIGNS[i], series) for column, row in cells]
    dots.put_on(canvas, left, top)
    for column, row, sign, series in signs:
        canvas.put(left + column, top + row, sign, inks.role(series.role, bold=True))


def _dots_of(series: Series, axes: Axes) -> tuple[Ints, Ints, Bools]:
    x, x_inside = axes[0].places(_xs(series))
    y, y_inside = axes[1].places(_ys(series))
    return x, y, x_inside & y_inside
