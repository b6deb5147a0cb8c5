"""LaTeX formulas for a terminal: on one line, in two dimensions, or in words.

What cannot be read is shown as it was typed; nothing here raises on bad LaTeX.
"""

from __future__ import annotations

import re
from functools import lru_cache

from tutor.text import boxes, glyphs
from tutor.text.ascii_math import spelled
from tutor.text.boxes import Box
from tutor.text.breaking import layout_within
from tutor.text.commands import SILENT
from tutor.text.cursor import DEPTH_LIMIT
from tutor.text.formula import Node
from tutor.text.latex import LENGTH_LIMIT, Reading, read
from tutor.text.layout import layout
from tutor.text.linear import linear
from tutor.text.sanitize import clean
from tutor.text.symbols import SYMBOLS
from tutor.text.tokens import LatexError


def inline(latex: str) -> str:
    """`latex` on one line: `\\frac{a}{b+1}` -> a/(b + 1), `e^{s_i}` -> e^(sᵢ).

    Unreadable LaTeX comes back as typed, on one line.
    """
    try:
        return linear(_tree(latex)).strip()
    except (LatexError, RecursionError):
        return _as_typed(latex)


def display(latex: str, width: int | None = None) -> Box:
    """`latex` in two dimensions, in at most `width` cells if that can be.

    A formula that is wider is broken before relations and sums and after commas; if a piece is
    still too wide, the one-line form is wrapped. Unreadable LaTeX comes back as typed.
    """
    try:
        tree = _tree(latex)
        drawn = layout(tree) if width is None else layout_within(tree, max(2, width))
    except (LatexError, RecursionError):
        return boxes.text(_as_typed(latex))
    return Box(tuple(map(glyphs.shown, drawn.lines)), drawn.baseline)


def spoken(latex: str) -> str:
    """`latex` in words, ASCII only: `\\frac{a}{b+1}` -> fraction a over b plus 1 end fraction.

    Of unreadable LaTeX every sign is said.
    """
    from tutor.text.speech import speech  # start-up: most never ask for it
    from tutor.text.speech_words import said_text

    try:
        return speech(_read(latex).tree)
    except (LatexError, RecursionError):
        return said_text(_as_typed(latex))


def unknown(latex: str) -> tuple[str, ...]:
    """The commands in `latex` that the renderer does not know, such as `\\foo`.

    For LaTeX that cannot be read at all it is the reason, as one entry in brackets.
    """
    if _is_of_signs(latex):
        return ()
    try:
        return tuple(_read(latex).unknown)
    except LatexError as error:
        return (f"[{error}]",)


def _is_of_signs(latex: str) -> bool:
    """Whether signs, scripts and groups are all that `latex` has, as most formulas of a deck.

    Nothing in them can be unknown; that they are not too deep is seen by their brackets alone.
    """
    if _TUNED.search(latex) or not all(map(_WITHOUT_ARGUMENTS, _COMMAND.findall(latex))):
        return False
    openings = 2 * latex.count("{") + sum(map(latex.count, "([|<\\"))
    while "{" in latex and (less := _GROUP.sub("", latex)) != latex:
        latex = less
    return openings < DEPTH_LIMIT // 2 and "{" not in latex and "}" not in latex


# What parts rows, escapes a brace, begins a comment or tells what a macro is given.
_TUNED = re.compile(r"[&%#$]|\\[{}\\\s]|.{200}", re.DOTALL)
_COMMAND = re.compile(r"\\([A-Za-z]+|.)")
_GROUP = re.compile(r"\{[^{}]*\}")
_WITHOUT_ARGUMENTS = (SYMBOLS.keys() | SILENT).__contains__


@lru_cache(maxsize=512)
def _read(latex: str) -> Reading:
    return read(clean(latex))


def _tree(latex: str) -> Node:
    """What was read, in the signs that the terminal shows."""
    tree = _read(latex).tree
    return spelled(tree) if glyphs.now() == "plain" else tree


def _as_typed(latex: str) -> str:
    return " ".join(clean(latex, LENGTH_LIMIT).split())
