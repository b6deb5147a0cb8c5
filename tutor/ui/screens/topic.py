"""One topic on a page of its own: the lesson, what it needs and opens, its cards.

Enter studies its cards, `q` asks about them, `d` runs its demo.
"""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from tutor.session.plans import QuizPlan, StudyPlan
from tutor.ui.keys import bind
from tutor.ui.screens.page import Page
from tutor.ui.start import Start
from tutor.ui.widgets.topic import TopicView, page_of


class TopicScreen(Page):
    """Reads a topic."""

    panes = ("Lesson",)

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("go", "study", "study it"),
        bind("quiz", "quiz", "quiz"),
        bind("demo"),
        bind("known"),
        bind("mend", "source", "edit"),
        bind("math"),
        *Page.SCROLLING,
    ]

    def __init__(self, topic: str) -> None:
        super().__init__()
        self.topic = topic

    @property
    def about(self) -> str:
        """The topic."""
        return self.topic

    def body(self) -> ComposeResult:
        """The topic."""
        yield TopicView()

    def on_mount(self) -> None:
        """Gather and show it."""
        self.show()

    def show(self) -> None:
        """Show the topic as it is now."""
        page = page_of(self.learner.library, self.topic, self.learner.known())
        self.query_one(TopicView).page = replace(page, headed=True)
        self.head("Topic", f"{page.topic.chapter} {page.topic.chapter_title}")
        self.refresh_bindings()

    def allows(self, action: str) -> bool:
        """Cards and demos only where there are some."""
        page = self.query_one(TopicView).page if self.is_mounted else None
        match action:
            case "study" | "quiz":
                return bool(page and page.fronts)
            case "demo":
                return bool(page and page.demo)
        return super().allows(action)

    def action_study(self) -> None:
        """Study this topic's cards, whatever it needs."""
        plan = StudyPlan(topics=(self.topic,))
        self.host.go(Start("study", plan=plan, read=(self.topic,)))

    def action_quiz(self) -> None:
        """Be quizzed on this topic."""
        self.host.go(Start("quiz", plan=QuizPlan(topics=(self.topic,))))

    def action_demo(self) -> None:
        """Run the topic's demo."""
        page = self.query_one(TopicView).page
        if page is not None:
            self.host.go(Start("lab", term=page.topic.demo))

    def action_known(self) -> None:
        """Mark it as known, or take that back."""
        self.toggle_known(self.topic)
        self.show()

    def action_source(self) -> None:
        """Edit its deck file."""
        page = self.query_one(TopicView).page
        if page is not None:
            self.edit(page.topic.source, then=self.reread)

    def action_math(self) -> None:
        """Switch between formulas and LaTeX."""
        view = self.query_one(TopicView)
        view.raw_math = not view.raw_math

    def reread(self) -> None:
        """Read the decks again in a thread, then show the topic as it is now."""
        self.wait_for(self.learner.reload, lambda _: self.show(), "Reading the decks again …")


class LessonScreen(TopicScreen):
    """The lesson of a new topic, before its first card."""

    BINDINGS: ClassVar[list[BindingType]] = [
        bind("go", "read_on", "first card"),
        bind("quiz", "pretest", "guess first"),
    ]

    def on_mount(self) -> None:
        """Show the lesson, and over it what is to be guessed before, where that is wished."""
        super().on_mount()
        if self.host.settings.pretest == "on" and self.allows("pretest"):
            self.action_pretest()

    def action_pretest(self) -> None:
        """Two questions that nothing remembers."""
        from tutor.ui.screens.pretest import PretestScreen

        self.app.push_screen(PretestScreen(self.topic))

    def show(self) -> None:
        """Say that this is new; what will be asked is not told beforehand."""
        super().show()
        view = self.query_one(TopicView)
        if view.page is not None:
            view.page = replace(view.page, listed=False)
        topic = self.learner.library.topics[self.topic]
        self.head("New topic", f"{topic.chapter} {topic.chapter_title}")

    def allows(self, action: str) -> bool:
        """The cards come anyway, and a quiz would be too early; guessing is not."""
        if action == "pretest":
            from tutor.session.pretest import questions_before

            return bool(questions_before(self.learner, self.topic))
        return action != "quiz" and super().allows(action)

    def action_read_on(self) -> None:
        """Read on where there is more; then the card."""
        if not self.paged():
            self.dismiss(None)

    def action_back(self) -> None:
        """Leave the lesson, and the session that it stands in."""
        self.app.pop_screen()
        if isinstance(self.app.screen, Page):
            self.app.screen.action_back()
