"""The last weeks as a calendar: a column a week, Monday on top, the busier the day the fuller.

A sign of more ink stands for a busier day, so that it can be read without colour too.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from textual.content import Content
from textual.geometry import Size
from textual.reactive import reactive
from textual.widget import Widget

DAYS, THURSDAY = 7, 3
NAMES = ("Mon", "", "Wed", "", "Fri", "", "Sun")
GUTTER, ACROSS = 4, 2  # cells before the first week, and those of a week
NONE, SIGNS = "· ", ("░░", "▒▒", "▓▓", "██")
FULL = 0.95  # so many of the busy days lie below the fullest sign


class Weeks(Widget):
    """Answers a day, as many weeks as there is room for."""

    DEFAULT_CSS = f"Weeks {{ height: {DAYS}; }}"

    counts: reactive[Sequence[int]] = reactive[Sequence[int]](())

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self.last = 0

    def show(self, counts: Sequence[int], last: int) -> None:
        """Show the answers of consecutive study days, the last of which is day `last`."""
        self.last = last
        self.counts = counts

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """A row for each day of the week."""
        return DAYS

    def render(self) -> Content:
        """The calendar, the newest week at the right."""
        weeks = max(1, (self.size.width - GUTTER) // ACROSS)
        full = _full(self.counts)
        # Day 0 was the Thursday of 1 January 1970.
        newest = self.last - (self.last + THURSDAY) % DAYS
        return Content("\n").join(
            Content.styled(NAMES[weekday].ljust(GUTTER), "$quiet")
            + Content("").join(
                self._cell(newest + weekday - DAYS * ago, full)
                for ago in range(min(weeks, self._weeks) - 1, -1, -1)
            )
            for weekday in range(DAYS)
        )

    @property
    def _weeks(self) -> int:
        """How many weeks the counts touch; at least this one."""
        return max(1, math.ceil(len(self.counts) / DAYS))

    def _cell(self, day: int, full: int) -> Content:
        ago = self.last - day
        if not 0 <= ago < max(1, len(self.counts)):
            return Content(" " * ACROSS)
        count = self.counts[-1 - ago] if self.counts else 0
        if not count:
            return Content.styled(NONE, "$rule")
        return Content.styled(SIGNS[min(len(SIGNS), math.ceil(len(SIGNS) * count / full)) - 1],
                              "$accent")  # fmt: skip


def _full(counts: Sequence[int]) -> int:
    """From how many answers on a day has the fullest sign: one long day makes no other pale."""
    busy = sorted(filter(None, counts))
    return busy[int(FULL * (len(busy) - 1))] if busy else 1
