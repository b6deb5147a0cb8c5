"""A formula tree in two dimensions: fractions over their rule, limits over their sum.

A script that Unicode has small letters for stays on its line; any other takes a line of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from tutor.text import boxes
from tutor.text.boxes import Box
from tutor.text.formula import (
    Accent,
    Atom,
    Fence,
    Frac,
    Grid,
    Node,
    Root,
    Row,
    Script,
    flat,
    gap,
    is_tall,
    roles,
)
from tutor.text.linear import accented, is_simple, linear, small_scripts
from tutor.text.symbols import ACCENTS, BRACES, DELIMITERS, STRETCHED
from tutor.text.wrap import wrap

_BLANK = boxes.text(" ")
_CONTINUED = "    "


def layout(node: Node, tight: bool = False) -> Box:  # noqa: PLR0911 - one a kind of node
    """`node` as a box. `tight`: no blanks around operators, as in scripts and limits."""
    match node:
        case Atom():
            return boxes.text(node.text)
        case Row():
            return boxes.beside(_spaced(flat(node), tight))
        case Frac():
            return _fraction(node, tight)
        case Root():
            return _root(node, tight)
        case Script():
            return _script(node, tight)
        case Accent():
            return _accent(node, tight)
        case Fence():
            return _fence(node, tight)
        case Grid():
            return _grid(node, tight)


def layout_within(node: Node, width: int) -> Box | None:
    """`node` in at most `width` cells, broken before relations or after commas; None if not so."""
    whole = layout(node)
    if whole.width <= width:
        return whole
    lines: list[list[Box]] = [[]]
    for piece in _breakable(flat(node)):
        indent = len(_CONTINUED) if len(lines) > 1 else 0
        if lines[-1] and indent + sum(b.width for b in lines[-1]) + piece.width > width:
            lines.append([_without_blank(piece)])
        else:
            lines[-1].append(piece)
    margin = boxes.text(_CONTINUED)
    rows = [boxes.beside([margin, *line] if i else line) for i, line in enumerate(lines)]
    if any(row.width > width for row in rows):
        return None
    return boxes.stack(_parted(rows), 0, "left")


def _breakable(items: Sequence[Node]) -> list[Box]:
    """A row cut before each relation, each sum and after each comma; blanks lead a piece."""
    kinds = roles(items)
    pieces: list[list[Box]] = [[]]
    for i, (item, kind) in enumerate(zip(items, kinds, strict=True)):
        if kind in {"rel", "bin"} or (i and kinds[i - 1] == "punct"):
            pieces.append([])
        if i and gap(kinds[i - 1], kind, tight=False):
            pieces[-1].append(_BLANK)
        pieces[-1].append(layout(item))
    return [boxes.beside(piece) for piece in pieces if piece]


def _without_blank(piece: Box) -> Box:
    """`piece` without the blank column that parted it from what stood before."""
    if all(line.startswith(" ") for line in piece.lines):
        return Box(tuple(line[1:] for line in piece.lines), piece.baseline)
    return piece


def _parted(rows: Sequence[Box]) -> list[Box]:
    """Rows with an empty line between any two of which one is taller than a line."""
    parted = [rows[0]]
    for before, after in pairwise(rows):
        parted += [_BLANK, after] if max(before.height, after.height) > 1 else [after]
    return parted


def _spaced(items: Sequence[Node], tight: bool) -> list[Box]:
    kinds = roles(items)
    spaced: list[Box] = []
    for i, (item, kind) in enumerate(zip(items, kinds, strict=True)):
        if i and (gap(kinds[i - 1], kind, tight) or _would_join(items[i - 1], item)):
            spaced.append(_BLANK)
        spaced.append(layout(item, tight))
    return spaced


def _would_join(left: Node, right: Node) -> bool:
    """Whether two neighbours would read as one: a minus with a fraction's rule, two numbers."""
    if isinstance(right, Frac):
        return isinstance(left, Atom) and left.kind == "bin"
    return all(isinstance(node, Atom) and node.text[:1].isdecimal() for node in (left, right))


def _fraction(node: Frac, tight: bool) -> Box:
    above, below = layout(node.above, tight), layout(node.below, tight)
    # A fraction inside a fraction has the shorter rule, so that one sees which came first.
    wider = 2 if any(isinstance(n, Frac) for n in (*flat(node.above), *flat(node.below))) else 0
    rule = max(above.width, below.width) + wider
    line = ("─" if node.rule else " ") * rule
    return boxes.stack([above, boxes.text(line), below], 1)


