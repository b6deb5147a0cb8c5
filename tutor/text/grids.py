"""Cells in columns: matrices, arrays, cases and equations, once their cells are laid out."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from tutor.text import boxes
from tutor.text.boxes import Box
from tutor.text.formula import Grid

_BLANK = boxes.text(" ")


def table(node: Grid, cells: Sequence[Sequence[Box]]) -> Box:
    """Cells in columns, with the lines between them that an `array` asks for."""
    lines = aligned_rows(node, cells)
    if not node.rules:
        return stacked(lines)
    rule = boxes.text("─" * lines[0].width)
    parts = [box for i, line in enumerate(lines) for box in [rule] * (i in node.rules) + [line]]
    parts += [rule] * (len(lines) in node.rules)
    whole = boxes.stack(parts, 0, "left")
    return Box(whole.lines, (whole.height - 1) // 2)


def stacked(lines: Sequence[Box]) -> Box:
    """Rows one under the other, level with their neighbours at half their height."""
    whole = boxes.stack(parted(lines), 0, "left")
    return Box(whole.lines, (whole.height - 1) // 2 if len(lines) > 1 else whole.baseline)


def aligned_rows(node: Grid, cells: Sequence[Sequence[Box]]) -> list[Box]:
    """The rows as boxes of equal width, their columns aligned."""
    count = max(map(len, cells))
    full = [[*row, *[boxes.text("")] * (count - len(row))] for row in cells]
    widths = [max(row[i].width for row in full) for i in range(count)]
    return [_grid_line(row, widths, node) for row in full]


_SIDES: dict[str, boxes.Align] = {"l": "left", "c": "center", "r": "right"}


def _grid_line(row: Sequence[Box], widths: Sequence[int], node: Grid) -> Box:
    sides = [letter for letter in node.columns if letter != "|"]
    parts: list[Box] = []
    for i, (cell, width) in enumerate(zip(row, widths, strict=True)):
        if i:
            between = " " if node.align == "equations" else "  "
            parts.append(boxes.text(" │ " if _has_line(node.columns, i) else between))
        if node.align == "equations":
            side: boxes.Align = "left" if i % 2 or len(row) == 1 else "right"
        else:
            side = (
                _SIDES.get(sides[i], "left")
                if i < len(sides)
                else _SIDES.get(node.align[0], "left")
            )
        parts.append(Box(tuple(boxes.fit(line, width, side) for line in cell.lines), cell.baseline))
    if _has_line(node.columns, 0):
        parts = [boxes.text("│ "), *parts]
    if _has_line(node.columns, len(row)):
        parts = [*parts, boxes.text(" │")]
    return boxes.beside(parts)


def _has_line(columns: str, before: int) -> bool:
    """Whether an array has a line before its column number `before`."""
    seen = 0
    for letter in columns:
        if letter == "|" and seen == before:
            return True
        seen += letter != "|"
    return False


def parted(rows: Sequence[Box]) -> list[Box]:
    """Rows with an empty line between any two of which one is taller than a line."""
    parted = [rows[0]]
    for before, after in pairwise(rows):
        parted += [_BLANK, after] if max(before.height, after.height) > 1 else [after]
    return parted
