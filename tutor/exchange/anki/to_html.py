"""Markdown as HTML and MathJax for Anki's fields, by the parser of the decks.

What Anki would act on in a text (`[sound:x]`, `{{c1::x}}`, `[latex]`) is escaped, and a field
holds no line end, so that it can stand in a line of a text file too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it.common.utils import escapeHtml
from markdown_it.renderer import RendererHTML
from markdown_it.token import Token
from markdown_it.utils import EnvType as Env
from markdown_it.utils import OptionsDict

from tutor.text.markdown import WORDS, parser
from tutor.text.pictures import PAINTERS

# Stand for the bounds of a gap; the decks' sanitiser lets neither into a text.
_OPEN, _CLOSE = "\x02", "\x03"
_GAP = re.compile(f"({{?){_OPEN}(\\d+){_OPEN}([^{_CLOSE}]*){_CLOSE}")
# Anki acts on these even within code.
_ACTS = re.compile(r"\[(?=sound:|anki:|latex\]|\$\$?\])", re.IGNORECASE)
_COLON = re.compile(r":(?=:)|^:|:$")
_WIDTH = 60


def html(markdown: str) -> str:
    """Blocks of Markdown as HTML; a single paragraph comes without its tag."""
    if WORDS.fullmatch(markdown):
        return markdown.strip()
    return _ready(_render(parser().parse(markdown), {}))


def inline_html(markdown: str) -> str:
    """Inline Markdown, such as an option or a cell."""
    if WORDS.fullmatch(markdown):
        return markdown.strip()
    return _ready(_render(parser().parseInline(markdown), {}))


def front_html(markdown: str) -> str:
    """A front: its heading is inline, as a heading is, and what follows are blocks."""
    heading, _, rest = markdown.partition("\n\n")
    return inline_html(heading) + (html_blocks(rest) if rest.strip() else "")


def html_blocks(markdown: str) -> str:
    """Blocks of Markdown, a single paragraph with its tag too."""
    if WORDS.fullmatch(markdown):
        return f"<p>{markdown.strip()}</p>"
    return _ready(_HTML.render(parser().parse(markdown), parser().options, {}))


def cloze_html(markdown: str, numbers: Sequence[int]) -> str | None:
    """A text whose `==marks==` are gaps with these numbers, as `{{c1::...}}`.

    None where the text has another number of marks.
    """
    env: Env = {"numbers": list(numbers), "marks": 0}
    made = _ready(_render(parser().parse(markdown), env)).replace("{{", "{&#123;")
    made, count = _GAP.subn(_gap, made)
    return made if count == env["marks"] == len(numbers) else None


def _gap(match: re.Match[str]) -> str:
    """A gap, in which `}}` would be its end and `::` the beginning of a hint."""
    inside = _COLON.sub("&#58;", match[3].replace("}", "&#125;"))
    before = match[1] and "&#123;"
    return f"{before}{{{{c{match[2]}::{inside}}}}}"


def _render(tokens: Sequence[Token], env: Env) -> str:
    single = len(tokens) == 3 and tokens[0].type == "paragraph_open"
    return _HTML.render(tokens[1:2] if single else tokens, parser().options, env)


def _ready(made: str) -> str:
    """Without line ends: those that mean something are `<br>` by now."""
    return _ACTS.sub("&#91;", made.replace("\n", "")).strip()


def text_html(text: str) -> str:
    """Plain text as HTML."""
    return _ACTS.sub("&#91;", _lines(text))


def _lines(text: str) -> str:
    """Text whose line ends count."""
    return escapeHtml(text.rstrip("\n")).replace("\n", "<br>")


def _math(token: Token, opening: str, closing: str) -> str:
    inside = escapeHtml(" ".join(token.content.split()))
    return f"{opening}{inside}{closing}"


class _Renderer(RendererHTML):
    """CommonMark's renderer, and what this program's Markdown has beside it.

    A method is the rule of the token of its name.
    """

    def text(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        """Plain text; what would look like MathJax is kept apart by a tag."""
        made = escapeHtml(tokens[idx].content)
        return re.sub(r"\\([(\[])", r"\\<span>\1</span>", made)

    def math_inline(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        """A formula in the text."""
        return _math(tokens[idx], r"\(", r"\)")

    def math_inline_double(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env
    ) -> str:
        """A formula on a line of its own."""
        return _math(tokens[idx], r"\[", r"\]")

    def math_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        """A formula between two lines of dollars."""
        formula = _math(tokens[idx], r"\[", r"\]")
        return f"<p>{formula}</p>"

    def softbreak(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        """A line end of the source."""
        return " "

    def hardbreak(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        """A line end that is meant."""
        return "<br>"

    def code_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        """Indented code."""
        return f"<pre><code>{_lines(tokens[idx].content)}</code></pre>"

    def fence(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        """Code; curves as the program draws them in plain text."""
        token = tokens[idx]
        draw = PAINTERS.get(token.info.strip().strip("{}"))
        rows = draw(token.content, _WIDTH) if draw else None
        if rows is not None:
            return f"<pre>{_lines(chr(10).join(rows))}</pre>"
        return f"<pre><code>{_lines(token.content)}</code></pre>"

    def html_block(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        """Raw HTML is text, as on the screen; a comment is nothing."""
        content = tokens[idx].content.strip()
        return "" if content.startswith("<!--") else f"<p>{_lines(content)}</p>"

    def html_inline(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        """The same within a line."""
        content = tokens[idx].content
        return "" if content.startswith("<!--") else _lines(content)

    def image(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        """A picture's words: no file of it goes along."""
        return escapeHtml(f"[picture: {tokens[idx].content}]")

    def mark_open(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        """The beginning of a gap, or of marked text."""
        if "numbers" not in env:
            return "<mark>"
        env["marks"] += 1
        place = env["marks"] - 1
        number = env["numbers"][place] if place < len(env["numbers"]) else 0
        return f"{_OPEN}{number}{_OPEN}"

    def mark_close(self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env) -> str:
        """Its end."""
        return _CLOSE if "numbers" in env else "</mark>"

    def list_item_open(
        self, tokens: Sequence[Token], idx: int, options: OptionsDict, env: Env
    ) -> str:
        """An item; that of a task list has its box."""
        done = (tokens[idx].meta or {}).get("checked")
        return "<li>" if done is None else f"<li>{'☑' if done else '☐'} "


_HTML = _Renderer(parser())
