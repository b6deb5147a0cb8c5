"""Small windows, and what Today shows: the course map, what was promised."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from textual import events
from textual.content import Content
from textual.geometry import Size
from textual.screen import Screen

from tests.ui.conftest import DAY, MINUTE, HandClock, Make, press, screen_text, settled
from tests.ui.test_today import answer_by_enter, through_the_demo
from tutor.errors import TutorError
from tutor.paths import Place
from tutor.session.learner import Learner
from tutor.session.plans import StudyPlan
from tutor.store.glance import read_glance
from tutor.ui.screens import today
from tutor.ui.screens.lab import DemoScreen
from tutor.ui.screens.study import StudyScreen
from tutor.ui.start import Start
from tutor.ui.widgets.line import shortened
from tutor.ui.widgets.menu import Menu


async def test_the_course_map_is_entered_and_opens_the_cards_of_a_chapter(
    make: Make, place: Place, clock: HandClock
) -> None:
    from tutor.ui.screens.browse import BrowseScreen
    from tutor.ui.widgets.course_map import CourseMap

    Learner.open(place, clock=clock).close()
    app = make()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        if app.screen is not app.today:
            await press(pilot, "escape")
        menu = app.today.query_one(Menu)
        await press(pilot, *["down"] * len(menu.rows))
        assert app.today.query_one(CourseMap).has_focus
        await press(pilot, "up")
        assert menu.has_focus
        await press(pilot, "down", "enter")
        assert isinstance(app.screen, BrowseScreen)
        assert app.screen.field.value == "chapter:1"
        await press(pilot, "escape", "escape")
        await pilot.click("#chapters", offset=(6, 0))
        await settled(pilot)
        assert isinstance(app.screen, BrowseScreen)


@pytest.mark.parametrize("size", [(60, 15), (60, 24), (100, 15)])
async def test_a_card_is_studied_in_a_small_window(make: Make, size: tuple[int, int]) -> None:
    app = make(Start("study", plan=StudyPlan(topics=("padding",), new=2), read=("padding",)))
    async with app.run_test(size=size) as pilot:
        await settled(pilot)
        assert "too small" not in screen_text(pilot)
        await press(pilot, "enter")
        text = screen_text(pilot)
        for part in ("1 Again", "2 Hard", "3 Good", "4 Easy"):
            assert part in text
        assert all(len(line.rstrip()) <= size[0] for line in text.splitlines())


async def test_drawing_asks_for_its_room_and_esc_leads_back(make: Make) -> None:
    app = make(Start("lab", term="digits"))
    async with app.run_test(size=(60, 15)) as pilot:
        await settled(pilot)
        page = app.screen
        assert isinstance(page, DemoScreen)
        await press(pilot, "space", "f")
        assert "needs 80×24" in screen_text(pilot)
        assert "esc" in screen_text(pilot)
        await press(pilot, "escape")
        assert app.screen is page


async def test_the_first_run_in_a_small_window_shows_its_demo(make: Make, place: Place) -> None:
    app, seen = make(), list[str]()
    async with app.run_test(size=(60, 15)) as pilot:
        await settled(pilot)
        for _ in range(20):
            assert "too small" not in screen_text(pilot)
            if "4 of 4" in screen_text(pilot):
                break
            if isinstance(app.screen, StudyScreen):
                await answer_by_enter(pilot)
            elif isinstance(app.screen, DemoScreen):
                assert "2 of 4" in screen_text(pilot)
                await through_the_demo(pilot)
                seen.append("demo")
            else:
                await press(pilot, "enter")
        assert app.screen is app.today and seen == ["demo"]
    glance = read_glance(place.database)
    assert glance is not None and glance.answers == 3


async def test_reviews_come_back_the_day_they_were_promised(
    make: Make, clock: HandClock, place: Place
) -> None:
    app = make(
        Start("study", plan=StudyPlan(topics=("padding",), new=1, limit=1), read=("padding",))
    )
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "enter", "4")
    clock.pass_by(8 * DAY + MINUTE)
    app = make()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert "1 due" in screen_text(pilot)


async def test_a_message_takes_the_rows_that_it_needs_and_gives_them_back(make: Make) -> None:
    app = make(Start("study", plan=StudyPlan(topics=("padding",), new=2), read=("padding",)))
    long = " ".join(f"word{n}" for n in range(24))
    async with app.run_test(size=(60, 15)) as pilot:
        await settled(pilot)
        page = app.screen
        assert isinstance(page, StudyScreen)
        rows = page.query_one("#columns").size.height
        for text in (long, "One row.", long):
            page.say(text)
            await settled(pilot)
            assert text in " ".join(screen_text(pilot).split())
            taken = rows - page.query_one("#columns").size.height
            assert taken == page.query_one("#say").size.height - 1 == (2 if text == long else 0)
        await pilot.resize_terminal(120, 40)
        await settled(pilot)
        assert page.query_one("#say").size.height == 2


@pytest.mark.parametrize("over", [False, True])
async def test_two_sizes_at_once_come_to_rest(
    make: Make, over: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each would call for the other again, for ever."""
    app = make()
    async with app.run_test(size=(100, 30)) as pilot:
        await settled(pilot)
        if over:
            app.failed(TutorError("A dialog"))
            await settled(pilot)
        screen: Screen[Any] = app.screen
        laid_out = list[Size]()
        real = type(screen)._refresh_layout

        def counted(self: Screen[Any], size: Size | None = None, scroll: bool = False) -> None:
            laid_out.append(size or self.size)
            assert len(laid_out) < 200, "it never comes to rest"
            real(self, size, scroll)

        monkeypatch.setattr(type(screen), "_refresh_layout", counted)
        for size in (Size(80, 24), Size(142, 43)):
            app._size = size
            screen.post_message(events.Resize(size, size))
            screen.call_later(lambda: None)  # two that stand side by side would be one
            screen.refresh()
        await settled(pilot)
        assert screen.size == Size(142, 43)
        before = len(laid_out)
        await asyncio.sleep(0.2)
        assert len(laid_out) == before


