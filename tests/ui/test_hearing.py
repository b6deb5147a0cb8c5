"""Deaf to noise: what arrives in one burst is never both an answer and a rating."""

from __future__ import annotations

from time import monotonic

import pytest
from textual import events
from textual.pilot import Pilot
from textual.widgets import Input

from tests.ui.conftest import DAY, HandClock, Make, press, screen_text, settled
from tests.ui.test_study import STUDY, go_to, journal
from tutor.paths import Place
from tutor.ui.hearing import CONSIDERED, KEYPAD, READING
from tutor.ui.terminal.keys import put_in_burst

_numbers = iter(range(10**9))


async def burst(pilot: Pilot[None], *keys: str, later: float = 1.0) -> None:
    """Send keys as a terminal does that delivers them in one read, `later` seconds from now."""
    number = next(_numbers)
    for key in keys:
        event = events.Key(key, key if len(key) == 1 else None)
        event.time = monotonic() + later
        put_in_burst(event, number)
        pilot.app.post_message(event)
    await settled(pilot)


def answers(place: Place) -> int:
    return sum(event.kind == "review" for event in journal(place))


async def test_one_burst_is_no_answer_and_rating(make: Make, place: Place) -> None:
    app = make(STUDY)
    async with app.run_test(size=(80, 24)) as pilot:
        page = await go_to(pilot, "term")
        await burst(pilot, "enter", "3", "enter", "3")
        assert page.view.revealed and answers(place) == 0
        await burst(pilot, "3", "enter", "3")
        assert answers(place) == 1 and not page.view.revealed


async def test_a_rating_acts_once_its_answer_could_be_read(make: Make, place: Place) -> None:
    app = make(STUDY)
    async with app.run_test(size=(80, 24)) as pilot:
        page = await go_to(pilot, "term")
        await burst(pilot, "enter")
        painted = page.painted
        await burst(pilot, "3", later=painted + READING / 2 - monotonic())
        assert answers(place) == 0
        await burst(pilot, "3", later=painted + READING * 1.01 - monotonic())
        assert answers(place) == 1


async def test_enter_rates_a_moment_after_it_revealed(make: Make, place: Place) -> None:
    app = make(STUDY)
    async with app.run_test(size=(80, 24)) as pilot:
        page = await go_to(pilot, "term")
        await burst(pilot, "enter", later=0)
        painted = page.painted
        await burst(pilot, "enter", later=painted + CONSIDERED * 0.9 - monotonic())
        await burst(pilot, "space", later=painted + CONSIDERED * 1.8 - monotonic())
        assert answers(place) == 0, "held down or tapped twice it rates nothing"
        await burst(pilot, "enter", later=painted + CONSIDERED * 3 - monotonic())
        assert answers(place) == 1


async def test_what_follows_an_enter_is_not_typed_before_it(make: Make, place: Place) -> None:
    app = make(STUDY)
    async with app.run_test(size=(80, 24)) as pilot:
        page = await go_to(pilot, "numeric")
        await burst(pilot, "1", "2", "enter", "3", "4", "enter")
        assert page.turn is not None and page.turn.answer == "12"
        assert answers(place) == 1, "a wrong number is Again, once"


async def test_a_digit_does_not_choose_what_was_not_yet_shown(make: Make, place: Place) -> None:
    app = make(STUDY)
    async with app.run_test(size=(80, 24)) as pilot:
        page = await go_to(pilot, "choice")
        await burst(pilot, "enter", "1")
        assert page.view.options and not page.view.revealed
        await burst(pilot, "1", later=page.painted - monotonic())
        assert not page.view.revealed
        await burst(pilot, "1")
        assert page.view.revealed


async def test_arrows_of_one_packet_all_act(make: Make) -> None:
    app = make()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "escape")
        menu = app.today.query_one("Menu")
        await burst(pilot, "down", "down", "down")
        assert menu.cursor == 3  # type: ignore[attr-defined]


@pytest.mark.parametrize("key", ["ctrl+j", "shift+enter"])
async def test_the_keypads_enter_is_enter(make: Make, key: str) -> None:
    assert KEYPAD[key] == "enter"
    app = make(STUDY)
    async with app.run_test(size=(80, 24)) as pilot:
        page = await go_to(pilot, "term")
        await press(pilot, key)
        assert page.view.revealed


async def test_after_the_notice_the_field_has_its_focus_again(make: Make) -> None:
    app = make(STUDY)
    async with app.run_test(size=(80, 24)) as pilot:
        page = await go_to(pilot, "numeric")
        await press(pilot, "1")
        await pilot.resize_terminal(40, 10)
        await settled(pilot)
        await pilot.resize_terminal(80, 24)
        await settled(pilot)
        await press(pilot, "2")
        assert page.query_one(Input).value == "12"


async def test_a_field_left_on_purpose_stays_left(make: Make) -> None:
    app = make(STUDY)
    async with app.run_test(size=(80, 24)) as pilot:
        page = await go_to(pilot, "numeric")
        await press(pilot, "tab")
        await pilot.resize_terminal(40, 10)
        await settled(pilot)
        await pilot.resize_terminal(80, 24)
        await settled(pilot)
        assert page.focused is None


async def test_pasted_lines_are_joined_and_told(make: Make, place: Place) -> None:
    app = make(STUDY)
    async with app.run_test(size=(80, 24)) as pilot:
        page = await go_to(pilot, "numeric")
        pilot.app.post_message(events.Paste("4 cells\n\n and 2 more\x1b[31m\n"))
        await settled(pilot)
        assert page.query_one(Input).value == "4 cells and 2 more[31m"
        assert "2 lines" in screen_text(pilot) and answers(place) == 0


async def test_undo_across_sessions_asks_first(make: Make, place: Place, clock: HandClock) -> None:
    async with make(STUDY).run_test(size=(80, 24)) as pilot:
        await go_to(pilot, "term")
        await press(pilot, "enter", "3")
    clock.pass_by(DAY)
    async with make(STUDY).run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "f8")
        assert "small/padding was answered before this session" in screen_text(pilot)
        assert journal(place)[-1].kind != "undo"
        await press(pilot, "f8")
        assert journal(place)[-1].kind == "undo"
