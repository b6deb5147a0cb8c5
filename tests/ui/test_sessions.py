"""Sessions that fit, in the app: minutes, other sessions, leaving, going on; by keys and mouse."""

from __future__ import annotations

import pytest

from tests.ui.conftest import MINUTE, HandClock, Make, press, screen_text, settled
from tests.ui.test_quiz import asked, quiz_of, right_keys
from tutor.memory.model import Rating
from tutor.session.length import Length
from tutor.session.plans import QuizPlan, StudyPlan
from tutor.session.study import StudyItem, StudySession
from tutor.session.turn import Turn
from tutor.ui.app import TutorApp
from tutor.ui.screens.lab import LabScreen
from tutor.ui.screens.study import StudyScreen
from tutor.ui.screens.study_setup import StudySetupScreen
from tutor.ui.start import Start

SIZES = [(60, 15), (80, 24), (120, 40), (200, 60)]


@pytest.fixture
async def met(make: Make) -> None:
    """A learner who has met three cards, the first of which was missed."""
    app = make(Start("study", plan=StudyPlan(new=3)))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        if not isinstance(app.screen, StudyScreen):
            await press(pilot, "enter")
        for rating in "133":
            await to_card(app, pilot)
            session = app.screen.session  # type: ignore[attr-defined]
            item = session.next()
            settle(session, item, Rating(int(rating)))
            app.screen.advance()  # type: ignore[attr-defined]
            await settled(pilot)


def settle(session: StudySession, item: StudyItem, rating: Rating) -> None:
    turn = Turn(item.question, rated=True)
    turn.reveal()
    session.settle(item, turn, rating)


async def to_card(app: TutorApp, pilot: object) -> None:
    """Past the lessons that come before a card."""
    while not isinstance(app.screen, StudyScreen):
        await press(pilot, "enter")  # type: ignore[arg-type]


async def test_left_and_right_turn_the_minutes_of_today(met: None, make: Make) -> None:
    app = make()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "right")
        assert "3 min: nearest to being forgotten" in screen_text(pilot)
        assert "← → minutes" in screen_text(pilot)
        await press(pilot, "left", "left")
        assert "20 min: nearest" in screen_text(pilot)
        await press(pilot, "right", "right", "enter")
        await to_card(app, pilot)
        assert app.screen.start.study.minutes == 3  # type: ignore[attr-defined]
        assert "3 min left" in screen_text(pilot)


async def test_the_mouse_turns_the_minutes_too(met: None, make: Make) -> None:
    app = make()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        line = screen_text(pilot).splitlines()[-1]
        await pilot.click(offset=(line.index("minutes"), 23))
        await settled(pilot)
        assert "3 min: nearest" in screen_text(pilot)


async def test_a_session_ends_on_time_and_says_what_it_saved(
    met: None, make: Make, clock: HandClock
) -> None:
    clock.pass_by(11 * MINUTE)
    app = make(Start("study", plan=StudyPlan(minutes=3)))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await to_card(app, pilot)
        session = app.screen.session  # type: ignore[attr-defined]
        item = session.next()
        clock.pass_by(3 * MINUTE)
        settle(session, item, Rating.GOOD)
        app.screen.advance()  # type: ignore[attr-defined]
        await settled(pilot)
        text = screen_text(pilot)
        assert "3 minutes are over. Saved:" in text
        assert "Go on" in text or "next card" in text.lower()


async def test_the_minutes_go_on_while_one_card_is_thought_about(
    met: None, make: Make, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Length, "tick_s", 0.02)
    app = make(Start("study", plan=StudyPlan(minutes=3)))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await to_card(app, pilot)
        assert "3 min left" in screen_text(pilot)
        clock.pass_by(MINUTE + 1)
        for _ in range(200):
            if "2 min left" in screen_text(pilot):
                break
            await pilot.pause(0.02)
        assert "2 min left" in screen_text(pilot)


