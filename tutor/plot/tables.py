"""Paints words and numbers: tables, matrices with a number in each cell, lines of text.

What is marked is set in brackets, so that it shows without colour.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rich.cells import cell_len

from demos.views import Grid, Raster, Table, Text
from tutor.plot.canvas import Canvas, crop
from tutor.plot.palette import Inks
from tutor.plot.raster import paint_raster
from tutor.plot.scale import Ints, fixed, levels
from tutor.text.wrap import wrap

_NARROWEST = 3


def paint_text(panel: Text, canvas: Canvas, inks: Inks) -> None:
    """Paint the lines below the title, wrapped; what does not fit is left out."""
    row = 1
    for line, role in panel.lines:
        for part in wrap(line, canvas.width):
            canvas.put(0, row, part, inks.role(role))
            row += 1


def paint_table(panel: Table, canvas: Canvas, inks: Inks) -> None:
    """Paint head and rows in columns; the widest columns give way, the last rows are counted."""
    rows = [tuple(row) for row in panel.rows]
    columns = max([len(panel.columns), *map(len, rows)], default=0)
    if not columns:
        return
    filled = [[*row, *[""] * (columns - len(row))] for row in (panel.columns, *rows)]
    widths = _widths(filled, canvas.width)
    room = canvas.height - 2
    shown = rows if len(rows) <= room else rows[: max(0, room - 1)]
    _table_row(canvas, 1, filled[0], widths, frozenset(), inks, head=True)
    for i in range(len(shown)):
        marked = frozenset(column for row, column in panel.highlight if row == i)
        _table_row(canvas, i + 2, filled[i + 1], widths, marked, inks, head=False)
    if len(shown) < len(rows) and room > 0:
        canvas.put(0, canvas.height - 1, f"… {len(rows) - len(shown)} more", inks.role("quiet"))


def _widths(rows: Sequence[Sequence[str]], width: int) -> list[int]:
    widths = [max(1, *map(cell_len, column)) for column in zip(*rows, strict=True)]
    while sum(widths) + _gap(widths, width) * len(widths) > width and max(widths) > _NARROWEST:
        widths[widths.index(max(widths))] -= 1
    return widths


def _gap(widths: Sequence[int], width: int) -> int:
    """Two cells between columns, room for the brackets of both; one where it is tight."""
    return 2 if sum(widths) + 2 * len(widths) <= width else 1


def _table_row(
    canvas: Canvas, y: int, row: Sequence[str], widths: Sequence[int],
    marked: frozenset[int], inks: Inks, head: bool,
) -> None:  # fmt: skip
    x = 0
    gap = _gap(widths, canvas.width)
    for i, (word, width) in enumerate(zip(row, widths, strict=True)):
        text = crop(word, width)
        if i in marked:
            canvas.put(x, y, f"[{text}]", inks.role("accent", bold=True))
        else:
            canvas.put(x + 1, y, text, inks.role("quiet" if head else "text"))
        x += width + gap


def paint_grid(panel: Grid, canvas: Canvas, inks: Inks) -> None:
    """Paint a number in each cell on its shade; where numbers find no room, shades alone."""
    values = np.atleast_2d(np.asarray(panel.values, dtype=float))
    rows, columns = values.shape
    left = min(max(map(cell_len, panel.row_labels), default=-1) + 1, canvas.width // 3)
    top = 2 if panel.column_labels else 1
    numbers = _numbers(values, panel.digits, canvas.width - left)
    if numbers is None or rows > canvas.height - top:
        _as_raster(panel, canvas, inks)
        return
    width = max(cell_len(text) for row in numbers for text in row) + 2
    for i, label in enumerate(panel.column_labels[:columns]):
        canvas.put(left + i * width, 1, crop(label, width - 1).rjust(width - 1), inks.role("quiet"))
    shades = levels(values, panel.lo, panel.hi, panel.signed)
    for i in range(rows):
        label = panel.row_labels[i] if i < len(panel.row_labels) else ""
        canvas.put(0, top + i, crop(label, max(0, left - 1)), inks.role("quiet"))
        _grid_row(panel, canvas, inks, (left, top + i, width), i, numbers[i], shades[i])


def _numbers(values: np.ndarray, digits: int, room: int) -> list[list[str]] | None:
    """Every number with as many decimals as the room allows, or None if it allows none."""
    for decimals in range(max(0, digits), -1, -1):
        texts = [[fixed(value, decimals) for value in row] for row in values.tolist()]
        widest = max((cell_len(text) for row in texts for text in row), default=0)
        if texts and texts[0] and (widest + 2) * len(texts[0]) <= room:
            return texts
    return None


def _as_raster(panel: Grid, canvas: Canvas, inks: Inks) -> None:
    paint_raster(
        Raster(panel.title, panel.values, panel.lo, panel.hi, panel.signed, cell=panel.cell),
        canvas,
        inks,
    )


def _grid_row(
    panel: Grid, canvas: Canvas, inks: Inks, at: tuple[int, int, int],
    row: int, texts: Sequence[str], shades: Ints,
) -> None:  # fmt: skip
    x, y, width = at
    for column, (text, shade) in enumerate(zip(texts, shades.tolist(), strict=True)):
        marked = _is_marked(panel, row, column)
        left, right = "[]" if marked else "  "
        word = left + text.rjust(width - 2) + right
        canvas.put(x + column * width, y, word, inks.over(shade, panel.signed, bold=marked))


def _is_marked(panel: Grid, row: int, column: int) -> bool:
    if panel.cell is None:
        return False
    top, left, height, width = panel.cell
    return top <= row < top + height and left <= column < left + width
