"""Which cells of a row are sent to the terminal: all that changed, whole characters, and few."""

from __future__ import annotations

import itertools

import pyte
from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.color import ColorSystem
from rich.segment import Segment
from rich.style import Style

from tests.ui.conftest import DECK
from tests.ui.terminal import Terminal
from tutor.paths import Place
from tutor.plot.canvas import Canvas
from tutor.ui.terminal.updates import Pen
from tutor.ui.widgets.cell_rows import CellRow, changed, rows_of

WIDTH = 24
STYLES = [Style(color="red"), Style(color="blue"), Style(bold=True)]
CELLS = st.tuples(
    st.sampled_from(["a", "b", " ", "⣿", "é", "e\u0301", "中"]), st.sampled_from(STYLES)
)


def row(cells: list[tuple[str, Style]]) -> CellRow:
    """A row of WIDTH cells: what fits of these, then blanks."""
    canvas, width = Canvas(WIDTH, 1, STYLES[0]), 0
    for char, style in cells:
        canvas.put(width, 0, char, style)
        width += cell_len(char)
    return next(rows_of(canvas))


ROWS = st.lists(CELLS, max_size=WIDTH).map(row)


@given(ROWS, ROWS)
def test_what_is_sent_makes_one_row_of_the_other(old: CellRow, new: CellRow) -> None:
    spans = changed(old, new)
    shown = CellRow(list(old.chars), list(old.styles))
    for start, end in spans:
        shown.chars[start:end] = new.chars[start:end]
        shown.styles[start:end] = new.styles[start:end]
        assert new.chars[start], "no half of a wide character is sent"
        assert end == WIDTH or new.chars[end]
    assert shown == new
    assert all(a[1] < b[0] for a, b in itertools.pairwise(spans))


def test_far_changes_are_two_stretches_and_near_ones_one() -> None:
    def text(chars: str) -> CellRow:
        return CellRow(list(chars), [STYLES[0]] * len(chars))

    old = text("." * 100)
    assert changed(old, old) == []
    assert changed(old, text("x" + "." * 98 + "x")) == [(0, 1), (99, 100)]
    assert changed(old, text("x...x" + "." * 95)) == [(0, 5)]


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
@example([("a", Style(color="red", reverse=True)), (" ", Style())])
@example([("a", Style(color="red", bgcolor="blue")), (" ", Style())])
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


def test_what_frames_left_on_a_terminal_is_what_one_painting_shows(place: Place) -> None:
    """A demo ran to its end, a few cells a frame; then the whole screen is painted again."""
    options = ["--data-dir", str(place.data), "--content", str(DECK), "--no-bundled"]
    with Terminal("demo", "descent", *options, columns=100, rows=30) as terminal:
        terminal.until("space")
        terminal.press(" ")
        terminal.quiet()
        before = [dict(terminal.screen.buffer[y]) for y in range(30)]
        terminal.resize(101, 30)
        terminal.quiet()
        terminal.resize(100, 30)
        terminal.quiet()
        assert "step 0 of" not in terminal.text.lower()
        for y in range(30):
            for x in range(100):
                then, now = before[y].get(x), terminal.screen.buffer[y][x]
                assert then is not None
                assert (then.data, then.bg, then.bold, then.reverse) == (
                    now.data, now.bg, now.bold, now.reverse,
                ), (x, y)  # fmt: skip
                assert then.data == " " or then.fg == now.fg, (x, y)
