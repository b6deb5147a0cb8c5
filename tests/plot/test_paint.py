"""Every panel, at every size, becomes exactly the cells that were asked for."""

from typing import Any, get_args

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from rich.cells import cell_len

from demos.views import (
    Arrows,
    Bar,
    Bars,
    Calendar,
    Curves,
    Edge,
    Graph,
    Grid,
    Network,
    Node,
    Panel,
    Points,
    Raster,
    Role,
    Series,
    Table,
    Text,
)
from tutor.plot import DARK, paint

WORDS = st.text(max_size=12)
ANY = st.floats(allow_nan=True, allow_infinity=True)
ROLES = st.sampled_from(get_args(Role))


def _array(shape: Any) -> st.SearchStrategy[Any]:
    return npst.arrays(np.float64, shape, elements=ANY)


SHAPES = npst.array_shapes(min_dims=2, max_dims=2, max_side=9)
CELLS = st.none() | st.tuples(*[st.integers(-3, 12)] * 4)


@st.composite
def _points(draw: st.DrawFn) -> Points | None:
    n = draw(st.integers(0, 5))
    labels = draw(npst.arrays(np.int64, (n,), elements=st.integers(0, 9)))
    return Points(draw(_array((n, 2))), labels)


@st.composite
def _arrows(draw: st.DrawFn) -> Arrows:
    n = draw(st.integers(0, 5))
    return Arrows(draw(_array((n, 2))), draw(_array((n, 2))))


@st.composite
def _series(draw: st.DrawFn) -> Series:
    n = draw(st.integers(0, 12))
    x = draw(st.none() | _array((n,)))
    return Series(draw(WORDS), draw(_array((n,))), x, draw(ROLES), draw(st.booleans()))


@st.composite
def _networks(draw: st.DrawFn) -> Network:
    layers = tuple(draw(st.lists(st.integers(1, 30), max_size=4)))
    shapes = zip(layers[1:], layers, strict=False)
    weights = tuple(draw(_array(shape)) for shape in shapes) if draw(st.booleans()) else ()
    return Network(draw(WORDS), layers, weights, tuple(draw(st.lists(WORDS, max_size=4))))


@st.composite
def _graphs(draw: st.DrawFn) -> Graph:
    place, lines = st.integers(0, 4), st.lists(WORDS, max_size=4).map(tuple)
    node = st.builds(Node, WORDS, place, place, lines, ROLES, st.frozensets(place))
    nodes = tuple(draw(st.lists(node, max_size=6)))
    edge = st.builds(Edge, st.integers(-1, 6), st.integers(-1, 6), WORDS, ROLES)
    return Graph(draw(WORDS), nodes, tuple(draw(st.lists(edge, max_size=9))))


def _tuples(items: st.SearchStrategy[Any], most: int = 5) -> st.SearchStrategy[Any]:
    return st.lists(items, max_size=most).map(tuple)


PATHS = _tuples(st.tuples(WORDS, ROLES, st.integers(0, 4).flatmap(lambda n: _array((n, 2)))), 3)
LINES = _tuples(st.tuples(ANY, WORDS), 2)
PANELS: st.SearchStrategy[Panel] = st.one_of(
    st.builds(
        Raster, WORDS, SHAPES.flatmap(_array), ANY, ANY, st.booleans(), st.tuples(*[ANY] * 4),
        _points() | st.none(), PATHS, CELLS, _arrows() | st.none(),
    ),
    st.builds(
        Curves, WORDS, _tuples(_series()), WORDS, WORDS, st.booleans(), st.booleans(),
        st.none() | st.tuples(ANY, ANY), LINES, LINES, st.none() | st.tuples(*[ANY] * 4),
    ),
    st.builds(Bars, WORDS, _tuples(st.builds(Bar, WORDS, ANY, WORDS, ROLES)), ANY, ANY),
    st.builds(
        Table, WORDS, _tuples(WORDS), _tuples(_tuples(WORDS)),
        st.frozensets(st.tuples(st.integers(0, 5), st.integers(0, 5))),
    ),
    st.builds(
        Grid, WORDS, SHAPES.flatmap(_array), st.integers(0, 4), ANY, ANY, st.booleans(),
        _tuples(WORDS), _tuples(WORDS), CELLS,
    ),
    st.builds(Text, WORDS, _tuples(st.tuples(st.text(max_size=60), ROLES))),
    _networks(),
    _graphs(),
    st.builds(
        Calendar, WORDS, st.integers(0, 400).flatmap(lambda n: _array((n,))), st.integers(0, 6),
        _tuples(st.tuples(st.integers(-9, 500), WORDS)), WORDS,
    ),
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(PANELS, st.integers(1, 50), st.integers(1, 20))
def test_a_panel_is_exactly_as_large_as_asked(panel: Panel, width: int, height: int) -> None:
    rows = paint(panel, width, height, DARK)
    assert len(rows) == height
    for row in rows:
        text = "".join(segment.text for segment in row)
        assert cell_len(text) == width
        assert text.isprintable()
        assert all(segment.style is not None for segment in row)
