"""What is sent to the terminal when a part of the screen changed: those cells, and little else.

Textual 8.2 sends each row of a widget from its left edge to the last cell that changed, once for
every stretch of changed cells, and sets every style anew. Here a stretch is sent alone, and of a
style what differs from the one before it. Nothing is made anew but rows in which something changed,
and a widget that has its cells ready gives just those.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

from rich.color import ColorSystem
from rich.console import Console
from rich.control import Control
from rich.segment import Segment
from textual._compositor import Compositor, CompositorUpdate
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

# The codes of a style, apart: attributes such as bold, the colour of the letters, that behind them.
Codes = tuple[str, str, str]
PLAIN: Codes = ("", "", "")


class CellWidget(Widget):
    """A widget that has its cells ready."""

    def cells_at(self, y: int, start: int, stop: int) -> Strip | None:
        """Some cells of its row `y` as they are shown; None if it has not all of them."""
        return None


class SpanUpdate(CompositorUpdate):
    """Sends stretches of cells: each with the column and row where it begins."""

    def __init__(self, stretches: list[tuple[int, int, Strip]]) -> None:
        self.stretches = stretches

    def render_segments(self, console: Console) -> str:
        """The sequences for a terminal with the console's colours."""
        pen = Pen(console._color_system or ColorSystem.TRUECOLOR)
        for x, y, cells in self.stretches:
            pen.move(x, y)
            pen.write(cells)
        return pen.finished()


class Pen:
    """Writes segments, remembering the style that the terminal has."""

    def __init__(self, colours: ColorSystem) -> None:
        self.colours = colours
        self.parts: list[str] = []
        self.codes = PLAIN

    def move(self, x: int, y: int) -> None:
        """Move the cursor."""
        self.parts.append(Control.move_to(x, y).segment.text)

    def write(self, segments: Iterable[Segment]) -> None:
        """Write segments where the cursor is."""
        for text, style, _ in segments:
            if style is not None and style._link:
                self._take(PLAIN)
                self.parts.append(Strip.render_style(style, text, self.colours))
                continue
            if style is None:
                codes = PLAIN
            else:
                ansi = style._ansi
                codes = _codes(Strip.render_ansi(style, self.colours) if ansi is None else ansi)
            # A blank has no colour of letters: that of before stays, unless all has to be reset.
            if not (codes[0] or self.codes[0] or text.strip(" ")) and (
                codes[2] or not self.codes[2]
            ):
                codes = ("", self.codes[1], codes[2])
            self._take(codes)
            self.parts.append(text)

    def _take(self, codes: Codes) -> None:
        """Bring the terminal to a style."""
        if codes == self.codes:
            return
        before, self.codes = self.codes, codes
        lost = any(old and not new for old, new in zip(before[1:], codes[1:], strict=True))
        if before != PLAIN and (codes[0] != before[0] or lost):
            told = ["0", *filter(None, codes)]
        else:
            told = [new for old, new in zip(before, codes, strict=True) if new != old]
        self.parts.append(f"\x1b[{';'.join(told)}m")

    def finished(self) -> str:
        """All that was written; the terminal is left without a style."""
        self._take(PLAIN)
        return "".join(self.parts)


@lru_cache(maxsize=4096)
def _codes(ansi: str) -> Codes:
    """Take the codes of a style apart, as in "1;38;2;255;0;0;48;5;8"."""
    attributes, fore, back = [], "", ""
    numbers = iter(ansi.split(";") if ansi else ())
    for number in numbers:
        if number in {"38", "48"}:
            kind = next(numbers)
            rest = [next(numbers) for _ in range(3 if kind == "2" else 1)]
            colour = ";".join([number, kind, *rest])
            fore, back = (colour, back) if number == "38" else (fore, colour)
        elif 30 <= int(number) <= 39 or 90 <= int(number) <= 97:
            fore = number
        elif 40 <= int(number) <= 49 or 100 <= int(number) <= 107:
            back = number
        else:
            attributes.append(number)
    return ";".join(attributes), fore, back


class Part(NamedTuple):
    """Columns of one row of the screen that belong to one widget, whose region is `whole`."""

    widget: Widget
    whole: Region
    y: int
    start: int
    stop: int

    @property
    def inside(self) -> tuple[int, int, int]:
        """Row, start and stop as the widget counts them."""
        x, y = self.whole.offset
        return self.y - y, self.start - x, self.stop - x


class SpanCompositor(Compositor):
    """Textual's compositor, whose partial updates are made and sent as above."""

    def render_partial_update(self) -> SpanUpdate | None:  # type: ignore[override]
        """What changed since the last update, if anything."""
        dirty = [*self._dirty_regions]
        self._dirty_regions.clear()
        spans = self._regions_to_spans(region.intersection(self.size.region) for region in dirty)
        parts = [part for span in spans for part in self._parts(*span)]
        return SpanUpdate(list(self._stretches(parts))) if parts else None

    def _parts(self, y: int, start: int, stop: int) -> Iterator[Part]:
        """Whose the columns of a row are: what lies in front of others has them first."""
        free = [(start, stop)]
        for widget, seen, whole in self.layers_visible[y]:
            left = []
            for first, last in free:
                begin, end = max(first, seen.x), min(last, seen.right)
                if begin < end:
                    yield Part(widget, whole, y, begin, end)
                    left += [(first, begin), (end, last)]
                else:
                    left.append((first, last))
            free = [(first, last) for first, last in left if first < last]
            if not free:
                return

    def _stretches(self, parts: list[Part]) -> Iterator[tuple[int, int, Strip]]:
        """The cells of each part; the rows of a widget that are wanted are made in one go."""
        rest: dict[Widget, list[Part]] = {}
        for part in parts:
            ready = isinstance(part.widget, CellWidget) and part.widget.cells_at(*part.inside)
            if ready:
                yield part.start, part.y, ready
            else:
                rest.setdefault(part.widget, []).append(part)
        for widget, wanted in rest.items():
            rows = [part.inside[0] for part in wanted]
            first, count = min(rows), max(rows) - min(rows) + 1
            strips = widget.render_lines(Region(0, first, wanted[0].whole.width, count))
            for part, row in zip(wanted, rows, strict=True):
                _, start, stop = part.inside
                yield part.start, part.y, strips[row - first].crop(start, stop)
