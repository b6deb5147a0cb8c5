"""LaTeX read into a formula tree. pylatexenc finds groups, arguments and environments;
the walk over what it found gives them their meaning.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pylatexenc import latexwalker, macrospec

from tutor.text import symbols
from tutor.text.commands import ARGUMENTS, EQUATIONS, MATRICES, SILENT, TEXTS, UPRIGHT, builder
from tutor.text.formula import Accent, Atom, Fence, Grid, Node, Row, Script

LENGTH_LIMIT = 4_000
"""Characters of one formula; the longest on a page of a book has a few hundred."""

_PIECE = re.compile(r"\d+(?:\.\d+)?|\.\d+|:=|\s+|.", re.DOTALL)


class LatexError(ValueError):
    """The LaTeX cannot be read: unbalanced, too long, or nested too deep."""


@dataclass(slots=True)
class _Tokens:
    """The pieces of one group in order: strings as typed, or pylatexenc's nodes."""

    pieces: list[Any]
    unknown: list[str]
    at: int = 0

    def peek(self) -> Any:
        return self.pieces[self.at] if self.at < len(self.pieces) else None

    def take(self) -> Any:
        self.at += 1
        return self.pieces[self.at - 1]

    def inner(self, nodes: Iterable[Any]) -> _Tokens:
        return _Tokens(list(_pieces(nodes)), self.unknown)


@dataclass(slots=True)
class Reading:
    """A formula, and the commands in it that the renderer does not know."""

    tree: Node
    unknown: list[str] = field(default_factory=list)


def read(latex: str) -> Reading:
    """Read `latex`, the inside of a formula. Raises LatexError."""
    if len(latex) > LENGTH_LIMIT:
        raise LatexError(f"longer than {LENGTH_LIMIT:,} characters")
    walker = latexwalker.LatexWalker(latex, latex_context=_context(), tolerant_parsing=False)
    try:
        nodes, *_ = walker.get_latex_nodes(
            parsing_state=walker.make_parsing_state(in_math_mode=True)
        )
        tokens = _Tokens(list(_pieces(nodes)), [])
        rows = _cells(tokens)
    except latexwalker.LatexWalkerError as error:
        raise LatexError(_reason(error)) from error
    except RecursionError as error:
        raise LatexError("nested too deep") from error
    return Reading(_only(rows), list(dict.fromkeys(tokens.unknown)))


def _only(rows: tuple[tuple[Node, ...], ...]) -> Node:
    """The one cell of `rows`, or several as equations under each other."""
    return rows[0][0] if len(rows) == 1 and len(rows[0]) == 1 else Grid(rows, "equations")


def _reason(error: Exception) -> str:
    words = str(getattr(error, "msg", "") or "unreadable")
    return words.splitlines()[0].strip().rstrip(".")


@cache
def _context() -> Any:
    """What pylatexenc must know: which commands take arguments, and that `&` parts cells."""
    context = macrospec.LatexContextDb()
    context.add_context_category(
        "math",
        macros=[macrospec.MacroSpec(name, spec) for name, spec in ARGUMENTS.items()],
        environments=[macrospec.EnvironmentSpec(name, "{") for name in ("array", "alignedat")],
        specials=[macrospec.SpecialsSpec("&")],
    )
    context.set_unknown_macro_spec(macrospec.MacroSpec(""))
    context.set_unknown_environment_spec(macrospec.EnvironmentSpec(""))
    return context


def _pieces(nodes: Iterable[Any]) -> Iterator[Any]:
    """Characters one by one (numbers whole, blanks left out), everything else as it is."""
    for node in nodes:
        if node is None or node.isNodeType(latexwalker.LatexCommentNode):
            continue
        if node.isNodeType(latexwalker.LatexCharsNode):
            yield from (piece for piece in _PIECE.findall(node.chars) if not piece.isspace())
        elif node.isNodeType(latexwalker.LatexSpecialsNode):
            yield node.specials_chars
        elif node.isNodeType(latexwalker.LatexMathNode):
            yield from _pieces(node.nodelist)
        else:
            yield node


def _typed(piece: Any) -> str:
    """The characters of a piece as typed; pylatexenc's nodes do not compare with strings."""
    return piece if isinstance(piece, str) else ""


def _macro(piece: Any) -> str | None:
    """The command's name if `piece` is one."""
    if piece is None or isinstance(piece, str):
        return None
    return str(piece.macroname) if piece.isNodeType(latexwalker.LatexMacroNode) else None


