"""Drawing for the digit reader: with keys, with the mouse, and what the network makes of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import numpy as np
import pytest
from textual import events
from textual.geometry import Offset
from textual.pilot import Pilot

from demos.views import Raster
from tests.ui.test_lab import LARGE, NORMAL, LabApp, play, shows, text, until
from tutor.lab.compilation import readiness
from tutor.ui.screens.draw import DrawScreen
from tutor.ui.screens.lab import DemoScreen
from tutor.ui.widgets.demo_view import DemoView
from tutor.ui.widgets.paper import Paper

Script = Callable[[LabApp, Pilot[None]], Awaitable[None]]


@pytest.fixture(autouse=True)
def _compiled(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(readiness, "is_warm", lambda name: True)


async def drawing(script: Callable[[DemoView, Paper, Pilot[None]], Awaitable[None]],
                  size: tuple[int, int] = NORMAL) -> None:  # fmt: skip
    """Open the paper over the digit reader and go on with `script`."""

    async def opened(app: LabApp, pilot: Pilot[None]) -> None:
        await shows(pilot, "Predict")
        view = app.view
        await pilot.press("f")
        await shows(pilot, "Draw a digit", "p(digit)")
        await until(pilot, lambda: "your drawing" in seen(view).title)
        await script(view, app.screen.query_one(Paper), pilot)

    await play("digits?digits=500", opened, size)


def seen(view: DemoView) -> Raster:
    frame = view.snapshot.frame
    assert frame is not None
    assert isinstance(frame.picture, Raster)
    return frame.picture


@pytest.mark.parametrize("size", [NORMAL, LARGE])
async def test_keys_draw_and_the_network_reads(size: tuple[int, int]) -> None:
    async def script(view: DemoView, paper: Paper, pilot: Pilot[None]) -> None:
        await shows(pilot, "It has learnt nothing yet", "p(digit)", "The pen is up")
        await pilot.press("right", "down")
        assert not paper.ink.any()
        await pilot.press("space", "down", "down", "right")
        await shows(pilot, "The pen is down", "██")
        assert np.argwhere(paper.ink).tolist() == [[4, 8], [5, 8], [6, 8], [6, 9]]
        await until(pilot, lambda: seen(view).values.max() > 0.5)
        # Centred as the digits that it has learnt: the ink's middle is that of the picture.
        ink = seen(view).values
        middle = (np.arange(28) + 0.5) @ ink / ink.sum(), ink @ (np.arange(28) + 0.5) / ink.sum()
        assert [float(m.sum()) for m in middle] == pytest.approx([14, 14], abs=0.5)
        assert ("your drawing, as it is seen" in text(pilot)) == (size == LARGE)
        await pilot.press("k")
        assert not paper.ink.any()
        assert not paper.down
        await until(pilot, lambda: seen(view).values.max() == 0.0)

    await drawing(script, size)


async def test_the_pen_stays_on_the_paper() -> None:
    async def script(view: DemoView, paper: Paper, pilot: Pilot[None]) -> None:
        await pilot.press("space", *["left"] * 20, *["up"] * 20)
        assert paper.place == (0, 0)
        assert paper.ink.sum() == 8 + 3

    await drawing(script)


@pytest.mark.parametrize("size", [NORMAL, LARGE])
async def test_the_mouse_draws_lines_and_rubs_out(size: tuple[int, int]) -> None:
    async def script(view: DemoView, paper: Paper, pilot: Pilot[None]) -> None:
        scale = paper.scale

        def pixel(x: int, y: int) -> tuple[int, int]:
            return 1 + 2 * x * scale, 1 + y * scale

        async def drag(x: int, y: int, button: int) -> None:
            where = pixel(x, y)
            await pilot._post_mouse_events([events.MouseMove], paper, where, button=button)

        await pilot.mouse_down(paper, offset=pixel(2, 2))
        await drag(6, 6, button=1)
        await pilot.mouse_up(paper, offset=pixel(6, 6))
        await drag(9, 2, button=0)
        assert np.argwhere(paper.ink).tolist() == [[2, 2], [3, 3], [4, 4], [5, 5], [6, 6]]
        await pilot.mouse_down(paper, offset=pixel(2, 2), button=3)
        await drag(3, 3, button=3)
        await pilot.mouse_up(paper, offset=pixel(3, 3))
        assert np.argwhere(paper.ink).tolist() == [[4, 4], [5, 5], [6, 6]]

    await drawing(script, size)


async def test_a_far_move_leaves_no_gap() -> None:
    paper = Paper()
    app = LabApp()
    async with app.run_test() as pilot:
        await app.screen.mount(paper)
        await pilot.pause()
        paper.place = Offset(1, 1)
        paper._touch(Offset(7, 4), 1.0)
        rows, columns = np.nonzero(paper.ink)
        assert sorted(columns) == [1, 2, 3, 4, 5, 6, 7]
        assert rows.min() == 1
        assert rows.max() == 4


async def test_training_goes_on_and_leaving_puts_the_drawing_away() -> None:
    async def script(app: LabApp, pilot: Pilot[None]) -> None:
        await shows(pilot, "Predict")
        view = app.view
        await pilot.press("space")
        await until(pilot, lambda: view.snapshot.step > 0)
        await pilot.press("f")
        await shows(pilot, "Draw a digit")
        assert isinstance(app.screen, DrawScreen)
        await until(pilot, lambda: "your drawing" in seen(view).title)
        step = view.snapshot.step
        await until(pilot, lambda: view.snapshot.step > step)
        assert "learnt nothing" not in text(pilot)
        await pilot.press("escape")
        assert isinstance(app.screen, DemoScreen)
        await until(pilot, lambda: "your drawing" not in seen(view).title)

    await play("digits?digits=500", script)


async def test_only_a_demo_that_reads_takes_a_drawing() -> None:
    async def script(app: LabApp, pilot: Pilot[None]) -> None:
        await shows(pilot, "Predict")
        await pilot.press("f")
        assert isinstance(app.screen, DemoScreen)

    await play("ewma", script)
