"""No page takes the app down when what it shows cannot be read: it says so, and one can go on."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NoReturn

import pytest

from tests.ui.conftest import DECK, Make, press, screen_text, settled
from tutor import paths
from tutor.deck.library import Library
from tutor.errors import DamagedError
from tutor.lab.compilation import readiness
from tutor.session.learner import Learner
from tutor.store.journal import Store
from tutor.ui.app import TutorApp
from tutor.ui.routes import PAGES
from tutor.ui.screens.dialog import ErrorDialog
from tutor.ui.start import Start

TERMS = {
    "topic": "padding", "first-lesson": "padding", "card": "small/padding", "why": "ewma",
    "code": "ewma",
}  # fmt: skip
# Looked up in memory, before a page is made or while it is painted: nothing there can fail.
# What cannot be shown without asking the learner for something.
READS = {"card", "first-lesson", "glossary", "progress", "study", "topic"}
# Pages that are opened over a running demo only.
OVER_A_DEMO = {"crowd", "draw", "type"}
IN_MEMORY = {"at_rest", "close"}


def fail(*_: Any, **__: Any) -> NoReturn:
    raise DamagedError("The answers cannot be read", "This is a test.", "Press escape.")


def public(kind: type) -> list[str]:
    return [n for n, v in vars(kind).items() if callable(v) and n[0] != "_" and n != "open"]


@pytest.mark.parametrize("name", sorted(PAGES.keys() - OVER_A_DEMO))
async def test_each_page_with_a_learner_that_fails(
    name: str, make: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(readiness, "starts_at_once", lambda _: True)
    app = make(Start("settings"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        for kind in (Learner, Store):
            for method in public(kind):
                if method not in IN_MEMORY:
                    monkeypatch.setattr(kind, method, fail)
        monkeypatch.setattr(Library, "card", fail)
        app.go(Start(name, term=TERMS.get(name, "")))
        await settled(pilot)
        assert app.is_running
        assert isinstance(app.screen, ErrorDialog) or name not in READS
        while isinstance(app.screen, ErrorDialog):
            assert "This is a test." in screen_text(pilot)
            await press(pilot, "escape")
        monkeypatch.undo()


async def test_a_card_that_was_cut_out_of_its_file(tmp_path: Path) -> None:
    deck = tmp_path / "small.md"
    deck.write_text(DECK.read_text(encoding="utf-8"), encoding="utf-8")
    place = paths.settle(data_dir=str(tmp_path / "data"), content=(str(deck),), bundled=False)
    app = TutorApp(place)
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        deck.write_text("# Nothing\n", encoding="utf-8")
        app.go(Start("card", term="small/padding"))
        await settled(pilot)
        assert isinstance(app.screen, ErrorDialog)
        await press(pilot, "escape")
        assert app.is_running and not isinstance(app.screen, ErrorDialog)


async def test_what_no_deck_has_is_told(make: Make) -> None:
    app = make(Start("settings"))
    async with app.run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        for start in (Start("topic", term="nothing"), Start("card", term="small/nothing")):
            app.go(start)
            await settled(pilot)
            assert isinstance(app.screen, ErrorDialog), start
            await press(pilot, "escape")
