"""Tells of marks of other programs that a terminal would show as they were typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from operator import itemgetter
from typing import Final

from tutor.deck.rules import Findings

_ROLE = r"(?:cite|numref|eqref|ref|label|eqlabel|figref|math|term|doc)"
_NAMED = r"(?<![\w:]):[a-z][a-z_]*[a-z0-9]:(?![\w:`])"
# What each is called, what must stand in a text for it (a "\n" also stands before its first line),
# and what tells it in a line.
_Form = tuple[str, str, Callable[[str], re.Match[str] | None]]


def _forms(*forms: tuple[str, str, str]) -> tuple[_Form, ...]:
    compiled = ((name, sign, re.compile(form)) for name, sign, form in forms)
    return tuple(
        # To search for what stands at the beginning would try every place.
        (name, sign, form.match if form.pattern.startswith("^") else form.search)
        for name, sign, form in compiled
    )


# Where no code stands.
_FOREIGN: Final = _forms(
    ("a reference of Sphinx", ":`", rf":{_ROLE}[a-z:]{{0,20}}:`"),
    ("a reference of Sphinx", "}`", rf"\{{{_ROLE}[a-z:]*\}}`"),
    ("a gap of Anki, here ==gap==", "{{c", r"(?<!\$)\{\{c\d+::"),
    ("a tag of Jekyll", "{%", r"\{%-? [^%{}]+%\}"),
    ("a tag of Jekyll", "{:", r"(?<![\\^_$])\{::? ?(?:[.#]|[a-z])[^{}\n]*\}"),
    ("a shortcode of Hugo", "{{", r"\{\{[<%][^{}]*[%>]\}\}"),
    ("a box of Pandoc", ":::", r"^\s*:{3,}(?=[ {\w]|$)"),
)
# Where no formula and no address stands either, in which they mean something else.
_FOREIGN_IN_WORDS: Final = _forms(
    ("a citation of Pandoc", "[@", r"\[@\w[^\[\]]*\](?!\()"),
    ("a citation of Pandoc", "[-@", r"\[-@\w[^\[\]]*\](?!\()"),
    *(
        ("a reference of Quarto", f"@{kind}-", rf"(?<![\w@])@{kind}-\w+")
        for kind in ("eq", "fig", "tbl", "sec", "lst", "thm", "lem", "cor", "def")
    ),
    ("a label of Pandoc", "{#", r"\{#[A-Za-z][\w:.-]*(?: [^{}]*)?\}"),
    ("a label of Pandoc", "{.", r"\{\.[A-Za-z][\w:.-]*(?: [^{}]*)?\}"),
    ("a subscript of Pandoc", "~", r"(?<=[\w)\]])(?<!~)~[^\s~]{1,12}~(?!~)"),
    ("a superscript of Pandoc", "^", r"(?<=[\w)\]])\^[^\s^]{1,12}\^(?!\w)"),
    *(
        (
            "a mark of CriticMarkup",
            "{" + sign,
            rf"\{{{re.escape(sign)}[^{{}}]*(?:\+\+|--|~~|==|<<)\}}",
        )
        for sign in ("++", "--", "~~", "==", ">>")
    ),
    ("a macro of Logseq", "{{", r"\{\{(?:query|embed|video|youtube|renderer)\b[^{}]*\}\}"),
    (
        "a gap of Mochi, here ==gap==",
        "{{",
        r"(?<![@{])\{\{(?!query|embed|video|youtube|renderer)(?:\d+::)?\w[^{}:<%]*\}\}(?!\})",
    ),
    ("a property of Logseq", ":: ", r"^\s*(?:- )?[a-z][\w-]*:: \S"),
    ("a reference of Logseq", "((", r"\(\([0-9a-f]{8}-[0-9a-f-]{27}\)\)"),
    ("a box of MkDocs", "!!!", r"^\s*!!! +[a-z]\w*"),
    ("a box of MkDocs", "???", r"^\s*\?\?\?\+? +[a-z]\w*"),
    ("a label of MyST", "\n(", r"^\([\w:.-]+\)=\s*$"),
    ("a comment of MyST", "\n% ", r"^% \S"),
    ("a definition list of Pandoc", "\n: ", r"^: {1,3}\S"),
    ("an emoji's name", ":", _NAMED),
    ("a table of contents", "[toc]", r"^\s*\[toc\]\s*$"),
    ("a table of contents", "[TOC]", r"^\s*\[TOC\]\s*$"),
)
# A colon stands in every other line, and an emoji's name in hardly any.
_ANY: Final = re.compile(
    "|".join(
        re.escape(sign) if sign != ":" else ":[a-z][a-z_]*[a-z0-9]:"
        for sign in dict.fromkeys(sign for _, sign, _ in (*_FOREIGN, *_FOREIGN_IN_WORDS))
    )
)
_NO_BREAK: Final = re.compile(r"[^\n]")
_CODE: Final = re.compile(r"``[^`]*(?:`[^`]+)*``+|`[^`]*`")
_INERT: Final = re.compile(r"\$[^$\n]*\$|https?://\S+|<[^<>\n]*>")


def lint_foreign(content: str, first: int, findings: Findings) -> None:
    """Report the marks of other programs in inline Markdown that begins in line `first`."""
    if not _ANY.search(f"\n{content}"):
        return
    # The ends of code stay: they belong to the marks of Sphinx.
    coded = _CODE.sub(lambda code: f"`{_blank(code[0][1:-1])}`", content)
    words = _INERT.sub(lambda inert: _blank(inert[0]), coded)
    found = [*_found(_FOREIGN, coded), *_found(_FOREIGN_IN_WORDS, words)]
    for at, start, name in sorted(found, key=itemgetter(0)):
        mark = content.split("\n")[at][start:].strip()[:20]
        message = f"`{mark}` is {name}, and is shown as typed: take it out."
        findings.add(first + at, "unread-mark", message)


def _found(forms: tuple[_Form, ...], text: str) -> Iterator[tuple[int, int, str]]:
    """The line, the place in it and the name of each mark, at most one of a form in a line."""
    finds = [(name, find) for name, sign, find in forms if sign in f"\n{text}"]
    for at, line in enumerate(text.split("\n") if finds else ()):
        for name, find in finds:
            if match := find(line):
                yield at, match.start(), name


def _blank(text: str) -> str:
    return _NO_BREAK.sub(" ", text)
