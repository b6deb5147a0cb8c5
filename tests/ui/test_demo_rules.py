"""Every demo keeps to what a screen may say before its question is answered, at three sizes."""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import partial

import pytest

from demos import catalog
from tests.demos.test_predictions import UNUSUAL
from tests.ui.test_lab import LARGE, NORMAL, SMALL, LabApp, text, until
from tests.ui.test_rules import faults
from tutor.lab.compilation import readiness
from tutor.ui.screens.lab import DemoScreen


@pytest.fixture(autouse=True)
def _compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "starts_at_once", lambda name: True)


def one_line(shown: str) -> str:
    """Words as they follow each other, whatever the rows."""
    return " ".join(shown.split())


def has_begun(page: DemoScreen) -> bool:
    return page.view.snapshot.frame is not None


def kept(name: str, page: DemoScreen, shown: str) -> None:
    """That what is shown of an open question is all that may be shown."""
    asked = catalog.spec(name).predict
    # A cross of another shape is a point of a class in a picture.
    assert set(faults(shown)) <= {"a mark of another shape"}, f"{name}:\n{shown}"
    assert page.view.snapshot.step == 0 and page.view.snapshot.result is None
    assert "✓" not in shown and "✗" not in shown, f"{name}:\n{shown}"
    for words in (asked.question, *asked.options):
        assert one_line(words) in one_line(shown), f"{name}: {words}\n{shown}"
    assert "esc back" in shown.splitlines()[-1], f"{name}:\n{shown}"


async def walk(names: Sequence[str]) -> None:
    app = LabApp()
    async with app.run_test(size=LARGE) as pilot:
        for name in names:
            knobs = "&".join(f"{knob}={value}" for knob, value in UNUSUAL.get(name, {}).items())
            page = DemoScreen(f"{name}?{knobs}" if knobs else name)
            app.push_screen(page)
            await until(pilot, partial(has_begun, page))
            for size in (LARGE, NORMAL, SMALL):
                await pilot.resize_terminal(*size)
                await until(pilot, lambda: "Predict" in text(pilot))
                kept(name, page, text(pilot))
            for key in ("enter", "w", "full_stop", "c"):  # each says what comes first
                await pilot.press(key)
            assert app.screen is page and page.view.inquiry.phase == "predict", name
            assert page.view.snapshot.step == 0 and "first" in page.said, name
            await pilot.press("escape")
            await pilot.resize_terminal(*LARGE)


async def test_some_demos_keep_the_rules_before_they_are_answered() -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    await walk(random.Random(seed).sample(catalog.names(), 4))


@pytest.mark.seeds
async def test_every_demo_keeps_the_rules_before_it_is_answered() -> None:
    await walk(catalog.names())
