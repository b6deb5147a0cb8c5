"""Places the words at lines so that neither a curve nor another word is written over them."""

from __future__ import annotations

from collections.abc import Iterable

from rich.cells import cell_len
from rich.style import Style

from tutor.plot.canvas import Canvas
from tutor.plot.marks import SIGNS

# What a word may stand on: nothing, and the lines that such words belong to.
_FREE = frozenset(" ┄┊")


class Labels:
    """Words on one canvas, written after the curves: each where it hides least."""

    def __init__(self, canvas: Canvas, style: Style) -> None:
        self.canvas = canvas
        self.style = style
        self._taken: set[tuple[int, int]] = set()

    def put(self, word: str, places: Iterable[tuple[int, int]]) -> None:
        """Write `word` at the best of the places (x, y); nowhere if words stand in all of them."""
        width = cell_len(word)
        free = [(x, y) for x, y in places if self._is_free(x, y, width)]
        if not word or not free:
            return
        x, y = min(free, key=lambda at: self._hidden(at[0], at[1], width))
        self.canvas.put(x, y, word, self.style)
        self._taken |= {(x + i, y) for i in range(-1, width + 1)}

    def _is_free(self, x: int, y: int, width: int) -> bool:
        inside = x >= 0 and x + width <= self.canvas.width and 0 <= y < self.canvas.height
        return inside and not any((x + i, y) in self._taken for i in range(width))

    def _hidden(self, x: int, y: int, width: int) -> int:
        """How much would be hidden: a curve's end counts most."""
        cells = self.canvas.chars[y][x : x + width]
        return sum(5 if cell in SIGNS else cell not in _FREE for cell in cells)
