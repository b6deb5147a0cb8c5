"""A formula as a small tree, between the LaTeX it was read from and the text it becomes.

The spacing of neighbours is decided here, once for the one-line and the two-dimensional form.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from tutor.text.symbols import Kind


@dataclass(frozen=True, slots=True)
class Atom:
    """A symbol, a number, a name or a run of text. `limits`: scripts go under and over it."""

    text: str
    kind: Kind = "ord"
    limits: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Nodes one after the other."""

    items: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Frac:
    """One thing over another; without a rule it is a binomial coefficient's inside."""

    above: Node
    below: Node
    rule: bool = True


@dataclass(frozen=True, slots=True)
class Root:
    """A root, square if it has no degree."""

    body: Node
    degree: Node | None = None


@dataclass(frozen=True, slots=True)
class Script:
    """A base with a subscript, a superscript, or both. `limits`: they stand under and over it."""

    base: Node
    sub: Node | None = None
    sup: Node | None = None
    limits: bool = False


@dataclass(frozen=True, slots=True)
class Arrow:
    """An arrow, or another sign that grows, as long as the words over and under it."""

    sign: str
    over: Node | None = None
    under: Node | None = None


@dataclass(frozen=True, slots=True)
class Accent:
    """A mark over a body, under it, through it or around it; `name` is the LaTeX command.

    The marks are `alphabets.ACCENTS` and `FRAMES`.
    """

    name: str
    body: Node


@dataclass(frozen=True, slots=True)
class Fence:
    """A body between delimiters, either of which may be empty."""

    opening: str
    body: Node
    closing: str


@dataclass(frozen=True, slots=True)
class Grid:
    """Rows of cells: a matrix (`center`), cases (`left`), equations, or lines in a script.

    columns: the sides and lines of an `array` as LaTeX has them, such as `lr|c`.
    rules: the rows, from 0, over which a line is drawn; one past the last is under it.
    """

    rows: tuple[tuple[Node, ...], ...]
    align: Literal["center", "left", "equations", "lines"] = "center"
    columns: str = ""
    rules: tuple[int, ...] = ()


Node = Atom | Row | Frac | Root | Script | Arrow | Accent | Fence | Grid

FRAMES = frozenset({"underbrace", "overbrace", "underbracket", "overbracket", "underparen",
                    "overparen", "boxed"})  # fmt: skip
"""Accents that are drawn around their body, whatever it is."""

# How a node behaves toward its neighbours: an atom's kind, a sign (an operator with nothing on
# its left, as in -x), or one of three compound ones.
Role = Kind | Literal["sign", "fence", "frac", "grid"]

_MAKES_UNARY = frozenset({"bin", "rel", "open", "punct", "big", "sign"})


def role(node: Node) -> Role:  # noqa: PLR0911 - one return a kind of node
    """How `node` is spaced: the role of its base for scripts and accents."""
    match node:
        case Atom():
            return node.kind
        case Script():
            return role(node.base)
        case Arrow():
            return "rel"
        case Accent(name=name):
            return "fence" if name in FRAMES else role(node.body)
        case Fence():
            return "fence"
        case Frac():
            return "frac"
        case Grid():
            return "grid"
        case Row(items=(single,)):
            return role(single)
    return "ord"


def roles(items: Sequence[Node]) -> list[Role]:
    """The roles of a row's items. An operator that joins nothing is a sign, the last a symbol.

    A bar where no operand can end opens, and the next one closes: |−x| has a sign, a|−x none.
    """
    found = [role(item) for item in items]
    previous: Role = "open"
    inside = False
    for i, this in enumerate(found):
        if this == "bin" and i == len(found) - 1:
            found[i] = "ord"
        elif this == "bin" and previous in _MAKES_UNARY:
            found[i] = "sign"
        if this == "ord" and _is_bar(items[i]):
            if inside or previous in _MAKES_UNARY:
                found[i] = "close" if inside else "open"
                inside = not inside
            else:  # a condition: what follows is an operand
                previous = "rel"
                continue
        if this != "space":
            previous = found[i]
    return found


def _is_bar(node: Node) -> bool:
    return isinstance(node, Atom) and node.text in {"|", "‖"}


def gap(left: Role, right: Role, tight: bool) -> bool:
    """Whether a blank stands between two neighbours. `tight`: inside scripts and limits."""
    pair = {left, right}
    if "space" in pair or left in {"open", "sign"} or right in {"close", "punct"}:
        return False
    if not tight and (pair & {"bin", "rel"} or left == "punct"):
        return True
    if left in {"name", "big"}:
        return right not in {"fence", "open", "bin", "rel"}
    if right in {"name", "big"}:
        return left in {"ord", "close", "fence", "frac", "grid"}
    return bool(pair & {"frac", "grid"}) and not pair & {"bin", "rel", "punct"}


class Same:
    """A node that equals itself alone: comparing what it holds would take as long as drawing it."""

    __slots__ = ("node",)

    def __init__(self, node: Node) -> None:
        self.node = node

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and self.node is other.node

    def __hash__(self) -> int:
        return id(self.node)


def flat(node: Node) -> tuple[Node, ...]:
    """The items of `node`, with rows inside rows opened up."""
    if not isinstance(node, Row):
        return (node,)
    return tuple(inner for item in node.items for inner in flat(item))


def is_tall(node: Node) -> bool:
    """Whether a fence around `node` should grow in two dimensions; scripts do not make it."""
    return not isinstance(node, Atom) and _is_tall(Same(node))


@lru_cache(maxsize=4096)  # every fence around a fence asks again
def _is_tall(same: Same) -> bool:
    match node := same.node:
        case Frac() | Grid():
            return True
        case Script():
            return node.limits or is_tall(node.base)
        case Row():
            return any(map(is_tall, node.items))
        case Accent(name=name):
            return name in FRAMES or is_tall(node.body)
        case Fence() | Root():
            return is_tall(node.body)
    return False
