"""Panels in two or three columns: those columns that show most panels, and show them best.

Every way to deal out the panels and the width is weighed; there are few, and the choice is kept.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from tutor.plot.size_hints import SizeHint

GAP = 2
# Widths are tried in steps of so large a part of the whole.
STEPS = 24
# The least room of a picture that can use more.
PICTURE_WIDTH, PICTURE_ROWS = 40, 12
# What the picture, a side panel and an extra one count when there is more room for one of them.
PICTURE, SIDE, EXTRA = 3.0, 1.5, 1.0
# What it costs when words are cut by a cell (the first counts as so many), when a picture loses
# its shape, when a panel stands before one that came ahead of it, and when all is left empty.
CUT, FIRST_CUT, SPOILT, MOVED, EMPTY = 0.05, 5, 2.0, 0.2, 4.0
# More pairs of panels than these may not change places.
MOST_MOVED = 4

Column = tuple[int, ...]
"""The panels of a column from its top, each by its place among all panels."""
Stack = tuple[float, list[int]]
"""What a column is worth, and the rows of its panels."""


@dataclass(frozen=True, slots=True)
class Box:
    """The rectangle of a panel, which is the one at `place` among all panels."""

    place: int
    x: int
    y: int
    width: int
    height: int


@lru_cache(maxsize=64)
def columns(hints: tuple[SizeHint, ...], sides: int, width: int, height: int) -> tuple[Box, ...]:
    """Boxes from left to right for as many panels as fit into `width` x `height` cells.

    needs: of the picture, of the side panels, then of the extra ones.
    sides: how many side panels there are; where not all panels fit, the extra ones go first.
    """
    room = _Room(hints, sides, width, height)
    for kept in _kept(len(hints), sides):
        if boxes := room.best(kept):
            return boxes
    return (Box(0, 0, 0, width, height),)


def _kept(count: int, sides: int) -> list[Column]:
    """The sets of panels to try: all of them, then without one of the last, and so on."""
    counts = [count**2 if i <= sides else 2 * count - i for i in range(count)]
    choices = product((True, False), repeat=count - 1)
    sets = [(0, *(i for i, keep in enumerate(kept, 1) if keep)) for kept in choices]
    return sorted(sets, key=lambda kept: -sum(counts[i] for i in kept))


class _Room:
    """The search for the best columns in one room."""

    def __init__(self, hints: tuple[SizeHint, ...], sides: int, width: int, height: int) -> None:
        self.hints = hints
        self.width = width
        self.height = height
        extras = len(hints) - 1 - sides
        self.counts = [PICTURE, *[SIDE] * sides, *[EXTRA] * extras]
        self.stacks: dict[tuple[Column, int], Stack | None] = {}

    def best(self, kept: Column) -> tuple[Box, ...]:
        """The boxes of the best columns for these panels, none when they do not fit."""
        choice, most = None, -math.inf
        for dealt in self._dealt(kept):
            cost = MOVED * _moved(dealt)
            for widths in self._widths(dealt):
                stacks = [self._stack(*pair) for pair in zip(dealt, widths, strict=True)]
                worth = sum(stack[0] if stack else -math.inf for stack in stacks) - cost
                if worth > most:
                    choice, most = (dealt, widths), worth
        return self._boxes(*choice) if choice else ()

    def _dealt(self, kept: Column) -> Iterator[tuple[Column, ...]]:
        """Each way to deal the panels to two or three columns, the picture into the first."""
        for count in (2, 3):
            for others in product(range(count), repeat=len(kept) - 1):
                owners = list(zip(kept, (0, *others), strict=True))
                dealt = tuple(tuple(i for i, at in owners if at == c) for c in range(count))
                if all(dealt) and list(dealt) == sorted(dealt) and self._fits(dealt):
                    yield dealt

    def _fits(self, dealt: tuple[Column, ...]) -> bool:
        if _moved(dealt) > MOST_MOVED or self._least(dealt) > self.width:
            return False
        rows = (sum(self._rows(i, self.width) + 1 for i in column) - 1 for column in dealt)
        return max(rows) <= self.height

    def _least(self, dealt: tuple[Column, ...]) -> int:
        """The columns that all take together at least, with the gaps between them."""
        return sum(self._narrowest(column) + GAP for column in dealt) - GAP

    def _narrowest(self, column: Column) -> int:
        least = max(self.hints[i].width for i in column)
        return max(least, PICTURE_WIDTH) if column[0] == 0 and self.hints[0].grows else least

    def _rows(self, i: int, width: int) -> int:
        hint = self.hints[i]
        return max(hint.rows, PICTURE_ROWS) if i == 0 and hint.grows else hint.least(width)

    def _widths(self, dealt: tuple[Column, ...]) -> Iterator[tuple[int, ...]]:
        """Each way to share the width in steps; what the words need is among them."""
        spare = self.width - self._least(dealt)
        first = self._steps(dealt[0], spare)
        if len(dealt) == 2:
            yield from ((a, self.width - GAP - a) for a in first)
            return
        second = self._steps(dealt[1], spare)
        most = first[0] + second[0] + spare
        for a in first:
            yield from ((a, b, self.width - 2 * GAP - a - b) for b in second if a + b <= most)

    def _steps(self, column: Column, spare: int) -> list[int]:
        """Widths of a column from its narrowest on, with some or all of the spare cells."""
        least = self._narrowest(column)
        wish = max(self.hints[i].wish for i in column)
        steps = {*range(least, least + spare + 1, max(1, self.width // STEPS)), wish}
        return sorted(step for step in steps if least <= step <= least + spare)

    def _stack(self, column: Column, width: int) -> Stack | None:
        """The panels of a column of that width; None if they do not fit."""
        key = column, width
        if key not in self.stacks:
            self.stacks[key] = self._stacked(column, width)
        return self.stacks[key]

    def _stacked(self, column: Column, width: int) -> Stack | None:
        rows = [self._rows(i, width) for i in column]
        spare = self.height - sum(rows) - len(column) + 1
        if spare < 0:
            return None
        most = [self.hints[i].most(width) for i in column]
        while spare and (growing := [k for k in range(len(column)) if rows[k] < most[k]]):
            counts = [self.counts[column[k]] for k in growing]
            shares = [max(1, round(spare * count / sum(counts))) for count in counts]
            for k, share in zip(growing, shares, strict=True):
                more = min(share, spare, most[k] - rows[k])
                rows[k], spare = rows[k] + more, spare - more
        return sum(map(self._worth, column, [width] * len(rows), rows)), rows

    def _worth(self, i: int, width: int, rows: int) -> float:
        """More room is worth the less the more there is; words are worth that none is cut."""
        hint = self.hints[i]
        filled = hint.size(width, rows)
        gain = math.log(max(1.0, filled)) if hint.grows else 0.0
        short = max(0, hint.wish - width)
        loss = (CUT * (FIRST_CUT + short) if short else 0.0) + SPOILT * hint.spoilt(width, rows)
        return self.counts[i] * (gain - loss) + EMPTY * filled / (self.width * self.height)

    def _boxes(self, dealt: tuple[Column, ...], widths: tuple[int, ...]) -> tuple[Box, ...]:
        boxes, x = [], 0
        for column, width in zip(dealt, widths, strict=True):
            stack = self._stack(column, width)
            y = 0
            for i, rows in zip(column, stack[1] if stack else (), strict=True):
                boxes.append(Box(i, x, y, width, rows))
                y += rows + 1
            x += width + GAP
        return tuple(boxes)


def _moved(dealt: tuple[Column, ...]) -> int:
    """How many pairs of panels stand in another order than they came in."""
    order = [i for column in dealt for i in column]
    return sum(a > b for k, a in enumerate(order) for b in order[k + 1 :])
