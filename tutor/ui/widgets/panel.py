"""Paints one frame of a demo: panels side by side, and only the cells that changed.

The painters give rows of ready segments; this widget stitches them and tells the terminal which
parts of which rows are new.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

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
from tutor.ui.widgets.cell_rows import CellRow, changed, row_of

Painted = tuple[Placed, list[CellRow]]


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
        if not _same_boxes(before, self._painted):
            self.refresh()
            return
        pairs = zip(before, self._painted, strict=True)
        if regions := [region for pair in pairs for region in _regions(*pair)]:
            self.refresh(*regions)

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
            (placed, list(map(row_of, paint(placed.panel, placed.width, placed.height, palette))))
            for placed in arrange(self._frame, self.size.width, self.size.height)
        ]

    def render_line(self, y: int) -> Strip:
        """One row: the rows of the panels that reach it, with blanks between."""
        style, width = self.rich_style, self.size.width
        segments: list[Segment] = []
        at = 0
        for placed, rows in self._painted:
            if placed.y <= y < placed.y + len(rows):
                segments += [Segment(" " * (placed.x - at), style), *rows[y - placed.y].segments]
                at = placed.x + placed.width
        return (
            Strip(segments, at)
            .apply_style(Style(bgcolor=style.bgcolor))
            .adjust_cell_length(width, style)
        )


class PanelView(FrameView):
    """Shows one panel alone, over the whole of its room."""

    def _paint(self) -> list[Painted]:
        if self._frame is None:
            return []
        panel, (width, height) = self._frame.picture, self.size
        rows = paint(panel, width, height, palette_of(self.app))
        return [(Placed(panel, 0, 0, width, height), list(map(row_of, rows)))]


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


def _same_boxes(before: list[Painted], after: list[Painted]) -> bool:
    """Whether every panel stands where it stood."""
    return [(p.x, p.y, p.width, p.height) for p, _ in before] == [
        (p.x, p.y, p.width, p.height) for p, _ in after
    ]


def _regions(before: Painted, after: Painted) -> Iterator[Region]:
    """What to send of a panel that stands where it stood."""
    placed, rows = after
    for y, (old, new) in enumerate(zip(before[1], rows, strict=True)):
        if old.segments != new.segments:
            for start, end in changed(old, new):
                yield Region(placed.x + start, placed.y + y, end - start, 1)
