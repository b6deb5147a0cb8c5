"""Shares as rows: one table whose names and bars stand below each other, in any width."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.content import Content

from tutor.ui.widgets.bars import EMPTY, FULL, shares

MARK = st.tuples(
    st.text("aä漢 -", min_size=1, max_size=50),
    st.integers(0, 20),
    st.integers(1, 20),
    st.sampled_from([Content(""), Content("   passed")]),
)


@given(st.lists(MARK, max_size=8), st.integers(50, 90))
def test_the_bars_of_a_table_stand_below_each_other(
    marks: list[tuple[str, int, int, Content]], width: int
) -> None:
    rows = [row.plain for row in shares(marks, width)]
    begins = {cell_len(row[: min(map(row.index, set(row) & {FULL, EMPTY}))]) for row in rows}
    assert len(rows) == len(marks) and len(begins) <= 1
    for row, (_, right, asked, told) in zip(rows, marks, strict=True):
        assert cell_len(row) <= width
        assert row.endswith(f"  {right} of {asked}{told.plain}")


def test_a_title_is_whole_where_there_is_room_for_it() -> None:
    title = "Training, validation and test sets"
    (row,) = shares([(title, 1, 2, Content(""))], 72)
    assert title in row.plain
