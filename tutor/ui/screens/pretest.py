"""Before a lesson: two questions that nobody need know, and that nothing remembers."""

from __future__ import annotations

from textual.content import Content

from tutor.session.plans import QuizPlan
from tutor.session.pretest import Pretest
from tutor.ui.screens.quiz import QuizScreen

_CLOSED = frozenset({"undo", "accept", "another", "lesson", "source", "known", "demo", "sure"})


class PretestScreen(QuizScreen):
    """Two guesses; then the lesson."""

    def __init__(self, topic: str) -> None:
        super().__init__(QuizPlan())
        self.topic = topic

    def prepare(self) -> Pretest:
        """The questions of the topic."""
        return Pretest(self.learner, self.topic)

    def paint(self) -> None:
        """Say that it is a guess."""
        super().paint()
        assert self.session is not None
        where = f"   {self.session.position} of {self.session.total}   a guess; nothing is kept"
        title = self.learner.library.topics[self.topic].title
        self.head(Content.assemble(("Before the lesson", "bold"), (where, "$quiet")), title)

    def confidence(self) -> Content:
        """Nobody is sure yet."""
        return Content("")

    def allows(self, action: str) -> bool:
        """Only the question: the lesson comes next."""
        return action not in _CLOSED and super().allows(action)

    def action_back(self) -> None:
        """To the lesson."""
        self.dismiss(None)

    def finish(self) -> None:
        """To the lesson."""
        self.dismiss(None)
