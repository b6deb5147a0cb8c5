"""The pages of an exam: answered by keys and by mouse, silent, resumable, graded at the end."""

from __future__ import annotations

from contextlib import closing

import pytest
from textual.pilot import Pilot

from tests.ui.conftest import HandClock, Make, press, screen_text, settled
from tests.ui.test_quiz import right_keys
from tutor.paths import Place
from tutor.session.exam import ExamSession
from tutor.session.exam_result import results
from tutor.session.learner import Learner
from tutor.session.plans import ExamPlan
from tutor.settings import Settings
from tutor.ui.screens.dialog import ErrorDialog
from tutor.ui.screens.exam import ExamScreen
from tutor.ui.screens.exam_overview import ExamOverviewScreen
from tutor.ui.screens.exam_report import ExamReportScreen
from tutor.ui.screens.exam_setup import ExamSetupScreen
from tutor.ui.screens.help import HelpScreen
from tutor.ui.screens.quiz import QuizScreen
from tutor.ui.start import Start
from tutor.ui.widgets.card import CardView

COUNT = 8
EXAM = Start("exam", plan=ExamPlan(count=COUNT, seed=3))
QUIET = ("Right.", "Wrong.", "✓", "✗")


def page(pilot: Pilot[None]) -> ExamScreen:
    assert isinstance(pilot.app.screen, ExamScreen)
    return pilot.app.screen


async def answer(pilot: Pilot[None]) -> None:
    """Answer the question looked at rightly, which leads to the next."""
    question = page(pilot).question
    assert question is not None
    keys = right_keys(question)
    if question.options:
        keys = [key for key in keys if key != "enter"]
        keys.append("enter")
    await press(pilot, *keys)


@pytest.mark.parametrize("size", [(60, 15), (80, 24)])
async def test_every_question_rightly_by_keys(make: Make, size: tuple[int, int]) -> None:
    app = make(EXAM)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        total = page(pilot).session
        assert total is not None
        for at in range(COUNT):
            assert f"{at + 1} of {COUNT}" in screen_text(pilot)
            await answer(pilot)
            assert not any(sign in screen_text(pilot) for sign in QUIET[:2])
        assert isinstance(app.screen, ExamOverviewScreen)
        assert "all are answered" in screen_text(pilot)
        assert not app.learner.store.recent(1), "nothing is scheduled before the end"
        await press(pilot, "enter")
        assert isinstance(app.screen, ExamReportScreen)
        await settled(pilot)
        text = screen_text(pilot)
        assert f"{COUNT} of {COUNT} right" in text
        assert "Ask these again" not in text
        (result,) = results(app.learner)
        assert result.report.right == COUNT


async def test_back_and_forth_flag_leave_and_go_on(make: Make) -> None:
    app = make(EXAM)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "f3", "f10")
        assert "flagged" in screen_text(pilot) and "you are sure" in screen_text(pilot)
        await answer(pilot)
        await press(pilot, "pagedown", "pagedown", "pageup")
        assert f"3 of {COUNT}" in screen_text(pilot)
        await press(pilot, "pageup", "pageup")
        first = page(pilot)
        assert f"1 of {COUNT}" in screen_text(pilot) and "Kept" in screen_text(pilot)
        assert first.session is not None and first.session.given is not None
        assert first.session.given.confidence == "sure"
        await press(pilot, "escape")
        assert "1 of 8 answered" in screen_text(pilot)
        await press(pilot, "q")
        await settled(pilot)
        await press(pilot, "f9")
        await settled(pilot)
        assert isinstance(app.screen, ExamSetupScreen)
        assert "An exam waits" in screen_text(pilot)
        await press(pilot, "f9")
        await settled(pilot)
        assert f"2 of {COUNT}" in screen_text(pilot), "it goes on at what is open"
        session = page(pilot).session
        assert session is not None and session.is_flagged(0) and session.answered == 1


