"""What room a panel asks for, in cells: the least that can be read, and what more is good for."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from rich.cells import cell_len

from demos.views import Bars, Calendar, Curves, Graph, Grid, Panel, Raster, Table, Text
from tutor.plot import calendar
from tutor.plot.boxes import room
from tutor.plot.scale import fixed

# A title row above each panel's own rows.
TITLE = 1
ELASTIC = 6
# Title, legend and the numbers of the x axis.
AXES = 3
# Columns below which a picture, curves or a text are no longer worth their place.
LEAST_PICTURE = 26
LEAST_CURVES = 28
LEAST_BAR = 10
# A matrix up to here shows its numbers; a larger one may be shades alone.
FEW_NUMBERS = 36
# What a graph can use beyond its words, so that its lines are seen between them.
LINE = 22
# Cells across for each one down: between these, curves are not drawn out in one direction.
FLATTEST, TALLEST = 5, 2.5
# Wider lines than this are tiring to read: a text wraps.
MOST_WORDS = 60
# What words need is rounded up, so that one more digit does not move the panels.
COARSE = 4


@dataclass(frozen=True, slots=True)
class SizeHint:
    """The room for one panel.

    width: the columns below which it cannot be read; wish: those at which no word is cut.
    rows: what it needs at least, its title included.
    grows: more room makes it better; otherwise it is as good as it gets.
    shape: (columns, rows) of a picture that keeps its shape, else (0, 0).
    lines: the widths of the lines of a text, which wrap.
    around: rows that are not the picture itself.
    """

    width: int
    wish: int
    rows: int
    grows: bool = False
    shape: tuple[float, float] = (0.0, 0.0)
    lines: tuple[int, ...] = ()
    around: int = TITLE

    def least(self, width: int) -> int:
        """The rows that it needs in so many columns."""
        if not self.lines:
            return self.rows
        return TITLE + sum(max(1, -(-line // max(1, width - 2))) for line in self.lines)

    def most(self, width: int) -> int:
        """The rows that it can use in so many columns."""
        if not self.grows:
            return self.least(width)
        across, down = self.shape
        return max(self.rows, self.around + round(width * down / across / 2)) if across else 10_000

    def size(self, width: int, height: int) -> float:
        """The cells that it fills of so many."""
        across, down = self.shape
        if not self.grows:
            return min(width, self.wish) * height
        height -= self.around
        if not across:
            return min(width, FLATTEST * height) * min(height, width / TALLEST)
        factor = min(width / across, 2 * height / down)
        whole = int(factor) if factor >= 1 and int(factor) ** 2 * 2 > factor**2 else factor
        return whole**2 * across * down / 2

    def spoilt(self, width: int, height: int) -> bool:
        """Whether a picture would be stretched to fill its room (see `tutor.plot.raster`)."""
        return bool(self.shape[0]) and self.size(width, height) < width * (height - self.around) / 2


def size_hint(panel: Panel) -> SizeHint:
    """What room a panel asks for."""
    if isinstance(panel, Bars | Table | Text | Grid):
        return _of_words(panel)
    return _of_picture(panel)


def _of_words(panel: Bars | Table | Text | Grid) -> SizeHint:
    title = cell_len(panel.title)
    match panel:
        case Bars():
            labels = _widest(bar.label for bar in panel.bars)
            numbers = _widest(bar.text for bar in panel.bars) or LEAST_BAR
            least = _coarse(max(labels + numbers + 2 + LEAST_BAR, 3 * numbers))
            return SizeHint(least, max(title, least + 2 * LEAST_BAR), rows(panel))
        case Table():
            columns = zip(panel.columns, *panel.rows, strict=False)
            least = _coarse(sum(max(1, _widest(column)) + 1 for column in columns))
            return SizeHint(least, max(title, least + len(panel.columns)), rows(panel))
        case Text():
            lines = tuple(_coarse(cell_len(line)) for line, _ in panel.lines)
            wish = min(MOST_WORDS, max([title, *lines]))
            return SizeHint(min(LEAST_PICTURE, wish), wish, rows(panel), lines=lines)
        case Grid():
            numbers = _numbers(panel)
            least = numbers if numbers <= FEW_NUMBERS else LEAST_PICTURE
            return SizeHint(least, max(title, numbers), rows(panel))


def _of_picture(panel: Panel) -> SizeHint:
    title = cell_len(panel.title)
    match panel:
        case Raster():
            down, across = np.atleast_2d(panel.values).shape
            wish = max(title, LEAST_PICTURE)
            return SizeHint(LEAST_PICTURE, wish, rows(panel), True, (across, down))
        case Curves():
            wish = max(title, LEAST_CURVES, _legend(panel))
            return SizeHint(LEAST_CURVES, wish, rows(panel), True, _plane(panel), around=AXES)
        case Graph():
            least = max(LEAST_CURVES, room(panel)[0])
            return SizeHint(least, max(title, least + LINE), rows(panel), True)
        case Calendar():
            return SizeHint(LEAST_PICTURE, max(title, calendar.widest(panel)), rows(panel), True)
    return SizeHint(LEAST_CURVES, max(title, LEAST_CURVES), rows(panel), True)


def rows(panel: Panel) -> int:
    """The rows that a panel needs: all of its lines, or the least for a picture or curves."""
    match panel:
        case Bars():
            return TITLE + len(panel.bars)
        case Table():
            return TITLE + 1 + len(panel.rows)
        case Text():
            return TITLE + len(panel.lines)
        case Grid():
            return TITLE + len(panel.values) + bool(panel.column_labels)
        case Graph():
            return TITLE + max(ELASTIC, room(panel)[1])
    return calendar.LEAST_ROWS if isinstance(panel, Calendar) else TITLE + ELASTIC


def _widest(words: Iterable[str]) -> int:
    return max(map(cell_len, words), default=0)


def _coarse(cells: int) -> int:
    return -(-cells // COARSE) * COARSE


def _numbers(panel: Grid) -> int:
    """Columns in which every cell shows its number with all decimals."""
    values = np.atleast_2d(np.asarray(panel.values, dtype=float))
    ends = values.min(initial=0.0), values.max(initial=0.0)
    number = max(cell_len(fixed(float(end), panel.digits)) for end in ends)
    labels = _widest(panel.row_labels) + 1 if panel.row_labels else 0
    return labels + (number + 2) * int(values.shape[1])


def _legend(panel: Curves) -> int:
    """Columns of the curves' names, with their signs and the blanks between them."""
    named = [cell_len(series.name) + 4 for series in panel.series if series.name]
    return sum(named) - 2


def _plane(panel: Curves) -> tuple[float, float]:
    """The shape of lines in a plane; other curves have none."""
    if panel.extent is None:
        return 0.0, 0.0
    left, right, low, high = panel.extent
    return right - left, high - low
