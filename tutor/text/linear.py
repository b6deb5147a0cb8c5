"""A formula tree as one line: Unicode scripts where they exist, `x_(..)` where they do not.

Parentheses are added only where the line would otherwise mean something else.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence

from rich.cells import cell_len

from tutor.text import glyphs
from tutor.text.alphabets import ACCENTS, SUBSCRIPTS, SUPERSCRIPTS
from tutor.text.formula import (
    FRAMES,
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
    Script,
    flat,
    gap,
    role,
    roles,
)

# A written-out script (`x_B`) whose end the next letter would seem to belong to.
_OPEN_END = re.compile(r"(?:[_^][\w.]+|√\w+)$")
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
            return _labelled(node) if is_label(node) else _script(node)
        case Arrow():
            return _arrow(node)
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
        if argument or (kind == "frac" and _is_factor(kinds, i, line)):
            text = f"({text})"
        joined = argument or line.endswith("/")
        if (
            i
            and not joined
            and (gap(kinds[i - 1], kind, tight) or _runs_together(line, text, tight))
        ):
            line += " "
        line += text
    return line


def _is_factor(kinds: Sequence[Role], i: int, before: str) -> bool:
    """Whether the fraction at `i` would take something in, or be read as a mixed number."""
    return _neighbour(kinds, i, +1) in _FACTORS or before.endswith("/") or before[-1:].isdecimal()


# What multiplies a fraction at its left, which then needs parentheses: (a/b) c is not a/b c.
_FACTORS = frozenset({"ord", "name", "big", "fence", "frac", "open"})


def _neighbour(kinds: Sequence[Role], i: int, step: int) -> Role | None:
    """The role before (-1) or after (+1) number `i`, blanks left out."""
    i += step
    while 0 <= i < len(kinds) and kinds[i] == "space":
        i += step
    return kinds[i] if 0 <= i < len(kinds) else None


def _runs_together(line: str, text: str, tight: bool) -> bool:
    if line[-1:].isdecimal() and text[:1].isdecimal():
        return True
    if not text[:1].isalnum():
        return False
    return _OPEN_END.search(line[-40:]) is not None or (
        not tight and line[-1:] == "*" != line[-2:-1]
    )


def _fence(node: Fence, tight: bool) -> str:
    body = linear(node.body, tight)
    if isinstance(node.body, Frac) and not node.body.rule:
        body = f"{linear(node.body.above, tight)} choose {linear(node.body.below, tight)}"
    if isinstance(node.body, Grid):
        is_cases = node.opening == "{" and not node.closing and node.body.align != "equations"
        body = (_cases if is_cases else _IN_FENCE[node.body.align])(node.body, tight)
        # What follows cases would seem to belong to the last of them.
        closing = node.closing or _CLOSING.get(node.opening, "")
        return f"{node.opening or _OPENING.get(node.closing, '')}{body}{closing}"
    return f"{node.opening}{body}{node.closing}"


_CLOSING = {"{": "}", "[": "]", "(": ")"}
_OPENING = {closing: opening for opening, closing in _CLOSING.items()}
# A condition that says itself what it is.
_SAYS_WHEN = re.compile(r"\s*(?:if|for|when|where|while|unless|otherwise|else|with|and|,)\b", re.I)


def _cases(grid: Grid, tight: bool) -> str:
    """`0 if x < 0; 1 otherwise`: the cells of a row are a value and its condition."""
    rows = []
    for row in grid.rows:
        cells = [text.rstrip(" ,") for text in (linear(cell, tight) for cell in row)]
        said = cells[0]
        for cell in filter(None, cells[1:]):
            said += f" {cell.lstrip()}" if _SAYS_WHEN.match(cell) else f" if {cell}"
        rows.append(said)
    return "; ".join(rows)


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
    if not _is_base(node):
        base = f"({base})"
    return base + _one(node.sub, SUBSCRIPTS, "_") + _one(node.sup, SUPERSCRIPTS, "^")


def _is_base(node: Script) -> bool:
    """Whether the base of `node` carries its scripts without parentheses."""
    items = flat(node.base)
    if len(items) != 1:
        return not items
    base = items[0]
    if isinstance(base, Script):  # `{x_i}^2` is `x_i^2`, but `{x^2}^3` is not `x^23`
        return node.sub is None and base.sup is None and small_scripts(base)[0] is not None
    if isinstance(base, Atom):  # a minus or a blank carries nothing: `(−1)^n` has its own signs
        return True
    return not isinstance(base, Frac | Root | Grid | Arrow)


def needs_parentheses(node: Script) -> bool:
    """Whether scripts at the base of `node` would be read as those of a part of it."""
    items = flat(node.base)
    return len(items) == 1 and isinstance(items[0], Frac | Root | Script) and not _is_base(node)


def is_label(node: Script) -> bool:
    """Whether the scripts are words over or under their base and no limits, powers or indices."""
    if not node.limits:
        return False
    if isinstance(node.base, Accent) and node.base.name in FRAMES:
        return True
    if isinstance(node.base, Atom) and (node.base.limits or len(node.base.text) > 1):
        return False
    return role(node.base) not in {"big", "name", "rel", "bin"}


def _labelled(node: Script) -> str:
    """`(Wx + b)[below: logits]`: a label is no index and no power."""
    framed = isinstance(node.base, Accent) and node.base.name in FRAMES
    base = linear(node.base)
    if not framed and len(flat(node.base)) > 1:
        base = f"({base})"
    return f"{base}[{_labels(node.sup, node.sub)}]"


def _labels(over: Node | None, under: Node | None) -> str:
    parts = [
        f"{where}: {linear(label)}" for where, label in (("above", over), ("below", under)) if label
    ]
    return "; ".join(parts)


def _arrow(node: Arrow) -> str:
    """`─d→`: the words over an arrow stand in its shaft; with words under it both are named."""
    over = linear(node.over, tight=True) if node.over else ""
    if node.under is not None and linear(node.under):
        return f"{node.sign}[{_labels(node.over if over else None, node.under)}]"
    if not over:
        return node.sign
    return f"─{over}{node.sign}" if node.sign in "→⇒↦↪⇀⇁↠" else f"{node.sign}[above: {over}]"


def _one(script: Node | None, table: Mapping[str, str], sign: str) -> str:
    if script is None:
        return ""
    raised = _raised(script, table)
    if raised is not None:
        return raised
    text = linear(script, tight=True)
    if text and not text.strip("'"):  # a prime in ASCII stands behind its letter
        return text
    if isinstance(script, Atom | Accent | Fence) or (_is_word(script) and text.isalnum()):
        return f"{sign}{text}"
    return f"{sign}({text})"


def _is_word(node: Node) -> bool:
    return all(isinstance(item, Atom) for item in flat(node))


def small_scripts(node: Script) -> tuple[str | None, str | None]:
    """The sub- and superscript of `node` in Unicode's small letters; "" if there is none.

    None for one that has no small letters.
    """
    return (
        "" if node.sub is None else _raised(node.sub, SUBSCRIPTS),
        "" if node.sup is None else _raised(node.sup, SUPERSCRIPTS),
    )


def _raised(node: Node, table: Mapping[str, str]) -> str | None:
    """`node` in the small letters of `table`, or None if a character has none.

    An exponent with an index has none: eˢⁱ would be read as e to the power of s times i.
    """
    if glyphs.now() == "plain":
        return None
    small = ""
    for item in flat(node):
        part = _raised_item(item, table)
        if part is None:
            return None
        small += part
    return small


def _raised_item(item: Node, table: Mapping[str, str]) -> str | None:
    match item:
        case Atom():
            return _each(item.text, table)
        case Fence():
            return _raised(Row((Atom(item.opening), item.body, Atom(item.closing))), table)
    return None


def _each(text: str, table: Mapping[str, str]) -> str | None:
    small = [table.get(char) for char in text]
    return None if None in small else "".join(char or "" for char in small)


def accented(node: Accent) -> str | None:
    """`node` with a combining accent, if its body is one letter (or the mark is a line).

    None also where the terminal may not show it.
    """
    text = _accented(node)
    return text if text is not None and glyphs.can_show(text) else None


def _accented(node: Accent) -> str | None:
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
    return "" if accent in FRAMES - {"boxed"} else accent.removeprefix("wide")


def _grid(node: Grid, tight: bool) -> str:
    """Rows parted by semicolons, cells by commas (equations: by nothing, they are one row)."""
    if node.align == "equations":
        return "; ".join(linear(Row(cells), tight) for cells in node.rows)
    rows = _rows(node, tight)
    return rows if node.align == "lines" else f"[{rows}]"


def _rows(node: Grid, tight: bool) -> str:
    return "; ".join(_cells([linear(cell, tight) for cell in cells]) for cells in node.rows)


_IN_FENCE = {"left": _cases, "equations": _grid, "center": _rows, "lines": _rows}


def _cells(cells: Sequence[str]) -> str:
    while cells and not cells[-1]:
        cells = cells[:-1]
    return re.sub(r"([,;:]),(?= )", r"\1", ", ".join(cells))
