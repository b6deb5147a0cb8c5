"""A formula in a given width: what is too wide is broken where a reader would break it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tutor.text import boxes
from tutor.text.boxes import Box
from tutor.text.formula import Atom, Fence, Grid, Node, Row, Script, flat, is_tall, roles
from tutor.text.grids import aligned_rows, parted, stacked, table
from tutor.text.growing import fenced
from tutor.text.layout import blanks, layout
from tutor.text.linear import linear
from tutor.text.wrap import wrap

# A box of a row that fits, and whether it takes lines of its own.
_Fitting = tuple[Box, bool]

_BLANK = boxes.text(" ")
_CONTINUED = "    "
_NARROWEST = 4


def layout_within(node: Node, width: int) -> Box:
    """`node` in at most `width` cells, as far as that can be.

    Rows of equations stay rows: only one that is too wide is broken. A row breaks before
    relations and operators and after commas, a wide matrix inside its cells; what can be broken
    nowhere takes its one-line form, wrapped.
    """
    match node:
        case Row():
            return _row_within(flat(node), width)
        case Grid():
            found = _grid_within(node, width)
        case Fence(opening=opening, body=Grid() as body, closing=closing):
            room = width - 2 * (bool(opening) + bool(closing))
            found = fenced(opening, _grid_within(body, max(1, room)), closing)
        case _:
            found = layout(node)
            if found.width > width and isinstance(node, Fence):
                return _row_within((node,), width)
    return found if found.width <= width else one_line_within(node, width)


def _row_within(items: Sequence[Node], width: int) -> Box:
    """A row in lines of at most `width` cells, all but the first indented."""
    pieces = _breakable(items)
    laid = [[*map(_box, piece)] for piece in pieces]
    if sum(box.width for piece in laid for box in piece) <= width:
        return boxes.beside([box for piece in laid for box in piece])
    indent = len(_CONTINUED) if width > 2 * len(_CONTINUED) else 0
    lines: list[list[Box]] = [[]]
    used = 0
    fitting: list[_Fitting] = []
    _fit(pieces, laid, width - indent, fitting)
    for box, wide in fitting:
        first = box
        if lines[-1] and (wide or used + box.width > width):
            first = box if wide else _without_blank(box)
            lines.append([])
            used = indent
        lines[-1].append(first)
        used += first.width
    margin = boxes.text(" " * indent)
    rows = [boxes.beside([margin, *line] if i else line) for i, line in enumerate(lines)]
    return boxes.stack(parted(rows), 0, "left")


def _fit(
    pieces: Sequence[Sequence[_Placed]],
    laid: Sequence[Sequence[Box]],
    width: int,
    done: list[_Fitting],
) -> None:
    """Add the pieces as boxes of at most `width` cells, and whether one takes lines of its own."""
    for piece, parts in zip(pieces, laid, strict=True):
        box = boxes.beside(parts)
        if box.width <= width:
            done.append((box, False))
        else:
            _break(piece, width, done)


def _break(piece: Sequence[_Placed], width: int, done: list[_Fitting]) -> None:
    """Add a piece that is too wide: its factors apart, its fences opened, its grids broken."""
    factors = _factors(piece)
    if len(factors) == 1:
        factors = [[placed] for placed in piece]
    if len(factors) > 1:
        _fit(factors, [[*map(_box, factor)] for factor in factors], width, done)
        return
    node = piece[0].node
    match node:
        case Grid() | Fence(body=Grid()):
            done.append((layout_within(node, width), True))
        case Fence(opening=opening, body=body, closing=closing) if not is_tall(body):
            inside = _breakable([Atom(opening, "open"), *flat(body), Atom(closing, "close")])
            _fit(inside, [[*map(_box, part)] for part in inside], width, done)
        case _:
            done.append((one_line_within(node, width), True))


def _factors(piece: Sequence[_Placed]) -> list[list[_Placed]]:
    """A product cut before its factors: `P(a)`, `P(b | c).`"""
    factors: list[list[_Placed]] = []
    for placed in piece:
        node = placed.node.base if isinstance(placed.node, Script) else placed.node
        follows = isinstance(node, Fence) or (isinstance(node, Atom) and node.text in ".,;")
        if factors and follows:
            factors[-1].append(placed)
        else:
            factors.append([placed])
    return factors


@dataclass(frozen=True, slots=True)
class _Placed:
    """An item of a row, and whether a blank leads it."""

    node: Node
    blank: bool


def _breakable(items: Sequence[Node]) -> list[list[_Placed]]:
    """A row cut before each relation, each sum and after each comma; blanks lead a piece."""
    kinds = roles(items)
    led = blanks(items, kinds, tight=False)
    pieces: list[list[_Placed]] = [[]]
    for i, (item, kind) in enumerate(zip(items, kinds, strict=True)):
        if kind in {"rel", "bin"} or (i and kinds[i - 1] == "punct"):
            pieces.append([])
        pieces[-1].append(_Placed(item, led[i]))
    return [piece for piece in pieces if piece]


def _box(placed: _Placed) -> Box:
    box = layout(placed.node)
    return boxes.beside([_BLANK, box]) if placed.blank else box


def _without_blank(piece: Box) -> Box:
    """`piece` without the blank column that parted it from what stood before."""
    if all(line.startswith(" ") for line in piece.lines):
        return Box(tuple(line[1:] for line in piece.lines), piece.baseline)
    return piece


def _grid_within(node: Grid, width: int) -> Box:
    """Rows that are too wide broken by themselves; a matrix with its widest cells broken."""
    cells = [[layout(cell, node.align == "lines") for cell in row] for row in node.rows]
    whole = table(node, cells)
    if whole.width <= width:
        return whole
    if node.align == "equations":
        return _equations_within(node, cells, width)
    count = max(map(len, cells))
    between = 2 * (count - 1)
    widths = [max((row[i].width for row in cells if i < len(row)), default=0) for i in range(count)]
    while sum(widths) + between > width and max(widths) > _NARROWEST:
        widths[widths.index(max(widths))] -= 1
    narrow = [
        [layout_within(cell, wide) for cell, wide in zip(row, widths, strict=False)]
        for row in node.rows
    ]
    return table(node, narrow)


def _equations_within(node: Grid, cells: Sequence[Sequence[Box]], width: int) -> Box:
    """The rows that fit stay aligned; the others are broken, each by itself."""
    fits = [sum(box.width for box in row) + len(row) - 1 <= width for row in cells]
    fitting = [row for row, fit in zip(cells, fits, strict=True) if fit]
    rows = aligned_rows(node, fitting) if fitting else []
    if rows and rows[0].width > width:  # nor do they fit together
        rows = [aligned_rows(node, [row])[0] for row in fitting]
    aligned = iter(rows)
    return stacked(
        [
            next(aligned) if fit else _row_within(flat(Row(row)), width)
            for row, fit in zip(node.rows, fits, strict=True)
        ]
    )


def one_line_within(node: Node, width: int) -> Box:
    """The one-line form, wrapped at blanks to `width` cells where it must be."""
    lines = wrap(linear(node), max(2, width))
    return boxes.stack([boxes.text(line) for line in lines], 0, "left")
