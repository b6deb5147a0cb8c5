"""The core rule that turns a card's tokens into ones that plain text can be made of.

Formulas become text, alerts quotes, boxes signs; a link shows its address, and nothing can act.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from tutor.text import math
from tutor.text.links import address
from tutor.text.sanitize import clean
from tutor.text.voice import speaking

_RENAMED = {
    "alert_open": ("blockquote_open", "blockquote"),
    "alert_close": ("blockquote_close", "blockquote"),
    "alert_title_open": ("paragraph_open", "p"),
    "alert_title_close": ("paragraph_close", "p"),
}
_BOXES = {True: "☑ ", False: "☐ "}


def terminal_plugin(md: MarkdownIt) -> None:
    """Add the rule to `md`, as the last one."""
    md.core.ruler.push("terminal", _rewrite)


def _rewrite(state: StateCore) -> None:
    box = ""
    tokens: list[Token] = []
    for token in state.tokens:
        if token.type == "list_item_open" and "checked" in token.meta:
            box = _BOXES[bool(token.meta["checked"])]
        if token.type == "inline":
            token.children = [*_text_if(box), *_Inline().rewritten(token.children or [])]
            box = ""
        tokens.extend(_block(token))
    state.tokens = tokens


def _block(token: Token) -> list[Token]:
    if token.type in _RENAMED:
        token.type, token.tag = _RENAMED[token.type]
    elif token.type in {"math_block", "math_block_label"}:
        return [_formula(token)]
    elif token.type == "html_block":
        return _paragraph(token) if _visible(token.content) else []
    return [token]


def _formula(token: Token) -> Token:
    """A display formula takes one line too."""
    return Token(
        "fence", "code", 0, map=token.map, level=token.level, block=True, markup="$$",
        info="text", content=f"{_said(token.content.strip())}\n",
    )  # fmt: skip


def _said(latex: str) -> str:
    return math.spoken(latex) if speaking() else math.inline(latex)


class _Inline:
    """Rewrites the inline tokens of one text."""

    def __init__(self) -> None:
        self._hrefs: list[tuple[str, int]] = []
        self._rules: dict[str, Callable[[Token, list[Token]], list[Token]]] = {
            "math_inline": self._math,
            "math_inline_double": self._math,
            "link_open": self._link_opens,
            "link_close": self._link_closes,
            "image": self._image,
            "html_inline": self._html,
        }

    def rewritten(self, children: list[Token]) -> list[Token]:
        """`children` as text, code and emphasis."""
        done: list[Token] = []
        for child in children:
            rule = self._rules.get(child.type)
            done.extend(rule(child, done) if rule else [child])
        return done

    def _math(self, token: Token, _: list[Token]) -> list[Token]:
        return [_text(_said(token.content))]

    def _link_opens(self, token: Token, done: list[Token]) -> list[Token]:
        self._hrefs.append((str(token.attrs.get("href", "")), len(done)))
        return []

    def _link_closes(self, token: Token, done: list[Token]) -> list[Token]:
        """The address in words after a link's text, unless the text shows it: nothing to click."""
        href, start = self._hrefs.pop()
        shown = "".join(child.content for child in done[start:])
        told = address(shown, href)
        return [_text(f" ({clean(told)})")] if told else []

    def _image(self, token: Token, _: list[Token]) -> list[Token]:
        alt = "".join(child.content for child in token.children or ())
        return [_text(f"[picture: {clean(alt)}]")]

    def _html(self, token: Token, _: list[Token]) -> list[Token]:
        return [_text(token.content)] if _visible(token.content) else []


def _visible(html: str) -> bool:
    """Whether raw HTML is shown as text: all but comments, which carry a deck's ids."""
    return not html.lstrip().startswith("<!--")


def _text(content: str) -> Token:
    return Token("text", "", 0, content=content)


def _text_if(content: str) -> Iterator[Token]:
    if content:
        yield _text(content)


def _paragraph(token: Token) -> list[Token]:
    content = token.content.strip()
    place = {"map": token.map, "level": token.level, "block": True}
    return [
        Token("paragraph_open", "p", 1, **place),  # type: ignore[arg-type]
        Token("inline", "", 0, content=content, children=[_text(content)], **place),  # type: ignore[arg-type]
        Token("paragraph_close", "p", -1, **place),  # type: ignore[arg-type]
    ]