def test_a_detail_is_cut_between_words_and_a_head_keeps_how_far_it_is() -> None:
    detail = Content("Other sessions    a chapter, what you missed, a mix, a drill")
    assert shortened(detail, 60) is detail
    for room in range(30, 60):
        cut = shortened(detail, room)
        assert cut.cell_length <= room and cut.plain.endswith(" …")
        assert detail.plain.startswith(cut.plain.removesuffix(" …"))
        assert detail.plain.removeprefix(cut.plain.removesuffix(" …"))[0] in " ,"


async def test_a_small_head_leaves_out_the_chapter_then_the_topic(make: Make) -> None:
    app = make(Start("study", plan=StudyPlan(topics=("padding",), new=2), read=("padding",)))
    async with app.run_test(size=(60, 15)) as pilot:
        await settled(pilot)
        head = screen_text(pilot).splitlines()[0]
        assert "0 due · 0 learning · 2 new" in head and "…" not in head
        assert "undo" not in screen_text(pilot), "there is nothing to take back"
        await press(pilot, "enter", "3")
        assert "undo" in screen_text(pilot)


async def test_what_was_said_on_today_goes_with_the_next_page(make: Make) -> None:
    app = make()
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        if app.screen is not app.today:
            await press(pilot, "escape")
        app.today.say("Saved: 3 cards.")
        await press(pilot, "l", "escape")
        assert app.screen is app.today and "Saved" not in screen_text(pilot)


async def test_numbers_that_nobody_sees_are_not_counted(
    make: Make, clock: HandClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Learner] = []
    count = today._counted

    def counted(learner: Learner) -> today.Counted:
        seen.append(learner)
        return count(learner)

    monkeypatch.setattr(today, "_counted", counted)
    app = make(Start("study", plan=StudyPlan(topics=("padding",), new=2), read=("padding",)))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        assert isinstance(app.screen, StudyScreen) and not seen
        await answer_by_enter(pilot)
        clock.pass_by(DAY)
        await press(pilot, "escape")
        assert seen and "1 learning" in screen_text(pilot)
