"""The inline rule that keeps marks from standing inside marks without end.

Whatever shows text goes down one level a mark, and no program can go down for ever.
"""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_inline.state_inline import StateInline
from markdown_it.token import Token

DEEPEST = 16
"""How many marks (emphasis, gaps, strikethrough, links) may stand inside one another."""

TOO_DEEP = "too_deep"
"""The key in the parser's `env` that says that some marks were taken for text."""


def nesting_plugin(md: MarkdownIt) -> None:
    """Let `md` take marks below `DEEPEST` for text, and give an image one text for its children."""
    # Before text is joined, so that what has become text is joined too.
    md.inline.ruler2.before("fragments_join", "nesting", _flatten)


def _flatten(state: StateInline) -> None:
    depth = 0
    for token in state.tokens:
        depth += token.nesting > 0
        closes = token.nesting < 0
        if token.nesting and depth > DEEPEST:
            _become_text(token)
            state.env[TOO_DEEP] = True
        depth -= closes
        if token.children:
            words = "".join(child.content for child in token.children)
            token.children = [Token("text", "", 0, content=words)]


def _become_text(token: Token) -> None:
    """A link keeps its words and loses its address; other marks show what was written."""
    token.content = "" if token.tag == "a" else token.markup
    token.type, token.tag, token.nesting = "text", "", 0
