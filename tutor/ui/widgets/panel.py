"""Paints one frame of a demo: panels side by side, and only the cells that changed.

The painters give cells; this widget stitches their rows, and has the cells that are new ready for
the terminal, so that a frame costs what changed in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from rich.segment import Segment
from rich.style import Style
from textual.app import App
from textual.geometry import Region
from textual.strip import Strip

from demos.views import Frame
from tutor.plot import painted
from tutor.plot.arrange import Placed, arrange
from tutor.plot.canvas import segments
from tutor.plot.palette import DARK, LIGHT, Palette
from tutor.text import glyphs
from tutor.ui.painting import HarmlessFilter, InAscii
from tutor.ui.terminal.updates import CellWidget
from tutor.ui.widgets.cell_rows import CellRow, changed, rows_of

Painted = tuple[Placed, list[CellRow]]


class FrameView(CellWidget):
    """Shows the newest frame given to `show`."""

    DEFAULT_CSS = "FrameView { height: 1fr; }"

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._frame: Frame | None = None
        self._painted: list[Painted] = []
        self._palette = DARK
        self._seen: dict[Style, Style] = {}

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
        self._seen.clear()
        self._painted = self._paint()
        self.refresh()

    def repaint(self) -> None:
        """Paint the same frame in the colours of another theme."""
        self.on_resize()

    def _paint(self) -> list[Painted]:
        if self._frame is None:
            return []
        palette = self._look()
        places = arrange(self._frame, self.size.width, self.size.height)
        return [_painted(placed, palette) for placed in places]

    def _look(self) -> Palette:
        """The painters' colours now; styles made in others are forgotten."""
        palette = palette_of(self.app)
        if palette != self._palette:
            self._palette = palette
            self._seen.clear()
        return palette

    def render_line(self, y: int) -> Strip:
        """One row: the rows of the panels that reach it, with blanks between."""
        style, width = self.rich_style, self.size.width
        found: list[Segment] = []
        at = 0
        for placed, rows in self._painted:
            if placed.y <= y < placed.y + len(rows):
                found += [Segment(" " * (placed.x - at), style), *segments(*rows[y - placed.y])]
                at = placed.x + placed.width
        ground = Style(bgcolor=style.bgcolor)
        return Strip(found, at).apply_style(ground).adjust_cell_length(width, style)

    def cells_at(self, y: int, start: int, stop: int) -> Strip | None:
        """Cells of one panel's row, as `render_line` and the app's filters make them."""
        for placed, rows in self._painted:
            inside = placed.x <= start and stop <= placed.x + placed.width
            if inside and placed.y <= y < placed.y + len(rows):
                chars, styles = rows[y - placed.y]
                part = slice(start - placed.x, stop - placed.x)
                found = segments(chars[part], styles[part])
                cells = Strip([Segment(text, self._as_seen(style)) for text, style, _ in found])
                return self._as_written(cells)
        return None

    def _as_written(self, cells: Strip) -> Strip:
        """Cells with the signs that this terminal has, and none that it obeys."""
        for line_filter in self.get_line_filters():
            if isinstance(line_filter, InAscii | HarmlessFilter):
                cells = cells.apply_filter(line_filter, self.background_colors[1])
        return cells

    def _as_seen(self, style: Style | None) -> Style:
        """A painter's style as it is seen on this page."""
        style = style or Style.null()
        seen = self._seen.get(style)
        if seen is None:
            strip = Strip([Segment(" ", style)]).apply_style(Style(bgcolor=self.rich_style.bgcolor))
            for line_filter in self.get_line_filters():
                strip = strip.apply_filter(line_filter, self.background_colors[1])
            seen = self._seen[style] = next(iter(strip)).style or Style.null()
        return seen


class PanelView(FrameView):
    """Shows one panel alone, over the whole of its room."""

    def _paint(self) -> list[Painted]:
        if self._frame is None:
            return []
        panel, (width, height) = self._frame.picture, self.size
        return [_painted(Placed(panel, 0, 0, width, height), self._look())]


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


def _painted(placed: Placed, palette: Palette) -> Painted:
    canvas = painted(placed.panel, placed.width, placed.height, palette)
    return placed, list(rows_of(canvas))


def _same_boxes(before: list[Painted], after: list[Painted]) -> bool:
    """Whether every panel stands where it stood."""
    return [(p.x, p.y, p.width, p.height) for p, _ in before] == [
        (p.x, p.y, p.width, p.height) for p, _ in after
    ]


def _regions(before: Painted, after: Painted) -> Iterator[Region]:
    """What to send of a panel that stands where it stood."""
    placed, rows = after
    for y, (old, new) in enumerate(zip(before[1], rows, strict=True)):
        for start, end in changed(old, new):
            yield Region(placed.x + start, placed.y + y, end - start, 1)
