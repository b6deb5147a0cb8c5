"""A formula tree as one line: Unicode scripts where they exist, `x_(..)` where they do not.

Parentheses are added only where the line would otherwise mean something else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from rich.cells import cell_len

from tutor.text.formula import (
    Accent,
    Atom,
    Fence,
    Frac,
    Grid,
    Node,
    Role,
    Root,
    Row,
    Script,
    flat,
    gap,
    role,
    roles,
)
from tutor.text.symbols import ACCENTS, SUBSCRIPTS, SUPERSCRIPTS

# A written-out script (`x_B`) whose end the next letter would seem to belong to.
_OPEN_END = re.compile(r"[_^][\w.]+$")
# What a differential quotient's parts begin with.
_DIFFERENTIALS = frozenset("∂dΔ")


def linear(node: Node, tight: bool = False) -> str:  # noqa: PLR0911 - one a kind of node
    """`node` on one line. `tight`: no blanks around operators, as in scripts."""
    match node:
        case Atom():
            return node.text
        case Row():
            return _row(node, tight)
        case Frac():
            return _fraction(node, tight)
        case Root():
            return _root(node, tight)
        case Script():
            return _script(node)
        case Accent():
            return accented(node) or f"{_in_words(node.name)}({linear(node.body, tight)})"
        case Fence():
            return _fence(node, tight)
        case Grid():
            return _grid(node, tight)


def _row(row: Row, tight: bool) -> str:
    items = flat(row)
    kinds = roles(items)
    line = ""
    for i, (item, kind) in enumerate(zip(items, kinds, strict=True)):
        text = linear(item, tight)
        argument = kind == "frac" and _neighbour(kinds, i, -1) == "name"
        if argument or (kind == "frac" and _neighbour(kinds, i, +1) in _FACTORS):
            text = f"({text})"
        if i and not argument and (gap(kinds[i - 1], kind, tight) or _runs_together(line, text)):
            line += " "
        line += text
    return line


# What multiplies a fraction at its left, which then needs parentheses: (a/b) c is not a/b c.
_FACTORS = frozenset({"ord", "name", "big", "fence", "frac", "open"})


def _neighbour(kinds: Sequence[Role], i: int, step: int) -> Role | None:
    """The role before (-1) or after (+1) number `i`, blanks left out."""
    i += step
    while 0 <= i < len(kinds) and kinds[i] == "space":
        i += step
    return kinds[i] if 0 <= i < len(kinds) else None


def _runs_together(line: str, text: str) -> bool:
    if line[-1:].isdecimal() and text[:1].isdecimal():
        return True
    return bool(_OPEN_END.search(line)) and text[:1].isalnum()


def _fence(node: Fence, tight: bool) -> str:
    body = linear(node.body, tight)
    if isinstance(node.body, Frac) and not node.body.rule:
        body = f"{linear(node.body.above, tight)} over {linear(node.body.below, tight)}"
    return f"{node.opening}{body}{node.closing}"


def _fraction(node: Frac, tight: bool) -> str:
    above, below = linear(node.above, tight), linear(node.below, tight)
    if _is_sum(node.above):
        above = f"({above})"
    if not _is_unit(node.below):
        below = f"({below})"
    return f"{above}/{below}"


def _is_sum(node: Node) -> bool:
    """Whether a numerator needs parentheses: a product does not, all else does."""
    items = flat(node)
    if not items or (len(items) == 1 and isinstance(items[0], Frac | Grid)):
        return True
    return len(items) > 1 and bool(
        {"bin", "rel", "punct", "name", "big", "frac"} & set(roles(items))
        or linear(items[0]).startswith("−")
    )


def _is_unit(node: Node) -> bool:
    """Whether a denominator is one thing: a symbol, a fence, a root, ∂w, max(a, b)."""
    items = flat(node)
    if len(items) == 1:
        return not isinstance(items[0], Frac | Grid)
    if len(items) != 2:
        return False
    if isinstance(items[0], Atom) and items[0].text in _DIFFERENTIALS:
        return not isinstance(items[1], Frac | Grid | Fence)
    return role(items[0]) == "name" and isinstance(items[1], Fence)


def _root(node: Root, tight: bool) -> str:
    body = linear(node.body, tight)
    degree = "" if node.degree is None else _raised(node.degree, SUPERSCRIPTS)
    if degree is None and node.degree is not None:
        degree = f"({linear(node.degree, tight=True)})"
    return f"{degree}√{body}" if is_simple(node.body) else f"{degree}√({body})"


def is_simple(node: Node) -> bool:
    """Whether a root needs no line over `node`: one letter or number, maybe with an index."""
    items = flat(node)
    if len(items) != 1:
        return False
    item = items[0]
    if isinstance(item, Script):
        return item.sup is None and bool(small_scripts(item)[0]) and is_simple(item.base)
    return (isinstance(item, Atom | Accent) and cell_len(linear(item)) == 1) or (
        isinstance(item, Atom) and item.text.isdecimal()
    )


def _script(node: Script) -> str:
    base = linear(node.base)
    if not _is_base(node.base):
        base = f"({base})"
    return base + _one(node.sub, SUBSCRIPTS, "_") + _one(node.sup, SUPERSCRIPTS, "^")


def _is_base(node: Node) -> bool:
    items = flat(node)
    return len(items) < 2 and not any(isinstance(item, Frac | Root | Grid) for item in items)


def _one(script: Node | None, table: Mapping[str, str], sign: str) -> str:
    if script is None:
        return ""
    raised = _raised(script, table)
    if raised is not None:
        return raised
    text = linear(script, tight=True)
    if isinstance(script, Atom | Accent | Fence) or (_is_word(script) and text.isalnum()):
        return f"{sign}{text}"
    return f"{sign}({text})"


def _is_word(node: Node) -> bool:
    return all(isinstance(item, Atom) for item in flat(node))


def small_scripts(node: Script) -> tuple[str | None, str | None]:
    """The sub- and superscript of `node` in Unicode's small letters; "" if there is none.

    None for one that has no small letters, or is nested.
    """
    return (
        "" if node.sub is None else _raised(node.sub, SUBSCRIPTS, nested=False),
        "" if node.sup is None else _raised(node.sup, SUPERSCRIPTS, nested=False),
    )


def _raised(node: Node, table: Mapping[str, str], nested: bool = True) -> str | None:
    """`node` in the small letters of `table`, or None if a character has none.

    nested: let an index ride on the last symbol of an exponent (`e^{s_i}` -> eˢⁱ); further to
    the left it would seem to belong to what follows.
    """
    items = flat(node)
    small = ""
    for i, item in enumerate(items):
        last = i == len(items) - 1
        part = _raised_item(item, table, nested and last)
        if part is None:
            return None
        small += part
    return small


def _raised_item(item: Node, table: Mapping[str, str], nested: bool) -> str | None:
    match item:
        case Atom():
            return _each(item.text, table)
        case Fence():
            whole = Row((Atom(item.opening), item.body, Atom(item.closing)))
            return _raised(whole, table, nested=False)
        case Script(base=base, sub=sub, sup=None) if nested and sub and table is SUPERSCRIPTS:
            letter, index = _raised(base, table, False), _raised(sub, table, False)
            return None if letter is None or index is None else letter + index
    return None


def _each(text: str, table: Mapping[str, str]) -> str | None:
    small = [table.get(char) for char in text]
    return None if None in small else "".join(char or "" for char in small)


def accented(node: Accent) -> str | None:
    """`node` with a combining accent, if its body is one letter (or the mark is a line)."""
    if node.name not in ACCENTS:
        return None
    combining, mark = ACCENTS[node.name]
    body = linear(node.body)
    if cell_len(body) == 1:
        return unicodedata.normalize("NFC", body + combining)
    if mark == "─" and body.isalnum():
        return "".join(char + combining for char in body)
    return None


def _in_words(accent: str) -> str:
    return "" if accent.endswith("brace") else accent.removeprefix("wide")


def _grid(node: Grid, tight: bool) -> str:
    """Rows parted by semicolons, cells by commas (equations: by nothing, they are one row)."""
    if node.align == "equations":
        return "; ".join(linear(Row(cells), tight) for cells in node.rows)
    return "; ".join(_cells([linear(cell, tight) for cell in cells]) for cells in node.rows)


def _cells(cells: Sequence[str]) -> str:
    return re.sub(r"([,;:]),(?= )", r"\1", ", ".join(filter(None, cells)))
