"""Import and export in the app: looked at first, written after that, nothing half in."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TypeVar

import pytest
from textual.pilot import Pilot
from textual.widgets import Input

from tests.ui.conftest import Make, press, screen_text, settled
from tutor.deck.load_progress import OnProgress
from tutor.paths import Place
from tutor.session import leaving
from tutor.ui.app import TutorApp
from tutor.ui.screens.exchange import ExchangeScreen
from tutor.ui.screens.settings import SettingsScreen
from tutor.ui.start import Start
from tutor.ui.widgets.menu import Menu

TABLE = "What is an epoch?\tOne pass over all\nWhat is a batch?\tA few at once\n"
T = TypeVar("T")
LOG = "card_id,review_rating,review_time\nother/a,3,2024-01-05T10:00:00Z\n"


async def named(pilot: Pilot[None], file: Path) -> None:
    """Write a file's name into the field and send it off."""
    pilot.app.screen.query_one(Input).value = str(file)
    await press(pilot, "enter")
    await settled(pilot)


async def choose(pilot: Pilot[None], row: int) -> None:
    pilot.app.screen.query_one(Menu).cursor = row
    await press(pilot, "enter")


def decks(place: Place) -> list[str]:
    return sorted(path.name for path in (place.data / "decks").glob("*.md"))


async def opened(pilot: Pilot[None]) -> TutorApp:
    await settled(pilot)
    assert isinstance(pilot.app, TutorApp) and isinstance(pilot.app.screen, ExchangeScreen)
    return pilot.app


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_a_deck_is_shown_first_and_comes_in_with_enter(
    make: Make, place: Place, tmp_path: Path, size: tuple[int, int]
) -> None:
    file = tmp_path / "words.tsv"
    file.write_text(TABLE, encoding="utf-8")
    async with make(Start("exchange")).run_test(size=size) as pilot:
        app = await opened(pilot)
        await choose(pilot, 0)
        await named(pilot, file)
        assert "What is an epoch?" in screen_text(pilot)
        assert "2 cards would come in" in screen_text(pilot)
        assert decks(place) == []
        await press(pilot, "enter")
        await settled(pilot)
        assert "2 cards came in" in screen_text(pilot)
        assert decks(place) == ["words.md"]
        assert sum(key.startswith("words/") for key in app.learner.library.entries) == 2


async def test_escape_leaves_it_and_nothing_is_written(
    make: Make, place: Place, tmp_path: Path
) -> None:
    file = tmp_path / "words.tsv"
    file.write_text(TABLE, encoding="utf-8")
    async with make(Start("settings")).run_test(size=(80, 24)) as pilot:
        await settled(pilot)
        await press(pilot, "z")
        await settled(pilot)
        await opened(pilot)
        await choose(pilot, 0)
        await named(pilot, file)
        await press(pilot, "escape", "enter", "escape")
        assert decks(place) == []
        await press(pilot, "escape")
        assert isinstance(pilot.app.screen, SettingsScreen)


async def test_a_review_log_is_known_by_its_first_line(make: Make, tmp_path: Path) -> None:
    file = tmp_path / "log.csv"
    file.write_text(LOG, encoding="utf-8")
    async with make(Start("exchange")).run_test(size=(80, 24)) as pilot:
        app = await opened(pilot)
        await choose(pilot, 0)
        await named(pilot, file)
        assert "log.csv is taken for a log of 1 answer" in screen_text(pilot)
        await press(pilot, "enter")
        await settled(pilot)
        assert app.learner.glance().answers == 1


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (None, "there is no such file"),
        ("", "it is empty"),
        ("one line of prose", "is no table"),
        ('{"format":"tutor-journal","version":1,"schema":2}\n', "into an empty folder"),
    ],
)
async def test_what_cannot_come_in_is_said_and_the_name_can_be_mended(
    make: Make, tmp_path: Path, text: str | None, said: str
) -> None:
    file = tmp_path / "given.txt"
    if text is not None:
        file.write_text(text, encoding="utf-8")
    async with make(Start("exchange")).run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        await choose(pilot, 0)
        await named(pilot, file)
        assert said in screen_text(pilot)
        assert isinstance(pilot.app.focused, Input)


