"""HTML of other programs' fields to Markdown, by a whitelist; what is lost is told.

Tags that carry meaning become Markdown, all others vanish and leave their text. MathJax in
`\\( \\)` and `\\[ \\]`, and Anki's `[latex]`, `[$]` and `[$$]`, become dollars.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from html.parser import HTMLParser

from tutor.exchange.notes import literal
from tutor.text.sanitize import clean

MARKS = {"b": "**", "strong": "**", "i": "*", "em": "*", "s": "~~", "del": "~~"}
BLOCKS = {"div", "p", "tr", "table", "h1", "h2", "h3", "h4", "h5", "h6", "section", "blockquote"}
SILENT = {"script", "style", "head", "title", "template"}
MEDIA = {"img": "a picture", "audio": "a sound", "video": "a video", "object": "an object",
         "iframe": "a frame", "svg": "a picture", "canvas": "a picture"}  # fmt: skip
_SOUND = re.compile(r"\[sound:[^\]]{1,200}\]")
_FORMULAS = (
    (re.compile(r"\\\((.+?)\\\)", re.DOTALL), r"$\1$"),
    (re.compile(r"\\\[(.+?)\\\]", re.DOTALL), r"$$\1$$"),
    (re.compile(r"\[\$\$\](.+?)\[/\$\$\]", re.DOTALL), r"$$\1$$"),
    (re.compile(r"\[\$\](.+?)\[/\$\]", re.DOTALL), r"$\1$"),
    (re.compile(r"\[latex\](.+?)\[/latex\]", re.DOTALL), r"$\1$"),
)
_MAX_DEPTH = 100
_FENCE = re.compile(
    r"^(?P<mark>```+|~~~+)[^`\n]*\n(?P<code>.*?)\n?^(?P=mark)[`~]*[ \t]*$", re.DOTALL | re.MULTILINE
)
LINE_END = "⏎"
"""Stands for the end of a line of code, where all of it must stand on one line."""
# Stands for a line break until all is read; the sanitiser lets it into no text.
_BREAK = "\x02"
# A line of which nothing is markup in either language, nor the beginning of a list.
_PLAIN = re.compile(r"[^<&>\\`*_\[\]~|=$\s\d#+-][^<&>\\`*_\[\]~|=$\n\r\t\f\xa0]*")


def to_markdown(text: str) -> tuple[str, tuple[str, ...]]:
    """Markdown for a field of HTML, and what of it does not come along."""
    if _PLAIN.fullmatch(text):
        return " ".join(clean(text).split()), ()
    lost: list[str] = []
    if _SOUND.search(text):
        lost.append("a sound")
        text = _SOUND.sub("", text)
    for pattern, dollars in _FORMULAS:
        text = pattern.sub(_one_formula(dollars), text)
    reader = _Reader()
    reader.feed(text)
    reader.close()
    made = _with_breaks("".join(reader.pieces))
    made = re.sub(r"\n{3,}", "\n\n", re.sub(r"[ \t]+\n", "\n", made))
    return made.strip(), tuple(dict.fromkeys([*lost, *reader.lost]))


def _with_breaks(text: str) -> str:
    """Line breaks of HTML: one where text stands on both sides, a paragraph's end for several."""
    first, *rest = text.split(_BREAK)
    pieces, waiting = [first.rstrip(" \t")], 0
    for part in rest:
        waiting += 1
        if not part.strip():
            waiting += "\n" in part
            continue
        before = next((piece for piece in reversed(pieces) if piece), "")
        if before.strip():
            at_a_block = before.endswith("\n") or part.lstrip(" \t").startswith("\n")
            pieces.append("\n\n" if waiting > 1 or at_a_block else "\\\n")
        pieces.append(part.strip(" \t"))
        waiting = 0
    return "".join(pieces)


def one_line(markdown: str) -> str:
    """Markdown as a heading can hold it, on one line: lists in dots, code in backticks."""
    text = _FENCE.sub(_one_line_code, markdown)
    text = re.sub(r"^---$", "", text, flags=re.MULTILINE).replace("\\\n", "\n")
    text = re.sub(r"\n+\s*[-*] ", " · ", text)
    return " ".join(text.split())


