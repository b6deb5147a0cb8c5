"""The numbers of a `Cells` knob in the learner's hand: found, changed and marked, cell by cell.

A cell is its place in the square, counted row by row from 0.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from demos.base import Cells, Rows, square
from demos.views import Frame, Grid


def grid_of(frame: Frame | None, knob: Cells) -> Grid | None:
    """The panel that shows the knob's numbers, if there is one."""
    panels = (frame.picture, *frame.side, *frame.extra) if frame else ()
    grids = (panel for panel in panels if isinstance(panel, Grid) and panel.edits == knob.name)
    return next(grids, None)


def rows_of(value: str, grid: Grid | None) -> Rows:
    """The numbers that were set, or those that the demo shows."""
    if value or grid is None:
        return square(value) if value else ()
    return tuple(tuple(row) for row in np.asarray(grid.values, dtype=float).tolist())


def moved(rows: Rows, cell: int, direction: int) -> int:
    """The next cell (+1) or the one before (-1); the first follows the last."""
    return (cell + direction) % len(rows) ** 2 if rows else 0


def changed(knob: Cells, rows: Rows, cell: int, direction: int) -> str:
    """The knob's text with the number of one cell a step up (+1) or down (-1), in its range."""
    row, column = divmod(cell, len(rows))
    here = rows[row][column] + direction * knob.step
    numbers = [list(one) for one in rows]
    numbers[row][column] = min(knob.max, max(knob.min, here))
    return "/".join(",".join(f"{round(n, 10):g}" for n in one) for one in numbers)


def words(value: str, rows: Rows, cell: int | None) -> str:
    """Row and column in hand, and the number there; of another knob, whose numbers it has."""
    if cell is None or not rows:
        return "own" if value else "preset"
    row, column = divmod(cell, len(rows))
    return f"{row + 1},{column + 1}: {rows[row][column]:.4g}"


def marked(frame: Frame, knob: Cells, cell: int, wide: bool) -> Frame:
    """`frame` with the cell in hand marked; where few panels fit, in the first panel's place."""
    grid = grid_of(frame, knob)
    if grid is None:
        return frame
    row, column = divmod(cell, len(grid.values))
    shown = replace(grid, cell=(row, column, 1, 1))
    side, extra = ([shown if panel is grid else panel for panel in panels]
                   for panels in (frame.side, frame.extra))  # fmt: skip
    for place, panel in enumerate(extra):
        if panel is shown and side and not wide:
            side[0], extra[place] = panel, side[0]
    return replace(frame, side=tuple(side), extra=tuple(extra))
