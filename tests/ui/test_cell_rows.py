"""Which cells of a row are sent to the terminal: all that changed, whole characters, and few."""

from __future__ import annotations

import itertools

import pyte
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style

from tutor.ui.terminal.updates import Pen
from tutor.ui.widgets.cell_rows import CellRow, changed, row_of

WIDTH = 24
STYLES = [Style(color="red"), Style(color="blue"), Style(bold=True)]
CELLS = st.tuples(
    st.sampled_from(["a", "b", " ", "⣿", "é", "e\u0301", "中"]), st.sampled_from(STYLES)
)


def row(cells: list[tuple[str, Style]]) -> CellRow:
    """A row of WIDTH cells: what fits of these, then blanks."""
    segments, width = [], 0
    for char, style in cells:
        if width + cell_len(char) <= WIDTH:
            segments.append(Segment(char, style))
            width += cell_len(char)
    return row_of([*segments, Segment(" " * (WIDTH - width), STYLES[0])])


ROWS = st.lists(CELLS, max_size=WIDTH).map(row)


@given(ROWS, ROWS)
def test_what_is_sent_makes_one_row_of_the_other(old: CellRow, new: CellRow) -> None:
    spans = changed(old, new)
    shown = list(old.cells)
    for start, end in spans:
        shown[start:end] = new.cells[start:end]
        assert new.cells[start][0], "no half of a wide character is sent"
        assert end == WIDTH or new.cells[end][0]
    assert shown == new.cells
    assert all(a[1] < b[0] for a, b in itertools.pairwise(spans))


def test_far_changes_are_two_stretches_and_near_ones_one() -> None:
    style = STYLES[0]
    old = row_of([Segment("." * 100, style)])
    assert changed(old, old) == []
    assert changed(old, row_of([Segment("x" + "." * 98 + "x", style)])) == [(0, 1), (99, 100)]
    assert changed(old, row_of([Segment("x...x" + "." * 95, style)])) == [(0, 5)]


PENS = st.lists(
    st.tuples(
        st.text("ab é⣿", min_size=1, max_size=4),
        st.builds(
            Style,
            color=st.sampled_from([None, "red", "#102030", "color(200)"]),
            bgcolor=st.sampled_from([None, "blue", "#405060"]),
            bold=st.sampled_from([None, True]),
            reverse=st.sampled_from([None, True]),
        ),
    ),
    max_size=8,
)


@given(PENS)
def test_a_pen_paints_as_styles_written_one_by_one(segments: list[tuple[str, Style]]) -> None:
    """Seen by another program's terminal, except for the colour of letters that are blanks."""
    width = 40
    screens = []
    pen = Pen(ColorSystem.TRUECOLOR)
    pen.write(Segment(text, style) for text, style in segments)
    colours = ColorSystem.TRUECOLOR
    each = "".join(style.render(text, color_system=colours) for text, style in segments)
    written = pen.finished()
    for sent in (written + "z", each + "z"):
        screen = pyte.Screen(width, 1)
        pyte.Stream(screen).feed(sent)
        screens.append([
            char._replace(fg="") if char.data == " " and not char.reverse else char
            for char in (screen.buffer[0][x] for x in range(width))
        ])  # fmt: skip
    assert screens[0] == screens[1]
    assert len(written) <= len(each)
