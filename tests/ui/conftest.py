"""The app on its real services, with a data folder, a deck and a clock of the test's own."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tutor import paths
from tutor.paths import Place
from tutor.quiz.question import Question
from tutor.settings import Settings
from tutor.store.glance import read_glance
from tutor.ui.app import TutorApp
from tutor.ui.start import Start

DECK = Path(__file__).parent / "decks" / "small.md"
MORNING = 1_795_163_400_000  # Friday 2026-11-20, 08:30 UTC
MINUTE = 60_000
DAY = 24 * 60 * MINUTE

Make = Callable[..., TutorApp]


class HandClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, at: int = MORNING) -> None:
        self.at = at

    def __call__(self) -> int:
        """The moment in UTC milliseconds."""
        return self.at

    def pass_by(self, ms: int) -> None:
        """Let so much time pass."""
        self.at += ms


@pytest.fixture(autouse=True)
def _in_utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The learner lives in Greenwich, and no editor is set."""
    for name in ("EDITOR", "VISUAL", "NO_COLOR", "SSH_CONNECTION"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return paths.settle(data_dir=str(tmp_path / "data"), content=(str(DECK),), bundled=False)


@pytest.fixture
def make(place: Place, clock: HandClock) -> Make:
    """Makes the app as `tutor` does: with the settings and the row that are on disk."""

    def build(start: Start | None = None, settings: Settings | None = None) -> TutorApp:
        return TutorApp(
            place, start, settings=settings, glance=read_glance(place.database), clock=clock
        )

    return build


def drawn(question: Question | None, name: str) -> int:
    """The whole number that a question has drawn for a name."""
    assert question is not None
    value = question.values[name]
    assert isinstance(value, int)
    return value


async def settled(pilot: Pilot[None]) -> None:
    """Wait until no thread works and everything is painted."""
    await pilot.pause()
    while list(pilot.app.workers):
        await pilot.app.workers.wait_for_complete()
        await pilot.pause()
    # What was put off until after a refresh may ask for another one.
    for _ in range(2):
        await pilot.app.screen.wait_for_refresh()
        await pilot.pause()


async def press(pilot: Pilot[None], *keys: str) -> None:
    """Press keys one by one, each settled."""
    for key in keys:
        await pilot.press(key)
        await settled(pilot)


def screen_text(pilot: Pilot[None]) -> str:
    """What stands on the screen, line by line."""
    strips = pilot.app.screen._compositor.render_strips()
    return "\n".join("".join(segment.text for segment in strip).rstrip() for strip in strips)
