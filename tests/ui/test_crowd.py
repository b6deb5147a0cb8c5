"""The crowd page: asks first, shows other seeds and a map, and opens one of its runs live."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from textual.pilot import Pilot

from demos import catalog
from demos.sweep import Row
from tests.ui.test_lab import LARGE, NORMAL, LabApp, play, shows, text, until
from tutor.lab import crowding, link
from tutor.lab.compilation import readiness
from tutor.ui.screens.crowd import CrowdScreen
from tutor.ui.screens.lab import DemoScreen


@pytest.fixture(autouse=True)
def _compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "is_warm", lambda name: True)
    monkeypatch.setattr(crowding, "FIRST_SEEDS", 2)


async def opened(pilot: Pilot[None]) -> CrowdScreen:
    """The page over a demo whose prediction was left."""
    await shows(pilot, "Predict")
    await pilot.press("space", "c")
    await shows(pilot, "Was it luck?")
    page = pilot.app.screen
    assert isinstance(page, CrowdScreen)
    return page


def crowd_of(page: CrowdScreen) -> crowding.Crowding:
    assert page.crowd is not None
    return page.crowd


@pytest.mark.parametrize("size", [NORMAL, LARGE])
async def test_it_asks_first_and_then_shows_the_seeds_and_the_map(size: tuple[int, int]) -> None:
    async def script(app: LabApp, pilot: Pilot[None]) -> None:
        page = await opened(pilot)
        crowd = crowd_of(page)
        await until(pilot, lambda: len(crowd.others) == 100)
        assert "so do" not in text(pilot)
        await pilot.press("5")
        await shows(pilot, "This run's verdict holds; so do 100 of 100 other seeds", "right")
        await shows(pilot, "solved 1", "this run")
        await pilot.press("tab")
        await shows(pilot, "learning_rate (up), init_scale (right): share of seeds", "enter opens")
        await until(pilot, lambda: not crowd.busy)
        assert crowd.axes is not None
        assert len(crowd.cells) == len(crowd.axes.rows) * len(crowd.axes.columns)
        assert all(len(rows) == 2 for rows in crowd.cells.values())
        await pilot.press("n")
        await until(pilot, lambda: min(map(len, list(crowd.cells.values()))) == 4)
        await pilot.press("tab")
        await shows(pilot, "> init_scale", "4 seeds")

    await play("xor", script, size)


async def test_enter_opens_the_middle_run_of_the_cell_live() -> None:
    async def script(app: LabApp, pilot: Pilot[None]) -> None:
        page = await opened(pilot)
        crowd = crowd_of(page)
        await pilot.press("space", "tab", "up", "left")
        await until(pilot, lambda: page.cell in crowd.cells and not crowd.busy)
        settings = crowd.settings(page.cell)
        await pilot.press("enter")
        await until(pilot, lambda: isinstance(app.screen, DemoScreen))
        view = app.screen.query_one("DemoView")
        knobs: Any = getattr(view, "controls")  # noqa: B009
        assert knobs.values == pytest.approx(settings)

    await play("xor", script)


async def test_axes_turn_and_rows_are_kept(tmp_path: Path) -> None:
    async def script(app: LabApp, pilot: Pilot[None]) -> None:
        page = await opened(pilot)
        crowd = crowd_of(page)
        await pilot.press("space", "tab", "]")
        await shows(pilot, "hidden_units (right)")
        await until(pilot, lambda: len(crowd.cells) > 0)
        await pilot.press("[")
        await shows(pilot, "init_scale (right)")

    await play("xor", script)


def test_pairs_begin_with_rate_and_start_or_with_what_is_held() -> None:
    spec = catalog.spec("xor")
    names = [(a.name, b.name) for a, b in crowding.pairs_of(spec, spec.knob("hidden_units"))]
    assert names[0] == ("learning_rate", "init_scale")
    dropout = catalog.spec("dropout")
    first = crowding.pairs_of(dropout, dropout.knob("label_noise"))[0]
    assert first[0].name == "label_noise"
    assert crowding.pairs_of(catalog.spec("perceptron"), dropout.knob("digits")) != []


def test_values_reach_from_end_to_end() -> None:
    spec = catalog.spec("xor")
    assert crowding.values_of(spec.knob("hidden_units"), 20) == (1, 2, 3, 4, 5, 6, 7, 8)
    kernels = catalog.spec("edge").knob("kernel_size")
    assert crowding.values_of(kernels, 20) == (3, 5, 7), "in the knob's own steps"
    rates = crowding.values_of(spec.knob("learning_rate"), 9)
    assert (rates[0], rates[4], rates[-1]) == (0.001, 0.1, 10.0)
    assert crowding.values_of(spec.knob("activation"), 9) == ("tanh", "sigmoid", "relu")


@pytest.mark.parametrize("demo", ["overfit", "dropout", "gan", "memory-lane", "optimizers"])
def test_a_page_that_is_left_soon_trains_no_more(demo: str) -> None:
    """Each of these takes seconds for its first portion."""
    spec = catalog.spec(demo)
    crowd = crowding.Crowding(spec, spec.defaults(), 3, (9, 24), spec.knobs[0])
    crowd.start()
    crowd.stop()
    crowd._thread.join(60)
    assert not crowd._thread.is_alive()
    assert crowd.runs == 0
    assert not crowd.error


@given(st.floats(1e-3, 10.0), st.floats(0.01, 10.0), st.integers(1, 8))
def test_the_cell_of_the_learners_run_is_that_run(rate: float, scale: float, units: int) -> None:
    """To the last digit, and so is what enter opens."""
    spec = catalog.spec("xor")
    knobs = {**spec.defaults(), "learning_rate": rate, "init_scale": scale, "hidden_units": units}
    crowd = crowding.Crowding(spec, knobs, 0, (9, 24), spec.knobs[0])
    assert crowd.settings(crowd.here()) == knobs
    assert link.parse(link.to(spec, knobs)) == ("xor", knobs)


def test_a_link_keeps_what_a_learner_wrote() -> None:
    spec = catalog.spec("tokeniser")
    knobs = {**spec.defaults(), "text": "50% & 1=1 %26"}
    assert link.parse(link.to(spec, knobs)) == ("tokeniser", knobs)


def test_what_is_looked_at_comes_first() -> None:
    """On the map the cells around the one in hand, each with a first seed before any has two."""
    spec = catalog.spec("memory-lane")
    crowd = crowding.Crowding(spec, spec.defaults(), 3, (9, 24), spec.knobs[0])
    first = crowd._next()
    assert first is not None
    assert first.members == [(crowd.knobs, 3)]
    crowd.look_at(True, (4, 1))
    done: list[crowding.Place] = []
    while len(done) < 9:
        work = crowd._next()
        assert work is not None
        (place,) = work.places
        crowd.cells[place] = [Row({}, 0, {}, True, True)]
        done.append(place)
    assert done[0] == (4, 1)
    assert all(abs(row - 4) <= 1 for row, _ in done)
    assert len(set(done)) == 9
