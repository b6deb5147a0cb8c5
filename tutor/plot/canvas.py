"""A rectangle of terminal cells to paint on, and its rows as segments.

Whatever is put on it, it gives exactly its height of rows of exactly its width of cells.
"""

from __future__ import annotations

from functools import lru_cache

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

Rows = list[list[Segment]]


class Canvas:
    """Cells with a character and a style each; what does not fit is left out."""

    def __init__(self, width: int, height: int, blank: Style) -> None:
        self.width = width
        self.height = height
        self.chars = [[" "] * width for _ in range(height)]
        self.styles = [[blank] * width for _ in range(height)]

    def put(self, x: int, y: int, text: str, style: Style) -> None:
        """Write `text` from cell (x, y) to the right, cut at the edges."""
        if not 0 <= y < self.height:
            return
        if _is_plain(text):
            self._put_plain(x, y, text, style)
            return
        chars, styles = self.chars[y], self.styles[y]
        for char in text:
            width = cell_len(char) if char.isprintable() else 1
            if width == 0:
                self._combine(x - 1, chars, char)
            elif x >= 0 and x + width <= self.width:
                self._clear(chars, x, x + width)
                shown = char if char.isprintable() else " "
                chars[x : x + width] = [shown, *[""] * (width - 1)]
                styles[x : x + width] = [style] * width
            x += width

    def _put_plain(self, x: int, y: int, text: str, style: Style) -> None:
        """Write characters of one cell each, cut at the edges."""
        shown = text[max(0, -x) : max(0, self.width - x)]
        if shown:
            start = max(0, x)
            end = start + len(shown)
            self._clear(self.chars[y], start, end)
            self.chars[y][start:end] = shown
            self.styles[y][start:end] = [style] * len(shown)

    def dot(self, x: int, y: int, char: str, style: Style) -> None:
        """Write one character of one cell, which must be inside: `put` without its questions."""
        self._clear(self.chars[y], x, x + 1)
        self.chars[y][x] = char
        self.styles[y][x] = style

    @staticmethod
    def _clear(chars: list[str], start: int, end: int) -> None:
        """Blank the other half of a wide character that is about to lose one."""
        if not chars[start]:
            chars[start - 1] = " "
        if end < len(chars) and not chars[end]:
            chars[end] = " "

    @staticmethod
    def _combine(x: int, chars: list[str], mark: str) -> None:
        """Add an accent to the character before it, three to a cell at most."""
        if 0 <= x < len(chars) and chars[x].strip() and len(chars[x]) < 4:
            chars[x] += mark

    def rows(self) -> Rows:
        """The rows, neighbours of one style being one segment."""
        return [segments(*row) for row in zip(self.chars, self.styles, strict=True)]


def segments(chars: list[str], styles: list[Style]) -> list[Segment]:
    """Cells as segments, one for each run of the same style."""
    found: list[Segment] = []
    start = 0
    for end in range(1, len(styles) + 1):
        if end == len(styles) or styles[end] is not styles[start]:
            found.append(Segment("".join(chars[start:end]), styles[start]))
            start = end
    return found


@lru_cache(maxsize=4096)
def _is_plain(text: str) -> bool:
    """Whether each character of a text takes one cell."""
    return text.isprintable() and (text.isascii() or all(cell_len(char) == 1 for char in text))


def crop(text: str, width: int) -> str:
    """`text` in at most `width` cells, with an ellipsis where it was cut."""
    if cell_len(text) <= width:
        return text
    kept = ""
    for char in text:
        if cell_len(kept + char) >= width:
            break
        kept += char
    return (kept + "…")[: max(0, width)]
