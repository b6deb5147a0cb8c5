"""Draw for a demo that reads, and see what it reads at every stroke; it goes on training."""

from __future__ import annotations

from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widgets import Static

from demos.views import Frame
from tutor.ui.screens.page import Page
from tutor.ui.widgets.demo_view import DemoView
from tutor.ui.widgets.panel import FrameView
from tutor.ui.widgets.paper import Paper
from tutor.ui.widgets.prompt import state
from tutor.ui.widgets.too_small import ROOMY

LARGE = (116, 38)
ROOM_FOR_BOTH = 26  # rows: the bars, and a picture that is not squashed
UNTAUGHT = "It has learnt nothing yet: go back, let it run, and draw again."


class DrawScreen(Page):
    """Paper at the left; at the right what is read and, with room, the drawing as it is seen."""

    AUTO_FOCUS = "Paper"
    smallest = ROOMY
    CSS_PATH = "draw.tcss"
    BINDINGS: ClassVar = []

    def __init__(self, view: DemoView) -> None:
        super().__init__()
        self.view = view
        self._shown = -1

    def body(self) -> ComposeResult:
        """Paper with a line about the pen, and the reading."""
        with Horizontal():
            with Vertical(id="desk"):
                yield Paper()
                yield Static(id="pen")
            yield FrameView()

    def on_mount(self) -> None:
        """Look at the run as often as its own page does."""
        self.view.draw(self.query_one(Paper).ink.copy())
        self.watch(self.query_one(Paper), "down", self._say_pen)
        self.set_interval(1 / self.view.fps, self.look)
        self.say(UNTAUGHT if self.view.snapshot.step == 0 else "")

    def on_resize(self) -> None:
        """Larger pixels where there is room."""
        width, height = self.app.size
        self.query_one(Paper).scale = 2 if width >= LARGE[0] and height >= LARGE[1] else 1

    def on_unmount(self) -> None:
        """Back to the digits of the demo."""
        self.view.draw(None)

    def _say_pen(self, down: bool) -> None:
        words = (
            "The pen is down: the arrows draw." if down else "The pen is up: the arrows move it."
        )
        mouse = "Or draw with the mouse; its right button rubs out."
        self.query_one("#pen", Static).update(Content.styled(f"{words}\n{mouse}", "$quiet"))

    @on(Paper.Drawn)
    def _read(self, event: Paper.Drawn) -> None:
        self.view.draw(event.ink)

    def look(self) -> None:
        """Show the newest reading if it is a new one."""
        snapshot = self.view.snapshot
        if snapshot.version == self._shown or snapshot.frame is None:
            return
        self._shown = snapshot.version
        frame = snapshot.frame
        self.head("Draw a digit", state(snapshot, self.view.spec))
        view = self.query_one(FrameView)
        seen = (frame.picture,) if view.size.height >= ROOM_FOR_BOTH else ()
        view.show(Frame(frame.side[0], seen))
        if snapshot.step > 0 and self.said == UNTAUGHT:
            self.say("")