async def test_leaving_says_what_was_done_and_today_goes_on(met: None, make: Make) -> None:
    app = make()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        app.go(Start("quiz", plan=QuizPlan(cards=("small/same-padding", "small/relu-name"))))
        await settled(pilot)
        await press(pilot, *right_keys(asked(pilot)), "escape", "escape")
        text = screen_text(pilot)
        assert app.screen is app.today and "Go on" in text and "quiz, 1 of 2 answered" in text
        await press(pilot, "down", "enter")
        assert asked(pilot).key == "small/relu-name"
        await press(pilot, *right_keys(asked(pilot)), "enter")
        assert "2 of 2 right" in screen_text(pilot)
        await press(pilot, "escape")
        assert "Go on" not in screen_text(pilot), "what is done is not offered"


async def test_a_quiz_can_be_ended_where_it_was_left(make: Make) -> None:
    app = make(quiz_of("same-padding", "relu-name"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, *right_keys(asked(pilot)), "escape")
        rows = [row.name for row in app.screen.query_one("Menu").rows]  # type: ignore[attr-defined]
        await press(pilot, *["down"] * rows.index("end"), "enter")
        assert app.screen is app.today and "Go on" not in screen_text(pilot)


async def test_a_quiz_with_fewer_questions_says_so(make: Make) -> None:
    app = make(Start("quiz", plan=QuizPlan(count=50)))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "You asked for 50 questions: only 8 fit" in screen_text(pilot)


async def test_what_was_missed_is_drilled_and_no_date_moves(met: None, make: Make) -> None:
    app = make(Start("study-setup"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert isinstance(app.screen, StudySetupScreen)
        before = {state.key: state for state in app.learner.states()}
        await press(pilot, "tab", "space")
        assert "✓ only what I missed" in screen_text(pilot)
        await press(pilot, "enter")
        assert isinstance(app.screen, StudyScreen)
        session = app.screen.session
        assert session is not None and session.drill
        item = session.next()
        assert item is not None
        assert "Drill   1 of 1" in screen_text(pilot)
        settle(session, item, Rating.GOOD)
        app.screen.advance()
        await settled(pilot)
        assert "no date has moved" in screen_text(pilot)
        assert {state.key: state for state in app.learner.states()} == before


async def test_nothing_to_drill_is_told_and_one_is_back(make: Make) -> None:
    app = make(Start("study", plan=StudyPlan(pick="missed")))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "Nothing was missed" in screen_text(pilot)
        await press(pilot, "enter")
        assert app.screen is app.today


async def test_topics_are_found_by_typing_and_ticked_by_chapter(make: Make) -> None:
    app = make(Start("quiz"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "slash", *"count")
        text = screen_text(pilot)
        assert "Parameter counting" in text and "  Padding" not in text
        await press(pilot, "down", "space")
        assert "✓   Parameter counting" in screen_text(pilot)
        await press(pilot, "escape", "home", *["up"] * 9, "space")
        assert "✓   Padding" in screen_text(pilot), "a chapter takes its topics"
        await press(pilot, "slash", *"zzz")
        assert "No topic is called 'zzz'." in screen_text(pilot)


async def test_a_demo_is_found_by_typing(make: Make) -> None:
    app = make(Start("lab"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "slash", *"gates")
        menu = app.screen.query_one("Menu")
        assert [row.name for row in menu.rows] == ["perceptron"]  # type: ignore[attr-defined]
        await press(pilot, "escape")
        assert len(menu.rows) > 20  # type: ignore[attr-defined]
        assert isinstance(app.screen, LabScreen)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("page", ["study-setup", "quiz", "lab"])
async def test_each_setup_shows_its_lists_at_each_size(
    make: Make, size: tuple[int, int], page: str
) -> None:
    app = make(Start(page))
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        text = screen_text(pilot)
        assert "too small" in text or "find a" in text
        if "too small" not in text:
            assert ("live demos" if page == "lab" else "Padding") in text