def _cells(tokens: _Tokens) -> tuple[tuple[Node, ...], ...]:
    """Everything that is left, cut into rows at `\\\\` and into cells at `&`."""
    rows: list[list[Node]] = [[_row(tokens)]]
    while (piece := tokens.peek()) is not None:
        tokens.take()
        if _typed(piece) == "&":
            rows[-1].append(_row(tokens))
        elif _macro(piece) == "\\":
            rows.append([_row(tokens)])
        else:  # a `\right` without its `\left`
            rows[-1][-1] = Row((rows[-1][-1], _row(tokens)))
    if len(rows) > 1 and rows[-1] == [Row()]:
        rows.pop()
    return tuple(map(tuple, rows))


def _row(tokens: _Tokens) -> Node:
    """Items up to the end of the cell, or of the `\\left..\\right` it is in."""
    items = _items(tokens, until_close=False)
    return items[0] if len(items) == 1 else Row(tuple(items))


def _items(tokens: _Tokens, until_close: bool) -> list[Node]:
    items: list[Node] = []
    while (piece := tokens.peek()) is not None:
        if _typed(piece) == "&" or _macro(piece) in {"\\", "right"}:
            break
        if until_close and _symbol(piece)[1] == "close":
            break
        tokens.take()
        items.extend(_item(piece, tokens))
    return items


def _item(piece: Any, tokens: _Tokens) -> list[Node]:
    """The node that begins with `piece`, with its scripts; none for commands that only tune."""
    if _typed(piece) in ("_", "^", "'"):
        tokens.at -= 1
        return [_scripted(Row(), tokens)]
    if _symbol(piece)[1] == "open":
        return _fenced(piece, tokens)
    node = _node(piece, tokens)
    if node is None:
        return []
    return [_scripted(node, tokens)]


def _fenced(piece: Any, tokens: _Tokens) -> list[Node]:
    """A plain opening delimiter: a fence if it is closed in this row, else just a sign."""
    opening = Atom(*_symbol(piece))
    body = _items(tokens, until_close=True)
    following = tokens.peek()
    if following is None or _symbol(following)[1] != "close":
        return [opening, *body]
    closing = _symbol(tokens.take())[0]
    return [_scripted(Fence(opening.text, Row(tuple(body)), closing), tokens)]


def _symbol(piece: Any) -> tuple[str, symbols.Kind]:
    """The text and the kind of a piece that is one sign; ("", "ord") for anything else."""
    name = _macro(piece)
    if name is not None:
        return symbols.SYMBOLS.get(name, ("", "ord"))
    if isinstance(piece, str):
        return (piece, "rel") if piece == ":=" else symbols.CHARACTERS.get(piece, (piece, "ord"))
    return ("", "ord")


def _scripted(base: Node, tokens: _Tokens) -> Node:
    """`base` with the scripts and primes that follow it."""
    sub: list[Node] = []
    sup: list[Node] = []
    while (piece := tokens.peek()) is not None:
        if _typed(piece) == "'":
            tokens.take()
            sup.append(Atom("′"))
        elif _typed(piece) in ("_", "^"):
            tokens.take()
            (sub if _typed(piece) == "_" else sup).append(_argument(tokens))
        elif _macro(piece) in {"limits", "nolimits"}:
            tokens.take()
        else:
            break
    if not sub and not sup:
        return base
    return Script(base, _joined(sub), _joined(sup), limits=_takes_limits(base))


def _joined(parts: list[Node]) -> Node | None:
    if not parts:
        return None
    return parts[0] if len(parts) == 1 else Row(tuple(parts))


def _takes_limits(base: Node) -> bool:
    """Whether scripts of `base` stand under and over it in a display."""
    if isinstance(base, Atom):
        return base.limits
    return isinstance(base, Accent) and base.name in {"underbrace", "overbrace"}


def _argument(tokens: _Tokens) -> Node:
    """One piece as LaTeX takes it after `_` or `^`: of a number only its first digit."""
    piece = tokens.peek()
    if piece is None or _typed(piece) == "&" or _macro(piece) in {"\\", "right"}:
        return Row()
    tokens.take()
    if isinstance(piece, str) and len(piece) > 1:
        tokens.at -= 1
        tokens.pieces[tokens.at] = piece[1:]
        piece = piece[0]
    return _node(piece, tokens) or Row()


