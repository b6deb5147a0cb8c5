"""Rows that lead somewhere: up and down go through them, enter opens one, a click does too.

Rows that lead nowhere are read, and stepped over. At either end the focus goes on to what comes
next on the page.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tutor.ui.keys import bind
from tutor.ui.start import Start
from tutor.ui.widgets.line import spread

INDENT = 2
EMPTY = Content("")


@dataclass(frozen=True, slots=True)
class Link:
    """A row: what stands at its left and at its right end, and the page that it opens, if any."""

    left: Content
    right: Content = EMPTY
    start: Start | None = None


class Links(Widget, can_focus=True):
    """Rows with a cursor; posts `Opened`."""

    DEFAULT_CSS = "Links { height: auto; }"

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("go", "open", "open"),
        Binding("up", "move(-1)", "up", show=False),
        Binding("down", "move(1)", "down", show=False),
    ]

    cursor: reactive[int] = reactive(0)
    rows: reactive[Sequence[Link]] = reactive[Sequence[Link]]((), layout=True)

    @dataclass
    class Opened(Message):
        """The learner wants to see what a row tells of."""

        start: Start

    @property
    def leading(self) -> list[int]:
        """The places of the rows that lead somewhere."""
        return [at for at, row in enumerate(self.rows) if row.start is not None]

    def watch_rows(self) -> None:
        """Only what leads somewhere takes the focus; the cursor stands on such a row."""
        places = self.leading
        self.can_focus = bool(places)
        if places and self.cursor not in places:
            self.cursor = places[0]

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """One line a row."""
        return len(self.rows)

    def render(self) -> Content:
        """All rows, the current one marked and in bold where the keys act."""
        return Content("\n").join([self._line(at, row) for at, row in enumerate(self.rows)])

    def _line(self, at: int, row: Link) -> Content:
        here = at == self.cursor and self.has_focus
        mark = Content.styled("> ", "$accent") if here else Content(" " * INDENT)
        line = spread(mark + row.left, row.right, self.size.width)
        return line.stylize("bold") if here else line

    # -- keys and mouse -----------------------------------------------------------------------

    def on_focus(self) -> None:
        """The cursor shows only where the keys act."""
        self.refresh()
        self.call_after_refresh(self.show_cursor)

    def on_blur(self) -> None:
        """The same."""
        self.refresh()

    def action_move(self, by: int) -> None:
        """To the next row that leads somewhere; beyond the last one, to the next part."""
        places = self.leading
        at = places.index(self.cursor) + by if self.cursor in places else 0
        if 0 <= at < len(places):
            self.cursor = places[at]
            self.show_cursor()
        elif by > 0:
            self.screen.focus_next()
        else:
            self.screen.focus_previous()

    def show_cursor(self) -> None:
        """Scroll what holds the rows until the current one is seen, and its pane if it fits."""
        for above in self.ancestors:
            if isinstance(above, Widget) and above.allow_vertical_scroll:
                y = self.region.y - above.region.y + above.scroll_offset.y + self.cursor
                pane = self.parent
                if isinstance(pane, Widget) and pane.region.height <= above.size.height:
                    above.scroll_to_widget(pane, animate=False)
                above.scroll_to_region(Region(0, y, 1, 1), animate=False)
                return

    def action_open(self) -> None:
        """Open the current row."""
        start = self.rows[self.cursor].start if self.cursor < len(self.rows) else None
        if start is not None:
            self.post_message(self.Opened(start))

    def on_click(self, event: events.Click) -> None:
        """Open the row under the mouse."""
        if event.y < len(self.rows) and self.rows[event.y].start is not None:
            self.cursor = event.y
            self.action_open()
