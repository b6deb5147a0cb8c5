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

from tutor.memory.labels import until
from tutor.session.earlier import question
from tutor.session.plans import StudyPlan
from tutor.ui.keys import bind
from tutor.ui.screens.page import Page
from tutor.ui.start import Start
from tutor.ui.widgets.menu import Menu, Row

if TYPE_CHECKING:
    from tutor.session.study import StudySession
    from tutor.session.summary import Due


TODAY = Row("today", "Today", "back to the overview", "esc")
FURTHER = (
    Row("ahead", "Learn ahead", "new cards beyond today's number"),
    Row("quiz", "Quiz", "ten questions over what you know"),
    Row("lab", "Lab", "watch something train"),
)


class StudyEndScreen(Page):
    """Says what was done and offers the next steps."""

    CSS_PATH = "study_end.tcss"
    AUTO_FOCUS = "Menu"
    panes = ("Done",)
    BINDINGS: ClassVar[list[BindingType]] = [bind("undo")]

    def __init__(self, session: StudySession, start: Start) -> None:
        super().__init__()
        self.start = start
        self.session = session
        self.tally = session.tally

    def action_undo(self) -> None:
        """Take the last answer back and study its card again."""
        if (earlier := self.session.earlier.asks()) is not None:
            self.say(question(earlier))
        elif self.session.undo() is None:
            self.say("There is no answer to take back.")
        else:
            self.host.go_instead(self.start)

    def body(self) -> ComposeResult:
        """One sentence and a short list."""
        yield Static(id="done")
        yield Static(id="next-due", classes="quiet", markup=False)
        yield Menu((*self.again(), TODAY, *FURTHER))

    def again(self) -> tuple[Row, ...]:
        """What was missed in this session, to be asked again."""
        count = len(self.tally.missed)
        if not count:
            return ()
        cards = "the card" if count == 1 else f"the {count} cards"
        return (Row("missed", "Drill the missed", f"{cards} that you missed; no date moves"),)

    def on_mount(self) -> None:
        """Say when the next card comes."""
        self.head("Study")
        self.wait_for(self.learner.due, self.show_due, "Counting what waits …")

    def show_due(self, due: Due) -> None:
        """What was done, what is left of today, or when the next card is due."""
        self.query_one("#done", Static).update(self.sentence(due))
        if due.ready:
            text = f"Still to come today: {due.waiting}."
            on = Row("on", "Go on", "with what waits")
            self.query_one(Menu).rows = (*self.again(), on, TODAY, *FURTHER)
        else:
            text = until(due.next_due_utc_ms, self.host.now_ms())
        self.query_one("#next-due", Static).update(Content(text))

    def sentence(self, due: Due) -> Content:
        """What was done, and whether that was all of today."""
        if not self.tally.answers:
            nothing = "No card was answered." if due.ready else "Nothing waits right now."
            return Content.styled(nothing, "bold")
        beginning = "That was this session: " if due.waiting else "That was today: "
        if self.session.drill:
            beginning = "That was the drill, and no date has moved: "
        elif self.session.over_time:
            beginning = f"{self.session.length}. Saved: "
        return Content.assemble((beginning, "bold"), f"{self.tally.words()}.")

    @on(Menu.Chosen)
    def _chosen(self, event: Menu.Chosen) -> None:
        name = event.row.name
        if name == "today":
            self.action_back()
        elif name == "missed":
            plan = StudyPlan(cards=self.tally.missed, drill=True)
            self.host.go_instead(Start("study", plan=plan))
        elif name == "on":
            self.host.go_instead(Start("study"))
        elif name == "ahead":
            self.host.go_instead(Start("study", plan=StudyPlan(ahead=True)))
        else:
            self.host.go_instead(Start(name))
