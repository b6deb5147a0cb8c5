"""Maps and distributions of a crowd, in characters alone."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis import strategies as st

from tutor.plot import crowd


def test_only_all_is_full_and_only_none_is_blank() -> None:
    assert crowd.shade(0.0) == " "
    assert crowd.shade(1.0) == "#"
    assert crowd.shade(0.999) == "@"
    assert crowd.shade(0.001) == "."
    assert crowd.shade(math.nan) == "?"


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0))
def test_more_is_never_lighter(a: float, b: float) -> None:
    low, high = sorted((a, b))
    assert crowd.RAMP.index(crowd.shade(low)) <= crowd.RAMP.index(crowd.shade(high))


def test_a_map_stands_on_its_first_row_and_marks_the_cell_in_hand() -> None:
    rows = crowd.map_rows([[0.0, 1.0], [0.5, None]], ["0.1", "1"], ["a", "b"], (0, 1))
    assert rows == ["  1 │++··│", "0.1 │  []│", "     a b"]
    tall = crowd.map_rows([[0.5]], ["1"], ["a"], (0, 0), wide=3, high=2)
    assert tall == ["1 │[+]│", "  │+++│", "   a"]


def test_a_distribution_has_the_height_and_the_mark_in_its_place() -> None:
    rows = crowd.distribution_rows([1, 1, 1, 2, 3], 3, width=10, height=3)
    assert rows == [
        "█         ", "█         ", "█    █   █", "──────────", "         ▲", "1        3",
    ]  # fmt: skip
    assert crowd.distribution_rows([math.nan], None, 10, 3) == ["no run stayed finite"]


@given(
    st.lists(st.floats(-1e9, 1e9), min_size=1, max_size=60), st.floats(-1e9, 1e9),
    st.integers(1, 90), st.integers(1, 20),
)  # fmt: skip
def test_it_fits_whatever_the_numbers(
    values: list[float], mark: float, width: int, height: int
) -> None:
    rows = crowd.distribution_rows(values, mark, width, height)
    assert len(rows) == height + 3
    assert all(len(row) == width for row in rows[:-1])
    assert crowd.MARK in rows[-2]
