"""A list of things to tick: up and down move, space ticks, all of it by keyboard or mouse.

Nothing ticked means everything.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.geometry import Region, Size
from textual.reactive import reactive
from textual.widget import Widget

from tutor.ui.keys import bind


class Toggles(Widget, can_focus=True):
    """Rows with a tick before each; `ticked` holds the names."""

    DEFAULT_CSS = "Toggles { height: auto; }"

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "up", show=False),
        Binding("down", "move(1)", "down", show=False),
        bind("tick"),
    ]

    cursor: reactive[int] = reactive(0)
    ticked: reactive[frozenset[str]] = reactive(frozenset())

    rows: reactive[tuple[tuple[str, str], ...]] = reactive((), layout=True)

    def __init__(self, rows: Sequence[tuple[str, str]], *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.set_reactive(Toggles.rows, tuple(rows))

    def watch_rows(self) -> None:
        """Keep the cursor on a row."""
        self.cursor = self.validate_cursor(self.cursor)

    def is_ticked(self, name: str) -> bool:
        """Whether a row shows a tick."""
        return name in self.ticked

    def validate_cursor(self, cursor: int) -> int:
        """Stay on a row."""
        return max(0, min(cursor, len(self.rows) - 1))

    def watch_cursor(self) -> None:
        """Keep the cursor in view."""
        if isinstance(self.parent, VerticalScroll):
            region = Region(0, self.virtual_region.y + self.cursor, self.size.width or 1, 1)
            self.parent.scroll_to_region(region, animate=False)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """One line a row."""
        return len(self.rows)

    def render(self) -> Content:
        """All rows; the cursor shows only where the keys act."""
        return Content("\n").join([self._line(at) for at in range(len(self.rows))])

    def _line(self, at: int) -> Content:
        name, label = self.rows[at]
        current, ticked = at == self.cursor and self.has_focus, self.is_ticked(name)
        line = Content.assemble(
            ("> " if current else "  ", "$accent"),
            ("✓ " if ticked else "· ", "$good" if ticked else "$quiet"),
            (label, "bold" if current else ""),
        )
        return line.truncate(max(1, self.size.width), ellipsis=True)

    def action_move(self, by: int) -> None:
        """Move the cursor."""
        self.cursor += by

    def action_tick(self) -> None:
        """Tick the current row, or take its tick away."""
        if self.rows:
            self.ticked = self.ticked ^ {self.rows[self.cursor][0]}

    def on_click(self, event: events.Click) -> None:
        """Tick the row under the mouse."""
        if event.y < len(self.rows):
            self.cursor = event.y
            self.action_tick()


class OneToggle(Toggles):
    """Of its rows at most one is ticked."""

    def action_tick(self) -> None:
        """Tick the current row instead of another, or take its tick away."""
        self.ticked = frozenset({self.rows[self.cursor][0]}) - self.ticked
