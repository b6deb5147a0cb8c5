"""The four buttons: how well the learner knew it, and when the card comes back for each.

The interval shown is the interval given: it comes from the scheduler's own outcomes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.reactive import reactive
from textual.widget import Widget

from tutor.memory.model import Outcome, Rating

ROLES = {Rating.AGAIN: "$bad", Rating.HARD: "", Rating.GOOD: "$good", Rating.EASY: ""}
CELL = 18
RATINGS_MEAN = "Knew it? 1 no, 2 hardly, 3 yes, 4 at once; beside each, when it is back."
TOO_HIGH = "A right choice is at most Good, and with a hint at most Hard."


class RatingBar(Widget):
    """One row: `1 Again 1m   2 Hard 6m > 3 Good 10m   4 Easy 8d`; posts `Taken` for a click.

    cursor: the rating that enter gives; None if a digit must.
    """

    DEFAULT_CSS = "RatingBar { height: 1; }"

    outcomes: reactive[Mapping[Rating, Outcome]] = reactive[Mapping[Rating, Outcome]](dict)
    cursor: reactive[Rating | None] = reactive[Rating | None](None)

    @dataclass
    class Taken(Message):
        """The learner clicked on this rating."""

        rating: Rating

    def offer(self, outcomes: Mapping[Rating, Outcome], *, marked: bool) -> None:
        """Show these buttons; `marked` puts the cursor on Good, or on the best one below it."""
        self.outcomes = outcomes
        self.cursor = min(Rating.GOOD, max(outcomes)) if marked and outcomes else None

    def move(self, by: int) -> None:
        """Move the cursor to the next button, from nowhere to the nearest end."""
        offered = sorted(self.outcomes)
        if self.cursor not in offered:
            self.cursor = offered[0 if by > 0 else -1]
            return
        at = offered.index(self.cursor) + by
        self.cursor = offered[max(0, min(at, len(offered) - 1))]

    def render(self) -> Content:
        """The buttons side by side; one that cannot be given is left out."""
        return Content("").join([self._button(r, o) for r, o in sorted(self.outcomes.items())])

    def _button(self, rating: Rating, outcome: Outcome) -> Content:
        name = rating.name.capitalize()
        text = Content.assemble(
            ("> " if rating == self.cursor else "  ", "$accent"),
            (f"{rating.value} ", "$accent"), (name, f"bold {ROLES[rating]}".strip()),
            (f" {outcome.label}", "$quiet"),
        )  # fmt: skip
        cell = min(CELL, (self.size.width or 4 * CELL) // 4)
        return text.pad_right(max(1, cell - text.cell_length))

    def on_click(self, event: events.Click) -> None:
        """Take the button under the mouse."""
        end = 0
        for rating, outcome in sorted(self.outcomes.items()):
            end += self._button(rating, outcome).cell_length
            if event.x < end:
                self.post_message(self.Taken(rating))
                return
