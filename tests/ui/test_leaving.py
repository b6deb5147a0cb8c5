"""Leaving at any moment of the start, or of a page's own work, ends without a failure."""

from __future__ import annotations

import asyncio

import pytest
from textual.css.query import NoMatches

from tests.ui.conftest import Make, press, settled
from tutor.ui.screens.browse import BrowseScreen
from tutor.ui.start import Start
from tutor.ui.widgets.card_table import CardTable

PAGES = (Start(), Start("quiz"), Start("lab", term="descent"))
MOMENTS = range(0, 60, 6)  # milliseconds


@pytest.mark.parametrize("start", PAGES, ids=lambda start: start.screen)
async def test_a_page_half_put_together_ends_quietly(make: Make, start: Start) -> None:
    for moment in MOMENTS:
        app = make(start)
        async with app.run_test():
            await asyncio.sleep(moment / 1000)
        assert not app.return_code


async def test_a_page_that_was_left_hears_the_rest_quietly(make: Make) -> None:
    """What is mounted while a page goes is not there: the card beside the table was looked for."""
    app = make()
    async with app.run_test(size=(120, 40)) as pilot:
        await settled(pilot)
        await press(pilot, "escape", "b")
        page = app.screen
        assert isinstance(page, BrowseScreen)
        await page.query_one("#side").remove_children()
        row = page.query_one(CardTable).row
        left = app.pop_screen()
        page.post_message(CardTable.Moved(row))
        await left
        await settled(pilot)
        assert app.screen is app.today
        await press(pilot, "b")
        assert isinstance(app.screen, BrowseScreen), "and the app goes on"
    assert not app.return_code


async def test_a_page_that_is_shown_tells_what_it_misses(make: Make) -> None:
    app = make()
    with pytest.raises(NoMatches):
        async with app.run_test() as pilot:
            await settled(pilot)
            app.screen.call_later(lambda: app.screen.query_one("#nowhere"))
            await settled(pilot)
