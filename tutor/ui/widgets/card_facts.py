"""How a card stands, below its answer: a line for each gap, the forgetting curve, the history."""

from __future__ import annotations

import numpy as np
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Static

from demos.views import Curves, Frame, Series
from tutor.session.card_facts import UnitFacts, by_gap, standing
from tutor.ui.widgets.panel import FrameView

MOST = 200


class CardFactsView(Vertical):
    """The facts of a card."""

    DEFAULT_CSS = """
    CardFactsView { height: auto; margin-top: 1; max-width: 84; }
    CardFactsView FrameView { height: 9; margin-top: 1; }
    CardFactsView Static { height: auto; }
    """

    def compose(self) -> ComposeResult:
        """Where it stands, the curve, the history."""
        yield Static(id="standing", markup=False)
        yield FrameView(id="curve")
        yield Static(id="history", markup=False)

    def show(self, facts: tuple[UnitFacts, ...]) -> None:
        """Show these facts; the curve is that of the gap that is least remembered."""
        lines = [_standing(name, one) for name, one in by_gap(facts)]
        self.query_one("#standing", Static).update(Content("\n").join(lines))
        drawn = [one for one in facts if one.curve]
        view = self.query_one("#curve", FrameView)
        view.display = bool(drawn)
        if drawn:
            view.show(Frame(_curve(min(drawn, key=lambda one: one.recall))))
        self.query_one("#history", Static).update(Content("\n").join(_history(facts)))


def _standing(name: str, facts: UnitFacts) -> Content:
    return Content.assemble((name, "$quiet"), standing(facts))


def _curve(facts: UnitFacts) -> Curves:
    days, chance = (np.array(values) for values in zip(*facts.curve, strict=True))
    marks = [(float(facts.elapsed), "today")]
    if facts.interval and facts.interval != facts.elapsed:
        marks.append((float(facts.interval), "due"))
    return Curves(
        "Chance to remember it, by days since the answer",
        (Series("", 100 * chance, days),),
        x_label="days",
        y_label="%",
        marks=tuple(marks),
    )


def _history(facts: tuple[UnitFacts, ...]) -> list[Content]:
    several = len(facts) > 1
    told = [
        (line, one.unit.rpartition("/")[2] if several else "") for one in facts
        for line in one.history
    ]  # fmt: skip
    told.sort(key=lambda pair: pair[0][:10], reverse=True)
    lines = [Content.assemble(line, (f"  {gap}" if gap else "", "$quiet")) for line, gap in told]
    if not lines:
        return [Content.styled("Not answered yet.", "$quiet")]
    if len(lines) > MOST:
        lines = [*lines[:MOST], Content.styled(f"and {len(lines) - MOST:,} more", "$quiet")]
    return [Content(""), Content.styled("What happened to it", "$quiet"), *lines]
