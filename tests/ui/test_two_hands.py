"""Every page by keys alone and by mouse alone: one walk each, done by either hand.

Each draws one window and one theme; `pytest -m seeds tests/ui/test_two_hands.py` walks in all.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable
from itertools import product

import pytest
from textual.widgets import Input

from tests.ui.conftest import Make, press, settled
from tests.ui.hands import Hand, Keys, Mouse
from tests.ui.test_lab import until
from tests.ui.test_panes import PADDING
from tutor.lab.compilation import readiness
from tutor.memory.model import Event, Rating
from tutor.session.plans import ExamPlan, QuizPlan
from tutor.settings import Settings
from tutor.ui.app import TutorApp
from tutor.ui.screens.browse import BrowseScreen
from tutor.ui.screens.card import CardScreen
from tutor.ui.screens.code import CodeScreen
from tutor.ui.screens.crowd import CrowdScreen
from tutor.ui.screens.exam import ExamScreen
from tutor.ui.screens.exam_report import ExamReportScreen
from tutor.ui.screens.exchange import ExchangeScreen
from tutor.ui.screens.glossary import GlossaryScreen
from tutor.ui.screens.lab import DemoScreen, LabScreen
from tutor.ui.screens.progress import ProgressScreen
from tutor.ui.screens.quiz import QuizScreen
from tutor.ui.screens.quiz_report import QuizReportScreen
from tutor.ui.screens.quiz_setup import QuizSetupScreen
from tutor.ui.screens.settings import SettingsScreen
from tutor.ui.screens.study import StudyScreen
from tutor.ui.screens.study_setup import StudySetupScreen
from tutor.ui.screens.today import TodayScreen
from tutor.ui.screens.topic import TopicScreen
from tutor.ui.screens.welcome import FirstLesson, WelcomeScreen
from tutor.ui.screens.why import WhyScreen
from tutor.ui.screens.write import WriteScreen
from tutor.ui.start import Start

Walk = Callable[[TutorApp, Hand], Awaitable[None]]
ONE = Start("quiz", plan=QuizPlan(cards=("small/same-padding",), seed=1))
ASKED = Start("exam", plan=ExamPlan(kinds=("choice", "truefalse"), seed=3))


@pytest.fixture(autouse=True)
def _compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "starts_at_once", lambda name: True)


def rows_of(app: TutorApp) -> list[Event]:
    return list(app.learner.store.events())


async def today(app: TutorApp, hand: Hand) -> None:
    await hand.do("back")
    assert app.screen is app.today
    await hand.do("minutes-1")
    assert app.today.minutes == 3
    for row, page in (
        ("Other sessions", StudySetupScreen), ("Quiz", QuizSetupScreen), ("Lab", LabScreen),
        ("Glossary", GlossaryScreen), ("Browse", BrowseScreen), ("Progress", ProgressScreen),
    ):  # fmt: skip
        await hand.take(row)
        assert isinstance(app.screen, page)
        while app.screen is not app.today:
            await hand.do("back")
    await hand.do("settings")
    assert isinstance(app.screen, SettingsScreen)


async def first_run(app: TutorApp, hand: Hand) -> None:
    assert isinstance(app.screen, WelcomeScreen)
    before = app.settings.minutes_a_day
    await hand.do("turn-1")
    assert app.settings.minutes_a_day < before
    await hand.do("go")
    assert isinstance(app.screen, FirstLesson)


async def study(app: TutorApp, hand: Hand) -> None:
    page = app.screen
    assert isinstance(page, StudyScreen)
    await hand.do("hint")
    assert page.view.hints == 1
    await hand.do("go")
    await hand.choose(2, "2 Hard")
    assert [event.rating for event in rows_of(app)] == [Rating.HARD]
    await hand.do("undo")
    assert rows_of(app)[-1].kind == "undo"
    await hand.do("lesson")
    assert page.second.holds == "lesson" if page.wide else isinstance(app.screen, TopicScreen)
    await hand.do("lesson" if page.wide else "back")
    assert app.screen is page and not page.second.holds
    await hand.do("more")
    await hand.take("Flag")
    assert rows_of(app)[-1].kind == "flag" and page in app.screen_stack[-1:]


async def quiz(app: TutorApp, hand: Hand) -> None:
    page = app.screen
    assert isinstance(page, QuizScreen)
    await hand.do("sure")
    assert page.turn is not None and page.turn.confidence == "sure"
    await hand.do("go")
    assert page.question is not None
    at = next(at for at, option in enumerate(page.question.options) if option.right)
    await hand.choose(at + 1, f"{at + 1}) 2")
    assert page.turn.correct
    await hand.do("go")
    assert isinstance(app.screen, QuizReportScreen)
    await hand.take("Today")
    assert isinstance(app.screen, TodayScreen)


async def quiz_setup(app: TutorApp, hand: Hand) -> None:
    page = app.screen
    assert isinstance(page, QuizSetupScreen)
    before = page.step
    await hand.do("turn-2" if isinstance(hand, Keys) else "turn-1")
    await hand.tick("true or false")
    assert page.ticked("kinds") == ("truefalse",) and page.step != before
    await hand.tick("Parameter counting")
    assert page.topics.chosen() == ("counting",)
    await hand.do("start")
    assert isinstance(app.screen, QuizScreen)


async def exam(app: TutorApp, hand: Hand) -> None:
    page = app.screen
    assert isinstance(page, ExamScreen) and page.session is not None
    await hand.do("mark")
    assert page.session.is_flagged(0)
    await hand.choose(1, "1) ")
    assert page.session.answered == 1
    await hand.do("next-question")
    assert page.session.at == 1
    await hand.do("overview")
    await hand.take("Hand in")
    assert isinstance(app.screen, ExamReportScreen)


async def glossary(app: TutorApp, hand: Hand) -> None:
    page = app.screen
    assert isinstance(page, GlossaryScreen)
    if isinstance(hand, Keys):
        await press(hand.pilot, "tab", "down", "down", "enter")
    else:
        await hand.take("Padding")
    assert page.query_one("#side").has_focus if page.wide else isinstance(app.screen, TopicScreen)
    await hand.do("known")
    assert rows_of(app)[-1].kind == "known"
    await hand.do("back")
    assert isinstance(app.screen, GlossaryScreen)


async def browse(app: TutorApp, hand: Hand) -> None:
    page = app.screen
    assert isinstance(page, BrowseScreen)
    words = page.table.rows[1].entry.front[:20]
    if isinstance(hand, Keys):
        await press(hand.pilot, "down")
        await hand.take(words)
    else:
        await hand.take(words)
        await hand.take(words)
    assert isinstance(app.screen, CardScreen)
    await hand.do("back")
    await hand.do("tick")
    assert len(page.table.ticked) == 1
    await hand.do("more")
    await hand.take("Suspend")
    assert rows_of(app)[-1].kind == "suspend"
    await hand.do("undo")
    assert rows_of(app)[-1].kind != "suspend"
    await hand.do("sort-1")
    assert page.table.sorted_by != ("", False)


async def settings(app: TutorApp, hand: Hand) -> None:
    before = app.settings.minutes_a_day
    if isinstance(hand, Keys):
        await press(hand.pilot, "down", "right")
    else:
        await hand.take("Minutes a day")
        await hand.take("min →")
    assert app.settings.minutes_a_day != before or app.settings.theme
    await hand.do("exchange")
    assert isinstance(app.screen, ExchangeScreen)
    await hand.take("Import a file")
    assert app.screen.query_one(Input).has_focus
    await hand.do("back")
    await hand.do("back")
    assert isinstance(app.screen, SettingsScreen)


async def progress(app: TutorApp, hand: Hand) -> None:
    await hand.take("New")
    assert isinstance(app.screen, BrowseScreen) and app.screen.field.value
    while not isinstance(app.screen, ProgressScreen):
        await hand.do("back")


async def demo(app: TutorApp, hand: Hand) -> None:
    page = app.screen
    assert isinstance(page, DemoScreen)
    await settled(hand.pilot)
    await hand.choose(2, "2 10 times")
    await hand.do("on")
    await until(hand.pilot, lambda: page.view.inquiry.phase == "observe")
    await hand.do("leave")
    assert page.view.inquiry.observed is None and page.view.inquiry.phase == "told"
    await hand.do("next-knob")
    assert page.view.controls.knob.name == "correction"
    await hand.do("more-knob")
    assert page.view.controls.values["correction"] is True
    await hand.do("why")
    assert isinstance(app.screen, WhyScreen)
    await hand.do("back")
    await hand.do("view")
    assert isinstance(app.screen, CodeScreen)
    await hand.do("back")
    await hand.do("crowd")
    assert isinstance(app.screen, CrowdScreen)
    if not app.screen.too_small:
        await hand.choose(3, "3  50 to 89")
        assert app.screen.guess == 2
        await hand.do("back")
    elif isinstance(hand, Keys):
        await press(hand.pilot, "escape")
    else:
        await hand.take("too small")
    await hand.do("back")
    assert not isinstance(app.screen, DemoScreen)


async def write(app: TutorApp, hand: Hand) -> None:
    page = app.screen
    assert isinstance(page, WriteScreen)
    if isinstance(hand, Keys):
        await press(hand.pilot, "shift+tab", "right")
    else:
        await hand.take("Kind")
        await hand.take("→")
    assert page.draft.kind
    page.field("front").text, page.field("answer").text = "epoch", "one pass"
    page.query_one("OneOf").word = "term"  # type: ignore[attr-defined]
    await settled(hand.pilot)
    await hand.do("save")
    assert page.added[0][0].key == "my-cards/epoch"
    await hand.do("undo")
    assert not page.added
    await hand.do("undo")
    await hand.do("back")
    assert app.screen is not page


WALKS: dict[str, tuple[Start, Walk]] = {
    "today": (Start(), today), "first run": (Start(), first_run), "study": (PADDING, study),
    "quiz": (ONE, quiz), "quiz set-up": (Start("quiz"), quiz_setup), "exam": (ASKED, exam),
    "glossary": (Start("glossary"), glossary), "browse": (Start("browse"), browse),
    "settings": (Start("settings"), settings), "progress": (Start("progress"), progress),
    "demo": (Start("lab", term="ewma"), demo), "write": (Start("add"), write),
}  # fmt: skip
SIZES, THEMES = ((60, 15), (80, 24), (120, 40), (200, 60)), ("dark", "light")
Window = tuple[tuple[int, int], str]
WINDOWS: list[Window] = list(product(SIZES, THEMES))
each_walk = pytest.mark.parametrize("name", WALKS)
by_either_hand = pytest.mark.parametrize("hand", [Keys, Mouse])


async def walk_through(make: Make, name: str, hand: type[Keys | Mouse], window: Window) -> None:
    size, theme = window
    start, walk = WALKS[name]
    app = make(start, Settings(theme=theme))
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        await walk(app, hand(pilot))


@by_either_hand
@each_walk
async def test_each_page_by_one_hand_alone(make: Make, name: str, hand: type[Keys | Mouse]) -> None:
    seed = random.randrange(10**6)
    window = random.Random(seed).choice(WINDOWS)
    print(f"seed {seed}: {window}")
    await walk_through(make, name, hand, window)


@pytest.mark.seeds
@pytest.mark.parametrize("window", WINDOWS, ids=lambda window: f"{window[0][0]}-{window[1]}")
@by_either_hand
@each_walk
async def test_each_page_by_one_hand_in_every_window(
    make: Make, name: str, hand: type[Keys | Mouse], window: Window
) -> None:
    await walk_through(make, name, hand, window)
