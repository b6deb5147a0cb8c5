"""Before a quiz: how many questions, of which kinds, over which chapters and topics.

Nothing needs to be chosen: enter starts ten questions over what the learner has met.
"""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from tutor.deck.model import KINDS, MARKED, Entry
from tutor.session.plans import QuizPlan
from tutor.ui.keys import bind
from tutor.ui.screens.setup import SetupScreen
from tutor.ui.start import Start
from tutor.ui.widgets.toggles import Toggles
from tutor.ui.widgets.topic_toggles import CHAPTER, TAG

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


class QuizSetupScreen(SetupScreen):
    """Chooses number, kinds and topics."""

    BINDINGS: ClassVar[list[BindingType]] = [bind("exam")]

    steps = (3, 5, 10, 15, 20, 30, 50)

    def __init__(self, plan: QuizPlan) -> None:
        super().__init__(plan.count or 10)
        self.plan = plan

    def lists(self) -> ComposeResult:
        """Which cards, and which kinds of questions."""
        kinds = tuple((kind, IN_WORDS[kind]) for kind in KINDS if kind in MARKED)
        yield from self.column("Kinds", Toggles(kinds, id="kinds"))
        yield from super().lists()

    def can_ask(self, entry: Entry) -> bool:
        """Only what the program can mark."""
        return entry.kind in MARKED

    def on_mount(self) -> None:
        """Show the number."""
        self.head("Quiz")
        super().on_mount()
        self.say("Nothing ticked means everything, what you have met first.")

    def action_exam(self) -> None:
        """An exam instead."""
        self.host.go_instead(Start("exam"))

    def action_start(self) -> None:
        """Begin."""
        plan = replace(
            self.plan,
            count=self.step,
            kinds=self.ticked("kinds"),
            topics=self.topics.chosen(),
            chapters=self.topics.chosen(CHAPTER),
            tags=self.topics.chosen(TAG),
            pick=self.pick,
        )
        self.host.go_instead(Start("quiz", plan=plan))
