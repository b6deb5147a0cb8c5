"""What a part of the screen sends when it changes: its own cells, and none that lie before them."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from rich.segment import Segment
from textual.app import App, ComposeResult
from textual.filter import LineFilter
from textual.geometry import Region
from textual.screen import Screen
from textual.strip import Strip
from textual.widgets import Static

from demos.views import Curves, Frame, Series
from tutor.ui.painting import HarmlessFilter, InAscii
from tutor.ui.terminal.updates import CellWidget, SpanCompositor
from tutor.ui.widgets.panel import FrameView


class Cells(CellWidget):
    """Letters, given as they are."""

    DEFAULT_CSS = "Cells { width: 20; height: 3; }"

    def render_line(self, y: int) -> Strip:
        return Strip([Segment("a" * 20)])

    def cells_at(self, y: int, start: int, stop: int) -> Strip:
        return Strip([Segment("b" * (stop - start))])


class Layered(Screen[None]):
    """Cells, with a word on the middle row that lies over them."""

    CSS = """
    Layered { layers: below above; }
    Static { layer: above; width: 4; height: 1; offset: 6 1; }
    """

    def __init__(self) -> None:
        super().__init__()
        self._compositor = SpanCompositor()

    def compose(self) -> ComposeResult:
        yield Cells()
        yield Static("over")

    def sent(self, *regions: Region) -> list[tuple[int, int, str]]:
        """What an update sends for the regions: column, row, text."""
        self._compositor._dirty_regions.update(regions)
        update = self._compositor.render_update(screen_stack=[])
        assert update is not None
        return sorted((x, y, cells.text) for x, y, cells in update.stretches)  # type: ignore[union-attr]


async def test_cells_are_sent_around_what_lies_over_them() -> None:
    screen = Layered()
    app: App[None] = App()
    async with app.run_test(size=(20, 5)) as pilot:
        await app.push_screen(screen)
        await pilot.pause()
        assert screen.sent(Region(2, 1, 10, 1)) == [(2, 1, "bbbb"), (6, 1, "over"), (10, 1, "bb")]
        assert screen.sent(Region(2, 0, 3, 1)) == [(2, 0, "bbb")]
        assert screen.sent(Region(7, 1, 2, 1)) == [(7, 1, "ve")]
        assert screen.sent(Region(0, 2, 2, 1), Region(1, 2, 3, 1)) == [(0, 2, "bbbb")]
        assert screen.sent(Region(0, 3, 2, 9)) == [(0, 3, "  "), (0, 4, "  ")]


class Ascii(App[None]):
    """A frame on a terminal that has no other signs than ASCII."""

    def compose(self) -> ComposeResult:
        yield FrameView()

    def get_line_filters(self) -> Sequence[LineFilter]:
        return [InAscii(), HarmlessFilter()]


async def test_the_cells_of_a_frame_have_the_signs_of_the_terminal(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("tutor.text.glyphs._now", "plain")
    app = Ascii()
    async with app.run_test(size=(60, 12)) as pilot:
        view = app.query_one(FrameView)
        view.show(Frame(Curves("x² → κ", (Series("β₁", np.linspace(0.0, 3.0, 40)),))))
        await pilot.pause()
        (placed, rows) = view._painted[0]
        stop = placed.x + placed.width
        cells = [view.cells_at(y, placed.x, stop) for y in range(placed.y, placed.y + len(rows))]
        text = "".join(each.text for each in cells if each is not None)
        assert "x" in text and text.isascii()
