"""The row of a demo's knobs: name and value, the one in hand marked.

A second row says what that knob does and what it takes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from textual import events
from textual.content import Content
from textual.message import Message
from textual.style import Style

from demos.base import Knob, Line, Value
from tutor.lab import knobs as rules
from tutor.text.numerals import written
from tutor.ui.widgets.clicks import for_key
from tutor.ui.widgets.demo_sheet import LOW, TALL
from tutor.ui.widgets.lines import Lines

GAP = "   "
KNOB = "knob"  # the meta of a knob's cells: its place
LONGEST = 24
"""Characters of a typed line that the row shows."""


class KnobRow(Lines):
    """The row; a click takes a knob in hand, and one on the value in hand turns it."""

    @dataclass
    class Held(Message):
        """The learner clicked on the knob at this place."""

        at: int

    def on_click(self, event: events.Click) -> None:
        """Take the knob under the mouse."""
        at = event.style.meta.get(KNOB)
        if at is not None:
            self.post_message(self.Held(at))


def knob_rows(
    knobs: Sequence[Knob], values: Mapping[str, Value], current: int, width: int
) -> list[Content]:
    """The knobs in as many rows as they need."""
    rows: list[Content] = []
    for place, knob in enumerate(knobs):
        shown = _knob(knob, values[knob.name], place == current)
        shown = shown.stylize_before(Style.from_meta({KNOB: place}))
        if rows and rows[-1].cell_length + len(GAP) + shown.cell_length <= width:
            rows[-1] = Content.assemble(rows[-1], GAP, shown)
        else:
            rows.append(shown)
    return rows


def rows_for(
    height: int, knobs: Sequence[Knob], values: Mapping[str, Value], current: int, width: int
) -> list[Content]:
    """The rows for a demo of `height` rows: on a low one the row that has the knob in hand, on a
    tall one what that knob does, too."""
    rows = knob_rows(knobs, values, current, width)
    if height < LOW:
        at = len(knob_rows(knobs[: current + 1], values, current, width)) - 1
        return rows[at : at + 1]
    return [*rows, about_row(knobs[current])] if height >= TALL else rows


def about_row(knob: Knob) -> Content:
    """What the knob in hand does, and its range."""
    about = f"{knob.about}: " if knob.about else ""
    return Content.styled(f"{words(knob.name)}: {about}{written(rules.range_of(knob))}", "$quiet")


def words(name: str) -> str:
    """A knob's name as words."""
    return name.replace("_", " ")


def _knob(knob: Knob, value: Value, current: bool) -> Content:
    shown = _shortened(str(value)) if isinstance(knob, Line) else written(rules.shown_value(value))
    if current:
        less, more = for_key("‹", "left"), for_key(f"{shown}›", "right")
        turned = Content.assemble(less, more).stylize("bold $accent")
        return Content.assemble((f"{words(knob.name)} ", "bold"), turned)
    return Content.assemble((f"{words(knob.name)} ", "$quiet"), shown)


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
