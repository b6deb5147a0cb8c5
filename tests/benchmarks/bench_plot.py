"""How fast pictures are painted, and how many bytes a frame sends. Printed, never asserted.

Run: pytest tests/benchmarks/bench_plot.py -m bench -s
"""

import time
from collections.abc import Callable

import numpy as np
import pytest
from rich.color import ColorSystem
from rich.style import Style

from demos.views import Curves, Network, Panel, Raster, Series
from tutor.plot import DARK, paint
from tutor.plot.canvas import Rows

pytestmark = pytest.mark.bench

FRAMES = 40
_rng = np.random.default_rng(0)


def _surface(phase: float) -> Panel:
    """A decision surface that turns: smooth, with every cell changing."""
    y, x = np.mgrid[-1:1:60j, -1:1:60j]
    turned = np.cos(phase) * x + np.sin(phase) * y
    return Raster("Surface", np.tanh(2 * turned + np.sin(3 * x * y + phase)), -1, 1, signed=True)


def _wave(phase: float) -> Panel:
    """A field without a flat place, the hard case for runs of one style."""
    y, x = np.mgrid[0:6:60j, 0:6:60j]
    return Raster("Wave", np.sin(x + phase) * np.cos(y - phase), -1, 1, signed=True)


def _noise(phase: float) -> Panel:
    """The worst case: no two neighbours alike."""
    return Raster("Noise", _rng.random((100, 200)))


def _curves(phase: float) -> Panel:
    t = np.arange(400)
    series = (
        Series("train", np.exp(-t / 90 + 0.1 * np.sin(phase)), role="a"),
        Series("validation", np.exp(-t / 70) + 0.1 + 0.02 * np.sin(t + phase), role="b"),
    )
    return Curves("Loss", series, x_label="step", y_label="loss")


def _network(phase: float) -> Panel:
    weights = tuple(_rng.normal(size=shape) for shape in ((8, 2), (8, 8), (1, 8)))
    return Network("Net", (2, 8, 8, 1), weights)


def _bytes(rows: Rows) -> int:
    """What the rows send, with the reset that a terminal needs after every run."""
    plain = Style()
    text = (
        (segment.style or plain).render(segment.text, color_system=ColorSystem.TRUECOLOR)
        for row in rows
        for segment in row
    )
    return sum(len(part.encode()) for part in text)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
@pytest.mark.parametrize("draw", [_surface, _wave, _noise, _curves, _network])
def test_frames(draw: Callable[[float], Panel], size: tuple[int, int]) -> None:
    panels = [draw(i / 10) for i in range(FRAMES)]
    paint(panels[0], *size, DARK)  # styles are made at the first frame
    start = time.perf_counter()
    frames = [paint(panel, *size, DARK) for panel in panels]
    seconds = time.perf_counter() - start
    sent = sum(map(_bytes, frames)) / FRAMES
    runs = sum(len(row) for rows in frames for row in rows) / FRAMES
    print(
        f"\n{draw.__name__[1:]:8} {size[0]:3}x{size[1]}: {FRAMES / seconds:5.0f} frames/s,"
        f" {sent / 1000:5.1f} KB and {runs:4.0f} runs a frame",
        end="",
    )
