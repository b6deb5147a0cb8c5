"""The Markdown of decks: one configured parser for reading them, and their plain text.

Everybody parses with `parser()`, so that a card means the same to the deck and to the screen.
"""

from __future__ import annotations

import re
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token
from mdit_py_plugins.gfm import gfm_plugin

from tutor.text.dollars import math_plugin
from tutor.text.mark import mark_plugin
from tutor.text.nesting import nesting_plugin
from tutor.text.sanitize import LINE_LIMIT, clean
from tutor.text.tables import table_plugin
from tutor.text.voice import aloud, speaking
from tutor.text.wikilinks import wikilink_plugin

PARAGRAPH_LIMIT = LINE_LIMIT
"""Characters of one paragraph, heading or cell that are read: the parser's work grows faster."""

WORDS = re.compile(r"[A-Za-z](?:(?!www\.)[^\W_]|[ ,;()?.'%/’“”–—…×−°²³-])*", re.IGNORECASE)
"""Words that Markdown leaves as they are, and most texts are: nothing of it is a mark."""
# A footnote has no place on a card.
_NOT_OURS = ["footnote_def", "footnote_ref", "footnote_tail"]


@cache
def parser() -> MarkdownIt:
    """The parser of decks: CommonMark and GFM, `$math$` and `==marks==`.

    Front matter is cut off before, by whoever reads a file: a card may begin with a line of ---.

    One shared object: parse with it, do not configure it.
    """
    return _configured()


def inline(content: str) -> tuple[list[Token], dict[str, Any]]:
    """The inline tokens of a paragraph's text, and what the rules noted on the way (`env`)."""
    md, tokens, env = parser(), list[Token](), dict[str, Any]()
    md.inline.parse(content[:PARAGRAPH_LIMIT], md, env, tokens)
    return tokens, env


def plain(markdown: str, width: int | None = 72) -> str:
    """`markdown` as plain text of at most `width` cells a line (None: paragraphs unwrapped).

    Formulas take their one-line form, or, for ears, words; gaps are closed.
    """
    # Decks are parsed at every start; what shows them, math above all, is imported when needed.
    tokens = _plain_parser().parse(markdown)
    if speaking():
        from tutor.text import spoken

        return spoken.render(tokens)
    from tutor.text.plain import render

    return render(tokens, width)


def plain_line(markdown: str) -> str:
    """Inline Markdown (a front, an option, a cell) as one line: `+ 3` is a number, not a list."""
    if len(markdown) < PARAGRAPH_LIMIT and WORDS.fullmatch(markdown):
        return " ".join(markdown.split())
    from tutor.text.plain import render

    return " ".join(render(_plain_parser().parseInline(markdown), None).split())


def typed_line(markdown: str) -> str:
    """The same as it is typed and compared: its formulas in signs, also while others are said."""
    with aloud(False):
        return plain_line(markdown)


@cache
def _plain_parser() -> MarkdownIt:
    from tutor.text.terminal import terminal_plugin

    return _configured().use(terminal_plugin)


def _configured() -> MarkdownIt:
    md = MarkdownIt("commonmark").use(gfm_plugin)
    md.use(table_plugin).use(math_plugin).use(wikilink_plugin)
    md.use(mark_plugin).use(nesting_plugin).disable(_NOT_OURS)
    md.core.ruler.before("inline", "shorten", _shorten)
    md.core.ruler.push("clean", _clean)
    return md


def _shorten(state: StateCore) -> None:
    for token in state.tokens:
        if token.type == "inline":
            token.content = token.content[:PARAGRAPH_LIMIT]


def _clean(state: StateCore) -> None:
    """Entities such as `&#x202e;` are text only now: they pass the same door as a file's text."""
    for token in state.tokens:
        for child in token.children or ():
            child.content = clean(child.content)
