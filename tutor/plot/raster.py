"""Paints a picture of values: two values a cell, one over the other, in half blocks.

Points, paths, arrows and a frame are laid over it.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from rich.cells import cell_len
from rich.style import Style

from demos.views import Arrows, Floats, Raster, Role
from tutor.plot import marks
from tutor.plot.canvas import Canvas
from tutor.plot.palette import FRAME, LEVELS, Inks
from tutor.plot.scale import Axis, Ints, heights, number

# Arrows by the eighth of a turn they point to, from the right against the clock.
_ARROWS = "→↗↑↖←↙↓↘"
_SCALE = 8
# From little ink to much, for pictures without colour.
SHADES, SIGNS = " ░▒▓█", " .:-=+*#%@"
# A trail shows its sign in one of so many cells.
_EVERY = 4
# Below so many rows a legend finds no room under the title.
_LEAST_HEIGHT = 7
# A picture keeps its shape unless that would leave more than half of its room empty.
_LEAST_USE = 0.5
# Steps of the ramp that a pixel may be off. It is hardly seen, and saves two thirds of the bytes.
_TOLERANCE = 1.2


def paint_raster(panel: Raster, canvas: Canvas, inks: Inks) -> None:
    """Paint below the title's row."""
    key = _key_rows(panel, canvas)
    top = 1 + len(key)
    width, height = canvas.width, canvas.height - top
    values = np.atleast_2d(np.asarray(panel.values, dtype=float))
    if height < 1 or not values.size:
        return
    shown = heights(values, panel.lo, panel.hi, panel.signed)
    columns, rows = _fitted(values.shape[1], values.shape[0], width, 2 * height)
    pixels = _resampled(shown, columns, rows)
    # Where a value is several pixels wide the runs are long enough, and it is shown exactly.
    tolerance = _TOLERANCE if columns < 2 * values.shape[1] else 0.5
    if panel.cell is not None:
        _frame(pixels, panel.cell, values.shape)
    left = (width - columns) // 2
    _blocks(canvas, _tolerated(pixels, tolerance), (left, top), panel.signed, inks)
    _overlay(panel, canvas, pixels, (left, top), inks)
    for y, row in enumerate(key, start=1):
        marks.put(canvas, inks, (0, y), row)
    _key(panel, canvas, inks)


def _fitted(columns: int, rows: int, width: int, height: int) -> tuple[int, int]:
    """How many pixels to use: square ones, whole multiples where it grows, if that fills enough."""
    factor = min(width / columns, height / rows)
    if factor >= 1:
        factor = int(factor)
    fitted = max(1, int(columns * factor)), max(1, int(rows * factor))
    if fitted[0] * fitted[1] >= _LEAST_USE * width * height:
        return fitted
    factor = min(width / columns, height / rows)
    loose = max(1, int(columns * factor)), max(1, int(rows * factor))
    return loose if loose[0] * loose[1] >= _LEAST_USE * width * height else (width, height)


def _resampled(shown: Floats, columns: int, rows: int) -> Floats:
    """The nearest value of each pixel, with an even number of rows (-1 is nothing)."""
    row = ((np.arange(rows) + 0.5) * shown.shape[0] / rows).astype(np.intp)
    column = ((np.arange(columns) + 0.5) * shown.shape[1] / columns).astype(np.intp)
    pixels = shown[row[:, None], column[None, :]]
    return np.pad(pixels, ((0, rows % 2), (0, 0)), constant_values=-1)


def _frame(pixels: Floats, cell: tuple[int, int, int, int], shape: tuple[int, ...]) -> None:
    """Draw the border around a rectangle of values, clipped to the picture."""
    row, column, height, width = cell
    down, across = pixels.shape[0] / shape[0], pixels.shape[1] / shape[1]
    top, bottom = round(row * down) - 1, round((row + height) * down)
    left, right = round(column * across) - 1, round((column + width) * across)
    top, bottom = np.clip([top, bottom], 0, pixels.shape[0] - 1)
    left, right = np.clip([left, right], 0, pixels.shape[1] - 1)
    pixels[[top, bottom], left : right + 1] = FRAME
    pixels[top : bottom + 1, [left, right]] = FRAME


