"""Paints layers of units joined by weights: solid lines for positive ones, dotted for negative.

A layer that is higher than the room is shown by its first and last units and its count.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
from rich.cells import cell_len

from demos.views import Floats, Network, Role
from tutor.plot.braille import ACROSS, DOWN, PATTERNS, Dots
from tutor.plot.canvas import Canvas, crop
from tutor.plot.palette import Inks

# Of the largest weight of its gap; what is weaker would only fill the picture.
_WEAKEST = 0.15
# More units than these are abbreviated: sixty-four lines in a gap can be told apart, more cannot.
_MOST_UNITS = 8
_ABBREVIATED = 7


def paint_network(panel: Network, canvas: Canvas, inks: Inks) -> None:
    """Paint below the title: columns of units, and under each its word and count."""
    height = canvas.height - 1
    words = 2 if height >= 6 and panel.labels else 1 if height >= 4 else 0
    height -= words
    if height < 1 or not panel.layers:
        return
    columns = _places(len(panel.layers), canvas.width)
    units = [_shown(count, height) for count in panel.layers]
    rows = [_places(len(shown), height) for shown in units]
    dots = Dots(canvas.width, height)
    for gap in range(len(panel.layers) - 1):
        weights = _weights(panel, gap)
        ends = (columns[gap], columns[gap + 1])
        _join(dots, inks, ends, (rows[gap], rows[gap + 1]), (units[gap], units[gap + 1]), weights)
    dots.put_on(canvas, 0, 1)
    for x, shown, at in zip(columns, units, rows, strict=True):
        for unit, y in zip(shown, at, strict=True):
            canvas.put(x, y + 1, "⋮" if unit is None else "●", inks.role("text"))
    _captions(panel, canvas, inks, columns, words)


def _places(count: int, cells: int) -> list[int]:
    """`count` places spread over `cells`, each in the middle of its share."""
    return [min(cells - 1, int((i + 0.5) * cells / count)) for i in range(count)]


def _shown(count: int, height: int) -> list[int | None]:
    """Which units of a layer are drawn; None is the dots that stand for the rest."""
    if count <= min(height, _MOST_UNITS):
        return list(range(max(0, count)))
    most = min(height, _ABBREVIATED)
    if most < 3:
        return [None] if most < 2 else [0, None]
    first = most // 2
    return [*range(first), None, *range(count - (most - 1 - first), count)]


def _weights(panel: Network, gap: int) -> Floats | None:
    """The weights of a gap if they have the shape that the layers ask for."""
    if gap >= len(panel.weights):
        return None
    weights = np.asarray(panel.weights[gap], dtype=float)
    return weights if weights.shape == (panel.layers[gap + 1], panel.layers[gap]) else None


def _join(
    dots: Dots, inks: Inks, columns: tuple[int, int], rows: tuple[Sequence[int], Sequence[int]],
    units: tuple[Sequence[int | None], Sequence[int | None]], weights: Floats | None,
) -> None:  # fmt: skip
    """Draw the lines of one gap, all of one look at once."""
    finite = np.abs(weights[np.isfinite(weights)]) if weights is not None else np.zeros(0)
    largest = float(finite.max()) if finite.size else 0.0
    looks: dict[_Look, list[int]] = {}
    for unit, y in zip(units[0], rows[0], strict=True):
        for other, other_y in zip(units[1], rows[1], strict=True):
            if unit is not None and other is not None:
                weight = None if weights is None else float(weights[other, unit])
                looks.setdefault(_look(weight, largest), []).extend((y, other_y, 0))
    left, right = (columns[0] + 1) * ACROSS - 1, columns[1] * ACROSS
    for look, ends in looks.items():
        if look != "absent":
            style, pattern = inks.role(_ROLES[look]), PATTERNS[2 if look == "negative" else 0]
            lines = len(ends) // 3
            # A third point that is not there parts one line from the next.
            x, here = np.array([left, right, 0] * lines), np.array([True, True, False] * lines)
            dots.line(x, np.array(ends) * DOWN + 2, here, style, pattern)


_Look = Literal["plain", "positive", "negative", "absent"]
_ROLES: dict[_Look, Role] = {"plain": "quiet", "positive": "a", "negative": "b"}


def _look(weight: float | None, largest: float) -> _Look:
    """How a weight is drawn; one that is too weak, or not finite, is not."""
    if weight is None:
        return "plain"
    if not np.isfinite(weight) or largest <= 0 or abs(weight) < _WEAKEST * largest:
        return "absent"
    return "positive" if weight > 0 else "negative"


def _captions(
    panel: Network, canvas: Canvas, inks: Inks, columns: Sequence[int], words: int
) -> None:
    room = max(1, canvas.width // len(columns) - 1)
    for i, x in enumerate(columns):
        label = panel.labels[i] if i < len(panel.labels) else ""
        lines = {0: (), 1: (f"{panel.layers[i]:,}",), 2: (label, f"{panel.layers[i]:,}")}[words]
        for row, line in enumerate(lines):
            word = crop(line, room)
            at = min(max(0, x - cell_len(word) // 2), canvas.width - cell_len(word))
            canvas.put(at, canvas.height - words + row, word, inks.role("quiet"))
