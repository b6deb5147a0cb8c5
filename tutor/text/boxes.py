"""Rectangles of text with a baseline, and the few ways to put them together.

Every line of a box has the same width in terminal cells; combining accents take none.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rich.cells import cell_len

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Box:
    """Lines of equal width; `baseline` is the line that stands level with its neighbours."""

    lines: tuple[str, ...]
    baseline: int = 0

    @property
    def width(self) -> int:
        """Terminal cells from left to right."""
        return cell_len(self.lines[0])

    @property
    def height(self) -> int:
        """Number of lines."""
        return len(self.lines)


def text(line: str) -> Box:
    """One line."""
    return Box((line,))


def fit(line: str, width: int, align: Align = "left") -> str:
    """`line` filled with blanks to `width` cells."""
    space = max(0, width - cell_len(line))
    left = {"left": 0, "center": space // 2, "right": space}[align]
    return " " * left + line + " " * (space - left)


def beside(boxes: Sequence[Box]) -> Box:
    """Boxes from left to right, their baselines level."""
    if not any(box.baseline or len(box.lines) > 1 for box in boxes):
        return text("".join(box.lines[0] for box in boxes))
    above = max(box.baseline for box in boxes)
    below = max(box.height - box.baseline for box in boxes)
    columns = [_extend(box, above, below) for box in boxes]
    return Box(tuple(map("".join, zip(*columns, strict=True))), above)


def _extend(box: Box, above: int, below: int) -> tuple[str, ...]:
    blank = " " * box.width
    over, under = above - box.baseline, below - (box.height - box.baseline)
    return (blank,) * over + box.lines + (blank,) * under


def stack(boxes: Sequence[Box], level: int, align: Align = "center") -> Box:
    """Boxes from top to bottom; the baseline is that of box number `level`."""
    width = max(box.width for box in boxes)
    lines = [fit(line, width, align) for box in boxes for line in box.lines]
    return Box(tuple(lines), sum(box.height for box in boxes[:level]) + boxes[level].baseline)


def at_right(base: Box, placed: Sequence[tuple[Box, int]]) -> Box:
    """`base` with boxes in one column at its right, each with its first line at a line of `base`.

    Lines count from the first of `base`, negative ones above it. The boxes must not overlap.
    """
    first = min(0, *(at for _, at in placed))
    last = max(base.height, *(at + box.height for box, at in placed))
    width = max(box.width for box, _ in placed)
    column = [" " * width] * (last - first)
    for box, at in placed:
        column[at - first : at - first + box.height] = [fit(line, width) for line in box.lines]
    return beside([base, Box(tuple(column), base.baseline - first)])
