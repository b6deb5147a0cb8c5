"""Browse on the real services: finding, sorting, ticking, acting, taking back."""

from __future__ import annotations

from contextlib import closing

import pytest
from textual.pilot import Pilot

from tests.ui.conftest import HandClock, Make, press, screen_text, settled
from tutor.memory.model import Rating
from tutor.paths import Place
from tutor.session.learner import Learner
from tutor.session.study import StudySession
from tutor.ui.app import TutorApp
from tutor.ui.screens.browse import BrowseScreen
from tutor.ui.screens.browse_menu import read_days
from tutor.ui.screens.card import CardScreen
from tutor.ui.screens.quiz import QuizScreen
from tutor.ui.screens.study import StudyScreen
from tutor.ui.screens.write import WriteScreen
from tutor.ui.start import Start
from tutor.ui.widgets.card_table import COLUMNS, CardTable

SIZES = [(80, 24), (120, 40), (200, 60)]


def table(app: TutorApp) -> CardTable:
    return app.screen.query_one(CardTable)


def keys(app: TutorApp) -> list[str]:
    return [row.key for row in table(app).rows]


async def typed(pilot: Pilot[None], text: str) -> None:
    await press(pilot, *("space" if sign == " " else sign for sign in text))


async def test_b_finds_a_card_as_one_types_and_enter_opens_it(make: Make) -> None:
    app = make()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "escape", "b")
        await settled(pilot)
        assert isinstance(app.screen, BrowseScreen)
        every = len(keys(app))
        await typed(pilot, "padding")
        assert 0 < len(keys(app)) < every
        assert f"{len(keys(app))} of {every} cards" in screen_text(pilot)
        first = keys(app)[0]
        await press(pilot, "down", "enter")
        await settled(pilot)
        assert isinstance(app.screen, CardScreen) and app.screen.key == first
        await press(pilot, "escape")
        assert isinstance(app.screen, BrowseScreen)


