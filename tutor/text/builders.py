"""What commands build of their arguments: the nodes of a formula's tree."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from typing import Any

from tutor.text.alphabets import ALPHABETS
from tutor.text.formula import FRAMES, Accent, Arrow, Atom, Fence, Frac, Grid, Node, Row, Script
from tutor.text.symbols import Kind

Build = Callable[..., "Node | None"]

BLANK = Atom(" ", "space")


def nothing(*_: Any) -> None:
    """Labels, phantoms and lengths leave no trace."""


def last(*given: Any) -> Node | None:
    """Colours, sizes and classes are not shown: what they are given is."""
    body: Node | None = given[-1]
    return body


def struck(body: Node) -> Node:
    """A relation denied."""
    if not isinstance(body, Atom):
        return Accent("cancel", body)
    return Atom(unicodedata.normalize("NFC", f"{body.text}\u0338"), body.kind)


def accent(name: str) -> Build:
    r"""An accent; over a letter with scripts (`\hat{v_t}`) it stands over the letter."""

    def build(body: Node) -> Node:
        wide = name in FRAMES or "line" in name or "cancel" in name
        if isinstance(body, Script) and isinstance(body.base, Atom) and not wide:
            return Script(Accent(name, body.base), body.sub, body.sup)
        return Accent(name, body)

    return build


def in_font(node: Node, alphabet: dict[str, str]) -> Node:  # noqa: PLR0911 - one a kind
    """`node` with the letters of its atoms in another alphabet."""
    match node:
        case Atom():
            return Atom("".join(alphabet.get(c, c) for c in node.text), node.kind, node.limits)
        case Row():
            return Row(tuple(in_font(item, alphabet) for item in node.items))
        case Script():
            return Script(in_font(node.base, alphabet), node.sub, node.sup, node.limits)
        case Accent():
            return Accent(node.name, in_font(node.body, alphabet))
        case Fence():
            return Fence(node.opening, in_font(node.body, alphabet), node.closing)
        case Frac():
            return Frac(in_font(node.above, alphabet), in_font(node.below, alphabet), node.rule)
    return node


def font(name: str) -> Build:
    """Letters in the alphabet `name`."""
    return lambda body: in_font(body, ALPHABETS[name])


def upright(node: Node, limits: bool = False) -> Node:
    """A name in upright letters: several letters are spaced like `log`, one like a variable."""
    if isinstance(node, Row) and all(isinstance(i, Atom) and len(i.text) == 1 for i in node.items):
        node = Atom("".join(i.text for i in node.items if isinstance(i, Atom)))
    if not isinstance(node, Atom):
        return node
    word = node.text.strip()
    is_name = len(word) > 1 and word.replace(" ", "").replace("-", "").isalpha()
    return Atom(word, "name" if is_name else "ord", limits)


def of_kind(kind: Kind) -> Build:
    r"""`\mathrel{x}` and its like: what it holds, spaced like a relation."""

    def build(body: Node) -> Node:
        text = body.text if isinstance(body, Atom) else None
        return body if text is None else Atom(text, kind, kind == "name")

    return build


def fenced(opening: str, closing: str) -> Build:
    """The last argument between delimiters."""
    return lambda *given: Fence(opening, given[-1], closing)


def set_over(over: Node, base: Node) -> Node:
    """Something over a base, which stays on its line."""
    return Script(base, None, over, limits=True)


def set_under(under: Node, base: Node) -> Node:
    """Something under a base, which stays on its line."""
    return Script(base, under, None, limits=True)


def arrow(sign: str) -> Build:
    """An arrow with words over and under it."""
    return lambda under, over: Arrow(sign, over, under)


def generalised(opening: str, closing: str, width: str, _: str, above: Node, below: Node) -> Node:
    r"""`\genfrac{(}{)}{0pt}{}{n}{k}`; a width of nought leaves the line out."""
    opening, closing = (sign.strip().lstrip("\\").rstrip(".") for sign in (opening, closing))
    no_rule = width.strip().startswith("0")
    # A binomial alone is read as "n choose k" on one line.
    under = no_rule and (opening, closing) != ("(", ")")
    whole = Grid(((above,), (below,)), "lines") if under else Frac(above, below, rule=not no_rule)
    return Fence(opening, whole, closing) if opening or closing else whole


def joined(*parts: Node | None) -> Node:
    """Parts one after the other, those left out that are None."""
    return Row(tuple(part for part in parts if part is not None))


def derivative(sign: str) -> Build:
    r"""`\dv{x}`, `\dv{f}{x}`, `\pdv[2]{f}{x}`, `\pdv{f}{x}{y}` of the physics package."""

    def build(
        _: bool, order: Node | None, first: Node, second: Node | None, third: Node | None = None
    ) -> Node:
        above, below = (None, first) if second is None else (first, second)
        d = Atom(sign)
        if third is not None:
            return Frac(joined(Script(d, None, Atom("2")), above), joined(d, below, d, third))
        top = d if order is None else Script(d, None, order)
        bottom = below if order is None else Script(below, None, order)
        return Frac(joined(top, above), joined(d, bottom))

    return build


def differential(sign: str) -> Build:
    r"""`\dd{x}`, `\dd[3]{x}` of the physics package."""
    return lambda order, body: joined(
        Atom(" ", "space"), Atom(sign) if order is None else Script(Atom(sign), None, order), body
    )


def bracketed(pattern: str) -> Build:
    """Signs, and the arguments by number, in a row: `⟨0|1⟩`."""

    def build(*given: Node | None) -> Node:
        items = [given[int(sign)] if sign.isdecimal() else Atom(sign) for sign in pattern]
        return Fence("", joined(*items), "")

    return build


def pair(opening: str, closing: str) -> Build:
    """Two things in delimiters, a comma between them: `[a, b]`."""
    return lambda *given: Fence(opening, joined(given[-2], Atom(",", "punct"), given[-1]), closing)


def braket(star: bool, left: Node, right: Node | None) -> Node:
    r"""`\braket{a|b}`, or `\braket{a}{b}`."""
    body = left if right is None else joined(left, Atom("|"), right)
    return Fence("⟨", body, "⟩")


def binomial(n: Node, k: Node) -> Node:
    """n choose k."""
    return Fence("(", Frac(n, k, rule=False), ")")


def modulo(n: Node) -> Node:
    """`(mod n)`."""
    return joined(Atom(" ", "space"), Fence("(", joined(Atom("mod", "name"), n), ")"))


def tag(star: bool, name: str) -> Node:
    r"""The number of an equation, in parentheses; `\tag*` has those that it is given."""
    body = Atom(name.replace("$", ""))
    return Row((Atom("  ", "space"), body if star else Fence("(", body, ")")))


def spaces(length: str) -> Node:
    r"""`\hspace{1em}` as blanks: two to an em, none for less than a third of one."""
    number = "".join(c for c in length if c.isdigit() or c in ".-")
    try:
        amount = float(number)
    except ValueError:
        return Atom(" ", "space")
    units = {"em": 2.0, "ex": 1.0, "cm": 5.7, "in": 14.5, "pt": 0.2, "mm": 0.57, "mu": 0.11}
    wide = next((width for unit, width in units.items() if unit in length), 1.0)
    return Atom(" " * min(8, max(0, round(amount * wide))), "space")


def bold(mark: str) -> Build:
    """A vector of the physics package: bold, perhaps with a mark over it."""

    def build(star: bool, body: Node) -> Node:
        letters = in_font(body, ALPHABETS["mathbf"])
        return Accent(mark, letters) if mark else letters

    return build


def upright_limits(body: Node) -> Node:
    r"""`\mathop{...}`: what it holds takes limits under and over it."""
    return upright(body, limits=True) if isinstance(body, Atom | Row) else body
