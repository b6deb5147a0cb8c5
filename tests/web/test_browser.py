"""The served app in Debian's chromium, as a learner uses it."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

for _module in ("selenium", "aiohttp", "textual_serve"):
    pytest.importorskip(_module, reason="the extra `browser` is not installed")

from tests.web import chromium  # noqa: E402
from tests.web.chromium import DOWN, ENTER, ESCAPE, Browser  # noqa: E402
from tests.web.served import WAIT, learner, serving  # noqa: E402
from tutor.store.database import open_store  # noqa: E402

pytestmark = [
    pytest.mark.browser,
    pytest.mark.skipif(
        not (os.access(chromium.CHROMIUM, os.X_OK) and os.access(chromium.DRIVER, os.X_OK)),
        reason="Debian's chromium and chromium-driver are not installed",
    ),
]
ASKED = re.compile(r"(?:What comes after|Which is) a? ?\w+\?")
CHOOSES = re.compile(r"^ *(?:Predict|Observe)  |0\) I don", re.MULTILINE)
STEP = re.compile(r"step ([\d,]+) of")
SIZES = [(1280, 800), (900, 640)]


@pytest.fixture(params=SIZES, ids=lambda size: f"{size[0]}x{size[1]}")
def size(request: pytest.FixtureRequest) -> tuple[int, int]:
    found: tuple[int, int] = request.param
    return found


@pytest.fixture(scope="module")
def chrome() -> Iterator[Any]:
    """One chromium for all tests: each has a tab, a server and a learner of its own."""
    with chromium.started() as driver:
        yield driver


@pytest.fixture
def page(chrome: Any, tmp_path: Path, size: tuple[int, int]) -> Iterator[tuple[Browser, Path]]:
    """A tab on a learner with the small deck, and the learner's folder."""
    with opened(chrome, size, learner(tmp_path)) as browser:
        browser.until("Start today")
        browser.until(lambda text: "Opening" not in text)
        yield browser, tmp_path / "data"


@contextmanager
def opened(chrome: Any, size: tuple[int, int], options: list[str]) -> Iterator[Browser]:
    """A tab on a server of its own; nothing in it may have asked another host."""
    with serving(options) as served, chromium.tab(chrome, size, served.origin) as browser:
        browser.open(served.address)
        yield browser
        assert browser.hosts() == {served.host}, "something asked another host"


def asks(text: str) -> bool:
    return ASKED.search(text) is not None


def question(text: str) -> str:
    found = ASKED.search(text)
    assert found is not None, text
    return found[0]


def answers(data: Path) -> int:
    with open_store(data / "tutor.db", data / "backups") as store:
        return sum(event.kind == "review" for event in store.events())


def test_keys_arrive_without_a_click_and_a_session_is_saved(page: tuple[Browser, Path]) -> None:
    browser, data = page
    before = answers(data)
    browser.press(ENTER)
    browser.until(asks)
    browser.press(ENTER)
    browser.until("is next")
    browser.press("3")
    browser.until(lambda text: asks(text) and "is next" not in text)
    assert answers(data) == before + 1
    assert browser.driver.title == "tutor"


def test_a_reload_in_a_quiz_comes_back_to_its_question(page: tuple[Browser, Path]) -> None:
    browser, _ = page
    browser.press("q")
    browser.until("Nothing ticked means everything")
    browser.press(ENTER)
    browser.until("1 of 2")
    browser.press(ENTER)
    browser.until("The letter")
    browser.press("1")
    browser.until("✓")  # the right option, whichever was chosen
    browser.press(ENTER)
    after = browser.until("2 of 2")
    browser.reload()
    again = browser.until("2 of 2")
    assert question(again) == question(after)


def test_a_demo_trains(page: tuple[Browser, Path]) -> None:
    browser, _ = page
    browser.press("l")
    browser.until("boundary")
    browser.press(*[DOWN] * 5, ENTER)
    browser.until(lambda text: "Predict" in text and "loading" not in text)
    browser.press("1")
    browser.until(lambda text: any(int(n.replace(",", "")) > 100 for n in STEP.findall(text)))


def test_copy_and_paste(page: tuple[Browser, Path]) -> None:
    browser, _ = page
    browser.driver.execute_async_script(
        "const done = arguments[0]; navigator.clipboard.writeText('vowel').then(done, done);"
    )
    browser.press("/")
    browser.until(lambda text: "Start today" not in text)
    browser.paste()
    browser.until("vowel")
    browser.press(ESCAPE, ESCAPE)
    browser.until("Start today")
    browser.press(ENTER)
    shown = question(browser.until(asks))
    browser.drag_over(shown)
    browser.copy()
    ends = time.monotonic() + WAIT
    while shown not in browser.clipboard():
        assert time.monotonic() < ends, browser.clipboard()
        time.sleep(0.2)


def test_the_first_run(chrome: Any, tmp_path: Path, size: tuple[int, int]) -> None:
    """From the question to the fourth of four steps, by enter and one digit a choice."""
    with opened(chrome, size, ["--data-dir", str(tmp_path / "new")]) as browser:
        browser.until("How many minutes a day?")
        seen = set[str]()
        for _ in range(40):
            text = browser.quiet()
            seen |= {*re.findall(r"[1-4] of 4", text)}
            if "4 of 4" in text:
                break
            browser.press("1" if CHOOSES.search(text) else ENTER)
        assert seen == {"1 of 4", "2 of 4", "3 of 4", "4 of 4"}
        browser.until("Your first lesson: 3 cards")
    assert answers(tmp_path / "new") == 3


@pytest.mark.parametrize(("phone", "turns"), [((390, 844), True), ((844, 540), False)])
def test_a_phone_is_told_to_be_turned(  # sizes of a window with its frame
    chrome: Any, tmp_path: Path, phone: tuple[int, int], turns: bool
) -> None:
    with opened(chrome, phone, learner(tmp_path)) as browser:
        browser.until("Start today")
        told = "return !document.getElementById('turn').hidden"
        assert browser.driver.execute_script(told) is turns
        columns, rows = browser.driver.execute_script("return window.__cells")
        assert columns >= 80 and rows >= 24
