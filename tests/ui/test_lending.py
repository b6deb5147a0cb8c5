"""Every demo view borrows the learner's reviews through the same door, in a thread."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from tests.ui.conftest import press, settled
from tutor import paths
from tutor.errors import UnwritableError
from tutor.lab.compilation import readiness
from tutor.lab.worker import Worker
from tutor.session import lending
from tutor.session.learner import Learner
from tutor.ui.app import TutorApp
from tutor.ui.screens.dialog import ErrorDialog
from tutor.ui.start import Start

DECK = """---
deck: d
title: D
license: CC0-1.0
---

## Forgetting
<!-- card id=forgetting demo=forgetting -->
It goes on.
"""


@pytest.fixture
def app(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> TutorApp:
    """The app over one card with the demo that borrows; the demo itself does not run."""
    monkeypatch.setattr(readiness, "starts_at_once", lambda _: True)
    monkeypatch.setattr(Worker, "start", lambda _: None)
    deck = tmp_path / "d.md"
    deck.write_text(DECK, encoding="utf-8")
    place = paths.settle(data_dir=str(tmp_path / "data"), content=(str(deck),), bundled=False)
    return TutorApp(place, Start("settings"))


@pytest.mark.parametrize(
    "start", [Start("lab", "forgetting"), Start("study"), Start("lab", "ewma")]
)
async def test_a_demo_borrows_wherever_it_stands(
    start: Start, app: TutorApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    lent: list[threading.Thread] = []

    def lend(learner: Learner) -> Path:
        lent.append(threading.current_thread())
        return learner.place.data

    monkeypatch.setattr(lending, "lend_reviews", lend)
    async with app.run_test(size=(140, 40)) as pilot:
        await settled(pilot)
        app.go(start)
        await settled(pilot)
        if start.screen == "study":
            await press(pilot, "d")
        assert len(lent) == (start.term != "ewma")
        assert threading.main_thread() not in lent


async def test_what_cannot_be_lent_is_told(app: TutorApp, monkeypatch: pytest.MonkeyPatch) -> None:
    def lend(_: Learner) -> Path:
        raise UnwritableError("The folder cannot be written", "Full.", "Make room.")

    monkeypatch.setattr(lending, "lend_reviews", lend)
    async with app.run_test(size=(140, 40)) as pilot:
        await settled(pilot)
        app.go(Start("lab", "forgetting"))
        await settled(pilot)
        assert isinstance(app.screen, ErrorDialog)
        assert app.is_running
