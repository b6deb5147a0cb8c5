"""Options and ratings by digits, arrows, space, enter and the mouse, and what is on disk then."""

from __future__ import annotations

import pytest
from textual.pilot import Pilot

from tests.ui.conftest import Make, press, screen_text, settled
from tests.ui.test_study import STUDY, go_to, journal
from tutor.memory.model import Rating
from tutor.paths import Place
from tutor.session.plans import QuizPlan
from tutor.settings import Settings
from tutor.ui.screens.quiz import QuizScreen
from tutor.ui.screens.settings import LABEL_WIDTH, Choices
from tutor.ui.screens.study import StudyScreen
from tutor.ui.start import Start
from tutor.ui.widgets.card import CardView
from tutor.ui.widgets.card_lines import DONT_KNOW, card_lines, option_at
from tutor.ui.widgets.line import Line
from tutor.ui.widgets.rating import CELL, RatingBar


async def opened(pilot: Pilot[None], kind: str) -> StudyScreen:
    """A card of this kind with its options open."""
    page = await go_to(pilot, kind)
    if not page.choosing:
        await press(pilot, "enter")
    assert page.choosing and page.view.cursor is None
    return page


def place_of(page: StudyScreen, *, right: bool) -> int:
    """The position of an option that is right, or wrong."""
    assert page.question is not None
    return next(at for at, option in enumerate(page.question.options) if option.right == right)


async def click_option(pilot: Pilot[None], at: int) -> None:
    """Click on the option at this position."""
    view = pilot.app.screen.query_one(CardView)
    assert view.question is not None
    lines = card_lines(view.question, view.view, view.size.width)
    row = next(y for y, line in enumerate(lines) if option_at(line) == at)
    assert await pilot.click(CardView, offset=(5, row))
    await settled(pilot)


@pytest.mark.parametrize("key", ["space", "enter"])
async def test_arrows_move_to_an_option_and_space_or_enter_takes_it(
    make: Make, place: Place, key: str
) -> None:
    app = make(STUDY)
    async with app.run_test(size=(80, 24)) as pilot:
        page = await opened(pilot, "choice")
        at = place_of(page, right=True)
        await press(pilot, *["down"] * (at + 1))
        assert page.view.cursor == at and f">  {at + 1})" in screen_text(pilot)
        await press(pilot, key)
        assert page.rating and page.turn is not None and page.turn.correct


async def test_up_from_nowhere_is_i_do_not_know_and_that_is_again(make: Make, place: Place) -> None:
    app = make(STUDY)
    async with app.run_test(size=(80, 24)) as pilot:
        page = await opened(pilot, "choice")
        assert f"0) {DONT_KNOW}" in screen_text(pilot)
        await press(pilot, "up", "enter")
        assert page.saved and DONT_KNOW not in screen_text(pilot)
        last = journal(place)[-1]
        assert (last.rating, last.correct) == (Rating.AGAIN, False)


@pytest.mark.parametrize("kind", ["choice", "multi", "truefalse"])
async def test_one_key_says_i_do_not_know(make: Make, place: Place, kind: str) -> None:
    app = make(STUDY)
    async with app.run_test(size=(80, 24)) as pilot:
        await opened(pilot, kind)
        await press(pilot, "0")
        text = screen_text(pilot)
        assert "Again 1m: saved" in text and "Not known yet." in text
        assert journal(place)[-1].correct is False


async def test_several_are_ticked_by_space_and_given_by_enter(make: Make, place: Place) -> None:
    app = make(STUDY)
    async with app.run_test(size=(80, 24)) as pilot:
        page = await opened(pilot, "multi")
        assert page.question is not None
        await press(pilot, "down", "enter")
        assert not page.view.revealed and "Choose each that is right" in screen_text(pilot)
        await press(pilot, "up")
        for option in page.question.options:
            await press(pilot, *["space"] * option.right, "down")
        await press(pilot, "enter", "enter")
        assert (journal(place)[-1].correct, journal(place)[-1].rating) == (True, Rating.GOOD)


async def test_the_mouse_chooses_and_rates(make: Make, place: Place) -> None:
    app = make(STUDY)
    async with app.run_test(size=(80, 24)) as pilot:
        page = await opened(pilot, "choice")
        await click_option(pilot, place_of(page, right=True))
        assert page.rating
        await pilot.click(RatingBar, offset=(CELL + 3, 0))
        await settled(pilot)
        assert journal(place)[-1].rating == Rating.HARD
        page = await opened(pilot, "multi")
        assert page.question is not None
        at = place_of(page, right=True)
        await click_option(pilot, at)
        assert page.view.chosen == {at} and not page.view.revealed
        await click_option(pilot, len(page.question.options))
        assert page.saved and journal(place)[-1].correct is False


@pytest.mark.parametrize(
    ("before", "seen", "rating"),
    [((), ("> 3 Good", "1-4 rate"), Rating.GOOD), (("h",), ("> 2 Hard", "1-2 rate"), Rating.HARD)],
)
async def test_enter_is_good_or_the_best_that_is_left(
    make: Make, place: Place, before: tuple[str, ...], seen: tuple[str, ...], rating: Rating
) -> None:
    app = make(STUDY)
    async with app.run_test(size=(80, 24)) as pilot:
        await go_to(pilot, "term")
        await press(pilot, *before, "enter")
        assert all(words in screen_text(pilot) for words in seen)
        await press(pilot, "enter")
        assert journal(place)[-1].rating == rating


@pytest.mark.parametrize(
    ("keys", "rating"),
    [(("left", "enter"), Rating.HARD), (("right", "right", "space"), Rating.EASY),
     (("up", "up", "up", "enter"), Rating.AGAIN), (("down", "enter"), Rating.EASY)],
)  # fmt: skip
async def test_arrows_move_over_the_ratings(
    make: Make, place: Place, keys: tuple[str, ...], rating: Rating
) -> None:
    app = make(STUDY)
    async with app.run_test(size=(80, 24)) as pilot:
        await go_to(pilot, "term")
        await press(pilot, "enter", *keys)
        assert journal(place)[-1].rating == rating


async def test_a_setting_leaves_the_rating_to_the_digits(make: Make, place: Place) -> None:
    app = make(STUDY, Settings(enter_rates="nothing"))
    async with app.run_test(size=(80, 24)) as pilot:
        page = await go_to(pilot, "term")
        await press(pilot, "enter", "enter", "space")
        assert page.rating and ">" not in screen_text(pilot)
        await press(pilot, "left", "enter")
        assert journal(place)[-1].rating == Rating.EASY


async def test_settings_by_the_mouse(make: Make, place: Place) -> None:
    app = make(Start("settings"))
    async with app.run_test(size=(80, 40)) as pilot:
        await settled(pilot)
        before = app.settings.new_topics_a_day
        for x in (4, LABEL_WIDTH + 6, LABEL_WIDTH + 6, LABEL_WIDTH + 2):
            await pilot.click(Choices, offset=(x, 4))
            await settled(pilot)
        assert app.settings.new_topics_a_day == before + 1


async def test_how_sure_one_is_can_be_seen_and_changed(make: Make) -> None:
    app = make(Start("quiz", plan=QuizPlan(cards=("small/same-padding",))))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        page = app.screen
        assert isinstance(page, QuizScreen)
        foot = page.query_one("#foot", Line)
        seen = [foot.right.plain]
        for _ in range(2):
            await press(pilot, "f3")
            seen.append(foot.right.plain)
        assert seen == ["F3 how sure are you?", "F3 you are sure", "F3 you are unsure"]
