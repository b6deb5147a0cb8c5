"""Before a quiz: how many questions, of which kinds, over which topics.

Nothing needs to be chosen: enter starts ten questions over what the learner has met.
"""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.widgets import Static

from tutor.deck.model import KINDS, MARKED
from tutor.session.plans import QuizPlan
from tutor.ui.keys import bind
from tutor.ui.screens.page import Page
from tutor.ui.start import Start
from tutor.ui.widgets.toggles import Toggles

COUNTS = (3, 5, 10, 15, 20, 30, 50)
IN_WORDS = {
    "cloze": "fill the gaps",
    "choice": "one of a few",
    "multi": "several of a few",
    "truefalse": "true or false",
    "numeric": "a number",
    "typed": "a word",
    "order": "put in order",
    "match": "match pairs",
}


class QuizSetupScreen(Page):
    """Chooses number, kinds and topics."""

    CSS_PATH = "quiz_setup.tcss"
    AUTO_FOCUS = "#topics"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("start"),
        Binding("left", "turn(-1)", "how many", key_display="← →", id="turn-1",
                tooltip="Fewer or more questions."),
        Binding("right", "turn(1)", "how many", show=False, id="turn-2"),
        Binding("tab", "app.focus_next", "other list", id="lists",
                tooltip="Go from kinds to topics and back."),
    ]  # fmt: skip

    def __init__(self, plan: QuizPlan) -> None:
        super().__init__()
        self.plan = plan
        self.count = plan.count or 10

    def body(self) -> ComposeResult:
        """The number above the two lists."""
        kinds = tuple((kind, IN_WORDS[kind]) for kind in KINDS if kind in MARKED)
        yield Static(id="count", markup=False)
        with Horizontal(id="lists"):
            yield from self.column("Kinds", Toggles(kinds, id="kinds"))
            yield from self.column("Topics", Toggles(self.topics(), id="topics"))

    def column(self, title: str, toggles: Toggles) -> ComposeResult:
        """A list below its title, scrolling on its own."""
        with Vertical():
            yield Static(title, classes="quiet")
            with VerticalScroll(can_focus=False):
                yield toggles

    def topics(self) -> tuple[tuple[str, str], ...]:
        """The topics that have something to ask, in teaching order."""
        library = self.learner.library
        asked = {entry.topic for entry in library.entries.values() if entry.kind in MARKED}
        return tuple((t.id, t.title) for t in library.topics.values() if t.id in asked)

    def on_mount(self) -> None:
        """Show the number."""
        self.head("Quiz")
        self.action_turn(0)
        self.say("Nothing ticked means everything, what you have met first.")

    def action_turn(self, by: int) -> None:
        """Fewer or more questions."""
        at = min(range(len(COUNTS)), key=lambda i: abs(COUNTS[i] - self.count))
        self.count = COUNTS[max(0, min(at + by, len(COUNTS) - 1))]
        text = Content.assemble(("← ", "$accent"), (str(self.count), "bold"), (" →", "$accent"))
        self.query_one("#count", Static).update(Content.assemble("Questions   ", text))

    def action_start(self) -> None:
        """Begin."""
        kinds = self.query_one("#kinds", Toggles).ticked
        topics = self.query_one("#topics", Toggles).ticked
        plan = replace(self.plan, count=self.count, kinds=tuple(kinds), topics=tuple(topics))
        self.host.go_instead(Start("quiz", plan=plan))
