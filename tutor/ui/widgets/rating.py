"""The four buttons: how well the learner knew it, and when the card comes back for each.

The interval shown is the interval given: it comes from the scheduler's own outcomes.
"""

from __future__ import annotations

from collections.abc import Mapping

from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget

from tutor.memory.model import Outcome, Rating

ROLES = {Rating.AGAIN: "$bad", Rating.HARD: "", Rating.GOOD: "$good", Rating.EASY: ""}
CELL = 18


class RatingBar(Widget):
    """One row: `1 Again 1m   2 Hard 6m   3 Good 10m   4 Easy 8d`."""

    DEFAULT_CSS = "RatingBar { height: 1; }"

    outcomes: reactive[Mapping[Rating, Outcome]] = reactive[Mapping[Rating, Outcome]](dict)

    def render(self) -> Content:
        """The buttons side by side; one that cannot be given is left out."""
        return Content("").join([self._button(r, o) for r, o in sorted(self.outcomes.items())])

    def _button(self, rating: Rating, outcome: Outcome) -> Content:
        name = rating.name.capitalize()
        text = Content.assemble(
            (f"{rating.value} ", "$accent"), (name, f"bold {ROLES[rating]}".strip()),
            (f" {outcome.label}", "$quiet"),
        )  # fmt: skip
        return text.pad_right(max(1, CELL - text.cell_length))
