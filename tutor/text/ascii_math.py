"""A formula in ASCII: every other sign by its name, or as a programmer types it."""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from functools import lru_cache
from typing import Final

from tutor.text.formula import Accent, Arrow, Atom, Fence, Frac, Grid, Node, Root, Row, Script
from tutor.text.glyphs import in_ascii
from tutor.text.symbols import SYMBOLS

# What is no letter's name: how a programmer types it.
_TYPED: Final = {
    "≤": "<=", "≥": ">=", "≠": "!=", "≈": "~=", "≡": "==", "≔": ":=", "∼": "~", "→": "->",
    "←": "<-", "↔": "<->", "⇒": "=>", "⇐": "<=", "⇔": "<=>", "↦": "|->", "·": "*", "×": "x",
    "÷": "/", "±": "+-", "∓": "-+", "−": "-", "∗": "*", "⋆": "*", "∘": "o", "…": "...",
    "⋯": "...", "⋮": ":", "‖": "||", "∥": "||", "∣": "|", "′": "'", "∂": "d", "∞": "inf", "ℓ": "l",
    "∈": "in", "∉": "not in", "ℝ": "R", "ℕ": "N", "ℤ": "Z", "ℚ": "Q", "ℂ": "C", "√": "sqrt",
    "∖": "\\", "°": " deg", "≪": "<<", "≫": ">>", "⟨": "<", "⟩": ">", "⌊": "floor(", "⌋": ")",
    "⌈": "ceil(", "⌉": ")", "µ": "mu", "ı": "i", "ȷ": "j",
}  # fmt: skip
_NAMED = frozenset({"ord", "big", "bin", "rel"})
_BY_SIGN: Final = {
    **{
        text: name
        for name, (text, kind) in reversed(SYMBOLS.items())
        if len(text) == 1 and not text.isascii() and name.isalpha() and kind in _NAMED
    },
    **_TYPED,
}  # fmt: skip


def spelled(node: Node) -> Node:  # noqa: PLR0911 - one a kind of node
    """A formula's tree with every sign that is not ASCII written in letters: β is beta."""
    match node:
        case Atom():
            text = _spelled(node.text)
            named = node.kind == "ord" and len(text) > 1 and text.isalpha() and text != node.text
            return Atom(text, "name" if named else node.kind, node.limits)
        case Row():
            return Row(tuple(map(spelled, node.items)))
        case Frac():
            return replace(node, above=spelled(node.above), below=spelled(node.below))
        case Root():
            root: Node = Atom("sqrt" if node.degree is None else "root", "name")
            if node.degree is not None:
                root = Script(root, spelled(node.degree))
            return Row((root, Fence("(", spelled(node.body), ")")))
        case Script():
            sub, sup = node.sub and spelled(node.sub), node.sup and spelled(node.sup)
            return replace(node, base=spelled(node.base), sub=sub, sup=sup)
        case Arrow():
            over, under = node.over and spelled(node.over), node.under and spelled(node.under)
            return Arrow(_spelled(node.sign), over, under)
        case Accent():
            return replace(node, body=spelled(node.body))
        case Fence():
            return Fence(_spelled(node.opening), spelled(node.body), _spelled(node.closing))
        case Grid():
            return replace(node, rows=tuple(tuple(map(spelled, cells)) for cells in node.rows))


def _spelled(text: str) -> str:
    """A symbol in ASCII: its name, a likeness, or what it is made of."""
    return text if text.isascii() else "".join(map(_sign, text))


@lru_cache(maxsize=2048)
def _sign(char: str) -> str:
    if char.isascii():
        return char
    apart = unicodedata.normalize("NFD", char)
    if apart.endswith("\u0338"):
        return f"not {_sign(apart[0])}"
    found = _BY_SIGN.get(char) or _BY_SIGN.get(unicodedata.normalize("NFKC", char))
    return found or in_ascii(char)
