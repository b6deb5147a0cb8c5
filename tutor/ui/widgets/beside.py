"""Room beside a card: how the session stands, and for a while its lesson or its demo instead."""

from __future__ import annotations

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widget import Widget

from tutor.ui.widgets.links import Link, Links


class Beside(VerticalScroll):
    """The second column of a page with a card.

    holds: the name of what stands there instead of the session, empty if nothing does.
    """

    def __init__(self, title: str) -> None:
        """title: of the pane, while it tells how the session stands."""
        super().__init__(id="side", can_focus=False)
        self.title = title
        self.holds = ""

    def compose(self) -> ComposeResult:
        """The rows that tell how the session stands."""
        yield Links(id="aside")

    @property
    def held(self) -> Widget | None:
        """What stands there instead of the session."""
        return self.children[-1] if self.holds else None

    def tell(self, rows: Iterable[Link]) -> None:
        """Show how the session stands."""
        self.query_one("#aside", Links).rows = tuple(rows)
        self._follow()

    def open(self, name: str, widget: Widget) -> None:
        """Show `widget`, with the focus if it takes keys."""
        self.close()
        self.holds = name
        self.mount(widget)
        self._follow()
        if widget.can_focus:
            widget.focus()

    def close(self) -> None:
        """Put away what was opened."""
        if self.held is not None:
            self.held.remove()
        self.holds = ""
        self._follow()

    def _follow(self) -> None:
        """There are two columns while something stands in this one."""
        aside = self.query_one("#aside", Links)
        aside.display = not self.holds
        self.border_title = self.holds.capitalize() or self.title
        self.screen.set_class(bool(self.holds or aside.rows), "two-columns")
