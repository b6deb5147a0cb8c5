"""Rows of a picture cell by cell: which stretches of cells of a row to send to the terminal.

It is told of a change by moving its cursor, setting a style and writing characters.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style

# What the bytes of one more segment, with its style, and of one more move of the cursor come to.
SEGMENT, MOVE = 40, 8

Cell = tuple[str, Style | None]
Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class CellRow:
    """A row of segments, and its cells: a wide character is one cell and an empty one."""

    segments: list[Segment]
    cells: list[Cell]


def row_of(segments: list[Segment]) -> CellRow:
    """A row with its cells."""
    cells: list[Cell] = []
    for text, style, _ in segments:
        if text.isascii():
            cells += [(char, style) for char in text]
        else:
            for char in text:
                _add(cells, char, style)
    return CellRow(segments, cells)


def _add(cells: list[Cell], char: str, style: Style | None) -> None:
    width = cell_len(char)
    if width == 0 and cells:  # an accent stands with the letter before it
        cells[-1] = (cells[-1][0] + char, cells[-1][1])
    else:
        cells += [(char, style), *[("", style)] * (width - 1)]


def changed(old: CellRow, new: CellRow) -> list[Span]:
    """The stretches of cells to send, so that few bytes bring one row to the other.

    Two changes become one stretch where sending what lies between costs less than a move.
    """
    if len(old.cells) != len(new.cells):
        return [(0, len(new.cells))]
    found: list[Span] = []
    for x, (before, now) in enumerate(zip(old.cells, new.cells, strict=True)):
        if before is now or before == now:
            continue
        if found and _bytes(new.cells, found[-1][1], x) <= MOVE + SEGMENT:
            found[-1] = (found[-1][0], x + 1)
        else:
            found.append((x, x + 1))
    return [_whole(new.cells, span) for span in found]


def _bytes(cells: Sequence[Cell], start: int, end: int) -> int:
    """What it costs to send these cells after the one before them, until the one after them."""
    if end - start > MOVE + SEGMENT:
        return end - start
    total = sum(len(char.encode()) for char, _ in cells[start:end])
    styles = [style for _, style in cells[start - 1 : end + 1]]
    return total + SEGMENT * sum(a is not b for a, b in pairwise(styles))


def _whole(cells: Sequence[Cell], span: Span) -> Span:
    """A stretch without half of a wide character."""
    start, end = span
    while start > 0 and not cells[start][0]:
        start -= 1
    while end < len(cells) and not cells[end][0]:
        end += 1
    return start, end
