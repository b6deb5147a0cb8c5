"""What falls due in the next days, a bar a day, as many days as there are rows."""

from __future__ import annotations

from collections.abc import Sequence

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tutor.memory.labels import day_name
from tutor.ui.widgets import bars

BESIDE = 22  # cells that a bar leaves to its day and its number


class Coming(Widget):
    """Cards that fall due, day by day from today on."""

    DEFAULT_CSS = "Coming { height: 1fr; }"

    due: reactive[Sequence[int]] = reactive[Sequence[int]](())
    today = 0

    def show(self, due: Sequence[int], today: int) -> None:
        """Show so many cards for study day `today` and those after it."""
        self.today = today
        self.due = due

    def render(self) -> Content:
        """As many days as there are rows."""
        entries = [
            ("Today" if not at else day_name(self.today + at), float(cards), f"{cards:,}")
            for at, cards in enumerate(self.due[: self.size.height])
        ]
        return Content("\n").join(bars.rows(entries, max(1, self.size.width - BESIDE)))
