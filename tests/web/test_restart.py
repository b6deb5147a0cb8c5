"""What a learner had begun is there again after the server has ended, and no app outlives it."""

from __future__ import annotations

import asyncio
import re
import signal
from pathlib import Path

import pytest

pytest.importorskip("textual_serve", reason="the extra `serve` is not installed")

from tests.web import served as tutor
from tutor.store.database import open_store
from tutor.ui.hearing import READING
from tutor.web import session

DOWN, F9 = "\x1b[B", "\x1b[20~"
ASKED = re.compile(r"Which is a \w+\?")


def asked(text: str) -> str:
    found = ASKED.search(text)
    assert found is not None, text
    return found[0]


def reviews(options: list[str]) -> list[str]:
    data = Path(options[1])
    with open_store(data / "tutor.db", data / "backups") as store:
        return [event.card_key for event in store.events() if event.kind == "review"]


async def on_today(tab: tutor.Tab) -> None:
    await tab.until("Start today")
    await tab.until(lambda text: "Opening" not in text)


async def pressed(tab: tutor.Tab, key: str) -> None:
    """Press a key after the time to read what it acts on."""
    await asyncio.sleep(2 * READING)
    await tab.type(key)


async def test_a_quiz_goes_on_after_the_server_was_started_anew(tmp_path: Path) -> None:
    options = tutor.learner(tmp_path)
    with tutor.serving(options) as served:
        async with tutor.browser(served) as client:
            tab = await tutor.open_tab(client, served, "tab-00000001")
            await on_today(tab)
            await pressed(tab, "q")
            await tab.until("Nothing ticked means everything")
            await pressed(tab, "\r")
            await tab.until("1 of 2")
            await pressed(tab, "\r")
            first = asked(await tab.until("The letter"))
            await pressed(tab, "1")
            await tab.until("✓")
            served.process.send_signal(signal.SIGTERM)
            served.process.wait(20)
    before = reviews(options)
    with tutor.serving(options) as served:
        async with tutor.browser(served) as client:
            tab = await tutor.open_tab(client, served, "tab-00000001")
            await on_today(tab)
            await tab.until("Go on")
            await pressed(tab, DOWN)
            await tab.until("> Go on")
            await pressed(tab, "\r")
            text = await tab.until(lambda text: "2 of 2" in text and bool(ASKED.search(text)))
            assert asked(text) != first, "the other of the two"
            assert reviews(options) == before, "what was answered is answered once"


async def on_exam(tab: tutor.Tab, words: str) -> None:
    """From Today to the page of exams, which says these words."""
    await on_today(tab)
    await pressed(tab, "q")
    await tab.until("Nothing ticked means everything")
    await pressed(tab, F9)
    await tab.until(words)


async def test_an_exam_goes_on_after_the_server_was_killed(tmp_path: Path) -> None:
    options = tutor.learner(tmp_path)
    before = reviews(options)
    with tutor.serving(options) as served:
        async with tutor.browser(served) as client:
            tab = await tutor.open_tab(client, served, "tab-00000001")
            await on_exam(tab, "No word until the end")
            await pressed(tab, "\r")
            await tab.until("1 of 2")
            await tab.until("The letter")
            await pressed(tab, "1")
            await tab.until("1 answered")
            served.process.kill()
            served.process.wait(20)
    with tutor.serving(options) as served:
        async with tutor.browser(served) as client:
            tab = await tutor.open_tab(client, served, "tab-00000001")
            await on_exam(tab, "An exam waits")
            await pressed(tab, F9)
            await tab.until("2 of 2   1 answered")
    assert reviews(options) == before, "nothing is marked before the end"


async def test_several_tabs_end_with_their_server(tmp_path: Path) -> None:
    options = tutor.learner(tmp_path)
    with tutor.serving(options) as served:
        async with tutor.browser(served) as client:
            tabs = [await tutor.open_tab(client, served, f"tab-0000000{n}") for n in range(3)]
            for tab in tabs:
                await on_today(tab)
            await tabs[0].type("\r")  # a session
            await tabs[0].until("What comes after")
            await tabs[1].close()  # nobody looks at it now
            apps = served.apps()
            assert len(apps) == 3
            served.process.send_signal(signal.SIGTERM)
            assert await tabs[0].closed_with() == await tabs[2].closed_with() == session.ENDED
            assert await asyncio.to_thread(served.process.wait, 20) == 0
            assert all([await tutor.gone(app) for app in apps])
