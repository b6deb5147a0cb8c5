"""Progress: the year, what you know, what you remember, what is coming, where you are weak.

The counts are painted at once; what must be read from the answers one by one comes after it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Container, Vertical

from demos.views import Frame, Panel
from tutor.session import charts
from tutor.session import past as journal
from tutor.session.past import WORK_DAYS, Past
from tutor.session.progress import Facts, gather
from tutor.ui.screens.page import Page
from tutor.ui.widgets import progress_rows as rows
from tutor.ui.widgets.attention_rows import attention
from tutor.ui.widgets.links import Link, Links
from tutor.ui.widgets.pane import Pane
from tutor.ui.widgets.panel import PanelView

MONTH, YEAR = 30, 365


class ProgressScreen(Page):
    """Shows how it goes."""

    CSS_PATH = "progress.tcss"
    DEFAULT_CLASSES = "edged"
    BINDINGS: ClassVar[list[BindingType]] = [*Page.SCROLLING]

    def __init__(self) -> None:
        super().__init__()
        self.facts: Facts | None = None
        self.past: Past | None = None

    def body(self) -> ComposeResult:
        """The year over the whole width, the other parts in two columns where there is room."""
        yield _pane("The last year", "year", "year")
        with Container(id="parts"):
            with Vertical(id="left"):
                yield _pane("What you know", "known", "knowledge")
                yield _pane("Chapters", "chapters")
                yield _pane("Where you are weak", "weak")
                yield _pane("How well you judge yourself", "judged")
                yield _pane("Your time", "time", "minutes")
            with Vertical(id="right"):
                yield _pane("What you remember", "remembered", "retention")
                yield _pane("What is coming", "coming", "month", "later")
                yield _pane("What another wish would cost", "work", "costs")
                yield _pane("The memory model", "model")

    def on_mount(self) -> None:
        """Count in a thread."""
        self.head("Progress")
        self.wait_for(lambda: gather(self.learner), self.show, "Counting your cards …")

    def show(self, facts: Facts) -> None:
        """Paint the counts, and read the answers."""
        self.facts = facts
        stats, today = facts.stats, facts.today
        self.fill("year", rows.year(facts))
        self.fill("known", rows.known(facts))
        self.fill("time", rows.time(facts))
        self.fill("coming", rows.coming(facts))
        self.fill("weak", attention(facts))
        self.draw("year", charts.calendar(stats, today))
        self.draw("month", charts.coming(stats, MONTH))
        self.draw("later", charts.coming(stats, YEAR))
        self.draw("minutes", charts.minutes(stats, today))
        self.fill_both()
        # It is the first part: there is nothing to scroll to, whatever grows above it meanwhile.
        self.query_one("#year-rows", Links).focus(scroll_visible=False)
        self.wait_for(self.read_past, self.show_past, "Reading your answers …")

    def read_past(self) -> Past:
        """What the answers say, in a thread."""
        return journal.gather(self.learner)

    def show_past(self, past: Past) -> None:
        """Paint what the answers say."""
        assert self.facts is not None
        self.past = past
        self.fill_both()
        self.fill("judged", rows.judged(past))
        self.fill("model", rows.model(past))
        self.fill("work", rows.work(past))
        self.draw("knowledge", charts.knowledge(past))
        self.draw("retention", charts.retention(past, self.facts.today))
        self.draw("costs", charts.work(past.work, WORK_DAYS, past.wish))

    def fill_both(self) -> None:
        """The rows that come from the counts, and know more once the answers are read."""
        assert self.facts is not None
        self.fill("chapters", rows.chapters(self.facts, self.past))
        self.fill("remembered", rows.remembered(self.facts, self.past))

    def fill(self, name: str, links: Iterable[Link]) -> None:
        """Put rows into a part."""
        self.query_one(f"#{name}-rows", Links).rows = tuple(links)

    def draw(self, name: str, panel: Panel | None) -> None:
        """Put a picture into its part; none where there is nothing to be drawn yet."""
        view = self.query_one(f"#{name}-chart", PanelView)
        view.display = panel is not None
        view.show(None if panel is None else Frame(panel))

    @on(Links.Opened)
    def _opened(self, event: Links.Opened) -> None:
        event.stop()
        self.host.go(event.start)


def _pane(title: str, name: str, *pictures: str) -> Pane:
    """A part: its pictures over its rows."""
    views = [PanelView(id=f"{picture}-chart") for picture in pictures]
    for view in views:
        view.display = False
    return Pane(title, *views, Links(id=f"{name}-rows"), id=name)
