"""How the screens look, dark in two sizes and light in two more, of which `-m seeds` has the last.

Run `pytest --snapshot-update` after a wanted change, and look at the pictures. Clock, decks and
seeds are fixed, the cursor stands still, nothing is animated.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from textual.pilot import Pilot

from tests.ui.conftest import DAY, DECK, MORNING, HandClock, press, settled
from tutor import paths
from tutor.memory.model import Rating
from tutor.paths import Place
from tutor.session.learner import Learner
from tutor.session.plans import QuizPlan, StudyPlan
from tutor.session.study import StudySession
from tutor.settings import Settings
from tutor.store.glance import read_glance
from tutor.ui.app import TutorApp
from tutor.ui.start import Start

THEMES = {(60, 15): "light", (80, 24): "dark", (120, 40): "dark", (200, 60): "light"}
LARGEST = max(THEMES)
in_every_size = pytest.mark.parametrize(
    "size",
    [pytest.param(size, id=f"{size[0]}x{size[1]}",
                  marks=[pytest.mark.seeds] * (size == LARGEST)) for size in THEMES],
)  # fmt: skip
Compare = Callable[..., bool]

RATINGS = [Rating.GOOD, Rating.GOOD, Rating.AGAIN, Rating.GOOD, Rating.EASY, Rating.HARD]


@pytest.fixture
def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Place:
    """The data folder by a relative name, so that no screen shows this run's own path."""
    monkeypatch.chdir(tmp_path)
    return paths.settle(data_dir="data", content=(str(DECK),), bundled=False)


@pytest.fixture(scope="module")
def twelve_days(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of twelve days of a learner, always the same."""
    data = tmp_path_factory.mktemp("lived") / "data"
    clock = HandClock(MORNING - 12 * DAY)
    where = paths.settle(data_dir=str(data), content=(str(DECK),), bundled=False)
    learner = Learner.open(where, clock=clock)
    for day in range(12):
        session = StudySession(learner, StudyPlan(limit=5))
        while item := session.next():
            session.answer(item, RATINGS[(day + session_length(session)) % 6], elapsed_ms=7000)
            clock.pass_by(9000)
        clock.pass_by(DAY - 45_000)
    learner.close()
    return data


@pytest.fixture
def lived(place: Place, twelve_days: Path) -> Place:
    shutil.copytree(twelve_days, place.data, dirs_exist_ok=True)
    return place


def session_length(session: StudySession) -> int:
    return len(session._answered)


def app_of(place: Place, start: Start | None = None, theme: str = "dark") -> TutorApp:
    return TutorApp(
        place, start, settings=Settings(theme=theme), glance=read_glance(place.database),
        clock=HandClock(),
    )  # fmt: skip


def pressing(*keys: str) -> Callable[[Pilot[None]], object]:
    async def run(pilot: Pilot[None]) -> None:
        await settled(pilot)
        await press(pilot, *keys)

    return run


SCREENS: dict[str, tuple[Start | None, tuple[str, ...]]] = {
    "today": (None, ()),
    "quiz_numeric": (Start("quiz", plan=QuizPlan(cards=("small/dense-count",), seed=5)), ("f3",)),
    "quiz_wrong": (
        Start("quiz", plan=QuizPlan(cards=("small/same-padding",), seed=5)),
        ("enter", "1"),
    ),
    "quiz_match": (Start("quiz", plan=QuizPlan(cards=("small/loss-task",), seed=5)), ()),
    "quiz_setup": (Start("quiz"), ()),
    "quiz_report": (
        Start("quiz", plan=QuizPlan(cards=("small/same-padding", "small/dense-matrix"), seed=5)),
        ("enter", "1", "enter", "1", "enter"),
    ),
    "glossary": (Start("glossary", term="padding"), ()),
    "progress": (Start("progress"), ()),
    "settings": (Start("settings"), ("down",)),
    "help": (None, ("question_mark",)),
    "browse": (Start("browse", term="padding"), ("down",)),
    "form": (Start("mend", term="small/same-padding"), ()),
}


@in_every_size
@pytest.mark.parametrize("name", SCREENS)
def test_screen(lived: Place, snap_compare: Compare, name: str, size: tuple[int, int]) -> None:
    start, keys = SCREENS[name]
    app = app_of(lived, start, THEMES[size])
    assert snap_compare(app, terminal_size=size, run_before=pressing(*keys))


@in_every_size
def test_welcome(place: Place, snap_compare: Compare, size: tuple[int, int]) -> None:
    app = app_of(place, theme=THEMES[size])
    assert snap_compare(app, terminal_size=size, run_before=pressing())


@in_every_size
@pytest.mark.parametrize("keys", [("h", "h"), ("enter",), ("enter", "t")], ids="-".join)
def test_study(
    place: Place, snap_compare: Compare, keys: tuple[str, ...], size: tuple[int, int]
) -> None:
    start = Start("study", plan=StudyPlan(topics=("padding",), new=9), read=("padding",))
    app = app_of(place, start, THEMES[size])
    assert snap_compare(app, terminal_size=size, run_before=pressing(*keys))


def test_light_theme(lived: Place, snap_compare: Compare) -> None:
    app = app_of(lived, theme="light")
    assert snap_compare(app, terminal_size=(80, 24), run_before=pressing())


def test_no_color(lived: Place, snap_compare: Compare, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    start, keys = SCREENS["quiz_wrong"]
    assert snap_compare(app_of(lived, start), terminal_size=(80, 24), run_before=pressing(*keys))
