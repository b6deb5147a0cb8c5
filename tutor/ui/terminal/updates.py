"""What is sent to the terminal when a part of the screen changed: those cells, and little else.

Textual 8.2 sends each row of a widget from its left edge to the last cell that changed, once for
every stretch of changed cells, and sets every style anew. Here a stretch is sent alone, and of a
style what differs from the one before it.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

from rich.color import ColorSystem
from rich.console import Console
from rich.control import Control
from rich.segment import Segment
from textual._compositor import ChopsUpdate, Compositor
from textual.strip import Strip

# The codes of a style, apart: attributes such as bold, the colour of the letters, that behind them.
Codes = tuple[str, str, str]
PLAIN: Codes = ("", "", "")


class SpanUpdate(ChopsUpdate):
    """Sends stretches of cells."""

    def render_segments(self, console: Console) -> str:
        """The sequences for a terminal with the console's colours."""
        pen = Pen(console._color_system or ColorSystem.TRUECOLOR)
        for y, start, stop in self.spans:
            for end, (x, strip) in zip(self.chop_ends[y], self.chops[y].items(), strict=False):
                left, right = max(start, x), min(stop, end)
                if strip is not None and left < right:
                    whole = (left, right) == (x, end)
                    pen.move(left, y)
                    pen.write(strip if whole else strip.crop(left - x, right - x))
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


class SpanCompositor(Compositor):
    """Textual's compositor, whose partial updates are sent as above."""

    def render_partial_update(self) -> ChopsUpdate | None:
        """What changed since the last update, if anything."""
        found = super().render_partial_update()
        return found and SpanUpdate(found.chops, found.spans, found.chop_ends)