def _one_line_code(match: re.Match[str]) -> str:
    lines = [" ".join(line.split()) for line in match["code"].splitlines()]
    inside = f" {LINE_END} ".join(filter(None, lines))
    return f"`{inside}`" if inside and "`" not in inside else inside


def _one_formula(dollars: str) -> Callable[[re.Match[str]], str]:
    """A formula without its tags: editors put `<br>` and entities into it."""

    def replace(match: re.Match[str]) -> str:
        inside = re.sub(r"<[^>]{0,200}>", " ", match[1])
        inside = re.sub(r"\s+", " ", inside).strip()
        return dollars.replace(r"\1", inside)

    return replace


class _Reader(HTMLParser):
    """Collects Markdown pieces; keeps a stack of open lists only."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.lost: list[str] = []
        self.silent = 0
        self.code = 0
        self.lists: list[int | None] = []
        self.cell = 0

    def handle_starttag(self, tag: str, attrs: Sequence[tuple[str, str | None]]) -> None:
        if tag in SILENT:
            self.silent += 1
        elif tag in MEDIA:
            self.lost.append(MEDIA[tag])
            alt = dict(attrs).get("alt") or ""
            self.pieces.append(literal(alt))
        elif tag in MARKS:
            self.pieces.append(MARKS[tag])
        elif tag == "br":
            self.pieces.append(_BREAK if not self.code else "\n")
        elif tag == "hr":
            self._block()
            self.pieces.append("---\n\n")
        elif tag in {"code", "tt", "kbd", "samp"} and not self.code:
            self.code += 1
            self.pieces.append("`")
        elif tag == "pre":
            self.code += 1
            self._block()
            self.pieces.append("```\n")
        else:
            self._structure(tag)

    def _structure(self, tag: str) -> None:
        if tag in {"ul", "ol"} and len(self.lists) < _MAX_DEPTH:
            self.lists.append(1 if tag == "ol" else None)
        elif tag == "li":
            self._item()
        elif tag in BLOCKS:
            self._block()
        elif tag in {"td", "th"}:
            self.pieces.append(" · " if self.cell else "")
            self.cell += 1
        elif tag in {"sup", "sub"}:
            self.pieces.append("^" if tag == "sup" else "\\_")
        if tag == "tr":
            self.cell = 0

    def _item(self) -> None:
        count = self.lists[-1] if self.lists else None
        indent = "  " * max(len(self.lists) - 1, 0)
        self.pieces.append(f"\n{indent}{'-' if count is None else f'{count}.'} ")
        if count is not None:
            self.lists[-1] = count + 1

    def _block(self) -> None:
        if self.pieces and not "".join(self.pieces[-2:]).endswith("\n\n"):
            self.pieces.append("\n\n")

    def handle_endtag(self, tag: str) -> None:
        if tag in SILENT:
            self.silent = max(self.silent - 1, 0)
        elif tag in MARKS:
            self.pieces.append(MARKS[tag])
        elif tag in {"code", "tt", "kbd", "samp"} and self.code:
            self.code -= 1
            self.pieces.append("`")
        elif tag == "pre" and self.code:
            self.code -= 1
            self.pieces.append("\n```\n\n")
        elif tag in {"ul", "ol"} and self.lists:
            self.lists.pop()
            self._block()
        elif tag in BLOCKS:
            self._block()

    def handle_data(self, data: str) -> None:
        if self.silent:
            return
        text = clean(data.replace("\u00a0", " "))
        self.pieces.append(text if self.code else _inline(text))


def _inline(text: str) -> str:
    """Text with its outer blanks kept, since neighbours join to it."""
    text = re.sub(r"[ \t\r\n]+", " ", text)
    middle = literal(text)
    if not middle:
        return " " if text else ""
    return text[: len(text) - len(text.lstrip())] + middle + text[len(text.rstrip()) :]
