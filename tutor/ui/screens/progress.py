"""Progress: what you know, what is coming, where you are weak, how well you judge yourself.

Read from top to bottom; every chart has its numbers in words.
"""

from __future__ import annotations

from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from tutor.session.progress import Facts, gather
from tutor.ui.screens.page import Page
from tutor.ui.widgets.progress_lines import progress_lines
from tutor.ui.widgets.prose import MEASURE


class ProgressScreen(Page):
    """Shows how it goes."""

    BINDINGS: ClassVar[list[BindingType]] = [*Page.SCROLLING]

    def body(self) -> ComposeResult:
        """The page."""
        yield Static(id="progress", markup=False)

    def on_mount(self) -> None:
        """Count in a thread."""
        self.head("Progress")
        self.wait_for(lambda: gather(self.learner), self.show, "Reading your answers …")

    def show(self, facts: Facts) -> None:
        """Paint the numbers."""
        lines = progress_lines(facts, MEASURE)
        self.query_one("#progress", Static).update(Content("\n").join(lines))