@pytest.mark.parametrize("query", ["lapses>", "colour:red", "kind:x", "due:soon"])
async def test_a_query_that_means_nothing_is_told_and_keeps_the_cards(
    make: Make, query: str
) -> None:
    app = make(Start("browse"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        app.screen.query_one("Input").value = query  # type: ignore[attr-defined]
        await pilot.pause()
        assert keys(app) and app.screen.said.endswith(".")  # type: ignore[attr-defined]


async def test_ticked_cards_are_suspended_and_one_key_takes_it_back(make: Make) -> None:
    app = make(Start("browse"))
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await press(pilot, "down", "space", "space", "x")
        assert "These 2 cards" in screen_text(pilot)
        chosen = set(table_keys := list(table_ticks(app)))
        assert len(table_keys) == 2
        await choose(pilot, "Suspend")
        assert "2 cards suspended" in screen_text(pilot)
        units = [u for key in chosen for u in app.learner.library.entries[key].units]
        assert all(app.learner.state(unit).suspended for unit in units)
        await press(pilot, "u")
        assert not any(app.learner.state(unit).suspended for unit in units)
        answers = app.learner.store.last_event_id()
        await press(pilot, "u")
        assert app.learner.store.last_event_id() == answers, "there is nothing more of this page"


async def test_undo_takes_back_what_was_done_here_whatever_came_after(make: Make) -> None:
    app = make(Start("browse", term="kind:term"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        every = set(keys(app))
        await press(pilot, "ctrl+a")
        assert table_ticks(app) == every
        await pilot.click(CardTable, offset=(1, 0))
        assert not table_ticks(app)
        await pilot.click(CardTable, offset=(1, 0))
        await press(pilot, "x")
        await choose(pilot, "Flag")
        await press(pilot, "x")
        await choose(pilot, "Study them")
        while not isinstance(app.screen, StudyScreen):
            await press(pilot, "enter")  # the lesson of a new topic
        await press(pilot, "enter", "3")
        while not isinstance(app.screen, BrowseScreen):
            await press(pilot, "escape")
        assert "Saved: 1 card" in screen_text(pilot), "leaving says what was done, here too"
        answers = app.learner.glance().answers
        await press(pilot, "u")
        assert "Taken back" in screen_text(pilot)
        assert not any(row.flagged for row in table(app).rows)
        assert app.learner.glance().answers == answers, "the answer stays"


async def test_a_card_s_page_takes_its_acts_back(make: Make) -> None:
    app = make()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "escape")
        app.go(Start("card", term="small/chain-rule"))
        await settled(pilot)
        units = app.learner.library.entries["small/chain-rule"].units
        await press(pilot, "x")
        await choose(pilot, "Suspend")
        assert all(app.learner.state(unit).suspended for unit in units)
        await press(pilot, "u")
        assert not any(app.learner.state(unit).suspended for unit in units)
        assert "u undo" not in screen_text(pilot)


@pytest.mark.parametrize("kind", ["term", "cloze", "choice", "numeric", "typed"])
async def test_the_keys_act_on_the_page_of_every_kind_of_card(make: Make, kind: str) -> None:
    app = make(Start("browse", term=f"kind:{kind}"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert keys(app)
        await press(pilot, "enter")
        await settled(pilot)
        assert isinstance(app.screen, CardScreen) and app.focused is None
        await press(pilot, "e")
        assert isinstance(app.screen, WriteScreen)


async def test_one_escape_leads_back_from_what_a_row_has_opened(make: Make) -> None:
    app = make()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "escape")
        app.go(Start("browse", term="suspended"))
        await settled(pilot)
        assert not keys(app)
        await press(pilot, "escape")
        assert app.screen is app.today


def table_ticks(app: TutorApp) -> frozenset[str]:
    screen = next(one for one in app.screen_stack if isinstance(one, BrowseScreen))
    return screen.query_one(CardTable).ticked


async def choose(pilot: Pilot[None], label: str) -> None:
    """Take the row of the menu with that label."""
    rows = [row.label for row in pilot.app.screen.query_one("Menu").rows]  # type: ignore[attr-defined]
    await press(pilot, *["down"] * rows.index(label), "enter")
    await settled(pilot)


async def test_the_card_under_the_cursor_is_studied_or_quizzed(make: Make) -> None:
    for label, page in (("Study them", StudyScreen), ("Quiz", QuizScreen)):
        app = make(Start("browse", term="kind:numeric"))
        async with app.run_test(size=(80, 24)) as pilot:
            await settled(pilot)
            await press(pilot, "x")
            await choose(pilot, label)
            assert page in map(type, app.screen_stack)


async def test_every_column_sorts_by_key_and_by_mouse(make: Make) -> None:
    app = make(Start("browse"))
    async with app.run_test(size=(200, 60)) as pilot:
        await settled(pilot)
        await press(pilot, "down")
        seen = set()
        for _ in range(2 * len(COLUMNS)):
            await press(pilot, "right")
            seen.add(table(app).sorted_by)
        assert seen == {(column.name, way) for column in COLUMNS for way in (False, True)}
        await press(pilot, "right")
        assert table(app).sorted_by == ("", False)
        await pilot.click(CardTable, offset=(6, 0))
        fronts = [row.entry.front.lower() for row in table(app).rows]
        assert table(app).sorted_by == ("front", False) and fronts[0] < fronts[-1]
        await pilot.click(CardTable, offset=(2, 3))
        assert table(app).ticked == {keys(app)[2]}
        await pilot.click(CardTable, offset=(10, 2))
        assert table(app).cursor == 1
        await pilot.click(CardTable, offset=(10, 2))
        await settled(pilot)
        assert isinstance(app.screen, CardScreen)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("theme", ["tutor-dark", "tutor-light"])
async def test_the_page_fits_at_every_size(make: Make, size: tuple[int, int], theme: str) -> None:
    app = make(Start("browse", term="padding"))
    async with app.run_test(size=size) as pilot:
        app.use_theme(theme)
        await settled(pilot)
        text = screen_text(pilot)
        assert "card" in text and "due" in text and "lapses" in text
        assert ("Values placed around" in text) == (size[0] >= 120), "the preview"


async def test_beside_the_table_is_said_how_the_card_stands(
    make: Make, place: Place, clock: HandClock
) -> None:
    with closing(Learner.open(place, clock=clock)) as one:
        session = StudySession(one)
        item = session.next()
        assert item is not None
        session.answer(item, Rating.EASY)
    app = make(Start("browse", term=f"key:{item.entry.key}"))
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        assert "due in 8 days" in screen_text(pilot) and "stability" in screen_text(pilot)
        await press(pilot, "slash", *["backspace"] * 40, *"zzzz")
        assert "stability" not in screen_text(pilot), "no card, and nothing said of one"


async def test_an_answer_given_meanwhile_shows_on_return(make: Make) -> None:
    app = make(Start("browse", term="phase:new"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        before = keys(app)
        await press(pilot, "x")
        await choose(pilot, "Study them")
        await press(pilot, "enter", "enter", "3")
        await settled(pilot)
        while not isinstance(app.screen, BrowseScreen):
            await press(pilot, "escape")
        await settled(pilot)
        assert len(keys(app)) < len(before)


def test_days_are_read_from_today_on() -> None:
    assert [read_days(text, 20_000) for text in ("0", " 7 ", "2024-10-05")] == [0, 7, 1]
    assert {read_days(text, 20_000) for text in ("", "-1", "2024-10-01", "x", "99999")} == {None}
