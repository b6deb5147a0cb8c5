"""Leaving at any moment of the start ends without a failure."""

from __future__ import annotations

import asyncio

import pytest

from tests.ui.conftest import Make
from tutor.ui.start import Start

PAGES = (Start(), Start("quiz"), Start("lab", term="descent"))
MOMENTS = range(0, 60, 6)  # milliseconds


@pytest.mark.parametrize("start", PAGES, ids=lambda start: start.screen)
async def test_a_page_half_put_together_ends_quietly(make: Make, start: Start) -> None:
    for moment in MOMENTS:
        app = make(start)
        async with app.run_test():
            await asyncio.sleep(moment / 1000)
        assert not app.return_code