def _blocks(
    canvas: Canvas, tolerated: tuple[Ints, Ints], at: tuple[int, int], signed: bool, inks: Inks
) -> None:
    """Write the pixels, two a cell, in as few runs of one style as `_runs` can make."""
    lowest, highest = tolerated
    left, top = at
    for y in range(len(lowest) // 2):
        pair = slice(2 * y, 2 * y + 2)
        start = left
        for upper, lower, count in _runs(lowest[pair].tolist(), highest[pair].tolist()):
            char, style = _block(upper, lower, signed, inks)
            canvas.chars[y + top][start : start + count] = [char] * count
            canvas.styles[y + top][start : start + count] = [style] * count
            start += count


def _tolerated(pixels: Floats, tolerance: float) -> tuple[Ints, Ints]:
    """The lowest and the highest level that each pixel may be painted in."""
    on_ramp = (pixels >= 0) & (pixels < LEVELS)
    low, high = np.ceil(pixels - tolerance), np.floor(pixels + tolerance)
    lowest = np.where(on_ramp, np.clip(low, 0, LEVELS - 1), pixels)
    highest = np.where(on_ramp, np.clip(high, 0, LEVELS - 1), pixels)
    return lowest.astype(np.intp), highest.astype(np.intp)


def _runs(lowest: list[list[int]], highest: list[list[int]]) -> Iterator[tuple[int, int, int]]:
    """The fewest runs of cells that keep to the tolerance: (upper level, lower level, cells)."""
    count = 0
    span = low, high, below, above = (0, 0, 0, 0)
    for cell in zip(lowest[0], highest[0], lowest[1], highest[1], strict=True):
        # What the run and the cell share; written out, for it is done for every cell.
        low = cell[0] if cell[0] > low else low
        high = cell[1] if cell[1] < high else high
        below = cell[2] if cell[2] > below else below
        above = cell[3] if cell[3] < above else above
        if count and low <= high and below <= above:
            span, count = (low, high, below, above), count + 1
            continue
        if count:
            yield *_chosen(span), count
        span, count = cell, 1
        low, high, below, above = cell
    if count:
        yield *_chosen(span), count


def _chosen(span: tuple[int, int, int, int]) -> tuple[int, int]:
    """Levels from the two spans: one for both if they share one, which is a byte-saving blank."""
    low, high = max(span[0], span[2]), min(span[1], span[3])
    if low <= high:
        return (low + high) // 2, (low + high) // 2
    return (span[0] + span[1]) // 2, (span[2] + span[3]) // 2


@lru_cache(maxsize=4096)
def _block(upper: int, lower: int, signed: bool, inks: Inks) -> tuple[str, Style]:
    """A blank is two bytes shorter than a half block, so equal halves are a blank."""
    if not (inks.palette.halves and inks.palette.colours):
        return _whole(upper, lower, signed, inks)
    if upper < 0 and lower < 0:
        return "·", inks.role("quiet")
    if upper == lower:
        return " ", inks.pair(-1, lower, signed)
    if upper < 0:
        return "▄", inks.pair(lower, -1, signed)
    return "▀", inks.pair(upper, lower, signed)


def _whole(upper: int, lower: int, signed: bool, inks: Inks) -> tuple[str, Style]:
    """One value a cell: the mean of its halves, as a colour or as how much ink a sign has."""
    if upper < 0 and lower < 0:
        return ".", inks.role("quiet")
    level = max(upper, lower) if min(upper, lower) < 0 else (upper + lower) // 2
    if inks.palette.colours:
        return " ", inks.pair(-1, level, signed)
    ramp = SHADES if inks.palette.halves else SIGNS
    return ramp[min(level, LEVELS - 1) * (len(ramp) - 1) // (LEVELS - 1)], inks.role("text")


def _overlay(
    panel: Raster, canvas: Canvas, pixels: Floats, at: tuple[int, int], inks: Inks
) -> None:
    across = Axis(panel.extent[0], panel.extent[1], pixels.shape[1])
    down = Axis(panel.extent[3], panel.extent[2], pixels.shape[0])
    _trails(panel, canvas, (across, down), at, inks)
    if panel.points is not None:
        marks = panel.points.marks or "o"
        for x, y, label in _labelled(panel.points.xy, panel.points.labels, across, down):
            sign = marks[label % len(marks)]
            _mark(canvas, pixels, (*at, x, y), sign, panel.signed, inks)
    if panel.arrows is not None:
        for x, y, eighth in _turned(panel.arrows, across, down):
            _mark(canvas, pixels, (*at, x, y), _ARROWS[eighth], panel.signed, inks)


def _trails(
    panel: Raster, canvas: Canvas, axes: tuple[Axis, Axis], at: tuple[int, int], inks: Inks
) -> None:
    """The paths in their colours on plain ground, with their signs; the ends lie over all."""
    left, top = at
    ends = []
    places = marks.places([(name, role) for name, role, _ in panel.paths])
    for place, (_, role, line) in zip(places, panel.paths, strict=True):
        sign, style = marks.SIGNS[place], inks.role(role, bold=True)
        cells = list(dict.fromkeys(zip(*_cells(_filled_in(line, *axes), *axes), strict=True)))
        for i, (x, y) in enumerate(cells):
            canvas.put(left + x, top + y, "•" if i % _EVERY else sign, style)
        last = np.asarray(line, dtype=float).reshape(-1, 2)[-1:]
        ends += [(x, y, sign, style) for x, y in zip(*_cells(last, *axes), strict=True)]
    for x, y, sign, style in ends:
        canvas.put(left + x, top + y, sign, style)


def _turned(arrows: Arrows, across: Axis, down: Axis) -> list[tuple[int, int, int]]:
    """Where each arrow stands, and to which eighth of a turn it points as it is seen."""
    xy, by = np.reshape(arrows.xy, (-1, 2)), np.reshape(arrows.by, (-1, 2))
    right = by[:, 0] / (across.hi - across.lo) * across.dots
    up = by[:, 1] / (down.lo - down.hi) * down.dots
    some = np.isfinite(right) & np.isfinite(up) & ((right != 0) | (up != 0))
    eighths = np.rint(np.arctan2(up[some], right[some]) / (np.pi / 4)).astype(np.intp) % 8
    return _labelled(xy[some], eighths, across, down)


def _filled_in(line: Floats, across: Axis, down: Axis) -> Floats:
    """A polyline with points added, so that no cell between two is left out."""
    line = np.asarray(line, dtype=float).reshape(-1, 2)
    if len(line) < 2:
        return line
    steps = np.linspace(0.0, 1.0, 9)[None, :-1, None]
    between = line[:-1, None, :] * (1 - steps) + line[1:, None, :] * steps
    return np.concatenate([between.reshape(-1, 2), line[-1:]])


def _cells(xy: Floats, across: Axis, down: Axis) -> tuple[list[int], list[int]]:
    x, x_inside = across.places(xy[:, 0])
    y, y_inside = down.places(xy[:, 1])
    inside = x_inside & y_inside
    return x[inside].tolist(), (y[inside] // 2).tolist()


def _labelled(
    xy: Floats, labels: NDArray[np.integer], across: Axis, down: Axis
) -> list[tuple[int, int, int]]:
    xy = np.asarray(xy, dtype=float).reshape(-1, 2)
    x, x_inside = across.places(xy[:, 0])
    y, y_inside = down.places(xy[:, 1])
    inside = x_inside & y_inside
    return list(zip(x[inside].tolist(), (y[inside] // 2).tolist(),
                    np.asarray(labels)[inside].tolist(), strict=True))  # fmt: skip


def _mark(
    canvas: Canvas, pixels: Floats, at: tuple[int, int, int, int], sign: str, signed: bool,
    inks: Inks,
) -> None:  # fmt: skip
    """Put a sign of one cell on one of the picture, on the colour of its upper half."""
    left, top, x, y = at
    canvas.dot(left + x, y + top, sign, inks.over(round(float(pixels[2 * y, x])), signed))


def _told(panel: Raster, width: int, most: int) -> list[list[tuple[int, str, Role]]]:
    """The legend of the paths in rows of so many cells."""
    return marks.legend(marks.entries([path[:2] for path in panel.paths]), width, most)


def _beside_title(panel: Raster, canvas: Canvas) -> int:
    """The cells at the right of the title, two blanks kept."""
    return canvas.width - cell_len(panel.title) - 2


def _key_rows(panel: Raster, canvas: Canvas) -> list[list[tuple[int, str, Role]]]:
    """The legend's rows below the title; none where it has room beside it, or none at all."""
    whole = sum(cell_len(name) + 4 for name, _, _ in panel.paths if name) - 2
    if whole <= _beside_title(panel, canvas) or canvas.height < _LEAST_HEIGHT:
        return []
    return _told(panel, canvas.width, 2)


def _key(panel: Raster, canvas: Canvas, inks: Inks) -> None:
    """At the right of the title: the paths' signs, or the ramp between its two ends."""
    if panel.paths:
        if not _key_rows(panel, canvas):
            for row in _told(panel, max(0, _beside_title(panel, canvas)), 1):
                width = sum(cell_len(words) + 2 for _, words, _ in row) - 2
                marks.put(canvas, inks, (canvas.width - width, 0), row)
        return
    lo, hi = number(panel.lo), number(panel.hi)
    at = canvas.width - cell_len(lo) - cell_len(hi) - _SCALE - 2
    if at <= cell_len(panel.title) + 1:
        return
    canvas.put(at, 0, lo, inks.role("quiet"))
    for i in range(_SCALE):
        level = i * (LEVELS - 1) // (_SCALE - 1)
        sign, style = _block(level, level, panel.signed, inks)
        canvas.put(at + cell_len(lo) + 1 + i, 0, sign, style)
    canvas.put(canvas.width - cell_len(hi), 0, hi, inks.role("quiet"))
