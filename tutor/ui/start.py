"""What to open first, as the command line said it, and which page that is.

Pages are imported only when they are opened, so that Today stays quick.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from textual.screen import Screen

    from tutor.ui.app import TutorApp


@dataclass(frozen=True, slots=True)
class Start:
    """A page's name with what the learner asked of it.

    term: a topic for the glossary. demo: a demo's name, with its knobs, for the lab.
    limit, new, topics, ignore_needs: as in `tutor study`; ahead: beyond today's new cards;
    first: the two questions of the first lesson; read: topics whose lesson was just read.
    kinds, cards, count, seed: as in `tutor quiz`.
    fps: frames a second at most, for the lab.
    """

    screen: str = "today"
    term: str = ""
    demo: str = ""
    topics: tuple[str, ...] = ()
    limit: int | None = None
    new: int | None = None
    ignore_needs: bool = False
    ahead: bool = False
    first: bool = False
    read: tuple[str, ...] = ()
    kinds: tuple[str, ...] = ()
    cards: tuple[str, ...] = ()
    count: int | None = None
    seed: int | None = None
    fps: int | None = None

    def page(self, app: TutorApp) -> Screen[Any] | None:
        """The page, ready to be shown; none for Today, which is always there."""
        build = PAGES.get(self.screen)
        return build(self, app) if build else None


def _study(start: Start, _app: TutorApp) -> Screen[Any]:
    from tutor.ui.screens.study import StudyScreen

    return StudyScreen(start)


def _quiz(start: Start, _app: TutorApp) -> Screen[Any]:
    from tutor.ui.screens.quiz import QuizScreen
    from tutor.ui.screens.quiz_setup import QuizSetupScreen

    chosen = start.topics or start.kinds or start.cards or start.count
    return QuizScreen(start) if chosen else QuizSetupScreen(start)


def _glossary(start: Start, app: TutorApp) -> Screen[Any]:
    from tutor.ui.screens.glossary import GlossaryScreen

    topic = app.learner.library.find_topic(start.term) if start.term else None
    return GlossaryScreen(topic.id) if topic else GlossaryScreen(find=start.term)


def _lab(start: Start, _app: TutorApp) -> Screen[Any]:
    from tutor.ui.screens.lab import DemoScreen, LabScreen

    if start.demo:
        return DemoScreen(start.demo, seed=start.seed or 0, fps=start.fps)
    return LabScreen(fps=start.fps)


def _progress(_start: Start, _app: TutorApp) -> Screen[Any]:
    from tutor.ui.screens.progress import ProgressScreen

    return ProgressScreen()


def _settings(_start: Start, _app: TutorApp) -> Screen[Any]:
    from tutor.ui.screens.settings import SettingsScreen

    return SettingsScreen()


PAGES: dict[str, Callable[[Start, TutorApp], Screen[Any]]] = {
    "study": _study,
    "quiz": _quiz,
    "glossary": _glossary,
    "lab": _lab,
    "progress": _progress,
    "settings": _settings,
}
