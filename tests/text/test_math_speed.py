"""What keeps long formulas quick: nothing is drawn twice, and most need not be read to be known."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.text import layout, math
from tutor.text.latex import read
from tutor.text.tokens import LatexError

DEEP = " + ".join(["(" * 25 + "x" + ")" * 25] * 12)


@pytest.mark.parametrize("width", [6, 20, 40, 76])
def test_the_parts_of_a_formula_that_is_broken_are_drawn_once(width: int) -> None:
    before = layout._drawn.cache_info().misses
    assert math.display(DEEP, width).width <= width
    # A row and a fence at each depth, and the pieces that the row is broken into.
    assert layout._drawn.cache_info().misses - before <= 12 * 25 * 2 + 1


PIECES = st.sampled_from(
    ["a", "1", "{", "}", "(", ")", "[", "|", "<", "^", "_", "'", r"\alpha", r"\sum", r"\lfloor",
     r"\langle", r"\big", r"\left", r"\right", r"\frac", r"\foo", r"\,", r"\|", r"\(", r"\limits",
     "=", r"\hline", r"\cr", r"\middle", r"\log", "{b}", "^{c}", r"\end", r"\begin", r"\text",
     r"\not", r"\mathbf", r"\over", r"\bf", r"\{", r"\\", "&", "%", "#", "$", " ", "\n"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, max_size=9).map("".join))
def test_what_is_known_without_reading_is_known(latex: str) -> None:
    try:
        found = tuple(read(latex).unknown)
    except LatexError as error:
        found = (f"[{error}]",)
    assert math.unknown(latex) == found


@pytest.mark.parametrize("latex", ["x", r"\alpha_{i+1}^2 \le \sum_j (a_j)", r"\Big( x' \Big)"])
def test_a_formula_of_signs_need_not_be_read(latex: str) -> None:
    assert math._is_of_signs(latex)
