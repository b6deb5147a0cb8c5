"""Where panels stand: inside the room, without overlap, the picture first."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from demos import catalog
from demos.views import Bar, Bars, Curves, Frame, Raster, Series
from tutor.lab.experiment import Experiment
from tutor.ui.widgets.arrange import arrange

FRAMES = {
    name: Experiment(name, catalog.spec(name).defaults()).frame()
    for name in ("softmax", "fit", "convolution")
}
LINE = Curves("line", (Series("y", np.arange(3.0)),))
SMALL = Bars("bars", (Bar("a", 1.0), Bar("b", 2.0)))


@given(st.sampled_from(sorted(FRAMES)), st.integers(0, 200), st.integers(0, 60))
def test_panels_stay_inside_and_apart(name: str, width: int, height: int) -> None:
    taken: set[tuple[int, int]] = set()
    for placed in arrange(FRAMES[name], width, height):
        cells = {
            (x, y)
            for x in range(placed.x, placed.x + placed.width)
            for y in range(placed.y, placed.y + placed.height)
        }
        assert all(0 <= x < width and 0 <= y < height for x, y in cells)
        assert not cells & taken
        taken |= cells


@pytest.mark.parametrize("size", [(1, 1), (40, 10), (80, 12), (120, 30)])
def test_the_picture_is_always_there(size: tuple[int, int]) -> None:
    frame = FRAMES["fit"]
    assert arrange(frame, *size)[0].panel is frame.picture


def test_extra_panels_only_where_it_is_wide() -> None:
    frame = Frame(LINE, side=(SMALL,), extra=(SMALL,))
    assert len(arrange(frame, 80, 40)) == 2
    assert len(arrange(frame, 120, 40)) == 3


def test_what_does_not_fit_is_left_out() -> None:
    frame = Frame(LINE, side=(SMALL, LINE))
    assert len(arrange(frame, 80, 6)) == 2


def test_lines_in_a_plane_get_the_height_that_they_need() -> None:
    plane = Curves("plane", LINE.series, extent=(-1.0, 1.0, -1.0, 1.0))
    heights = [placed.height for placed in arrange(Frame(LINE, side=(plane, LINE)), 80, 21)[1:]]
    assert heights[0] > heights[1]
    assert len(arrange(Frame(LINE, side=(SMALL, plane)), 80, 12)) == 2


def test_a_square_picture_leaves_its_room_to_the_others() -> None:
    wide = arrange(Frame(Raster("r", np.eye(4)), side=(LINE,)), 120, 20)
    assert wide[1].width > wide[0].width
