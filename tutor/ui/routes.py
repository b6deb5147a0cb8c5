"""The one table of pages: which page a name opens, and on what.

Only the app reads it. A page is imported when it is opened, so that Today stays quick. A page
that cannot be opened on what it was asked for says so here or in its constructor.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from textual.screen import Screen

from tutor.ui.host import Host
from tutor.ui.start import Start

Route = Callable[[Start, Host], Screen[Any]]


def page(start: Start, host: Host) -> Screen[Any] | None:
    """The page, ready to be shown; none for Today, which is always there.

    Raises TutorError for what cannot be shown, such as a topic that no deck has.
    """
    route = PAGES.get(start.screen)
    return route(start, host) if route else None


def _study(start: Start, _host: Host) -> Screen[Any]:
    from tutor.ui.screens.study import StudyScreen

    return StudyScreen(start)


def _study_setup(_start: Start, _host: Host) -> Screen[Any]:
    from tutor.ui.screens.study_setup import StudySetupScreen

    return StudySetupScreen()


def _quiz(start: Start, _host: Host) -> Screen[Any]:
    from tutor.ui.screens.quiz import QuizScreen
    from tutor.ui.screens.quiz_setup import QuizSetupScreen

    return QuizScreen(start.quiz) if start.quiz.chosen else QuizSetupScreen(start.quiz)


def _exam(start: Start, _host: Host) -> Screen[Any]:
    from tutor.ui.screens.exam import ExamScreen
    from tutor.ui.screens.exam_setup import ExamSetupScreen

    return ExamScreen(start.exam) if start.exam.chosen else ExamSetupScreen(start.exam)


def _glossary(start: Start, host: Host) -> Screen[Any]:
    from tutor.ui.screens.glossary import GlossaryScreen

    topic = host.learner.library.find_topic(start.term) if start.term else None
    return GlossaryScreen(topic.id) if topic else GlossaryScreen(find=start.term)


def _topic(start: Start, host: Host) -> Screen[Any]:
    from tutor.ui.screens.topic import TopicScreen

    return TopicScreen(host.learner.library.topic(start.term).id)


def _first_lesson(start: Start, host: Host) -> Screen[Any]:
    from tutor.ui.screens.welcome import FirstLesson

    return FirstLesson(host.learner.library.topic(start.term).id)


def _card(start: Start, host: Host) -> Screen[Any]:
    from tutor.ui.screens.card import CardScreen

    return CardScreen(start.term)


def _lab(start: Start, host: Host) -> Screen[Any]:
    from tutor.ui.screens.lab import DemoScreen, LabScreen

    if start.term:
        return DemoScreen(start.term, seed=start.seed, fps=start.fps, first=start.first)
    return LabScreen(fps=start.fps)


def _why(start: Start, _host: Host) -> Screen[Any]:
    from tutor.lab import link
    from tutor.ui.screens.why import WhyScreen

    return WhyScreen(link.find(start.term))


def _code(start: Start, _host: Host) -> Screen[Any]:
    from tutor.lab import link
    from tutor.ui.screens.code import CodeScreen

    return CodeScreen(link.find(start.term).name)


def _draw(_start: Start, host: Host) -> Screen[Any]:
    from tutor.ui.screens.draw import DrawScreen
    from tutor.ui.widgets.demo_view import DemoView

    return DrawScreen(host.screen.query_one(DemoView))


def _crowd(_start: Start, host: Host) -> Screen[Any]:
    from tutor.ui.screens.crowd import CrowdScreen
    from tutor.ui.widgets.demo_view import DemoView

    return CrowdScreen(host.screen.query_one(DemoView))


def _type(_start: Start, host: Host) -> Screen[Any]:
    from tutor.ui.screens.typing_box import TypingBox
    from tutor.ui.widgets.demo_view import DemoView

    return TypingBox(host.screen.query_one(DemoView))


def _progress(_start: Start, _host: Host) -> Screen[Any]:
    from tutor.ui.screens.progress import ProgressScreen

    return ProgressScreen()


def _settings(_start: Start, _host: Host) -> Screen[Any]:
    from tutor.ui.screens.settings import SettingsScreen

    return SettingsScreen()


def _exchange(_start: Start, _host: Host) -> Screen[Any]:
    from tutor.ui.screens.exchange import ExchangeScreen

    return ExchangeScreen()


def _welcome(_start: Start, _host: Host) -> Screen[Any]:
    from tutor.ui.screens.welcome import WelcomeScreen

    return WelcomeScreen()


def _browse(start: Start, _host: Host) -> Screen[Any]:
    from tutor.ui.screens.browse import BrowseScreen

    return BrowseScreen(start.term)


def _add(start: Start, _host: Host) -> Screen[Any]:
    from tutor.ui.screens.write import WriteScreen

    return WriteScreen(topic=start.term, given=dict(start.given))


def _mend(start: Start, _host: Host) -> Screen[Any]:
    from tutor.ui.screens.write import WriteScreen

    return WriteScreen(start.term, given=dict(start.given))


PAGES: dict[str, Route] = {
    "study": _study,
    "study-setup": _study_setup,
    "quiz": _quiz,
    "exam": _exam,
    "glossary": _glossary,
    "topic": _topic,
    "browse": _browse,
    "card": _card,
    "add": _add,
    "mend": _mend,
    "lab": _lab,
    "why": _why,
    "code": _code,
    "draw": _draw,
    "crowd": _crowd,
    "type": _type,
    "progress": _progress,
    "settings": _settings,
    "exchange": _exchange,
    "welcome": _welcome,
    "first-lesson": _first_lesson,
}
