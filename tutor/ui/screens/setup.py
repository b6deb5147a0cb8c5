"""Before a session: how long, which cards, which topics; what quiz and study share of it.

Nothing needs to be chosen: enter starts.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Input, Static

from tutor.deck.model import Entry, Topic
from tutor.session.plans import Pick
from tutor.ui.keys import bind
from tutor.ui.screens.page import Page
from tutor.ui.widgets.body import Body
from tutor.ui.widgets.clicks import for_key
from tutor.ui.widgets.field import Field, Search
from tutor.ui.widgets.toggles import OneToggle, Toggles
from tutor.ui.widgets.topic_toggles import TopicToggles

PICKS: tuple[tuple[Pick, str], ...] = (
    ("missed", "only what I missed"),
    ("known", "only what I have met"),
)


class SetupScreen(Page):
    """A line to turn, lists to tick, topics by chapter with a search."""

    CSS_PATH = "setup.tcss"
    panes = ("Which cards",)
    AUTO_FOCUS = "#topics"
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("start"),
        bind("find"),
        Binding("left", "turn(-1)", "how many", key_display="← →", id="turn-1",
                tooltip="Less or more."),
        Binding("right", "turn(1)", "how many", show=False, id="turn-2"),
        Binding("tab", "app.focus_next", "list", id="lists",
                tooltip="Go from one list to the next."),
    ]  # fmt: skip

    steps: ClassVar[Sequence[int | None]] = ()
    """What left and right turn through."""
    what: ClassVar[str] = "Questions"

    def __init__(self, at: int | None) -> None:
        super().__init__()
        numbers = [step or 0 for step in self.steps]
        self.at = min(range(len(numbers)), key=lambda i: abs(numbers[i] - (at or 0)))

    def body(self) -> ComposeResult:
        """The line above the lists."""
        yield Static(id="count", markup=False)
        with Horizontal(id="lists"):
            with Body(can_focus=False):
                yield from self.lists()
            with Vertical():
                yield Field("find a topic or a chapter", kind=Search)
                with Body(can_focus=False):
                    yield TopicToggles(
                        self.topics_asked(), self.tags(), self.bare_asked(), id="topics"
                    )

    def lists(self) -> ComposeResult:
        """What can be ticked beside the topics."""
        yield from self.column("Cards", OneToggle(PICKS, id="pick"))

    def column(self, title: str, toggles: Widget) -> ComposeResult:
        """A list below its title."""
        yield Static(title, classes="quiet")
        yield toggles

    def can_ask(self, entry: Entry) -> bool:
        """Whether such a session can ask this card."""
        return True

    def topics_asked(self) -> list[Topic]:
        """The topics that have something to ask."""
        library = self.learner.library
        asked = {entry.topic for entry in library.entries.values() if self.can_ask(entry)}
        return [topic for topic in library.topics.values() if topic.id in asked]

    def bare_asked(self) -> dict[str, tuple[int, str]]:
        """The decks without topics that have something to ask."""
        library = self.learner.library
        asked = {entry.deck for entry in library.entries.values() if self.can_ask(entry)}
        return {deck: place for deck, place in library.bare.items() if deck in asked}

    def tags(self) -> set[str]:
        """The tags of the cards that can be asked."""
        entries = self.learner.library.entries.values()
        return {tag for entry in entries if self.can_ask(entry) for tag in entry.tags}

    def on_mount(self) -> None:
        """Show the line."""
        self.action_turn(0)

    @property
    def step(self) -> int | None:
        """The number that is chosen."""
        return self.steps[self.at]

    def action_turn(self, by: int) -> None:
        """Less or more."""
        self.at = max(0, min(self.at + by, len(self.steps) - 1))
        less = for_key(Content.styled("← ", "$accent"), "left")
        more = for_key(Content.styled(" →", "$accent"), "right")
        shown = Content.assemble(less, (self.in_words(), "bold"), more)
        self.query_one("#count", Static).update(Content.assemble(f"{self.what}   ", shown))

    def in_words(self) -> str:
        """The number that is chosen, as it is shown."""
        return str(self.step)

    # -- finding ------------------------------------------------------------------------------

    @property
    def topics(self) -> TopicToggles:
        """The topics and chapters to tick."""
        return self.query_one("#topics", TopicToggles)

    @property
    def field(self) -> Input:
        """Where a topic is found."""
        return self.query_one(Field).input

    def action_find(self) -> None:
        """Type a name."""
        self.field.focus()

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        found = self.topics.find(event.value, self.learner.library.search)
        self.say("" if found else f"No topic is called {event.value.strip()!r}.")

    @on(Input.Submitted)
    def _found(self, event: Input.Submitted) -> None:
        event.stop()
        self.topics.focus()

    def key_down(self, event: events.Key) -> None:
        """Down from the field goes into the list."""
        if self.field.has_focus:
            event.stop()
            self.topics.focus()

    def action_back(self) -> None:
        """From a search to all topics, from there away."""
        if self.field.value:
            self.field.value = ""
            self.topics.focus()
        else:
            super().action_back()

    # -- what is chosen -----------------------------------------------------------------------

    def ticked(self, name: str) -> tuple[str, ...]:
        """The names that are ticked in a list."""
        return tuple(self.query_one(f"#{name}", Toggles).ticked)

    @property
    def pick(self) -> Pick:
        """Which of the cards."""
        ticked = self.ticked("pick")
        return next((name for name, _ in PICKS if name in ticked), "")
