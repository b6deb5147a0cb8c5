"""Panes, chips and room: what stands where at four sizes, and where the keys go."""

from __future__ import annotations

import pytest
from textual.widget import Widget

from tests.ui.conftest import DAY, HandClock, Make, press, screen_text, settled
from tutor.deck import library
from tutor.memory.model import Rating
from tutor.paths import Place
from tutor.session.learner import Learner
from tutor.session.plans import QuizPlan, StudyPlan
from tutor.session.study import StudySession
from tutor.ui.screens.browse import BrowseScreen
from tutor.ui.screens.page import Page
from tutor.ui.screens.study import StudyScreen
from tutor.ui.start import Start
from tutor.ui.widgets.card import CardView
from tutor.ui.widgets.card_lines import card_lines
from tutor.ui.widgets.chips import card_chips, chips
from tutor.ui.widgets.keybar import KeyBar
from tutor.ui.widgets.links import Links
from tutor.ui.widgets.rating import RatingBar
from tutor.ui.widgets.weeks import Weeks

SMALL, LARGE = (60, 15), (200, 60)
SIZES = (SMALL, (80, 24), (100, 30), (120, 40), LARGE)
PADDING = Start("study", plan=StudyPlan(topics=("padding",), new=9), read=("padding",))
PAGES = {
    "today": Start(), "study": PADDING, "quiz": Start("quiz", plan=QuizPlan(count=2)),
    "lab": Start("lab"), "glossary": Start("glossary"), "browse": Start("browse"),
    "settings": Start("settings"), "progress": Start("progress"), "quiz-setup": Start("quiz"),
    "topic": Start("topic", term="padding"), "study-setup": Start("study-setup"),
}  # fmt: skip


@pytest.fixture
def lived(place: Place, clock: HandClock) -> None:
    """Three days of a learner who knows some and forgets some."""
    clock.pass_by(-3 * DAY)
    learner = Learner.open(place, clock=clock)
    for _ in range(3):
        session = StudySession(learner, StudyPlan(limit=3))
        for rating in (Rating.GOOD, Rating.AGAIN, Rating.GOOD):
            if item := session.next():
                session.answer(item, rating, elapsed_ms=4000)
        clock.pass_by(DAY)
    learner.close()


def border_of(widget: Widget) -> str:
    return str(widget.styles.border_top[0])


@pytest.mark.parametrize("size", [SMALL, LARGE], ids=str)
@pytest.mark.parametrize("name", PAGES)
async def test_each_page_has_its_place(
    lived: None, make: Make, name: str, size: tuple[int, int]
) -> None:
    app = make(PAGES[name])
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        page, text = app.screen, screen_text(pilot)
        assert isinstance(page, Page) and "too small" not in text
        assert page.query_one(KeyBar).region.bottom == size[1]
        main = page.query_one("#main")
        assert main.region.height >= 11 and main.region.right <= size[0]
        if focused := page.focused:
            assert page.find_widget(focused).visible_region, "what has the focus is seen"


@pytest.mark.parametrize("size", SIZES, ids=str)
async def test_the_ratings_stand_right_below_the_card(make: Make, size: tuple[int, int]) -> None:
    app = make(PADDING)
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        await press(pilot, "enter")
        card, ratings = app.screen.query_one(CardView), app.screen.query_one(RatingBar)
        assert ratings.region.y == app.screen.query_one("#body").region.bottom + 1
        end = card.virtual_region.height
        if end <= app.screen.query_one("#body").region.height:
            assert ratings.region.y == card.region.bottom + 1
        assert "4 Easy" in screen_text(pilot)


async def test_a_card_longer_than_the_window_scrolls_above_its_ratings(make: Make) -> None:
    app = make(PADDING)
    async with app.run_test(size=SMALL) as pilot:
        await settled(pilot)
        await press(pilot, "h", "h", "enter")
        screen = app.screen
        assert isinstance(screen, StudyScreen)
        lines = card_lines(screen.question, screen.view, 56) if screen.question else []
        assert len(lines) > screen.query_one("#body").region.height
        assert "2 Hard" in screen_text(pilot)
        await press(pilot, "down")
        assert screen.query_one("#body").scroll_offset.y == 1


async def test_the_pane_that_has_the_keys_is_seen(make: Make) -> None:
    app = make(PADDING)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        main, side = app.screen.query_one("#main"), app.screen.query_one("#side")
        assert (border_of(main), border_of(side)) == ("heavy", "round")
        assert (str(main.border_title), str(side.border_title)) == ("Question", "This session")
        await press(pilot, "enter")
        assert str(main.border_title) == "Answer"
        await press(pilot, "d")
        assert (border_of(main), border_of(side)) == ("round", "heavy")
        assert str(side.border_title) == "Demo"
        await press(pilot, "escape")
        assert (border_of(main), border_of(side)) == ("heavy", "round")
        await press(pilot, "t")
        assert str(side.border_title) == "Lesson" and border_of(main) == "heavy"


async def test_what_was_answered_stands_beside_the_card(make: Make) -> None:
    app = make(PADDING)
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "3")
        rows = app.screen.query_one("#aside", Links).rows
        assert [(row.left.plain, row.right.plain) for row in rows[2:]] == [("✓ Padding", "Good")]
        await press(pilot, "u")
        assert len(app.screen.query_one("#aside", Links).rows) == 2


async def test_today_shows_the_days_and_leads_to_what_needs_a_look(lived: None, make: Make) -> None:
    app = make()
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        weeks = app.today.query_one(Weeks)
        busy = [line.plain[:3] for line in weeks.render().split() if line.plain[4:].strip("· ")]
        assert busy == ["   ", "Wed", "   "], "Tuesday to Thursday"
        look = app.today.query_one("#look", Links)
        first = look.rows[look.leading[0]]
        assert first.left.plain in {"Padding", "Parameter counting"}
        while not look.has_focus:
            await press(pilot, "down")
        await press(pilot, "enter")
        assert isinstance(app.screen, BrowseScreen)
        assert app.screen.field.value.startswith("topic:")


def test_chips_stand_on_their_own_ground_and_the_kind_stands_out(place: Place) -> None:
    decks = library.load(place.content, None)
    card, topic = decks.card("small/padding"), decks.topics["padding"]
    long = card_chips(card, topic, 60)
    assert long.plain == " A small deck › Padding   term "
    assert card_chips(card, topic, long.cell_length).plain == " Padding   term "
    assert {str(span.style) for span in chips(["a"], "b").spans} == {
        "$foreground on $panel", "$accent on $panel",
    }  # fmt: skip
    assert not chips([])
