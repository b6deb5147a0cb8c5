"""Lines of dots, two by four to a cell, in braille characters.

A line may be dashed, so that lines differ without colour too.
"""

from __future__ import annotations

import numpy as np
from rich.style import Style

from tutor.plot.canvas import Canvas
from tutor.plot.scale import Bools, Ints

ACROSS, DOWN = 2, 4
"""Dots of a cell."""

# Which dot of a cell sets which bit of U+2800 + bits, by row and column.
_BITS = np.array([[0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80]])

PATTERNS: tuple[tuple[bool, ...], ...] = tuple(
    tuple(sign == "-" for sign in pattern)
    for pattern in ("-", "----  ", "-  ", "-----  -  ", "--  ", "-------   ")
)
"""Solid, dashed, dotted, dash-dot, short and long dashes: one a series, in this order."""


class Dots:
    """Dots over a rectangle of cells; a cell shows the colour of what was drawn on it last."""

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self._bits = np.zeros((height, width), dtype=np.int64)
        self._owner = np.full((height, width), -1)
        self._styles: list[Style] = []

    def points(self, x: Ints, y: Ints, style: Style) -> None:
        """Set dots; those outside are left out. Dot (0, 0) is at the upper left."""
        inside = (x >= 0) & (x < self.width * ACROSS) & (y >= 0) & (y < self.height * DOWN)
        x, y = x[inside], y[inside]
        cell = (y // DOWN, x // ACROSS)
        np.bitwise_or.at(self._bits, cell, _BITS[y % DOWN, x % ACROSS])
        self._owner[cell] = len(self._styles)
        self._styles.append(style)

    def line(
        self, x: Ints, y: Ints, here: Bools, style: Style, pattern: tuple[bool, ...] = (True,)
    ) -> None:
        """Join each two neighbouring points that are both `here`; a lone point is one dot."""
        joined = here[:-1] & here[1:]
        along_x, along_y = _without_repeats(*_between(x, y, joined))
        shown = np.array(pattern)[np.arange(len(along_x)) % len(pattern)]
        alone = here & ~np.append(joined, False) & ~np.append(False, joined)
        self.points(
            np.concatenate([along_x[shown], x[alone]]),
            np.concatenate([along_y[shown], y[alone]]),
            style,
        )

    def put_on(self, canvas: Canvas, left: int, top: int) -> None:
        """Write the cells that have dots."""
        rows, columns = np.nonzero(self._bits)
        cells = zip(
            rows.tolist(),
            columns.tolist(),
            self._bits[rows, columns].tolist(),
            self._owner[rows, columns].tolist(),
            strict=True,
        )
        for row, column, bits, owner in cells:
            canvas.dot(left + column, top + row, chr(0x2800 + bits), self._styles[owner])


def _between(x: Ints, y: Ints, joined: Bools) -> tuple[Ints, Ints]:
    """The dots of all segments one after the other, ends included."""
    starts = np.nonzero(joined)[0]
    dx, dy = x[starts + 1] - x[starts], y[starts + 1] - y[starts]
    steps = np.maximum(np.maximum(abs(dx), abs(dy)), 1)
    counts = steps + 1
    segment = np.repeat(np.arange(len(starts)), counts)
    first = np.cumsum(counts) - counts
    part = (np.arange(counts.sum()) - first[segment]) / steps[segment]
    along_x = x[starts][segment] + np.rint(part * dx[segment]).astype(np.intp)
    along_y = y[starts][segment] + np.rint(part * dy[segment]).astype(np.intp)
    return along_x, along_y


def _without_repeats(x: Ints, y: Ints) -> tuple[Ints, Ints]:
    """Each dot once in a row, so that dashes are as long where the data are dense."""
    new = np.append(True, (np.diff(x) != 0) | (np.diff(y) != 0))[: len(x)]
    return x[new], y[new]
