r"""LaTeX read into a formula tree by walking over its tokens once.

It is TeX's own order of reading: a command takes its arguments, a font holds to the end of its
group, `\over` parts its group in two, `\left` ends at its `\right`. What it does not know is kept
with its arguments apart, and told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from tutor.text.builders import in_font, joined
from tutor.text.commands import (
    CASES,
    COMMANDS,
    EQUATIONS,
    INFIX,
    MATRICES,
    PREAMBLES,
    SILENT,
    SWITCHES,
)
from tutor.text.cursor import Cursor
from tutor.text.formula import Atom, Fence, Frac, Grid, Node, Row, Script
from tutor.text.nodes import as_ordinary, row_of, sign_of, switched, takes_limits
from tutor.text.siunitx import unit
from tutor.text.symbols import INTEGRALS, LIMITS, SYMBOLS
from tutor.text.tokens import LatexError, environment, tokens_of
from tutor.text.words import words

LENGTH_LIMIT = 4_000
"""Characters of one formula; the longest on a page of a book has a few hundred."""

_BREAKS = frozenset({r"\\", r"\cr", r"\newline", r"\tabularnewline"})
_RULES = frozenset({r"\hline", r"\hdashline", r"\toprule", r"\midrule", r"\bottomrule"})
_BETWEEN = frozenset({r"\intertext", r"\shortintertext"})
_DELIMITERS = {".": "", "<": "⟨", ">": "⟩", r"\lt": "⟨", r"\gt": "⟩", r"\|": "‖", "/": "/"}


@dataclass(slots=True)
class Reading:
    """A formula, and the commands in it that the renderer does not know."""

    tree: Node
    unknown: list[str] = field(default_factory=list)


def read(latex: str) -> Reading:
    """Read `latex`, the inside of a formula. Raises LatexError."""
    if len(latex) > LENGTH_LIMIT:
        raise LatexError(f"longer than {LENGTH_LIMIT:,} characters")
    reader = _Reader(tokens_of(latex), [])
    tree = reader.whole()
    return Reading(tree, list(dict.fromkeys(reader.unknown)))


class _Reader(Cursor):
    """Reads tokens into nodes, and collects the commands that it does not know."""

    def __init__(self, tokens: list[str], unknown: list[str], depth: int = 0) -> None:
        super().__init__(tokens, depth)
        self.unknown = unknown

    def inner(self, tokens: list[str]) -> _Reader:
        """A reader of a part, one level deeper. Raises LatexError when that is too deep."""
        reader = _Reader(tokens, self.unknown, self.depth)
        reader.deeper()
        return reader

    # -- rows ---------------------------------------------------------------------------------

    def whole(self) -> Node:
        """Everything up to the end. Raises LatexError when a bracket of TeX is left over."""
        rows, rules = self.rows()
        token = self.peek()
        if token == "}":
            raise LatexError("a } closes nothing")
        if found := environment(token):
            raise LatexError(f"\\end{{{found[1]}}} ends nothing")
        return _only(rows, rules)

    def braced(self) -> Node:
        """The group whose opening brace was just taken. Raises LatexError without its end."""
        self.deeper()
        rows, rules = self.rows()
        if self.take() != "}":
            raise LatexError("a { is never closed")
        self.depth -= 1
        return _only(rows, rules)

    def rows(self) -> tuple[list[list[Node]], list[int]]:
        r"""Rows of cells up to the end of what holds them, and those with a line over them."""
        rows: list[list[Node]] = [[self.row()]]
        rules: list[int] = []
        while token := self.peek():
            if token == "&":
                self.at += 1
                rows[-1].append(self.row())
            elif token in _BREAKS:
                self._break()
                rows.append([self.row()])
            elif token in _RULES:
                self.at += 1
                rules.append(len(rows) - 1)
                rows[-1][-1] = joined(rows[-1][-1], self.row())
            elif token in _BETWEEN:
                self.at += 1
                said = [self.text(token[1:], upper=False)]
                rows = [*(rows[:-1] if rows[-1] == [Row()] else rows), said, [self.row()]]
            elif token == r"\right":  # without its `\left`
                self.at += 1
                rows[-1][-1] = joined(rows[-1][-1], Atom(self.delimiter()), self.row())
            else:
                break
        if len(rows) > 1 and rows[-1] == [Row()]:
            rows.pop()
        return rows, rules

    def _break(self) -> None:
        r"""`\\`, `\\*`, `\\[4pt]`."""
        self.at += 1
        if self.at < len(self.tokens) and self.tokens[self.at] == "*":
            self.at += 1
        before, space = self.at, self.bracketed()
        if space is not None and not _is_length(space):
            self.at = before

    def row(self) -> Node:
        r"""Items up to the end of the cell, or of the `\left..\right` it is in."""
        items = self.items()
        return items[0] if len(items) == 1 else Row(tuple(items))

    def items(self, until_close: bool = False) -> list[Node]:
        """The nodes up to what ends a cell; `until_close`: or up to a closing delimiter."""
        self.deeper()
        items: list[Node] = []
        while token := self.peek():
            if _ends_cell(token) or (until_close and sign_of(token)[1] == "close"):
                break
            self.at += 1
            name = token[1:] if token[0] == "\\" else ""
            if name in INFIX:
                items = [self.infix(name, items, until_close)]
            elif name in SWITCHES:
                items.append(switched(SWITCHES[name], self.items(until_close)))
            elif name == "middle":
                items.append(Atom(self.delimiter(), "rel"))
            elif sign_of(token)[1] == "open":
                items.extend(self.fenced(token))
            else:
                node = self.item(token)
                if node is not None:
                    items.append(node)
        self.depth -= 1
        return items

    def infix(self, name: str, above: list[Node], until_close: bool) -> Node:
        r"""`{a \over b}` and its like: what stands before it over what follows."""
        if name == "above":
            self.length()
        below = Row(tuple(self.items(until_close)))
        opening, closing = INFIX[name]
        if name in {"over", "above", "choose"}:
            body: Node = Frac(Row(tuple(above)), below, rule=name != "choose")
        else:
            body = Grid(((Row(tuple(above)),), (below,)), "lines")
        return Fence(opening, body, closing) if opening else body

    def item(self, token: str) -> Node | None:
        """The node that begins with `token`, with its scripts; None for what only tunes."""
        if token in {"_", "^", "'", "’"}:
            self.at -= 1
            return self.scripted(Row())
        node = self.node(token)
        return None if node is None else self.scripted(node)

    def fenced(self, token: str) -> list[Node]:
        """A plain opening delimiter: a fence if it is closed in this row, else just a sign."""
        opening, _ = sign_of(token)
        body = self.items(until_close=True)
        sign, kind = sign_of(self.peek())
        if kind != "close":
            return [Atom(opening, "open"), *body]
        self.at += 1
        return [self.scripted(Fence(opening, Row(tuple(body)), sign))]

    def scripted(self, base: Node) -> Node:
        """`base` with the scripts and primes that follow it."""
        sub: list[Node] = []
        sup: list[Node] = []
        limits = takes_limits(base)
        while token := self.peek():
            if token in {"'", "’"}:
                sup.append(Atom("′"))
            elif token in {r"\limits", r"\nolimits", r"\displaylimits"}:
                limits = token == r"\limits" or (token != r"\nolimits" and limits)
            elif token not in {"_", "^"}:
                break
            self.at += 1
            if token in {"_", "^"}:
                (sub if token == "_" else sup).append(self.argument(""))
        if not sub and not sup:
            return base
        return Script(base, row_of(sub), row_of(sup), limits=limits)

    # -- single nodes -------------------------------------------------------------------------

    def node(self, token: str) -> Node | None:
        """The node of `token`, without scripts."""
        if token == "{":
            return as_ordinary(self.braced())
        if token[0] != "\\" or len(token) == 1:
            return Atom(*sign_of(token))
        if found := environment(token):
            return self.environment(found[1])
        return self.command(token[1:])

    def argument(self, of: str) -> Node:
        """One argument as TeX takes it: a group, or one token; of a number only its first digit.

        of: the command that wants it, for the message of the LatexError; "" for a script, which
        may be left out.
        """
        token = self.peek()
        if not token or _ends_cell(token) or (of and token in {"_", "^"}):
            if of:
                raise LatexError(f"\\{of} stands where an argument should follow")
            return Row()
        if len(token) > 1 and token[0].isdigit():
            self.tokens[self.at : self.at + 1] = [token[0], token[1:]]
            token = token[0]
        self.at += 1
        if token == "{":
            return self.braced()
        self.deeper()
        found = self.node(token) or Row()
        self.depth -= 1
        return found

    def command(self, name: str) -> Node | None:
        """The node of a command, with the arguments that it takes."""
        if name in SYMBOLS:
            text, kind = SYMBOLS[name]
            above = (kind == "big" and name not in INTEGRALS) or name in LIMITS
            return Atom(text, kind, limits=above)
        if name in SILENT:
            return None
        if name == "left":
            return self.left_right()
        known = COMMANDS.get(name)
        if known is None:
            return self.not_known(name)
        return known.build(*[self.given(letter, name) for letter in known.arguments])

    def given(self, letter: str, name: str) -> object:
        """One argument of command `name`, of the kind that `letter` says (see `commands`)."""
        match letter:
            case "m":
                given: object = self.argument(name)
            case "M":
                given = self.argument(name) if self.peek() == "{" else None
            case "o":
                found = self.bracketed()
                given = None if found is None else self.inner(found).whole()
            case "b":
                given = "".join(self.bracketed() or ())
            case "g":
                given = tuple(map(tuple, self.inner(self.group()).rows()[0]))
            case "t" | "u":
                given = self.text(name, letter == "u")
            case "s":
                given = self.peek() == "*"
                self.at += given is True
            case "l":
                given = self.length()
            case "n":
                given = unit(self.group(), self.unknown)
            case "N":
                given = unit(self.group(), self.unknown) if self.peek() == "{" else None
            case _:
                self._expects(name)
                given = "".join(self.group())
        return given

    def _expects(self, name: str) -> None:
        """Raise LatexError when nothing follows command `name`."""
        if not self.peek():
            raise LatexError(f"\\{name} stands where an argument should follow")

    def text(self, name: str, upper: bool) -> Node:
        """Words, with the formulas between them. upper: in upright letters, as math is read."""
        self._expects(name)
        group = self.group()
        if upper and any(token[0] in "\\_^{$" for token in group):
            return in_font(self.inner(group).whole(), {})
        return words(group, lambda inside: self.inner(inside).whole())

    def not_known(self, name: str) -> Node:
        """A command by its name, with what is given to it in parentheses."""
        self.unknown.append(f"\\{name}")
        called = Atom(name, "name" if len(name) > 1 else "ord")
        given: list[Node] = []
        while self.at < len(self.tokens) and self.tokens[self.at] == "{":
            given += [Atom(",", "punct")] if given else []
            given.append(self.inner(self.group()).whole())
        return joined(called, Fence("(", Row(tuple(given)), ")")) if given else called

    def left_right(self) -> Node:
        r"""`\left( ... \right)`."""
        opening, body, closing = self.delimiter(), self.row(), ""
        if self.peek() == r"\right":
            self.at += 1
            closing = self.delimiter()
        return Fence(opening, body, closing)

    def delimiter(self) -> str:
        r"""The sign after `\left`, `\right` or `\middle`; a dot stands for none."""
        token = self.peek()
        if not token or _ends_cell(token):
            return ""
        if token[0] == "." and len(token) > 1:  # `\right.5`
            self.tokens[self.at : self.at + 1] = [".", token[1:]]
            token = "."
        self.at += 1
        return _DELIMITERS.get(token, sign_of(token)[0])

    # -- environments -------------------------------------------------------------------------

    def environment(self, name: str) -> Node:
        r"""What stands between `\begin{name}` and its `\end`. Raises LatexError without one."""
        bare = name.removesuffix("*")
        columns = ""
        for letter in PREAMBLES.get(bare, ""):
            columns = str(self.given(letter, name))
        reader = self.inner(self.tokens)
        reader.at = self.at
        rows, rules = reader.rows()
        self.at = reader.at
        if environment(self.peek()) != ("end", name):
            raise LatexError(f"\\begin{{{name}}} has no \\end{{{name}}}")
        self.at += 1
        if bare not in {*EQUATIONS, *MATRICES, *CASES}:
            self.unknown.append(f"\\begin{{{name}}}")
        cells = tuple(map(tuple, rows))
        if bare in CASES:
            opening, closing = CASES[bare]
            return Fence(opening, Grid(cells, "left"), closing)
        if bare in MATRICES:
            opening, closing = MATRICES[bare]
            columns = "".join(c for c in columns if c in "lcr|") if bare != "matrix" else ""
            grid = Grid(cells, "center", columns, tuple(rules))
            return Fence(opening, grid, closing) if opening else grid
        return (
            Grid(cells, "equations", rules=tuple(rules)) if len(cells) > 1 else _only(rows, rules)
        )


def _is_length(tokens: Sequence[str]) -> bool:
    return (
        re.fullmatch(r"\s*-?[\d.]+\s*(?:em|ex|pt|mm|cm|in|mu|\\[a-z]+)\s*", "".join(tokens))
        is not None
    )


def _ends_cell(token: str) -> bool:
    return (
        token in {"&", "}", r"\right"}
        or token in _BETWEEN
        or token in _BREAKS
        or token in _RULES
        or token.startswith(r"\end{")
        or (token.startswith(r"\end") and environment(token) is not None)
    )


def _only(rows: Sequence[Sequence[Node]], rules: Sequence[int]) -> Node:
    """The one cell of `rows`, or several as equations under each other."""
    if len(rows) == 1 and len(rows[0]) == 1:
        return rows[0][0]
    return Grid(tuple(map(tuple, rows)), "equations", rules=tuple(rules))