def _root(node: Root, tight: bool) -> Box:
    body = layout(node.body, tight)
    if is_simple(node.body):
        sign = boxes.beside([boxes.text("√"), body])
    else:
        line = boxes.text(" " + "_" * body.width)
        # The sign stands at the foot of a fraction, but level with letters that have indices.
        foot = body.height - 1 if is_tall(node.body) else body.baseline
        stem = Box(("│",) * foot + ("√",) + (" ",) * (body.height - 1 - foot), body.baseline)
        sign = boxes.stack([line, boxes.beside([stem, body])], 1)
    if node.degree is None:
        return sign
    degree = layout(node.degree, tight=True)
    foot = next(i for i, line in enumerate(sign.lines) if line.startswith("√"))
    return boxes.beside([Box(degree.lines, degree.height - (foot - sign.baseline)), sign])


def _script(node: Script, tight: bool) -> Box:
    base = layout(node.base, tight)
    if node.limits:
        return _limits(base, node)
    small_sub, small_sup = small_scripts(node)
    if base.height == 1 and small_sub is not None and small_sup is not None:
        return boxes.beside([base, boxes.text(small_sub + small_sup)])
    # Small letters keep to a line of the base; a box takes lines of its own beyond a single one.
    own = int(base.height == 1)
    placed: list[tuple[Box, int]] = []
    if node.sup is not None:
        sup = layout(node.sup, tight=True) if small_sup is None else boxes.text(small_sup)
        placed.append((sup, 0 if small_sup is not None else 1 - sup.height - own))
    if node.sub is not None:
        sub = layout(node.sub, tight=True) if small_sub is None else boxes.text(small_sub)
        placed.append((sub, base.height - 1 + (own if small_sub is None else 0)))
    return boxes.at_right(base, placed)


def _limits(base: Box, node: Script) -> Box:
    over = [layout(node.sup, tight=True)] if node.sup is not None else []
    under = [layout(node.sub, tight=True)] if node.sub is not None else []
    return boxes.stack([*over, base, *under], len(over))


def _accent(node: Accent, tight: bool) -> Box:
    one = accented(node) if not is_tall(node.body) else None
    if one is not None:
        return boxes.text(one)
    body = layout(node.body, tight)
    if node.name == "underbrace":
        return boxes.stack([body, boxes.text(_brace("╰", "┬", "╯", body.width))], 0)
    if node.name == "overbrace":
        return boxes.stack([boxes.text(_brace("╭", "┴", "╮", body.width)), body], 1)
    mark = ACCENTS[node.name][1]
    line = boxes.text(mark * body.width if mark in STRETCHED else mark)
    return (
        boxes.stack([body, line], 0) if node.name == "underline" else boxes.stack([line, body], 1)
    )


def _brace(left: str, middle: str, right: str, width: int) -> str:
    if width < 3:
        return middle.center(width)
    return left + ("─" * ((width - 3) // 2) + middle).ljust(width - 2, "─") + right


def _fence(node: Fence, tight: bool) -> Box:
    body = layout(node.body, tight)
    if not is_tall(node.body):
        return boxes.beside([boxes.text(node.opening), body, boxes.text(node.closing)])
    # A blank keeps tall delimiters off what they hold.
    opening = [_delimiter(node.opening, body), _BLANK] if node.opening else []
    closing = [_BLANK, _delimiter(node.closing, body)] if node.closing else []
    return boxes.beside([*opening, body, *closing])


def _delimiter(sign: str, body: Box) -> Box:
    """`sign` as high as `body`."""
    if sign not in DELIMITERS or body.height == 1:
        return boxes.text(sign)
    top, middle, bottom = DELIMITERS[sign]
    column = [top, *[middle] * (body.height - 2), bottom]
    if sign in BRACES:
        point, halves = BRACES[sign]
        column[body.height // 2] = point
        column = list(halves) if body.height == 2 else column
    return Box(tuple(column), body.baseline)


def _grid(node: Grid, tight: bool) -> Box:
    columns = max(len(row) for row in node.rows)
    cells = [[layout(cell, tight) for cell in row] for row in node.rows]
    cells = [row + [boxes.text("")] * (columns - len(row)) for row in cells]
    widths = [max(row[i].width for row in cells) for i in range(columns)]
    lines = [_grid_line(row, widths, node.align) for row in cells]
    whole = boxes.stack(_parted(lines), 0, "left")
    return Box(whole.lines, (whole.height - 1) // 2 if len(lines) > 1 else whole.baseline)


def _grid_line(row: Sequence[Box], widths: Sequence[int], align: str) -> Box:
    parts: list[Box] = []
    for i, (cell, width) in enumerate(zip(row, widths, strict=True)):
        if i:
            parts.append(boxes.text(" " if align == "equations" else "  "))
        sides: dict[str, boxes.Align] = {"left": "left", "center": "center"}
        side = sides.get(align, "left" if i % 2 else "right")
        parts.append(Box(tuple(boxes.fit(line, width, side) for line in cell.lines), cell.baseline))
    return boxes.beside(parts)


def one_line_within(node: Node, width: int) -> Box:
    """The one-line form, wrapped at blanks to `width` cells where it must be."""
    lines = wrap(linear(node), max(2, width))
    return boxes.stack([boxes.text(line) for line in lines], 0, "left")
