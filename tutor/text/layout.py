"""A formula tree in two dimensions: fractions over their rule, limits over their sum.

A script that Unicode has small letters for stays on its line; any other takes a line of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from tutor.text import boxes
from tutor.text.alphabets import ACCENTS, STRETCHED
from tutor.text.boxes import Box
from tutor.text.formula import (
    Accent,
    Arrow,
    Atom,
    Fence,
    Frac,
    Grid,
    Node,
    Role,
    Root,
    Row,
    Same,
    Script,
    flat,
    gap,
    is_tall,
    roles,
)
from tutor.text.grids import table
from tutor.text.growing import arrow, brace, fenced, framed
from tutor.text.linear import accented, is_simple, linear, needs_parentheses, small_scripts

_BLANK = boxes.text(" ")


def layout(node: Node, tight: bool = False) -> Box:
    """`node` as a box. `tight`: no blanks around operators, as in scripts and limits.

    A formula that is broken needs the boxes of its parts again at every depth: they are kept.
    """
    return boxes.text(node.text) if isinstance(node, Atom) else _drawn(Same(node), tight)


@lru_cache(maxsize=4096)
def _drawn(same: Same, tight: bool) -> Box:  # noqa: PLR0911 - one a kind of node
    match node := same.node:
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
        case Arrow():
            return _arrow(node)
        case Accent():
            return _accent(node, tight)
        case Fence():
            return _fence(node, tight)
        case Grid():
            return _grid(node, tight)


def _spaced(items: Sequence[Node], tight: bool) -> list[Box]:
    spaced: list[Box] = []
    for item, blank in zip(items, blanks(items, roles(items), tight), strict=True):
        if blank:
            spaced.append(_BLANK)
        spaced.append(layout(item, tight))
    return spaced


def blanks(items: Sequence[Node], kinds: Sequence[Role], tight: bool) -> list[bool]:
    """For each item of a row whether a blank stands before it."""
    return [
        i > 0 and (gap(kinds[i - 1], kind, tight) or _would_join(items[i - 1], items[i]))
        for i, kind in enumerate(kinds)
    ]


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
    if needs_parentheses(node):  # (√x)² is not √x², and (xʸ)ᶻ is not xʸᶻ
        base = fenced("(", base, ")") if base.height > 1 else _between("(", base, ")")
    small_sub, small_sup = small_scripts(node)
    if base.height == 1 and small_sub is not None and small_sup is not None:
        return boxes.beside([base, boxes.text(small_sub + small_sup)])
    # Small letters keep to a line of the base; a box never stands in the line that is read on.
    over, under = int(base.baseline == 0), int(base.baseline == base.height - 1)
    placed: list[tuple[Box, int]] = []
    if node.sup is not None:
        sup = layout(node.sup, tight=True) if small_sup is None else boxes.text(small_sup)
        placed.append((sup, 0 if small_sup is not None else 1 - sup.height - over))
    if node.sub is not None:
        sub = layout(node.sub, tight=True) if small_sub is None else boxes.text(small_sub)
        placed.append((sub, base.height - 1 + (under if small_sub is None else 0)))
    return boxes.at_right(base, placed)


def _limits(base: Box, node: Script) -> Box:
    over = [layout(node.sup, tight=True)] if node.sup is not None else []
    under = [layout(node.sub, tight=True)] if node.sub is not None else []
    return boxes.stack([*over, base, *under], len(over))


def _arrow(node: Arrow) -> Box:
    """An arrow as long as its words, which stand over and under it."""
    over, under = (layout(label or Row(), tight=True) for label in (node.over, node.under))
    sign = boxes.text(arrow(node.sign, 2 + max(over.width, under.width)))
    parts = [over, sign, under]
    return boxes.stack([box for box in parts if box.width], int(over.width > 0))


def _accent(node: Accent, tight: bool) -> Box:
    one = accented(node) if not is_tall(node.body) else None
    if one is not None:
        return boxes.text(one)
    body = layout(node.body, tight)
    if node.name == "boxed":
        return framed(body)
    if "cancel" in node.name or node.name == "sout":
        return boxes.text(linear(node, tight))
    under = node.name.startswith("under") or node.name == "utilde"
    if (line := brace(node.name, body.width)) is None:
        mark = ACCENTS[node.name][1]
        line = mark * body.width if mark in STRETCHED else mark
    return boxes.stack(
        [body, boxes.text(line)] if under else [boxes.text(line), body], int(not under)
    )


def _fence(node: Fence, tight: bool) -> Box:
    body = layout(node.body, tight)
    if not is_tall(node.body):
        return _between(node.opening, body, node.closing)
    return fenced(node.opening, body, node.closing)


def _between(opening: str, body: Box, closing: str) -> Box:
    return boxes.beside([boxes.text(opening), body, boxes.text(closing)])


def _grid(node: Grid, tight: bool) -> Box:
    tight = tight or node.align == "lines"
    return table(node, [[layout(cell, tight) for cell in row] for row in node.rows])