def _node(piece: Any, tokens: _Tokens) -> Node | None:
    """The node of one piece, without scripts."""
    if isinstance(piece, str):
        return Atom(*_symbol(piece))
    if piece.isNodeType(latexwalker.LatexGroupNode):
        return _as_ordinary(_group(piece.nodelist, tokens))
    if piece.isNodeType(latexwalker.LatexEnvironmentNode):
        return _environment(piece, tokens)
    return _command(piece, tokens)


def _group(nodes: Iterable[Any], tokens: _Tokens) -> Node:
    """What stands between braces."""
    return _only(_cells(tokens.inner(nodes)))


def _as_ordinary(node: Node) -> Node:
    """Braces take a sign its spacing: `12{,}960` is one number."""
    if isinstance(node, Atom) and node.kind in {"punct", "bin", "rel"}:
        return Atom(node.text)
    return node


def _command(piece: Any, tokens: _Tokens) -> Node | None:
    name = str(piece.macroname)
    given = piece.nodeargd.argnlist if piece.nodeargd else []
    if name in ARGUMENTS and not given:
        raise LatexError(f"\\{name} stands where an argument should")
    if name in symbols.SYMBOLS:
        text, kind = symbols.SYMBOLS[name]
        upright = kind == "big" and name not in symbols.INTEGRALS
        return Atom(text, kind, limits=upright or name in symbols.LIMITS)
    if name in SILENT:
        return None
    if name == "left":
        return _left_right(tokens)
    if name in TEXTS:
        return _text(given[0], tokens)
    if name in UPRIGHT:
        return _upright(given[-1], tokens, limits=len(given) > 1 and given[0] is not None)
    return _built(name, given, tokens)


def _built(name: str, given: Sequence[Any], tokens: _Tokens) -> Node | None:
    """A command with arguments; an unknown one is shown by its name."""
    build = builder(name)
    if build is None:
        tokens.unknown.append(f"\\{name}")
        return Atom(name, "name" if len(name) > 1 else "ord")
    return build(*[_given(node, tokens) for node in given])


def _given(node: Any, tokens: _Tokens) -> Node | None:
    """An argument of a command; None for an optional one that was left out."""
    if node is None:
        return None
    if node.isNodeType(latexwalker.LatexGroupNode):
        return _group(node.nodelist, tokens)
    return _group([node], tokens)


def _text(node: Any, tokens: _Tokens) -> Node:
    """Words as they are, with the formulas that stand between them."""
    inside = node.nodelist if node.isNodeType(latexwalker.LatexGroupNode) else [node]
    parts: list[Node] = []
    for part in inside:
        if part.isNodeType(latexwalker.LatexCharsNode):
            parts.append(Atom(re.sub(r"\s+", " ", part.chars.replace("~", " "))))
        else:
            parts.append(_group([part], tokens))
    return parts[0] if len(parts) == 1 else Row(tuple(parts))


def _upright(node: Any, tokens: _Tokens, limits: bool) -> Node:
    """A name in upright letters: several letters are spaced like `log`, one like a variable."""
    body = _text(node, tokens)
    if not isinstance(body, Atom):
        return body
    word = body.text.strip()
    return Atom(word, "name" if len(word) > 1 and word.isalpha() else "ord", limits)


def _left_right(tokens: _Tokens) -> Node:
    opening, body, closing = _delimiter(tokens), _row(tokens), ""
    if _macro(tokens.peek()) == "right":
        tokens.take()
        closing = _delimiter(tokens)
    return Fence(opening, body, closing)


def _delimiter(tokens: _Tokens) -> str:
    """The sign after `\\left` or `\\right`; a dot stands for none."""
    if tokens.peek() is None:
        return ""
    piece = tokens.take()
    if isinstance(piece, str) and len(piece) > 1 and piece[0] == ".":  # `\right.5`
        tokens.at -= 1
        tokens.pieces[tokens.at] = piece[1:]
        return ""
    sign = _symbol(piece)[0]
    return {".": "", "<": "⟨", ">": "⟩"}.get(sign, sign)


def _environment(piece: Any, tokens: _Tokens) -> Node:
    name = str(piece.environmentname)
    rows = _cells(tokens.inner(piece.nodelist))
    if name == "cases":
        return Fence("{", Grid(rows, "left"), "")
    if name in MATRICES:
        opening, closing = MATRICES[name]
        return Fence(opening, Grid(rows), closing)
    if name not in EQUATIONS:
        tokens.unknown.append(f"\\begin{{{name}}}")
    return Grid(rows, "equations")
