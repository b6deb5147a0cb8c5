"""Tells of marks of other programs that a terminal would show as they were typed."""

from __future__ import annotations

import re
from typing import Final

from tutor.deck.rules import Findings

_ROLE = r"(?:cite|numref|eqref|ref|label|eqlabel|figref|math|term|doc)"
# What each is called, and what tells it, where no code stands.
_FOREIGN: Final = (
    ("a reference of Sphinx", re.compile(rf":{_ROLE}[a-z:]{{0,20}}:`|\{{{_ROLE}[a-z:]*\}}`")),
    ("a gap of Anki, here ==gap==", re.compile(r"(?<!\$)\{\{c\d+::")),
    (
        "a tag of Jekyll",
        re.compile(r"\{%-? [^%{}]+%\}|(?<![\\^_$])\{::? ?(?:[.#]|[a-z])[^{}\n]*\}"),
    ),
    ("a shortcode of Hugo", re.compile(r"\{\{[<%][^{}]*[%>]\}\}")),
    ("a box of Pandoc", re.compile(r"^\s*:{3,}(?=[ {\w]|$)")),
)
# The same where no formula and no address stands either, in which they mean something else.
_FOREIGN_IN_WORDS: Final = (
    ("a citation of Pandoc", re.compile(r"\[-?@\w[^\[\]]*\](?!\()")),
    ("a reference of Quarto", re.compile(r"(?<![\w@])@(?:eq|fig|tbl|sec|lst|thm|lem|cor|def)-\w+")),
    ("a label of Pandoc", re.compile(r"\{[#.][A-Za-z][\w:.-]*(?: [^{}]*)?\}")),
    ("a subscript of Pandoc", re.compile(r"(?<=[\w)\]])(?<!~)~[^\s~]{1,12}~(?!~)")),
    ("a superscript of Pandoc", re.compile(r"(?<=[\w)\]])\^[^\s^]{1,12}\^(?!\w)")),
    ("a mark of CriticMarkup", re.compile(r"\{(?:\+\+|--|~~|==|>>)[^{}]*(?:\+\+|--|~~|==|<<)\}")),
    ("a macro of Logseq", re.compile(r"\{\{(?:query|embed|video|youtube|renderer)\b[^{}]*\}\}")),
    (
        "a gap of Mochi, here ==gap==",
        re.compile(
            r"(?<![@{])\{\{(?!query|embed|video|youtube|renderer)(?:\d+::)?\w[^{}:<%]*\}\}(?!\})"
        ),
    ),
    ("a property of Logseq", re.compile(r"^\s*(?:- )?[a-z][\w-]*:: \S")),
    ("a reference of Logseq", re.compile(r"\(\([0-9a-f]{8}-[0-9a-f-]{27}\)\)")),
    ("a box of MkDocs", re.compile(r"^\s*(?:!!!|\?\?\?\+?) +[a-z]\w*")),
    ("a label of MyST", re.compile(r"^\([\w:.-]+\)=\s*$")),
    ("a comment of MyST", re.compile(r"^% \S")),
    ("a definition list of Pandoc", re.compile(r"^: {1,3}\S")),
    ("an emoji's name", re.compile(r"(?<![\w:]):[a-z][a-z_]*[a-z0-9]:(?![\w:`])")),
    ("a table of contents", re.compile(r"^\s*\[(?:toc|TOC)\]\s*$")),
)
_ANY: Final = re.compile(
    r"^[(%:]|[a-z0-9]:|:`|\}`|\{[{%:#.+=~>-]|::|@\w|~|\^|\(\(|!!!|\?\?\?|\[toc|\[TOC",
    re.MULTILINE,
)
_NO_BREAK: Final = re.compile(r"[^\n]")
_CODE: Final = re.compile(r"``[^`]*(?:`[^`]+)*``+|`[^`]*`")
_INERT: Final = re.compile(r"\$[^$]*\$|https?://\S+|<[^<>]*>")


def lint_foreign(content: str, first: int, findings: Findings) -> None:
    """Report the marks of other programs in inline Markdown that begins in line `first`."""
    if not _ANY.search(content):
        return
    lines = content.split("\n")
    # The ends of code stay: they belong to the marks of Sphinx.
    coded = _CODE.sub(lambda code: f"`{_blank(code[0][1:-1])}`", content).split("\n")
    for at, (line, shown) in enumerate(zip(coded, lines, strict=True)):
        words = _INERT.sub(lambda inert: _blank(inert[0]), line)
        for forms, text in ((_FOREIGN, line), (_FOREIGN_IN_WORDS, words)):
            for name, form in forms:
                if found := form.search(text):
                    mark = shown[found.start() :].strip()[:20]
                    message = f"`{mark}` is {name}, and is shown as typed: take it out."
                    findings.add(first + at, "unread-mark", message)


def _blank(text: str) -> str:
    return _NO_BREAK.sub(" ", text)