async def test_what_helps_is_closed_and_what_cannot_be_read_is_told(make: Make) -> None:
    app = make(Start("exam", plan=ExamPlan(kinds=("numeric",), seed=1, count=2)))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *"nothing", "enter")
        assert "not a number" in screen_text(pilot)
        await press(pilot, "tab", "h", "d", "t", "e", "slash", "b")
        assert page(pilot).view.hints == 0
        await press(pilot, "ctrl+p")
        assert isinstance(app.screen, ExamScreen)
        await press(pilot, "end")
        assert isinstance(app.screen, ExamOverviewScreen)
        await press(pilot, "b", "slash", "ctrl+p")
        assert isinstance(app.screen, ExamOverviewScreen)
        await press(pilot, "question_mark", "ctrl+p")
        assert isinstance(app.screen, HelpScreen), "no search over the help either"
        assert "Find any topic" not in screen_text(pilot)
        await press(pilot, "escape")
        await press(pilot, "up", "up", "up", "enter")
        assert isinstance(app.screen, ExamReportScreen)
        await press(pilot, "enter")
        await settled(pilot)
        assert isinstance(app.screen, QuizScreen), "the missed ones are asked again first"


async def test_two_guesses_before_a_lesson_are_written_nowhere(make: Make) -> None:
    app = make(Start("study"), Settings(pretest="on"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "Before the lesson" in screen_text(pilot)
        await press(pilot, "enter", "1", "enter")
        await settled(pilot)
        await press(pilot, "escape")
        await settled(pilot)
        assert "New topic" in screen_text(pilot)
        assert app.learner.store.last_event_id() is None
        await press(pilot, "q")
        await settled(pilot)
        assert "Before the lesson" in screen_text(pilot), "and it can be asked for"


async def test_the_clock_hands_in(make: Make) -> None:
    app = make(EXAM)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        exam = page(pilot)
        assert exam.session is not None
        assert "min left" in screen_text(pilot)
        exam.session._opened -= 3_600
        exam.tick()
        await pilot.pause()
        assert isinstance(app.screen, ExamReportScreen)
        assert "The time is over" in screen_text(pilot)


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (200, 60)])
async def test_by_mouse_alone(
    make: Make, place: Place, clock: HandClock, size: tuple[int, int]
) -> None:
    app = make(Start("exam"))
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        assert "20 in 30 minutes" in screen_text(pilot)
        await pilot.click(offset=_found(pilot, "true or false"))
        await pilot.click(offset=_found(pilot, "start"))
        await settled(pilot)
        exam = page(pilot)
        assert exam.question is not None and exam.question.kind == "truefalse"
        await pilot.click(CardView, offset=(8, _row(pilot, "1) ") - exam.query_one(
            CardView).region.y))  # fmt: skip
        await settled(pilot)
        assert exam.session is not None and exam.session.answered == 1
        await pilot.click(offset=_found(pilot, "end list"))
        await settled(pilot)
        await pilot.click(offset=_found(pilot, "Hand in"))
        await settled(pilot)
        assert isinstance(app.screen, ExamReportScreen)


def _found(pilot: Pilot[None], text: str) -> tuple[int, int]:
    row = _row(pilot, text)
    return screen_text(pilot).splitlines()[row].index(text) + 1, row


def _row(pilot: Pilot[None], text: str) -> int:
    return next(y for y, line in enumerate(screen_text(pilot).splitlines()) if text in line)


async def test_what_another_window_does_with_the_exam_shows_here(make: Make) -> None:
    app = make(EXAM)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await answer(pilot)
        with closing(Learner.open(app.learner.place, app.learner._clock)) as person:
            other = ExamSession(person, ExamPlan(go_on=True))
            other.answer("?")
            page(pilot).tick()
            await settled(pilot)
            assert "Another window has this exam open too" in screen_text(pilot)
            assert f"2 of {COUNT}   2 answered" in screen_text(pilot)
            result = other.hand_in()
        await press(pilot, "f10")
        await settled(pilot)
        assert isinstance(app.screen, ExamReportScreen) and app.screen.result == result
        assert "Another window has handed this exam in" in screen_text(pilot)
        assert len(results(app.learner)) == 1


async def test_an_exam_begun_in_another_window_goes_on_here(make: Make) -> None:
    app = make(EXAM)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        with closing(Learner.open(app.learner.place, app.learner._clock)) as person:
            other = ExamSession(person, ExamPlan(count=5, seed=1))
            other.answer("?")
        await press(pilot, "f10")
        await settled(pilot)
        assert "Another window has begun an exam" in screen_text(pilot)
        assert "1 of 5" in screen_text(pilot)
        assert not isinstance(app.screen, ErrorDialog)
