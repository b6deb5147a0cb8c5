"""Paints boxes of words joined by labelled lines, such as a network's computation.

What takes part in the moment has a double frame or a thick line, and an arrow points at the
words that it takes part with: all of it shows without colour.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rich.cells import cell_len

from demos.views import Edge, Graph, Node
from tutor.plot.boxes import Box, Cells, Line, framed, line, place
from tutor.plot.braille import ACROSS, DOWN, Dots
from tutor.plot.canvas import Canvas, crop
from tutor.plot.palette import Inks

_FRAME, _DOUBLE, _MARK = tuple("┌─┐│└┘"), tuple("╔═╗║╚╝"), "▸"
# A label cut shorter than this says nothing.
_LEAST_LABEL = 3
# The dots around a line that make it a thick one.
_THIN, _THICK = ((0, 0),), ((0, 0), (0, 1), (1, 0))


def paint_graph(panel: Graph, canvas: Canvas, inks: Inks) -> None:
    """Paint below the title; where frames find no room, names and the first lines alone."""
    height = canvas.height - 1
    if height < 1 or not panel.nodes:
        return
    boxes = place(panel.nodes, canvas.width, height)
    lines = _lines(panel.edges, boxes)
    _join(lines, canvas, inks)
    with_frame = framed(panel.nodes, height)
    for node, box in zip(panel.nodes, boxes, strict=True):
        (_boxed if with_frame else _bare)(node, box, canvas, inks)
    taken = {cell for box in boxes for cell in box.cells}
    for edge, way in reversed(lines):
        _label(edge, way, taken, canvas, inks)


def _lines(edges: Sequence[Edge], boxes: Sequence[Box]) -> list[tuple[Edge, Line]]:
    """The edges that can be drawn; accents last, so that they lie on top."""
    found = []
    for edge in edges:
        if 0 <= edge.start < len(boxes) and 0 <= edge.end < len(boxes):
            way = line(boxes[edge.start], boxes[edge.end])
            if way:
                found.append((edge, way))
    return sorted(found, key=lambda pair: pair[0].role == "accent")


def _join(lines: Sequence[tuple[Edge, Line]], canvas: Canvas, inks: Inks) -> None:
    dots = Dots(canvas.width, canvas.height - 1)
    both = np.array([True, True])
    for edge, way in lines:
        x = np.array([way.x0 * ACROSS, way.x1 * ACROSS + 1])
        y = np.array([way.y0, way.y1]) * DOWN + 1
        for dx, dy in _THICK if edge.role == "accent" else _THIN:
            dots.line(x + dx, y + dy, both, inks.role(edge.role))
    dots.put_on(canvas, 0, 1)


def _boxed(node: Node, box: Box, canvas: Canvas, inks: Inks) -> None:
    """A frame with the name in its upper side, and the lines inside."""
    now = node.role == "accent"
    corner, level, corner2, upright, foot, foot2 = _DOUBLE if now else _FRAME
    style, inside = inks.role(node.role, bold=now), box.width - 2
    name = crop(node.name, inside)
    if cell_len(name) + 2 <= inside:
        name = f" {name} "
    head = name + level * (inside - cell_len(name))
    canvas.put(box.x, box.y + 1, corner + head + corner2, style)
    for row, words in enumerate(node.lines):
        y, marked = box.y + row + 2, row in node.marked
        text = crop(words, inside)
        canvas.put(box.x, y, _MARK if marked else upright, style)
        plain = inks.role("accent" if marked else "text", bold=marked)
        canvas.put(box.x + 1, y, text + " " * (inside - cell_len(text)), plain)
        canvas.put(box.x + box.width - 1, y, upright, style)
    canvas.put(box.x, box.y + box.height, foot + level * inside + foot2, style)


def _bare(node: Node, box: Box, canvas: Canvas, inks: Inks) -> None:
    """The name and as many lines as there is room for; marked ones behind an arrow."""
    now = node.role == "accent"
    marks = (now, *(row in node.marked for row in range(len(node.lines))))
    for row, (words, marked) in enumerate(zip((node.name, *node.lines), marks, strict=True)):
        if row < box.height:
            text = crop((_MARK if marked else " ") + words, box.width)
            style = inks.role("accent" if marked else node.role, bold=marked)
            canvas.put(box.x, box.y + 1 + row, text + " " * (box.width - cell_len(text)), style)


def _label(edge: Edge, way: Line, taken: Cells, canvas: Canvas, inks: Inks) -> None:
    """The label at the first free place of its line; none if there is no such place."""
    words = crop(edge.label, way.x1 + 1 - way.x0)
    width = cell_len(words)
    if width < min(_LEAST_LABEL, cell_len(edge.label)):
        return
    now = edge.role == "accent"
    for x, y in way.places(width, canvas.height - 1):
        cells = Box(x, y, width, 1).cells
        if 0 <= y < canvas.height - 1 and not cells & taken:
            canvas.put(x, y + 1, words, inks.role("accent" if now else "text", bold=now))
            taken |= cells
            return
