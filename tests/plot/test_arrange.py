"""Where panels stand: inside the room, without overlap, the picture first, words uncut."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from demos import catalog
from demos.views import Bar, Bars, Curves, Frame, Graph, Node, Panel, Raster, Series, Table, Text
from tutor.lab.experiment import Experiment
from tutor.plot import DARK, paint
from tutor.plot.arrange import Placed, arrange
from tutor.plot.columns import columns
from tutor.plot.size_hints import SizeHint, size_hint

# What the lab leaves for the panels on a terminal of 120x40 and of 160x50.
WIDE, WIDEST = (116, 23), (156, 31)
LINE = Curves("line", (Series("y", np.arange(3.0)),))
SMALL = Bars("bars", (Bar("a", 1.0), Bar("b", 2.0)))
SQUARE = Raster("square", np.eye(20))
TABLE = Table("table", ("name", "value"), (("a", "1"), ("b", "2"), ("c", "3")))


@cache
def frame_of(name: str) -> Frame:
    return Experiment(name, catalog.spec(name).defaults()).frame()


def panels(frame: Frame) -> list[Panel]:
    return [frame.picture, *frame.side, *frame.extra]


def placed(frame: Frame, panel: Panel, size: tuple[int, int]) -> Placed:
    return next(box for box in arrange(frame, *size) if box.panel is panel)


def apart_and_inside(boxes: list[tuple[int, int, int, int]], width: int, height: int) -> bool:
    taken: set[tuple[int, int]] = set()
    for left, top, across, down in boxes:
        cells = {(x, y) for x in range(left, left + across) for y in range(top, top + down)}
        if cells & taken or not all(0 <= x < width and 0 <= y < height for x, y in cells):
            return False
        taken |= cells
    return True


@given(st.sampled_from(("softmax", "fit", "convolution")), st.integers(0, 200), st.integers(0, 60))
def test_panels_stay_inside_and_apart(name: str, width: int, height: int) -> None:
    boxes = [(p.x, p.y, p.width, p.height) for p in arrange(frame_of(name), width, height)]
    assert apart_and_inside(boxes, width, height)


needs = st.builds(
    SizeHint,
    width=st.integers(1, 60), wish=st.integers(1, 60), rows=st.integers(1, 24),
    grows=st.booleans(), shape=st.sampled_from(((0.0, 0.0), (10.0, 10.0), (40.0, 5.0))),
    lines=st.sampled_from(((), (20, 80))),
)  # fmt: skip


@given(
    st.lists(needs, min_size=1, max_size=6), st.integers(0, 3), st.integers(108, 200),
    st.integers(1, 50),
)  # fmt: skip
def test_no_panel_is_shown_with_less_room_than_it_needs(
    wanted: list[SizeHint], sides: int, width: int, height: int
) -> None:
    boxes = columns(tuple(wanted), min(sides, len(wanted) - 1), width, height)
    assert boxes[0].place == 0
    assert (boxes[0].x, boxes[0].y) == (0, 0)
    assert apart_and_inside([(b.x, b.y, b.width, b.height) for b in boxes], width, height)
    if len(boxes) > 1:
        assert all(box.width >= wanted[box.place].width for box in boxes)
        assert all(box.height >= wanted[box.place].least(box.width) for box in boxes)


@pytest.mark.parametrize("size", [(1, 1), (40, 10), (80, 12), (120, 30)])
def test_the_picture_is_always_there(size: tuple[int, int]) -> None:
    frame = frame_of("fit")
    assert arrange(frame, *size)[0].panel is frame.picture


@pytest.mark.parametrize("size", [WIDE, WIDEST])
@pytest.mark.parametrize("name", catalog.names())
def test_a_wide_terminal_shows_every_panel_of_every_demo(name: str, size: tuple[int, int]) -> None:
    frame = frame_of(name)
    shown = arrange(frame, *size)
    assert {id(box.panel) for box in shown} == {id(panel) for panel in panels(frame)}
    assert all(box.width >= size_hint(box.panel).width for box in shown)


@pytest.mark.parametrize(
    "name", ["backprop", "ewma", "fit", "parameter-count", "peeking", "think-longer"]
)
def test_panels_stay_where_they_are_while_a_demo_runs(name: str) -> None:
    experiment = Experiment(name, catalog.spec(name).defaults())
    before = [(box.x, box.y, box.width, box.height) for box in arrange(experiment.frame(), *WIDE)]
    experiment.advance(experiment.remaining)
    after = [(box.x, box.y, box.width, box.height) for box in arrange(experiment.frame(), *WIDE)]
    assert before == after


@pytest.mark.parametrize("name", catalog.names())
def test_a_small_terminal_shows_the_picture_and_the_first_side_panel(name: str) -> None:
    frame = frame_of(name)
    picture, first, *_ = arrange(frame, 76, 12)
    width = max(40, min(size_hint(frame.picture).width, 47))
    assert (picture.panel, picture.width, picture.height) == (frame.picture, width, 12)
    assert (first.panel, first.x, first.y) == (frame.side[0], width + 2, 0)


def test_extra_panels_only_where_it_is_wide() -> None:
    frame = Frame(LINE, side=(SMALL,), extra=(SMALL,))
    assert len(arrange(frame, 80, 40)) == 2
    assert len(arrange(frame, 120, 40)) == 3


def test_what_does_not_fit_is_left_out() -> None:
    frame = Frame(LINE, side=(SMALL, LINE))
    assert len(arrange(frame, 80, 6)) == 2


def test_the_last_extra_panel_goes_first() -> None:
    long = Table("long", ("name",), tuple((f"row {i}",) for i in range(30)))
    frame = Frame(LINE, side=(SMALL,), extra=(TABLE, long))
    assert [box.panel.title for box in arrange(frame, *WIDE)] == ["line", "bars", "table"]


def test_words_leave_the_room_to_what_can_use_it() -> None:
    curves = placed(Frame(SMALL, side=(LINE,), extra=(TABLE,)), LINE, WIDE)
    assert curves.width * curves.height > WIDE[0] * WIDE[1] / 2


def test_a_picture_keeps_its_shape_also_beside_the_first_one() -> None:
    other = Raster("other", np.eye(20))
    box = placed(Frame(SQUARE, side=(other, LINE), extra=(TABLE,)), other, WIDE)
    assert 0.5 < box.width / (2 * (box.height - 1)) < 2


def test_a_graph_gets_the_width_of_its_words() -> None:
    nodes = tuple(Node(f"node {i}", i, 0, ("a number 0.123",)) for i in range(3))
    graph = Graph("graph", nodes)
    assert placed(Frame(graph, side=(TABLE,), extra=(SMALL,)), graph, WIDE).width >= 70


@pytest.mark.parametrize("size", [(76, 12), WIDE, WIDEST])
def test_the_graph_of_backprop_is_read_without_a_cut(size: tuple[int, int]) -> None:
    picture = frame_of("backprop").picture
    assert isinstance(picture, Graph)
    box = placed(frame_of("backprop"), picture, size)
    rows = paint(picture, box.width, box.height, DARK)
    shown = "\n".join("".join(segment.text for segment in row) for row in rows)
    assert all(edge.label in shown for edge in picture.edges)
    assert shown.count("?") == 1 + 4 * 3
    assert shown.count("┌") == 6


def test_a_text_is_given_the_rows_that_it_wraps_to() -> None:
    text = Text("text", (("word " * 40, "text"),))
    box = placed(Frame(LINE, side=(text,)), text, WIDE)
    assert (box.height - 1) * box.width >= 200
