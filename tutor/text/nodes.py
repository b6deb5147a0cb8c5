"""Small decisions about one sign or one node while a formula is read."""

from __future__ import annotations

from tutor.text.alphabets import ALPHABETS
from tutor.text.builders import in_font, upright
from tutor.text.formula import FRAMES, Accent, Atom, Node, Row
from tutor.text.symbols import CHARACTERS, SYMBOLS, Kind


def sign_of(token: str) -> tuple[str, Kind]:
    """The text and the kind of a token that is one sign; itself as "ord" for anything else."""
    if token[:1] == "\\" and len(token) > 1:
        return SYMBOLS.get(token[1:], ("", "ord"))
    return CHARACTERS.get(token, (token, "ord"))


def row_of(parts: list[Node]) -> Node | None:
    """The parts as one node: none, the only one, or a row."""
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else Row(tuple(parts))


def switched(font: str, items: list[Node]) -> Node:
    """What follows a switch of fonts in its group."""
    body: Node = items[0] if len(items) == 1 else Row(tuple(items))
    return in_font(body, ALPHABETS[font]) if font else upright(body)


def takes_limits(base: Node) -> bool:
    """Whether scripts of `base` stand under and over it in a display."""
    if isinstance(base, Atom):
        return base.limits
    return isinstance(base, Accent) and base.name in FRAMES - {"boxed"}


def as_ordinary(node: Node) -> Node:
    """Braces take a sign its spacing: `12{,}960` is one number."""
    if isinstance(node, Atom) and node.kind in {"punct", "bin", "rel"}:
        return Atom(node.text)
    return node
