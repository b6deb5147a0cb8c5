"""Progress: numbers in words, rows that open, pictures, at every size."""

from __future__ import annotations

import json
import re
from contextlib import closing

import pytest

from tests.ui.conftest import DAY, DECK, HandClock, Make, press, screen_text, settled
from tutor.cli import main
from tutor.memory.model import Rating
from tutor.paths import Place
from tutor.quiz.report import Confidence
from tutor.session.learner import Learner
from tutor.session.plans import QuizPlan, StudyPlan
from tutor.session.predictions import Judgement
from tutor.session.quiz import QuizSession
from tutor.session.study import StudySession
from tutor.session.turn import Turn
from tutor.text.numerals import plural
from tutor.ui.screens.browse import BrowseScreen
from tutor.ui.screens.progress import ProgressScreen
from tutor.ui.start import Start
from tutor.ui.widgets.links import Links
from tutor.ui.widgets.pane import Pane

TALL = (80, 130)


@pytest.fixture
def history(place: Place, clock: HandClock) -> None:
    """Three days of answers, one of them forgotten, two quiz answers with a confidence."""
    learner = Learner.open(place, clock=clock)
    for rating in (Rating.GOOD, Rating.EASY, Rating.AGAIN):
        session = StudySession(learner, StudyPlan(limit=4))
        while item := session.next():
            session.answer(item, rating, elapsed_ms=5000)
        clock.pass_by(DAY)
    quiz = QuizSession(learner, QuizPlan(cards=("small/relu-name", "small/dense-matrix"), seed=1))
    sure: tuple[tuple[bool, Confidence], ...] = ((True, "sure"), (False, "unsure"))
    for right, confidence in sure:
        assert quiz.question is not None
        turn = Turn(quiz.question)
        turn.confidence = confidence
        turn.reveal()
        turn.judge(right)
        quiz.settle(turn)
        quiz.advance()
    learner.close()


async def test_each_number_is_said_in_words(history: None, make: Make) -> None:
    app = make(Start("progress"))
    async with app.run_test(size=TALL) as pilot:
        await settled(pilot)
        text = screen_text(pilot)
        for part in (
            "The last year",
            "14 answers on 4 days of the last year",
            "4 days in a row",
            "Probably remembered today",
            "True retention",
            "wished 90 %",
            "After 1 day",
            "In 365 days",
            "likely known",
            "When you were sure",
            "right 100 %, 1 time",
            "right 0 %, 1 time",
            "the usual ones",
            "min a day",
        ):
            assert part in text


async def test_a_new_learner_is_told_what_to_do(make: Make) -> None:
    app = make(Start("progress"))
    async with app.run_test(size=TALL) as pilot:
        await settled(pilot)
        text = screen_text(pilot)
        assert "learn something new" in text and "Press F3 in a quiz" in text


async def test_every_row_that_says_a_number_opens(history: None, make: Make) -> None:
    app = make(Start("progress"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        page = app.screen
        starts = [row.start for part in page.query(Links) for row in part.rows if row.start]
        assert len(starts) > 20
        for start in starts:
            app.go(start)
            await settled(pilot)
            assert app.screen is not page
            if isinstance(app.screen, BrowseScreen):
                assert "means nothing" not in screen_text(pilot)
            app.pop_screen()
            await settled(pilot)


async def test_down_goes_through_all_parts_and_enter_opens(history: None, make: Make) -> None:
    app = make(Start("progress"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        page = app.screen
        met = list[str]()
        for _ in range(60):
            assert isinstance(app.focused, Links)
            part = app.focused
            assert page.region.contains_region(part.region) or part.region.overlaps(page.region)
            assert "> " in screen_text(pilot)
            met.append(f"{part.id}:{part.cursor}")
            await press(pilot, "down")
            if met[-1] in met[:-1]:
                break
        parts = {name.partition(":")[0] for name in met}
        leading = {part.id for part in page.query(Links) if part.leading}
        assert parts == leading
        await press(pilot, "enter")
        assert app.screen is not page
        await press(pilot, "escape")
        assert isinstance(app.screen, ProgressScreen)


async def test_a_click_on_a_row_opens_it(history: None, make: Make) -> None:
    app = make(Start("progress"))
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await pilot.click("#known-rows", offset=(4, 1))
        await settled(pilot)
        assert isinstance(app.screen, BrowseScreen)
        assert app.screen.field.value == "phase:review"


@pytest.mark.parametrize("size", [(80, 24), (100, 30), (120, 40), (200, 60)])
async def test_two_columns_and_frames_where_there_is_room(
    history: None, make: Make, size: tuple[int, int]
) -> None:
    app = make(Start("progress"))
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        left, right = (
            app.screen.query_one("#known", Pane),
            app.screen.query_one("#remembered", Pane),
        )
        assert (left.region.y == right.region.y) == (size[0] >= 120)
        assert left.styles.border_bottom[0] == ("" if size[0] < 100 else "round")
        year = app.screen.query_one("#year", Pane)
        assert year.styles.border_top[0] == "heavy"
        for part in app.screen.query(Links):
            assert part.region.width >= 50


async def test_the_year_is_painted_where_there_is_no_colour(
    history: None, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    app = make(Start("progress"))
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        assert "██" in screen_text(pilot)


async def test_predictions_are_kept_and_shown(make: Make, place: Place) -> None:
    from tutor.ui.widgets.demo_view import DemoView

    app = make(Start("progress"))
    async with app.run_test(size=(80, 60)) as pilot:
        await settled(pilot)
        app.today.post_message(
            DemoView.Judged(Judgement("softmax", "predict", {"T": 1.0}, 3, "a", "b"))
        )
        await settled(pilot)
        await press(pilot, "escape", "p")
        assert "Your predictions of demos" in screen_text(pilot)
        assert "right 0 %, 1 time" in screen_text(pilot)


async def test_page_and_verb_count_suspended_cards_alike(
    place: Place, clock: HandClock, make: Make, capsys: pytest.CaptureFixture[str]
) -> None:
    """A card that was answered and suspended, and a new one that was suspended."""
    with closing(Learner.open(place, clock=clock)) as learner:
        session = StudySession(learner, StudyPlan(limit=1))
        item = session.next()
        assert item is not None
        session.answer(item, Rating.EASY, elapsed_ms=5000)
        new = next(unit for unit in learner.course.entry_of if unit != item.unit)
        learner.append(lambda: [learner.event("suspend", unit) for unit in (item.unit, new)])
        units = len(learner.course.entry_of)
    app = make(Start("progress"))
    async with app.run_test(size=TALL) as pilot:
        await settled(pilot)
        shown = screen_text(pilot)
    where = ["--data-dir", str(place.data), "--content", str(DECK), "--no-bundled"]
    assert main([*where, "stats", "--json"]) == 0
    cards = json.loads(capsys.readouterr().out)["cards"]
    assert cards["suspended"] == 2
    assert sum(cards.values()) == units
    for label, phase in (("In review", "review"), ("Being learnt", "learning"), ("New", "new")):
        assert re.search(rf"{label} +{plural(cards[phase], 'card')}\b", shown)
