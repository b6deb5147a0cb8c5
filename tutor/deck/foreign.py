"""Tells of marks of other programs that a terminal would show as they were typed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from tutor.deck.rules import Findings

_ROLE = r"(?:cite|numref|eqref|ref|label|eqlabel|figref|math|term|doc)"
# What each is called, and what tells it.
_FOREIGN: Final = (
    ("a reference of Sphinx", re.compile(rf"(?<!`):{_ROLE}[a-z:]*:`|(?<!`)\{{{_ROLE}[a-z:]*\}}`")),
    ("a gap of Anki, here ==gap==", re.compile(r"(?<![`$])\{\{c\d+::")),
    ("a tag of Jekyll", re.compile(r"(?<!`)\{%-? [^%{}]+%\}|(?<!`)\{::?[^{}\n]+\}")),
    ("a shortcode of Hugo", re.compile(r"(?<!`)\{\{[<%].*?[%>]\}\}")),
    ("a box of Pandoc", re.compile(r"^\s*:{3,}(?=[ {\w]|$)")),
)
# The same where neither code nor a formula stands, in which they mean something else.
_FOREIGN_IN_WORDS: Final = (
    ("a citation of Pandoc", re.compile(r"\[-?@[\w][^\]\n]*\]")),
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
    r"^[(%:]|[a-z0-9]:|:`|\}`|\{[{%:#.+=~>-]|::|@|~|\^|\(\(|!!!|\?\?\?|\[toc|\[TOC"
)
_INERT: Final = re.compile(r"`+[^`]*`+|\$[^$]*\$|https?://\S+|<[^<>]*>")


def _forms(line: str, words: str) -> Iterator[tuple[str, re.Pattern[str], str]]:
    """Each foreign mark's name and form, with the text in which it is one."""
    yield from ((name, form, line) for name, form in _FOREIGN)
    yield from ((name, form, words) for name, form in _FOREIGN_IN_WORDS)


def lint_foreign(lines: Iterable[str], first: int, findings: Findings) -> None:
    """Report the marks of other programs in `lines`, the first of which is line `first`."""
    for at, line in enumerate(lines, first):
        if not _ANY.search(line):
            continue
        words = _INERT.sub(lambda inert: " " * len(inert[0]), line)
        for name, form, text in _forms(line, words):
            if found := form.search(text):
                shown = line[found.start() :].strip()[:20]
                message = f"`{shown}` is {name}, and is shown as typed: take it out."
                findings.add(at, "unread-mark", message)
