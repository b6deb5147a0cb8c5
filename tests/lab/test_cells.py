"""A knob that holds a square of numbers: one cell in hand at a time."""

from __future__ import annotations

import numpy as np
import pytest

from demos.base import Ask, Cells, Int, Spec
from demos.views import Curves, Frame, Grid, Series, Text
from tutor.lab import cells, knobs

KNOB = Cells("weights", 3, -2.0, 2.0, 0.5)
TEXT = "1,0/0,-2"
ROWS = ((1.0, 0.0), (0.0, -2.0))
LINE = Curves("line", (Series("y", np.arange(3.0)),))
WORDS = Text("words", (("some", "text"),))
NUMBERS = Grid("numbers", np.array(ROWS), edits="weights")


@pytest.mark.parametrize("text", ["", "1", TEXT, "0,0.5,1/-2,2,0/0,0,0"])
def test_squares_are_taken(text: str) -> None:
    assert knobs.checked(KNOB, text) == text


@pytest.mark.parametrize(
    ("cell", "direction", "text"),
    [
        (0, 1, "1.5,0/0,-2"),
        (1, -1, "1,-0.5/0,-2"),
        (3, 1, "1,0/0,-1.5"),
        (3, -1, "1,0/0,-2"),
    ],
)
def test_a_step_changes_one_cell_and_stays_in_the_range(
    cell: int, direction: int, text: str
) -> None:
    assert cells.changed(KNOB, ROWS, cell, direction) == text


def test_keys_alone_leave_a_square_as_it_is() -> None:
    assert knobs.turned(KNOB, TEXT, 1) == TEXT


def test_after_the_last_cell_comes_the_first() -> None:
    assert [cells.moved(ROWS, cell, 1) for cell in range(4)] == [1, 2, 3, 0]
    assert cells.moved(ROWS, 0, -1) == 3
    assert cells.moved((), 5, 1) == 0


def test_what_was_set_comes_before_what_is_shown() -> None:
    assert cells.rows_of("", NUMBERS) == ROWS
    assert cells.rows_of("2", NUMBERS) == ((2.0,),)
    assert cells.rows_of("", None) == ()


def test_the_words_name_the_cell_in_hand() -> None:
    assert cells.words(TEXT, ROWS, 3) == "2,2: -2"
    assert cells.words(TEXT, ROWS, None) == "own"
    assert cells.words("", ROWS, None) == "preset"
    assert cells.words("", (), 0) == "preset"


def test_the_cell_in_hand_is_marked() -> None:
    frame = Frame(LINE, side=(WORDS,), extra=(NUMBERS,))
    marked = cells.marked(frame, KNOB, 2, wide=True).extra[0]
    assert isinstance(marked, Grid)
    assert marked.cell == (1, 0, 1, 1)


def test_on_a_small_terminal_it_takes_the_first_place_beside_the_picture() -> None:
    frame = Frame(LINE, side=(WORDS,), extra=(LINE, NUMBERS))
    small = cells.marked(frame, KNOB, 0, wide=False)
    assert [panel.title for panel in (*small.side, *small.extra)] == ["numbers", "line", "words"]


def test_a_frame_without_these_numbers_stays_as_it_is() -> None:
    frame = Frame(LINE, side=(WORDS,))
    assert cells.marked(frame, KNOB, 0, wide=False) is frame
    assert cells.grid_of(None, KNOB) is None


def test_cells_are_made_by_knobs_that_exist() -> None:
    ask = Ask("?", ("a", "b"))
    with pytest.raises(ValueError, match="does not exist"):
        Spec("x", "X", "explorer", ("t",), (Cells("c", 3, 0.0, 1.0, of=("size",)),), ask, ask, ())
    size = Int("size", 1, 1, 3)
    Spec("x", "X", "explorer", ("t",), (size, Cells("c", 3, 0.0, 1.0, of=("size",))), ask, ask, ())
