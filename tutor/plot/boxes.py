"""Where a graph's boxes stand, where its lines run and where their labels find room.

All in whole cells, row 0 being the first below the title; nothing is painted here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.cells import cell_len

from demos.views import Graph, Node

_LEAST_GAP = 2
# How far along a sloping line its label may stand: near the start, where lines that cross are
# still apart.
_PARTS = (0.3, 0.4, 0.2, 0.5, 0.6, 0.7)

Cells = set[tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle of cells; lines meet it at `level`, which is the same along a row of boxes."""

    x: int
    y: int
    width: int
    height: int
    level: int = 0

    @property
    def cells(self) -> Cells:
        """All cells (x, y) that it covers."""
        across, down = range(self.x, self.x + self.width), range(self.y, self.y + self.height)
        return {(x, y) for x in across for y in down}


@dataclass(frozen=True, slots=True)
class Line:
    """From the cell behind one box to the cell before another, in a later column."""

    x0: int
    y0: int
    x1: int
    y1: int

    def places(self, width: int, height: int) -> Iterator[tuple[int, int]]:
        """Where a label of `width` cells may begin, the best first; `height` is the picture's.

        On a sloping line it stands in the line's way; beside a level one, on the outer side.
        """
        if self.y0 == self.y1:
            outer = self.y0 + (1 if self.y0 > height // 2 else -1)
            yield self._within(0.5, width), outer
        for part in _PARTS:
            yield self._within(part, width), round(self.y0 + part * (self.y1 - self.y0))

    def _within(self, part: float, width: int) -> int:
        middle = self.x0 + part * (self.x1 - self.x0)
        return max(self.x0, min(round(middle - (width - 1) / 2), self.x1 + 1 - width))


def room(panel: Graph) -> tuple[int, int]:
    """Columns and rows, without the title, in which every word of a graph can be read."""
    if not panel.nodes:
        return 0, 0
    widths = _widths(panel.nodes)
    label = max([_LEAST_GAP, *(cell_len(edge.label) for edge in panel.edges)])
    rows = 1 + max(node.row for node in panel.nodes)
    tallest = max(len(node.lines) for node in panel.nodes) + 2
    return sum(widths.values()) + label * (len(widths) - 1), (tallest + 1) * rows - 1


def framed(nodes: Sequence[Node], height: int) -> bool:
    """Whether each row of nodes has the height for all lines and a frame."""
    return max(len(node.lines) for node in nodes) + 2 <= _share(nodes, height)


def place(nodes: Sequence[Node], width: int, height: int) -> list[Box]:
    """A box for each node: as wide as the words of its column, in the middle of its row."""
    spans, share = _columns(nodes, width), _share(nodes, height)
    boxes = []
    for node in nodes:
        rows = len(node.lines) + (2 if framed(nodes, height) else 1)
        rows = min(rows, max(1, int(share)))
        left, across = spans[node.column]
        level = min(int((node.row + 0.5) * share), height - 1)
        top = max(0, min(level - rows // 2, height - rows))
        boxes.append(Box(left, top, across, rows, level))
    return boxes


def line(start: Box, end: Box) -> Line | None:
    """The line between two boxes; none if the second is not to the right of the first."""
    x0, x1 = start.x + start.width, end.x - 1
    if x1 < x0:
        return None
    return Line(x0, start.level, x1, end.level)


def _share(nodes: Sequence[Node], height: int) -> float:
    """The height of each row of nodes."""
    return height / (1 + max(node.row for node in nodes))


def _columns(nodes: Sequence[Node], width: int) -> dict[int, tuple[int, int]]:
    """Left end and width of each column; what the words leave goes into the gaps between."""
    widths = _widths(nodes)
    gaps = len(widths) - 1
    while sum(widths.values()) + gaps * _LEAST_GAP > width and max(widths.values()) > 1:
        widths[max(widths, key=widths.__getitem__)] -= 1
    spare = max(0, width - sum(widths.values()))
    gap, left = (spare / gaps, 0.0) if gaps else (0.0, spare / 2)
    spans = {}
    for column, own in widths.items():
        spans[column] = (round(left), own)
        left += own + gap
    return spans


def _widths(nodes: Sequence[Node]) -> dict[int, int]:
    """The width of each column, from the left: its longest words and a frame."""
    widths: dict[int, int] = {}
    for node in sorted(nodes, key=lambda node: node.column):
        words = max(map(cell_len, (node.name, *node.lines)))
        widths[node.column] = max(widths.get(node.column, 0), words + 2)
    return widths
