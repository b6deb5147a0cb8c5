"""The Markdown of decks: one configured parser for reading them, and its form for the screen.

Everybody parses with `parser()`, so that a card means the same to the deck and to the screen.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from mdit_py_plugins.dollarmath import dollarmath_plugin
from mdit_py_plugins.front_matter import front_matter_plugin
from mdit_py_plugins.gfm import gfm_plugin

from tutor.text.mark import mark_plugin
from tutor.text.sanitize import clean

# Decks are parsed at every start; what shows them (math above all) is imported when it is shown.
if TYPE_CHECKING:
    from tutor.text.terminal import Gaps

# A footnote has no place on a card, and Textual's widget cannot show one.
_NOT_OURS = ["footnote_def", "footnote_ref", "footnote_tail"]


@cache
def parser() -> MarkdownIt:
    """The parser of decks: CommonMark and GFM, front matter, `$math$` and `==marks==`.

    One shared object: parse with it, do not configure it.
    """
    return _configured()


@cache
def terminal_parser(
    raw: bool = False,
    gaps: Gaps = "emphasise",
    gap: int | None = None,
    width: int | None = None,
) -> MarkdownIt:
    """The same parser for Textual's Markdown widget: every token is one that it can show.

    raw: formulas stay LaTeX.
    gaps: hide, reveal or emphasise `==gaps==`; with `gap` only that one (from 0), the others
    being revealed.
    width: cells that a display formula may take, if it can be laid out in so few.
    """
    from tutor.text.terminal import Terminal

    return _configured().use(Terminal(raw, gaps, gap, width).install)


def plain(
    markdown: str,
    width: int | None = 72,
    *,
    gaps: Gaps = "reveal",
    gap: int | None = None,
) -> str:
    """`markdown` as plain text of at most `width` cells a line (None: paragraphs unwrapped).

    Formulas take their one-line form; `gaps` and `gap` are those of `terminal_parser`.
    """
    from tutor.text.plain import render

    return render(_plain_parser(gaps, gap).parse(markdown), width)


def plain_line(markdown: str) -> str:
    """Inline Markdown (a front, an option, a cell) as one line: `+ 3` is a number, not a list."""
    from tutor.text.plain import render

    return " ".join(render(_plain_parser("reveal", None).parseInline(markdown), None).split())


@cache
def _plain_parser(gaps: Gaps, gap: int | None) -> MarkdownIt:
    from tutor.text.terminal import Terminal

    return _configured().use(Terminal(gaps=gaps, gap=gap, one_line=True).install)


def _configured() -> MarkdownIt:
    md = MarkdownIt("commonmark").use(gfm_plugin).use(front_matter_plugin)
    # `$5 and $6` is no formula: hence no space inside the dollars, and GFM's own math stays off.
    md.use(dollarmath_plugin, allow_space=False, allow_labels=False, double_inline=True)
    md.use(mark_plugin).disable(_NOT_OURS)
    md.core.ruler.push("clean", _clean)
    return md


def _clean(state: StateCore) -> None:
    """Entities such as `&#x202e;` are text only now: they pass the same door as a file's text."""
    for token in state.tokens:
        for child in token.children or ():
            child.content = clean(child.content)
