"""Before a session of study that is not just all of today: minutes, chapters, a drill."""

from __future__ import annotations

from collections.abc import Sequence

from textual.app import ComposeResult

from tutor.session.plans import StudyPlan
from tutor.ui.screens.setup import SetupScreen
from tutor.ui.start import Start
from tutor.ui.widgets.toggles import Toggles
from tutor.ui.widgets.topic_toggles import CHAPTER, TAG

MINUTES: Sequence[int | None] = (None, 3, 5, 10, 20, 30, 60)
DRILL = (("drill", "drill: no date moves"),)


class StudySetupScreen(SetupScreen):
    """Chooses how long, which cards, and whether the schedule hears of it."""

    steps = MINUTES
    what = "Minutes"

    def __init__(self) -> None:
        super().__init__(None)

    def lists(self) -> ComposeResult:
        """Which cards, and how."""
        yield from super().lists()
        yield from self.column("How", Toggles(DRILL, id="how"))

    def on_mount(self) -> None:
        """Say what happens if nothing is chosen."""
        self.head("Other sessions")
        super().on_mount()
        self.say("Nothing ticked: what is due. What you missed or have met is drilled.")

    def in_words(self) -> str:
        """No number is no end."""
        return str(self.step or "all")

    def action_start(self) -> None:
        """Begin."""
        plan = StudyPlan(
            minutes=self.step,
            topics=self.topics.chosen(),
            chapters=self.topics.chosen(CHAPTER),
            tags=self.topics.chosen(TAG),
            drill="drill" in self.ticked("how"),
            pick=self.pick,
        )
        self.host.go_instead(Start("study", plan=plan))
