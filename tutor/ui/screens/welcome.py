"""The first minute: what this is in three lines, one question, and straight into a lesson.

It is shown once, to a learner whose journal is empty; escape leaves it for Today.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from tutor import settings as files
from tutor.deck.model import Topic
from tutor.errors import UnwritableError
from tutor.lab import link
from tutor.session.plans import StudyPlan
from tutor.settings import stepped
from tutor.ui.keys import bind
from tutor.ui.screens.page import Page
from tutor.ui.screens.topic import TopicScreen
from tutor.ui.start import Start
from tutor.ui.widgets.clicks import for_key
from tutor.ui.widgets.topic import TopicView

if TYPE_CHECKING:
    from tutor.deck.library import Library

WORDS = (
    "Learn machine learning a few minutes a day, and still know it in a year.",
    "Cards come back when you are about to forget them;",
    "quizzes ask for the number, and small networks train while you watch.",
)
QUESTIONS = 3
SEE_IT = "Enter reads on, then lets you see it happen."
# What to watch where the first topic names no demo: numbers being fitted to points.
FIRST_DEMO = "fit"


class WelcomeScreen(Page):
    """Asks how many minutes a day, nothing else."""

    CSS_PATH = "welcome.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("go", "begin", "first lesson"),
        Binding("left", "turn(-1)", "minutes", key_display="← →", id="turn-1",
                tooltip="Fewer or more minutes a day."),
        Binding("right", "turn(1)", "minutes", show=False, id="turn-2"),
    ]  # fmt: skip

    def body(self) -> ComposeResult:
        """Three lines and a number."""
        yield Static(Content("\n").join([Content(line) for line in WORDS]), id="words")
        yield Static(id="minutes", markup=False)
        yield Static(
            "Change it with ← and →. Enter starts the first lesson.",
            classes="quiet",
            id="how",
        )

    def on_mount(self) -> None:
        """Show the number."""
        self.head("tutor", "welcome")
        self.paint()

    def paint(self) -> None:
        """The question with its present answer."""
        less, more = for_key("← ", "left"), for_key(" →", "right")
        minutes = Content.assemble(less, f"{self.host.settings.minutes_a_day} min", more)
        self.query_one("#minutes", Static).update(
            Content.assemble("How many minutes a day?   ", minutes.stylize("$accent bold"))
        )

    def action_turn(self, steps: int) -> None:
        """Fewer or more minutes."""
        self.host.use_settings(stepped(self.host.settings, "minutes_a_day", steps))
        self.paint()

    def action_begin(self) -> None:
        """Keep the answer and open the first lesson."""
        try:
            files.save(self.host.place.settings, self.host.settings)
        except UnwritableError as error:
            self.failed(error)
            return
        topic = first_topic(self.host.learner.library)
        if topic is None:
            self.action_back()
        else:
            self.host.go_instead(Start("first-lesson", term=topic.id))


def first_topic(library: Library) -> Topic | None:
    """Where to begin: the first topic with a lesson and enough cards."""
    topics = library.topics.values()
    return next((t for t in topics if t.lesson and len(library.cards_of(t.id)) >= QUESTIONS), None)


class FirstLesson(TopicScreen):
    """The lesson, then its demo, then three cards, then Today: 1 of 4 to 4 of 4."""

    BINDINGS: ClassVar[list[BindingType]] = [bind("go", "on", "go on")]

    def __init__(self, topic: str) -> None:
        super().__init__(topic)
        self.seen_demo = False

    def show(self) -> None:
        """The lesson alone; what will be asked is not told beforehand."""
        super().show()
        view = self.query_one(TopicView)
        if view.page is not None:
            view.page = replace(view.page, listed=False, placed=False)
        self.head("First lesson", "1 of 4")

    def on_screen_resume(self) -> None:
        """Say what enter does next; after the demo, go on to the cards."""
        if self.seen_demo:
            self.study()
        else:
            self.say(SEE_IT)

    def action_on(self) -> None:
        """Read on; at the end the demo."""
        if self.paged():
            return
        self.seen_demo = True
        topic = self.learner.library.topics[self.topic]
        demo = topic.demo if link.title(topic.demo) else FIRST_DEMO
        self.host.go(Start("lab", term=demo, first=True))

    def study(self) -> None:
        """The cards that end on Today."""
        plan = StudyPlan(topics=(self.topic,), limit=QUESTIONS, new=QUESTIONS)
        self.host.go_instead(Start("study", plan=plan, first=True, read=(self.topic,)))