@pytest.mark.parametrize("form", leaving.FORMS)
async def test_what_goes_along_is_written_and_an_old_file_is_asked_about(
    make: Make, tmp_path: Path, form: str
) -> None:
    target = tmp_path / leaving.FORMS[form].file
    async with make(Start("exchange")).run_test(size=(120, 40)) as pilot:
        await opened(pilot)
        row = 1 + list(leaving.FORMS).index(form)
        await choose(pilot, row)
        await named(pilot, target)
        assert "Written:" in screen_text(pilot)
        assert ("In Anki: File > Import" in screen_text(pilot)) == form.startswith("anki")
        # Of decks the target is a folder.
        file = min(target.glob("*.md")) if target.is_dir() else target
        assert file.stat().st_size > 0
        file.write_bytes(b"old")
        await choose(pilot, row)
        await named(pilot, target)
        assert "writes over it" in screen_text(pilot)
        assert file.read_bytes() == b"old"
        await press(pilot, "enter")
        await settled(pilot)
        assert file.read_bytes() != b"old"


async def test_a_name_that_the_form_cannot_have_is_refused(make: Make, tmp_path: Path) -> None:
    target = tmp_path / "all.colpkg"
    async with make(Start("exchange")).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await choose(pilot, 1 + list(leaving.FORMS).index("anki"))
        await named(pilot, target)
        assert "replace the whole collection" in screen_text(pilot)
        assert isinstance(pilot.app.focused, Input)
        assert not target.exists()


async def test_in_a_browser_no_file_is_named(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TUTOR_SERVED", "no files")
    async with make(Start("exchange")).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        assert "In a browser no file is read" in screen_text(pilot)
        assert not pilot.app.screen.query(Menu)


class Gate:
    """Work in a thread that stands still in its middle until the test lets it go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
        self.reached, self.open = threading.Event(), threading.Event()
        monkeypatch.setattr(where, self.counted)

    def counted(self, items: Sequence[T], on_progress: OnProgress) -> Iterator[T]:
        for done, item in enumerate(items):
            if done == len(items) // 2:
                self.reached.set()
                assert self.open.wait(60)
            on_progress(done / len(items))
            yield item

    async def stands(self, pilot: Pilot[None]) -> None:
        while not self.reached.is_set():
            await pilot.pause(0.01)


def long_log(folder: Path) -> Path:
    file = folder / "log.csv"
    rows = "".join(f"other/c{at},3,2024-01-05T10:00:00Z\n" for at in range(20))
    file.write_text(f"card_id,review_rating,review_time\n{rows}", encoding="utf-8")
    return file


@pytest.mark.parametrize("stopped", [True, False])
async def test_what_comes_in_tells_how_far_it_is_and_escape_stops_it(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, stopped: bool
) -> None:
    gate = Gate(monkeypatch, "tutor.session.importing.counted")
    async with make(Start("exchange")).run_test(size=(80, 24)) as pilot:
        app = await opened(pilot)
        await choose(pilot, 0)
        await named(pilot, long_log(tmp_path))
        await pilot.press("enter")
        await gate.stands(pilot)
        while "45 %" not in screen_text(pilot):
            await pilot.pause(0.05)
        assert "esc stops it" in screen_text(pilot)
        if stopped:
            await pilot.press("escape", "enter")
            await pilot.pause()
            assert "Stopping" in screen_text(pilot)
        gate.open.set()
        await settled(pilot)
        assert ("Nothing was written." in screen_text(pilot)) == stopped
        assert ("20 answers to 20 cards imported" in screen_text(pilot)) != stopped
        assert app.learner.glance().answers == (0 if stopped else 20)
        # The page can be used again.
        assert app.screen.query_one(Menu).display


async def test_leaving_the_app_stops_what_comes_in(
    make: Make, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch, "tutor.session.importing.counted")
    file = long_log(tmp_path)
    async with make(Start("exchange")).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await choose(pilot, 0)
        await named(pilot, file)
        await pilot.press("enter")
        await gate.stands(pilot)
        threading.Timer(0.5, gate.open.set).start()
        pilot.app.exit()
    monkeypatch.undo()
    async with make(Start("exchange")).run_test(size=(80, 24)) as pilot:
        app = await opened(pilot)
        assert app.learner.glance().answers == 0


async def test_an_export_that_is_stopped_writes_nothing(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    gate = Gate(monkeypatch, "tutor.session.exporting_anki.counted")
    target = tmp_path / "cards.apkg"
    async with make(Start("exchange")).run_test(size=(80, 24)) as pilot:
        await opened(pilot)
        await choose(pilot, 1 + list(leaving.FORMS).index("anki"))
        pilot.app.screen.query_one(Input).value = str(target)
        await pilot.press("enter")
        await gate.stands(pilot)
        await pilot.press("escape")
        gate.open.set()
        await settled(pilot)
        assert "Nothing was written." in screen_text(pilot)
        assert not target.exists()
