"""Paper to draw on, with the arrows or the mouse.

A pixel is two cells wide, so that it looks square; the pen is one pixel wide.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Offset, Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from demos.views import Floats
from tutor.ui.keys import bind

SIDE = 14
RUBBER = 3  # the right button of the mouse


class Paper(Widget, can_focus=True):
    """`ink` (14, 14) is 1 where the pen has been; `scale` makes the pixels larger."""

    DEFAULT_CSS = "Paper { width: auto; height: auto; border: round $rule; }"

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("pen"),
        Binding("left", "move(-1, 0)", "move", key_display="← ↑ ↓ →", id="move-1",
                tooltip="Move the pen; where it is down, it draws."),
        Binding("right", "move(1, 0)", "move", show=False, id="move-2"),
        Binding("up", "move(0, -1)", "move", show=False, id="move-3"),
        Binding("down", "move(0, 1)", "move", show=False, id="move-4"),
        bind("clear"),
    ]  # fmt: skip

    scale: reactive[int] = reactive(1, layout=True)
    place: reactive[Offset] = reactive(Offset(SIDE // 2, SIDE // 4))
    down: reactive[bool] = reactive(False)

    @dataclass
    class Drawn(Message):
        """There is more ink on the paper, or less."""

        ink: Floats

    def __init__(self) -> None:
        super().__init__()
        self.ink: Floats = np.zeros((SIDE, SIDE))
        self._stroke: float | None = None

    def get_content_width(self, container: Size, viewport: Size) -> int:
        """Two cells a pixel."""
        return 2 * SIDE * self.scale

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """One row a pixel."""
        return SIDE * self.scale

    def render(self) -> Content:
        """The ink, and the pen as a pair of brackets."""
        rows: list[Content] = []
        for y in range(SIDE):
            row = Content("").join([self._pixel(x, y) for x in range(SIDE)])
            rows += [row] * self.scale
        return Content("\n").join(rows)

    def _pixel(self, x: int, y: int) -> Content:
        inked, width = bool(self.ink[y, x]), 2 * self.scale
        if self.has_focus and (x, y) == self.place:
            pen = f"[{' ' * (width - 2)}]"
            return Content.styled(pen, "bold $accent reverse" if inked else "bold $accent")
        return Content("█" * width if inked else " " * width)

    def _touch(self, to: Offset, ink: float | None) -> None:
        """Move the pen to a pixel; with ink (1) or a rubber (0) go over all on the way there."""
        to = Offset(min(max(to.x, 0), SIDE - 1), min(max(to.y, 0), SIDE - 1))
        way, self.place = to - self.place, to
        if ink is not None:
            far = max(abs(way.x), abs(way.y), 1)
            for step in range(far + 1):
                left = 1.0 - step / far
                self.ink[to.y - round(way.y * left), to.x - round(way.x * left)] = ink
            self._tell()

    def _tell(self) -> None:
        self.refresh()
        self.post_message(self.Drawn(self.ink.copy()))

    # -- keys and mouse -----------------------------------------------------------------------

    def action_pen(self) -> None:
        """Put the pen down, which leaves a dot, or lift it."""
        self.down = not self.down
        if self.down:
            self._touch(self.place, 1.0)

    def action_move(self, x: int, y: int) -> None:
        """Move the pen by one pixel."""
        self._touch(self.place + Offset(x, y), 1.0 if self.down else None)

    def action_clear(self) -> None:
        """Take a clean sheet, and lift the pen."""
        self.ink[:] = 0.0
        self.down = False
        self._tell()

    def on_mouse_down(self, event: events.MouseDown) -> None:
        """Begin a stroke, of ink or of the rubber, where the mouse is."""
        self.capture_mouse()
        self.down = False
        self._stroke = 0.0 if event.button == RUBBER else 1.0
        self.place = self._under(event)
        self._touch(self.place, self._stroke)

    def on_mouse_move(self, event: events.MouseMove) -> None:
        """Go on with the stroke."""
        if self._stroke is not None:
            self._touch(self._under(event), self._stroke)

    def on_mouse_up(self) -> None:
        """The stroke ends."""
        self._stroke = None
        self.release_mouse()

    def _under(self, event: events.MouseEvent) -> Offset:
        """The pixel under the mouse; one at the edge when it is outside."""
        x, y = event.offset - self.gutter.top_left
        return Offset(
            min(max(x // (2 * self.scale), 0), SIDE - 1), min(max(y // self.scale, 0), SIDE - 1)
        )
