"""A short list of things to do: up and down move, enter does, and each row tells its own key.

Today, the menus over a card and the ends of sessions are made of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tutor.ui.keys import bind
from tutor.ui.widgets.line import shortened, spread

LABEL_WIDTH = 18


@dataclass(frozen=True, slots=True)
class Row:
    """One thing to do: its name for the program, its label, what it means now, and its key."""

    name: str
    label: str
    detail: str = ""
    key: str = ""


class Menu(Widget, can_focus=True):
    """Rows with a cursor; posts `Chosen` for the row that enter or a click takes."""

    DEFAULT_CSS = "Menu { height: auto; }"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "up", show=False),
        Binding("down", "move(1)", "down", show=False),
        bind("go", "choose", "choose"),
    ]

    cursor: reactive[int] = reactive(0)
    rows: reactive[tuple[Row, ...]] = reactive((), layout=True)

    @dataclass
    class Chosen(Message):
        """The learner took this row."""

        row: Row

    class Beyond(Message):
        """The learner wants to go below the last row."""

    def __init__(self, rows: tuple[Row, ...] = (), *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.set_reactive(Menu.rows, rows)

    def validate_cursor(self, cursor: int) -> int:
        """Stay on a row."""
        return max(0, min(cursor, len(self.rows) - 1))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """One line a row."""
        return len(self.rows)

    def render(self) -> Content:
        """All rows, the current one marked and in bold."""
        lines = [self._line(row, at == self.cursor) for at, row in enumerate(self.rows)]
        return Content("\n").join(lines)

    def _line(self, row: Row, current: bool) -> Content:
        label = f"{row.label:<{LABEL_WIDTH - 1}} " if row.detail else row.label
        left = Content.assemble(
            ("> " if current else "  ", "$accent"),
            (label, "bold" if current else ""),
            (row.detail, "" if current else "$quiet"),
        )
        left = shortened(left, self.size.width - len(row.key) - 1)
        return spread(left, Content.styled(row.key, "$accent"), self.size.width)

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        before = self.cursor
        self.cursor += by
        if by > 0 and self.cursor == before:
            self.post_message(self.Beyond())

    def action_choose(self) -> None:
        """Take the current row."""
        if self.rows:
            self.post_message(self.Chosen(self.rows[self.cursor]))

    def on_click(self, event: events.Click) -> None:
        """Take the row under the mouse."""
        if event.y < len(self.rows):
            self.cursor = event.y
            self.action_choose()
