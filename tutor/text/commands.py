"""What each LaTeX command makes of its arguments: which commands there are, and their nodes.

The signs are in `symbols`; here are the commands that build something.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable

from tutor.text import symbols
from tutor.text.formula import Accent, Atom, Fence, Frac, Node, Root, Row, Script

FRACTIONS = frozenset({"frac", "tfrac", "dfrac", "cfrac"})
TEXTS = frozenset({"text", "textrm", "textit", "textbf", "textnormal", "mbox", "textsf", "texttt"})
UPRIGHT = frozenset({"mathrm", "operatorname", "mathsf", "mathtt", "mathit"})
_SIZES = frozenset(
    f"{size}{side}" for size in ("big", "Big", "bigg", "Bigg") for side in ("", "l", "r", "m")
)
SILENT = _SIZES | {
    "limits", "nolimits", "displaystyle", "textstyle", "scriptstyle", "middle", "nonumber",
    "notag", "hline", "cr", "relax",
}  # fmt: skip
MATRICES = {
    "matrix": ("", ""),
    "smallmatrix": ("", ""),
    "array": ("", ""),
    "pmatrix": ("(", ")"),
    "bmatrix": ("[", "]"),
    "Bmatrix": ("{", "}"),
    "vmatrix": ("|", "|"),
    "Vmatrix": ("‖", "‖"),
}
EQUATIONS = frozenset(
    {"aligned", "align", "align*", "split", "gathered", "gather", "gather*", "equation",
     "equation*", "alignedat", "eqnarray"}
)  # fmt: skip
ARGUMENTS = {
    **dict.fromkeys([*FRACTIONS, "binom", "overset", "underset", "stackrel"], "{{"),
    **dict.fromkeys(
        [*TEXTS, *UPRIGHT - {"operatorname"}, *symbols.ACCENTS, *symbols.ALPHABETS], "{"
    ),
    **dict.fromkeys(["underbrace", "overbrace", "boxed", "mathop", "mathbin", "mathrel"], "{"),
    **dict.fromkeys(["tag", "label", "not", "phantom"], "{"),
    "sqrt": "[{",
    "operatorname": "*{",
    "\\": "*[",
}


def _struck(body: Node) -> Node:
    """A relation denied."""
    if not isinstance(body, Atom):
        return body
    return Atom(unicodedata.normalize("NFC", f"{body.text}\u0338"), body.kind)


def builder(name: str) -> Callable[..., Node | None] | None:
    """What makes a node of the arguments of command `name`."""
    if name in FRACTIONS:
        return Frac
    if name in symbols.ACCENTS or name in {"underbrace", "overbrace"}:
        return lambda body: _accent(name, body)
    if name in symbols.ALPHABETS:
        return lambda body: _in_font(body, symbols.ALPHABETS[name])
    return _BUILDERS.get(name)


_BUILDERS: dict[str, Callable[..., Node | None]] = {
    "sqrt": lambda degree, body: Root(body, degree),
    "binom": lambda n, k: Fence("(", Frac(n, k, rule=False), ")"),
    "overset": lambda over, base: Script(base, None, over, limits=True),
    "stackrel": lambda over, base: Script(base, None, over, limits=True),
    "underset": lambda under, base: Script(base, under, None, limits=True),
    "not": _struck,
    "boxed": lambda body: Fence("[", body, "]"),
    "tag": lambda body: Row((Atom("  ", "space"), Fence("(", body, ")"))),
    "label": lambda body: None,
    "phantom": lambda body: None,
    "mathop": lambda body: body,
    "mathbin": lambda body: body,
    "mathrel": lambda body: body,
}


def _accent(name: str, body: Node) -> Node:
    r"""An accent; over a letter with scripts (`\hat{v_t}`) it stands over the letter."""
    if isinstance(body, Script) and isinstance(body.base, Atom) and "line" not in name:
        return Script(Accent(name, body.base), body.sub, body.sup)
    return Accent(name, body)


def _in_font(node: Node, alphabet: dict[str, str]) -> Node:
    """`node` with the letters of its atoms in another alphabet."""
    match node:
        case Atom():
            return Atom("".join(alphabet.get(c, c) for c in node.text), node.kind, node.limits)
        case Row():
            return Row(tuple(_in_font(item, alphabet) for item in node.items))
        case Script():
            return Script(_in_font(node.base, alphabet), node.sub, node.sup, node.limits)
        case Accent():
            return Accent(node.name, _in_font(node.body, alphabet))
    return node
