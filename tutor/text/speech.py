"""A formula tree in words, for ears and for fingers: the third form beside one line and display.

The rules, which keep any two formulas apart and can be read back (a test does):

- every sign has a word (`sign_words`), capitals are said, all is ASCII;
- a part that is one letter, number or word follows its opening word, `x sub i`, `e to the x`;
  a longer one has a longer opening and an end, `x subscript i plus 1 end sub`;
- an accent follows its letter, `m hat`; over more than a letter it opens, `wide hat a b end hat`;
- a sum says its limits and then `of`;
- words that a formula itself uses are set off when they are text, `text sum of all end text`.

Sources for the words: MathSpeak's and ClearSpeak's grammars, shortened to what machine learning
uses.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

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
    role,
    roles,
)
from tutor.text.sign_words import ACCENT_WORDS, SIGNS, words_of
from tutor.text.speech_words import DELIMITERS, FENCES, NUMBER, POINTED, POWERS, pieces, said_text
from tutor.text.symbols import names

NOTHING = "nothing"
# A condition that says itself what it is.
_SAYS_WHEN = names("if for where while unless otherwise else with and")
_ENDS_OPERAND: frozenset[Role] = frozenset({"bin", "rel", "open", "punct", "big", "sign"})
_BARS = ("|", "‖")
_SLASH = Atom("/")


def speech(node: Node) -> str:
    """`node` in words, ASCII only."""
    return _row(_items(node), brief=True)


def _items(node: Node) -> list[Node]:
    """What is said of a node, one after the other: blanks and empty frames are not."""
    found: list[Node] = []
    for item in flat(node):
        if isinstance(item, Atom) and (item.kind == "space" or not item.text.strip()):
            continue
        if isinstance(item, Fence) and not (item.opening or item.closing or _is_cases(item)):
            found += _items(item.body)
        elif _is_thousands(found, item):
            digits = [*found[-2:], item]
            found[-2:] = [Atom("".join(part.text for part in digits if isinstance(part, Atom)))]
        else:
            found.append(item)
    return found


def _is_thousands(before: Sequence[Node], item: Node) -> bool:
    """Whether three digits go on a number behind a comma that stands in braces: `12{,}960`."""
    return (
        before[-1:] == [Atom(",")]
        and len(before) > 1
        and _is_number(before[-2])
        and isinstance(item, Atom)
        and len(item.text) == 3
        and item.text.isdecimal()
    )


def _inside(node: Node, brief: bool = True) -> str:
    return _row(_items(node), brief)


def _row(items: Sequence[Node], brief: bool = True) -> str:
    """Items one after the other. brief: a fraction of two letters may go without its frame."""
    if not items:
        return NOTHING
    kinds = roles(items)
    bars = _bars(items, kinds)
    said: list[str] = []
    for at, item in enumerate(items):
        if at and _is_number(items[at - 1]) and _is_number(item):
            said.append("followed by")
        if bars[at]:
            said.append(_bar(item, bars[at]))
        elif brief and isinstance(item, Frac) and _stands_alone(item, kinds, at):
            said.append(f"{_inside(item.above)} over {_inside(item.below)}")
        else:
            said.append(_said(item, brief))
    return " ".join(filter(None, said))


def _said(node: Node, brief: bool) -> str:  # noqa: PLR0911 - one a kind of node
    match node:
        case Atom():
            return _atom(node)
        case Frac():
            return _fraction(node)
        case Root():
            return _root(node)
        case Script():
            return _script(node)
        case Arrow():
            return " ".join([words_of(node.sign), *_labels(node.over, node.under)])
        case Accent():
            return _accent(node)
        case Fence():
            return _fence(node)
        case Grid():
            return _grid(node)
    return _row(_items(node), brief)


# -- letters, numbers, words --------------------------------------------------------------------


def _atom(node: Atom) -> str:
    if node.kind == "big":
        return f"{words_of(node.text)} of"
    return said_text(node.text)


def _is_number(node: Node) -> bool:
    if isinstance(node, Script):
        return _is_number(node.base) and node.sub is None and node.sup is None
    return isinstance(node, Atom) and bool(
        NUMBER.fullmatch(node.text) or POINTED.fullmatch(node.text)
    )


def _simple(items: Sequence[Node]) -> bool:
    """Whether the items are one letter, number, word or sign, which needs no end."""
    if len(items) != 1 or not isinstance(items[0], Atom) or items[0].kind == "big":
        return False
    text = items[0].text.strip()
    return text not in {"−", "-"} and (
        text in SIGNS or len(pieces(text)) == 1 or said_text(text).startswith("text ")
    )


def _brief(node: Node) -> str | None:
    """A part that needs no end, perhaps with a minus before it; None for a longer one."""
    items = _items(node)
    bare = items[1:] if len(items) == 2 and items[0] == Atom("−", "bin") else items
    return _row(items) if _simple(bare) else None


# -- parts --------------------------------------------------------------------------------------


def _fraction(node: Frac) -> str:
    above, below = _inside(node.above, brief=False), _inside(node.below, brief=False)
    if not node.rule:
        return f"stack {above} next line {below} end stack"
    return f"fraction {above} over {below} end fraction"


def _stands_alone(node: Frac, kinds: Sequence[Role], at: int) -> bool:
    """Whether a fraction of two letters or numbers stands between operators."""
    parts = (_items(node.above), _items(node.below))
    if not node.rule or not all(_simple(part) and _one_sign(part[0]) for part in parts):
        return False
    before = kinds[at - 1] if at else "open"
    after = kinds[at + 1] if at + 1 < len(kinds) else "close"
    return before in {"bin", "rel", "open", "punct"} and after in {"bin", "rel", "close", "punct"}


def _one_sign(node: Node) -> bool:
    return isinstance(node, Atom) and (
        (len(node.text) == 1 and node.text.isalpha()) or _is_number(node)
    )


def _root(node: Root) -> str:
    degree = _items(node.degree) if node.degree is not None else []
    if degree:
        return f"root of degree {_row(degree)} of {_inside(node.body)} end root"
    items = _items(node.body)
    if _simple(items):
        return f"square root {_row(items)}"
    return f"square root of {_row(items)} end root"


def _script(node: Script) -> str:
    base = _items(node.base)
    if _is_label(node):
        return " ".join([_carrier(base, framed=True), *_labels(node.sup, node.sub)])
    if len(base) == 1 and isinstance(base[0], Atom):
        atom = base[0]
        if atom.kind == "big" or (node.limits and atom.kind == "name" and node.sub):
            return _limits(atom, node.sub, node.sup)
        if atom.text == "log" and node.sub is not None:
            return _log(node.sub) + _sup(node.sup)
    return _carrier(base, framed=_carries_both(base, node)) + _sub(node.sub) + _sup(node.sup)


def _carrier(base: Sequence[Node], framed: bool) -> str:
    """A base with nothing left open, so that what follows it belongs to all of it."""
    said = _row(base, brief=False)
    if len(base) > 1 or (base and not framed and isinstance(base[0], Script | Root | Arrow)):
        return f"group {said} end group"
    return said


def _carries_both(base: Sequence[Node], node: Script) -> bool:
    r"""Whether the base has an index only and gets a power only: `{x_i}^2` is `x_i^2`."""
    inner = base[0] if base else None
    return (
        isinstance(inner, Script)
        and inner.sup is None
        and node.sub is None
        and not inner.limits
        and not _is_label(inner)
        and not (isinstance(inner.base, Atom) and inner.base.kind == "big")
    )


def _is_label(node: Script) -> bool:
    """Whether the scripts of a node are words over and under it, no limits, powers or indices."""
    if not node.limits:
        return False
    base = _items(node.base)
    if len(base) == 1 and isinstance(base[0], Atom):
        return role(base[0]) not in {"big", "name"}
    return True


def _labels(over: Node | None, under: Node | None) -> Iterator[str]:
    for where, label in (("above", over), ("below", under)):
        if label is not None and _items(label):
            yield f"with label {where} {_inside(label)} end label"


def _limits(atom: Atom, sub: Node | None, sup: Node | None) -> str:
    """`sum from i equals 1 to n of`, `max across j of`, `limit as n goes to infinity of`."""
    is_name = atom.kind == "name"
    said = said_text(atom.text) if is_name else words_of(atom.text)
    if sub is not None:
        joint = "across" if is_name else "over" if sup is None else "from"
        if is_name and "lim" in atom.text.split():
            said, joint = said.replace("lim", "limit", 1), "as"
        said += f" {joint} {_inside(sub, brief=False)}"
    if sup is not None:
        said += f" to {_inside(sup, brief=False)}"
    return f"{said} of"


def _log(base: Node) -> str:
    brief = _brief(base)
    return f"log with base {_inside(base)} end base" if brief is None else f"log base {brief}"


def _sub(node: Node | None) -> str:
    if node is None:
        return ""
    brief = _brief(node)
    return f" subscript {_inside(node)} end sub" if brief is None else f" sub {brief}"


def _sup(node: Node | None) -> str:
    if node is None:
        return ""
    items = _items(node)
    if items and all(isinstance(item, Atom) for item in items):
        text = "".join(item.text for item in items if isinstance(item, Atom))
        if text in POWERS:
            return f" {POWERS[text]}"
    brief = _brief(node)
    return f" to the power {_row(items)} end power" if brief is None else f" to the {brief}"


def _accent(node: Accent) -> str:
    if node.name in FRAMES:
        return f"{node.name} {_inside(node.body)} end {node.name}"
    word = ACCENT_WORDS.get(node.name, node.name)
    items = _items(node.body)
    if len(items) == 1 and isinstance(items[0], Atom) and len(items[0].text) == 1:
        return f"{_row(items)} {word}"
    return f"wide {word} {_row(items)} end {word}"


# -- fences and grids ---------------------------------------------------------------------------


def _fence(node: Fence) -> str:
    if _is_cases(node):
        return _cases(node)
    body = _items(node.body)
    pair = (node.opening, node.closing)
    if pair == ("(", ")") and len(body) == 1 and isinstance(body[0], Frac) and not body[0].rule:
        above, below = _inside(body[0].above, False), _inside(body[0].below, False)
        return f"binomial {above} choose {below} end binomial"
    if pair == ("|", "|") and len(body) == 1 and isinstance(body[0], Grid):
        return f"determinant of {_row(body)} end determinant"
    opening, closing = FENCES.get(pair) or (
        f"open {_delimiter(node.opening)}".strip(),
        f"close {_delimiter(node.closing)}".strip(),
    )
    said = _row(body)
    if node.opening == "{":
        said = _such_that(body)
    return f"{opening} {said} {closing}"


def _delimiter(sign: str) -> str:
    return DELIMITERS[sign] if sign in DELIMITERS else words_of(sign)


def _such_that(items: Sequence[Node]) -> str:
    """The inside of a set: its first bar or colon of condition is said as one."""
    for at, item in enumerate(items):
        if isinstance(item, Atom) and item.text == "|" and item.kind == "rel":
            return f"{_row(items[:at])} such that {_row(items[at + 1 :])}"
    return _row(items)


def _is_cases(node: Fence) -> bool:
    grid = isinstance(node.body, Grid) and node.body.align != "equations"
    return grid and (node.opening, node.closing) in {("{", ""), ("", "}")}


def _cases(node: Fence) -> str:
    assert isinstance(node.body, Grid)
    opening = "cases" if node.opening else "reversed cases"
    rows = (" ".join(_case(cells)) for cells in node.body.rows)
    return f"{opening} {' next case '.join(rows)} end cases"


def _case(cells: Sequence[Node]) -> Iterator[str]:
    yield _inside(cells[0]) if cells else NOTHING
    for cell in filter(_items, cells[1:]):
        said = _inside(cell)
        yield said if said.split()[0].lower() in _SAYS_WHEN else f"when {said}"


def _grid(node: Grid) -> str:
    if node.align == "equations":
        rows = [_inside(Row(cells)) for cells in node.rows]
        return f"lines {' next line '.join(rows)} end lines"
    rows = [" next ".join(map(_inside, cells)) for cells in node.rows]
    if node.align == "lines":
        return f"stack {' next line '.join(rows)} end stack"
    return f"matrix {' next row '.join(rows)} end matrix"


# -- bars ---------------------------------------------------------------------------------------


def _bar_of(node: Node) -> str:
    """The bar that a node is, or that carries its scripts; else nothing."""
    base = node.base if isinstance(node, Script) else node
    is_bar = isinstance(base, Atom) and base.kind == "ord" and base.text in _BARS
    return base.text if is_bar and isinstance(base, Atom) else ""


def _bars(items: Sequence[Node], kinds: Sequence[Role]) -> list[str]:
    """For each item "open" or "close" where it is a bar with a partner, else nothing.

    As in `formula.roles`: a bar where no operand can end opens, and the next one like it closes.
    No operand ends at a slash: the bars in g/|g| belong together.
    """
    found = [""] * len(items)
    opened: int | None = None
    previous: Role = "open"
    for at, (item, kind) in enumerate(zip(items, kinds, strict=True)):
        bar = _bar_of(item)
        previous, before = "bin" if item == _SLASH else kind, previous
        if bar and opened is not None and bar == _bar_of(items[opened]):
            found[opened], found[at] = "open", "close"
            opened, previous = None, "close"
        elif bar and opened is None and before in _ENDS_OPERAND and isinstance(item, Atom):
            opened, previous = at, "open"
        elif bar and opened is None:
            previous = "rel"
    return found


def _bar(item: Node, side: str) -> str:
    opening, closing = FENCES[(bar := _bar_of(item)), bar]
    if side == "open":
        return opening
    return closing + (_sub(item.sub) + _sup(item.sup) if isinstance(item, Script) else "")
