"""Where to go: a page's name with what it is opened on; plain data.

Which page that is, `tutor.ui.routes` knows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.session.plans import ExamPlan, QuizPlan, StudyPlan


@dataclass(frozen=True, slots=True)
class Start:
    """A page's name with what the learner asked of it.

    term: what it is about: a topic's id, a card's key, a demo with its knobs, a name to find.
    plan: what to study, or what to be quizzed or examined on.
    read: topics whose lesson was just read; first: the two questions of the first lesson.
    given: fields of a card and what stands in them, for the form.
    seed, fps: of a demo: its run's seed, and the most frames a second.
    """

    screen: str = "today"
    term: str = ""
    plan: StudyPlan | QuizPlan | ExamPlan | None = None
    read: tuple[str, ...] = ()
    first: bool = False
    given: tuple[tuple[str, str], ...] = ()
    seed: int = 0
    fps: int | None = None

    @property
    def study(self) -> StudyPlan:
        """What to study; whatever is due when nothing was asked for."""
        from tutor.session.plans import StudyPlan

        return self.plan if isinstance(self.plan, StudyPlan) else StudyPlan()

    @property
    def quiz(self) -> QuizPlan:
        """What to be quizzed on; a mix when nothing was asked for."""
        from tutor.session.plans import QuizPlan

        return self.plan if isinstance(self.plan, QuizPlan) else QuizPlan()

    @property
    def exam(self) -> ExamPlan:
        """What to be examined on; what was begun when nothing was asked for."""
        from tutor.session.plans import ExamPlan

        return self.plan if isinstance(self.plan, ExamPlan) else ExamPlan()
