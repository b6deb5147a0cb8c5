"""Paints one frame of a demo: panels side by side, and only the cells that changed.

The painters give rows of ready segments; this widget stitches them and tells the terminal which
parts of which rows are new.
"""

from __future__ import annotations

from dataclasses import replace
from itertools import takewhile

from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget

from demos.views import Frame
from tutor.plot import paint
from tutor.plot.arrange import Placed, arrange
from tutor.plot.palette import DARK, LIGHT, Palette
from tutor.text import glyphs

Rows = list[list[Segment]]
Painted = tuple[Placed, Rows]


class FrameView(Widget):
    """Shows the newest frame given to `show`."""

    DEFAULT_CSS = "FrameView { height: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._frame: Frame | None = None
        self._painted: list[Painted] = []

    def show(self, frame: Frame | None) -> None:
        """Paint a frame; None leaves the room blank."""
        self._frame = frame
        before, self._painted = self._painted, self._paint()
        changed = _changed(before, self._painted)
        if changed is None:
            self.refresh()
        elif changed:
            self.refresh(*changed)

    def on_resize(self) -> None:
        """Arrange the same frame anew."""
        self._painted = self._paint()
        self.refresh()

    def repaint(self) -> None:
        """Paint the same frame in the colours of another theme."""
        self.on_resize()

    def _paint(self) -> list[Painted]:
        if self._frame is None:
            return []
        palette = palette_of(self.app)
        return [
            (placed, paint(placed.panel, placed.width, placed.height, palette))
            for placed in arrange(self._frame, self.size.width, self.size.height)
        ]

    def render_line(self, y: int) -> Strip:
        """One row: the rows of the panels that reach it, with blanks between."""
        style, width = self.rich_style, self.size.width
        segments: list[Segment] = []
        at = 0
        for placed, rows in self._painted:
            if placed.y <= y < placed.y + len(rows):
                segments += [Segment(" " * (placed.x - at), style), *rows[y - placed.y]]
                at = placed.x + placed.width
        return (
            Strip(segments, at)
            .apply_style(Style(bgcolor=style.bgcolor))
            .adjust_cell_length(width, style)
        )


def palette_of(app: App[object]) -> Palette:
    """The painters' colours for the app's theme; its own colour roles come first."""
    colours = app.theme_variables

    def colour(name: str, otherwise: str) -> str:
        found = colours.get(name, "")
        return found if found.startswith("#") and len(found) == 7 else otherwise

    base = DARK if app.current_theme.dark else LIGHT
    return replace(
        base,
        text=colour("foreground", base.text),
        quiet=colour("quiet", base.quiet),
        accent=colour("accent", base.accent),
        good=colour("good", base.good),
        bad=colour("bad", base.bad),
        background=colour("background", "") or None,
        halves=glyphs.now() != "plain",
        colours=not app.no_color,
    )


def _changed(before: list[Painted], after: list[Painted]) -> list[Region] | None:
    """The parts of rows that differ, or None when the panels themselves moved."""
    boxes = [(p.x, p.y, p.width, p.height) for p, _ in before]
    if boxes != [(p.x, p.y, p.width, p.height) for p, _ in after]:
        return None
    return [
        Region(placed.x + left, placed.y + y, right - left, 1)
        for (_, old), (placed, new) in zip(before, after, strict=True)
        for y, (old_row, new_row) in enumerate(zip(old, new, strict=True))
        if old_row != new_row
        for left, right in (_span(old_row, new_row, placed.width),)
    ]


def _span(old: list[Segment], new: list[Segment], width: int) -> tuple[int, int]:
    """The cells from the first to the last segment that differs."""
    return _alike(old, new), width - _alike(old[::-1], new[::-1])


def _alike(old: list[Segment], new: list[Segment]) -> int:
    """How many cells the equal segments at the beginning cover."""
    alike = takewhile(lambda pair: pair[0] == pair[1], zip(old, new, strict=False))
    return sum(segment.cell_length for segment, _ in alike)
