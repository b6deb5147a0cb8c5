"""The end of a session: what was done, and what to do next. Never a dead end, never a reproach.

It is shown too when nothing waits.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.content import Content
from textual.widgets import Static

from tutor.session.plans import StudyPlan
from tutor.session.tally import Tally
from tutor.ui.keys import bind
from tutor.ui.screens.page import Page
from tutor.ui.start import Start
from tutor.ui.widgets.menu import Menu, Row
from tutor.ui.widgets.moments import until

if TYPE_CHECKING:
    from tutor.session.summary import Due


class StudyEndScreen(Page):
    """Says what was done and offers the next steps."""

    CSS_PATH = "study_end.tcss"
    AUTO_FOCUS = "Menu"
    BINDINGS: ClassVar[list[BindingType]] = [bind("undo")]

    def __init__(self, tally: Tally, start: Start) -> None:
        super().__init__()
        self.start = start
        self.tally = tally

    def action_undo(self) -> None:
        """Take the last answer back and study its card again."""
        if self.learner.undo() is None:
            self.say("There is no answer to take back.")
        else:
            self.host.go_instead(self.start)

    def body(self) -> ComposeResult:
        """One sentence and a short list."""
        yield Static(self.sentence(), id="done")
        yield Static(id="next-due", classes="quiet", markup=False)
        yield Menu(
            (
                Row("today", "Today", "back to the overview", "esc"),
                Row("ahead", "Learn ahead", "new cards beyond today's number"),
                Row("quiz", "Quiz", "ten questions over what you know"),
                Row("lab", "Lab", "watch something train"),
            )
        )

    def on_mount(self) -> None:
        """Say when the next card comes."""
        self.head("Study")
        self.wait_for(self.learner.due, self.show_due, "Counting what waits …")

    def show_due(self, due: Due) -> None:
        """When the next card is due."""
        text = until(due.next_due_utc_ms, self.host.now_ms())
        self.query_one("#next-due", Static).update(Content(text))

    def sentence(self) -> Content:
        """What was done."""
        if not self.tally.answers:
            return Content.styled("Nothing waits right now.", "bold")
        return Content.assemble(("That was today: ", "bold"), f"{self.tally.words()}.")

    @on(Menu.Chosen)
    def _chosen(self, event: Menu.Chosen) -> None:
        name = event.row.name
        if name == "today":
            self.action_back()
        elif name == "ahead":
            self.host.go_instead(Start("study", plan=StudyPlan(ahead=True)))
        else:
            self.host.go_instead(Start(name))
