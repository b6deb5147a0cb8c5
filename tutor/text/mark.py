"""The inline rule for `==marked==` text, which the deck grammar uses for the gaps of a cloze.

It works like strikethrough: a mark may hold math, code or emphasis, and code and math keep theirs.
"""

from __future__ import annotations

from markdown_it import MarkdownIt
from markdown_it.rules_inline.state_inline import Delimiter, StateInline

MARKER = "=="


def mark_plugin(md: MarkdownIt) -> None:
    """Teach `md` tokens `mark_open` and `mark_close`.

    Both carry `meta["at"]`, the place of their `==` in the content of the inline token, so that
    the source between them can be cut out. A `==` without a partner stays text.
    """
    md.inline.ruler.before("emphasis", "mark", _tokenize)
    md.inline.ruler2.before("emphasis", "mark", _pair)


def _tokenize(state: StateInline, silent: bool) -> bool:
    if silent or not state.src.startswith(MARKER, state.pos):
        return False
    run = state.scanDelims(state.pos, True)
    end = state.pos + run.length
    if run.length % 2:
        _text(state, "=", 1)
    while state.pos < end:
        _text(state, MARKER, 2)
        state.delimiters.append(
            Delimiter(
                marker=ord("="),
                length=0,  # no "rule of 3", which is for emphasis
                token=len(state.tokens) - 1,
                end=-1,
                open=run.can_open,
                close=run.can_close,
            )
        )
    return True


def _text(state: StateInline, content: str, length: int) -> None:
    token = state.push("text", "", 0)
    token.content = content
    token.meta = {"at": state.pos}
    state.pos += length


def _pair(state: StateInline) -> None:
    """Turn the delimiters that found each other, here and inside links, into mark tokens."""
    nested = (meta["delimiters"] for meta in state.tokens_meta if meta and "delimiters" in meta)
    for delimiters in (state.delimiters, *nested):
        for opener in delimiters:
            if opener.marker == ord("=") and opener.end != -1:
                _become(state, opener.token, "mark_open", 1)
                _become(state, delimiters[opener.end].token, "mark_close", -1)


def _become(state: StateInline, index: int, name: str, nesting: int) -> None:
    token = state.tokens[index]
    token.type, token.tag, token.markup, token.content = name, "mark", MARKER, ""
    token.nesting = -1 if nesting < 0 else 1
