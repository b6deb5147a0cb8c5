"""The inline rule for Obsidian's `[[links]]` and `![[embeds]]`: their words are shown."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token

_WIKILINK = re.compile(r"(!?)\[\[([^\[\]|\n]+)(?:\\?\|([^\[\]\n]*))?\]\]")
_SIZE = re.compile(r"\d+(?:x\d+)?")


def wikilink_plugin(md: MarkdownIt) -> None:
    """Teach `md` to take `[[Note|words]]` as its words, and `![[picture.png]]` as a picture."""
    md.inline.ruler.before("link", "wikilink", _wikilink)


def _wikilink(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] not in "![":
        return False
    found = _WIKILINK.match(state.src, state.pos)
    if found is None:
        return False
    if not silent:
        shown = (found[3] or "").strip()
        words = found[2].strip().replace("#", " > ").strip(" >")
        words = shown if shown and not _SIZE.fullmatch(shown) else words
        token = state.push("image" if found[1] else "text", "img" if found[1] else "", 0)
        token.content = words
        token.markup = "[["
        if found[1]:
            token.children = [Token("text", "", 0, content=words)]
            token.attrs = {"src": "", "alt": ""}
    state.pos = found.end()
    return True
