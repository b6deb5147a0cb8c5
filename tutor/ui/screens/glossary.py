"""The glossary: chapters and topics on the left, the topic on the right, found as one types.

On 80 columns the two stand one after the other: enter opens the topic, escape comes back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.widgets import Input, Tree

from tutor.lab import link
from tutor.session.plans import QuizPlan
from tutor.ui.keys import bind
from tutor.ui.screens.page import Page
from tutor.ui.start import Start
from tutor.ui.widgets.field import Field, Value
from tutor.ui.widgets.topic import TopicView, page_of
from tutor.ui.widgets.topic_tree import TopicTree

if TYPE_CHECKING:
    from tutor.deck.model import Topic


class GlossaryScreen(Page):
    """Browses and finds topics."""

    CSS_PATH = "glossary.tcss"
    panes = ("Topics", "Topic")
    BINDINGS: ClassVar[list[BindingType]] = [
        bind("find"),
        bind("known"),
        bind("demo"),
        bind("quiz", "quiz", "quiz"),
        bind("math", show=False),
    ]

    def __init__(self, topic: str | None = None, *, find: str = "") -> None:
        super().__init__()
        self.first = topic
        self.sought = find

    def body(self) -> ComposeResult:
        """The search field over the tree."""
        yield Field("a topic, or a part of its name", kind=Value)
        yield TopicTree()

    def side(self) -> ComposeResult:
        """The topic."""
        with VerticalScroll(id="side", can_focus=True):
            yield TopicView()

    def on_mount(self) -> None:
        """Show all topics, or go to the one asked for."""
        self.add_class("two-columns")
        self.head("Glossary")
        self.fill("")
        if self.first is not None:
            self.topics.go_to(self.first)
            self.show_topic(self.learner.library.topics[self.first])
            self.topics.focus()
        else:
            self.field.value = self.sought
            self.field.focus()

    @property
    def topics(self) -> TopicTree:
        """The tree of chapters."""
        return self.query_one(TopicTree)

    @property
    def field(self) -> Input:
        """The search field."""
        return self.query_one(Field).input

    def fill(self, sought: str) -> None:
        """Show the topics that match, or all."""
        library, known = self.learner.library, self.learner.known()
        found = library.search(sought) if sought.strip() else list(library.topics.values())
        self.topics.fill(found, known, unfold=bool(sought.strip()))
        self.count()
        if sought.strip() and found:
            self.show_topic(found[0])
        if not found:
            self.say(f"No topic is called {sought.strip()!r}. Try a shorter part of the word.")
        else:
            self.say("")

    def count(self) -> None:
        """How many topics are known, in the head."""
        library = self.learner.library
        known = sum(topic in library.topics for topic in self.learner.known())
        self.head("Glossary", f"{known} of {len(library.topics)} topics known")

    # -- the tree -----------------------------------------------------------------------------

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        self.fill(event.value)

    @on(Input.Submitted)
    def _found(self, event: Input.Submitted) -> None:
        if self.topics.topic is not None:
            self.topics.focus()
            self.open_topic()

    @on(Tree.NodeHighlighted)
    def _highlighted(self, event: Tree.NodeHighlighted[Topic | None]) -> None:
        if event.node.data is not None:
            self.show_topic(event.node.data)
        self.refresh_bindings()

    @on(Tree.NodeSelected)
    def _selected(self, event: Tree.NodeSelected[Topic | None]) -> None:
        self.open_topic()

    def show_topic(self, topic: Topic | None) -> None:
        """Put a topic into the second column."""
        learner, view = self.learner, self.query_one(TopicView)
        view.page = page_of(learner.library, topic.id, learner.known()) if topic else None
        self.query_one("#side").scroll_home(animate=False)

    def open_topic(self) -> None:
        """Open the topic on its own page, where it is not beside the tree already."""
        topic = self.topics.topic
        if topic is None:
            return
        if self.wide:
            self.query_one("#side").focus()
            return
        self.host.go(Start("topic", term=topic.id))

    # -- keys ---------------------------------------------------------------------------------

    def allows(self, action: str) -> bool:
        """A topic must be under the cursor."""
        if action in {"known", "demo", "quiz", "math"}:
            topic = self.topics.topic if self.is_mounted else None
            return topic is not None and (action != "demo" or bool(link.title(topic.demo)))
        return super().allows(action)

    def action_back(self) -> None:
        """From the topic to the tree, from a search to the whole tree, from there away."""
        if self.query_one("#side").has_focus:
            self.topics.focus()
        elif self.field.has_focus and self.field.value:
            self.field.value = ""
            self.topics.focus()
        else:
            super().action_back()

    def action_find(self) -> None:
        """Type a name."""
        self.field.focus()

    def action_known(self) -> None:
        """Mark the topic as known, or take that back."""
        topic = self.topics.topic
        if topic is not None:
            self.toggle_known(topic.id)
            self.topics.mark(topic.id, topic.id in self.learner.known())
            self.show_topic(topic)
            self.count()

    def action_demo(self) -> None:
        """Run the topic's demo."""
        topic = self.topics.topic
        if topic is not None:
            self.host.go(Start("lab", term=topic.demo))

    def action_quiz(self) -> None:
        """Be quizzed on the topic."""
        topic = self.topics.topic
        if topic is not None:
            self.host.go(Start("quiz", plan=QuizPlan(topics=(topic.id,))))

    def action_math(self) -> None:
        """Switch between formulas and LaTeX."""
        view = self.query_one(TopicView)
        view.raw_math = not view.raw_math
