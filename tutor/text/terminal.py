"""The core rule that turns a card's tokens into ones that Textual's Markdown widget can show.

Unmapped, formulas vanish from that widget and an alert crashes it; and links must not act.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal

from markdown_it import MarkdownIt
from markdown_it.rules_core import StateCore
from markdown_it.token import Token

from tutor.text import math
from tutor.text.sanitize import clean

Gaps = Literal["hide", "reveal", "emphasise"]

HIDDEN = "[…]"
"""What stands where a gap is hidden."""

_RENAMED = {
    "alert_open": ("blockquote_open", "blockquote"),
    "alert_close": ("blockquote_close", "blockquote"),
    "alert_title_open": ("paragraph_open", "p"),
    "alert_title_close": ("paragraph_close", "p"),
}
_BOXES = {True: "☑ ", False: "☐ "}


@dataclass(frozen=True, slots=True)
class Terminal:
    """How cards are to look; the arguments are those of `markdown.terminal_parser`.

    one_line: display formulas take one line too.
    """

    raw: bool = False
    gaps: Gaps = "emphasise"
    gap: int | None = None
    width: int | None = None
    one_line: bool = False

    def install(self, md: MarkdownIt) -> None:
        """Add the rule to `md`, as the last one."""
        md.core.ruler.push("terminal", self._rewrite)

    def _rewrite(self, state: StateCore) -> None:
        inline = _Inline(self)
        box = title = ""
        tokens: list[Token] = []
        for token in state.tokens:
            if token.type == "list_item_open" and "checked" in token.meta:
                box = _BOXES[bool(token.meta["checked"])]
            title = token.type if token.type == "alert_title_open" else title
            if token.type == "inline":
                token.children = [*_text_if(box), *inline.rewritten(token.children or [])]
                if title:
                    token.children = _wrapped("strong", token.children)
                box = title = ""
            tokens.extend(self._block(token))
        state.tokens = tokens

    def _block(self, token: Token) -> list[Token]:
        if token.type in _RENAMED:
            token.type, token.tag = _RENAMED[token.type]
        elif token.type in {"math_block", "math_block_label"}:
            return [self._formula(token)]
        elif token.type == "html_block":
            return _paragraph(token) if _visible(token.content) else []
        elif token.type == "front_matter":
            return []
        elif token.type in {"fence", "code_block"}:
            token.info = clean(token.info)
        return [token]

    def _formula(self, token: Token) -> Token:
        latex = token.content.strip()
        if self.raw:
            lines: tuple[str, ...] = ("$$", *latex.splitlines(), "$$")
        elif self.one_line:
            lines = (math.inline(latex),)
        else:
            lines = math.display(latex, self.width).lines
        return Token(
            "fence", "code", 0, map=token.map, level=token.level, block=True, markup="$$",
            info="text", content="\n".join(line.rstrip() for line in lines) + "\n",
        )  # fmt: skip


class _Inline:
    """Rewrites the inline tokens of one text, counting its gaps on the way."""

    def __init__(self, how: Terminal) -> None:
        self._how = how
        self._count = -1
        self._hidden = False
        self._hrefs: list[tuple[str, int]] = []
        self._rules: dict[str, Callable[[Token, list[Token]], list[Token]]] = {
            "math_inline": self._math,
            "math_inline_double": self._math,
            "mark_open": self._gap_opens,
            "mark_close": self._gap_closes,
            "link_open": self._link_opens,
            "link_close": self._link_closes,
            "image": self._image,
            "html_inline": self._html,
        }

    def rewritten(self, children: list[Token]) -> list[Token]:
        """`children` in tokens that the widget knows."""
        done: list[Token] = []
        for child in children:
            hidden = self._hidden
            rule = self._rules.get(child.type)
            new = rule(child, done) if rule else [child]
            if not (hidden and self._hidden):
                done.extend(new)
        return done

    def _math(self, token: Token, _: list[Token]) -> list[Token]:
        source = f"{token.markup}{token.content}{token.markup}"
        return [_text(source if self._how.raw else math.inline(token.content))]

    def _gap_opens(self, token: Token, _: list[Token]) -> list[Token]:
        self._count += 1
        how = self._this_gap()
        self._hidden = how == "hide"
        if self._hidden:
            return _wrapped("strong", [_text(HIDDEN)])
        return [Token("strong_open", "strong", 1)] if how == "emphasise" else []

    def _gap_closes(self, token: Token, _: list[Token]) -> list[Token]:
        if self._hidden:
            self._hidden = False
            return []
        return [Token("strong_close", "strong", -1)] if self._this_gap() == "emphasise" else []

    def _this_gap(self) -> Gaps:
        return self._how.gaps if self._how.gap in (None, self._count) else "reveal"

    def _link_opens(self, token: Token, done: list[Token]) -> list[Token]:
        self._hrefs.append((str(token.attrs.get("href", "")), len(done)))
        return []

    def _link_closes(self, token: Token, done: list[Token]) -> list[Token]:
        """The address in words after a link's text, unless the text shows it: nothing to click."""
        href, start = self._hrefs.pop()
        shown = "".join(child.content for child in done[start:])
        return [] if not href or shown in href else [_text(f" ({clean(href)})")]

    def _image(self, token: Token, _: list[Token]) -> list[Token]:
        alt = "".join(child.content for child in token.children or ())
        return [_text(f"[image: {clean(alt)}]")]

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


def _wrapped(style: str, children: list[Token]) -> list[Token]:
    return [Token(f"{style}_open", style, 1), *children, Token(f"{style}_close", style, -1)]


def _paragraph(token: Token) -> list[Token]:
    content = token.content.strip()
    place = {"map": token.map, "level": token.level, "block": True}
    return [
        Token("paragraph_open", "p", 1, **place),  # type: ignore[arg-type]
        Token("inline", "", 0, content=content, children=[_text(content)], **place),  # type: ignore[arg-type]
        Token("paragraph_close", "p", -1, **place),  # type: ignore[arg-type]
    ]
