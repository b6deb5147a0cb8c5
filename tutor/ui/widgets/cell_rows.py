"""Rows of a picture cell by cell: which stretches of cells of a row to send to the terminal.

It is told of a change by moving its cursor, setting a style and writing characters.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from rich.style import Style

from tutor.plot.canvas import Canvas

# What the bytes of one more segment, with its style, and of one more move of the cursor come to.
SEGMENT, MOVE = 40, 8

Span = tuple[int, int]


class CellRow(NamedTuple):
    """The cells of a row: a wide character takes one and an empty one, an accent none."""

    chars: list[str]
    styles: list[Style]


def rows_of(canvas: Canvas) -> Iterator[CellRow]:
    """The rows of a canvas, from the top."""
    return map(CellRow, canvas.chars, canvas.styles)


def changed(old: CellRow, new: CellRow) -> list[Span]:
    """The stretches of cells to send, so that few bytes bring one row to the other.

    Two changes become one stretch where sending what lies between costs less than a move.
    """
    if old == new:
        return []
    if len(old.chars) != len(new.chars):
        return [(0, len(new.chars))]
    found: list[Span] = []
    for x in _differing(old, new):
        if found and _bytes(new, found[-1][1], x) <= MOVE + SEGMENT:
            found[-1] = (found[-1][0], x + 1)
        else:
            found.append((x, x + 1))
    return [_whole(new.chars, span) for span in found]


def _differing(old: CellRow, new: CellRow) -> list[int]:
    """The cells that are not as they were."""
    pairs = zip(old.chars, new.chars, old.styles, new.styles, strict=True)
    return [
        x
        for x, (char, now, style, style_now) in enumerate(pairs)
        if char != now or (style is not style_now and style != style_now)
    ]


def _bytes(row: CellRow, start: int, end: int) -> int:
    """What it costs to send these cells after the one before them, until the one after them."""
    if end - start > MOVE + SEGMENT:
        return end - start
    total = len("".join(row.chars[start:end]).encode())
    styles = row.styles
    return total + SEGMENT * sum(styles[x - 1] is not styles[x] for x in range(start, end + 1))


def _whole(chars: list[str], span: Span) -> Span:
    """A stretch without half of a wide character."""
    start, end = span
    while start > 0 and not chars[start]:
        start -= 1
    while end < len(chars) and not chars[end]:
        end += 1
    return start, end
