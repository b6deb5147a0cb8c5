"""Before an exam: how many questions, of which kinds, over which chapters and topics."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType

from tutor.deck.model import KINDS, MARKED, Entry
from tutor.session.plans import ExamPlan
from tutor.ui.keys import bind
from tutor.ui.screens.quiz_setup import IN_WORDS
from tutor.ui.screens.setup import SetupScreen
from tutor.ui.start import Start
from tutor.ui.widgets.toggles import Toggles
from tutor.ui.widgets.topic_toggles import CHAPTER

_NO_CLOCK = "none"


class ExamSetupScreen(SetupScreen):
    """Chooses number, kinds and chapters."""

    BINDINGS: ClassVar[list[BindingType]] = [bind("exam", "go_on", "go on")]

    steps = (5, 10, 20, 30, 40, 60)

    def __init__(self, plan: ExamPlan) -> None:
        super().__init__(plan.count or 20)
        self.plan = plan
        self.waiting = ""  # the exam that was left, in words

    def lists(self) -> ComposeResult:
        """Which kinds of questions, and whether there is a clock."""
        kinds = tuple((kind, IN_WORDS[kind]) for kind in KINDS if kind in MARKED)
        yield from self.column("Kinds", Toggles(kinds, id="kinds"))
        yield from self.column("Clock", Toggles(((_NO_CLOCK, "no clock"),), id="clock"))

    def can_ask(self, entry: Entry) -> bool:
        """Only what the program can mark."""
        return entry.kind in MARKED

    def tags(self) -> set[str]:
        """An exam is over chapters and topics."""
        return set()

    def in_words(self) -> str:
        """The questions, and how long they take."""
        from tutor.session.exam_drawing import MINUTES_A_QUESTION

        return f"{self.step} in {math.ceil(MINUTES_A_QUESTION * (self.step or 0))} minutes"

    def on_mount(self) -> None:
        """Show the number, and whether an exam waits."""
        from tutor.session.exam_rows import left

        self.head("Exam")
        super().on_mount()
        found = left(self.learner)
        if found is not None:
            self.waiting = f"{len(found.answers)} of {len(found.keys)} answered"
            self.say(f"An exam waits, {self.waiting}: F9 goes on with it.")
        else:
            self.say("No word until the end. Nothing ticked means all that you have begun.")

    def allows(self, action: str) -> bool:
        """Going on only with an exam that waits."""
        return bool(self.waiting) if action == "go_on" else super().allows(action)

    def action_go_on(self) -> None:
        """Go on with the exam that was left."""
        self.host.go_instead(Start("exam", plan=ExamPlan(go_on=True)))

    def action_start(self) -> None:
        """Begin."""
        plan = replace(
            self.plan,
            count=self.step,
            minutes=0 if self.ticked("clock") else None,
            kinds=self.ticked("kinds"),
            topics=self.topics.chosen(),
            chapters=self.topics.chosen(CHAPTER),
        )
        self.host.go_instead(Start("exam", plan=plan))
