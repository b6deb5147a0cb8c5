"""Tells of marks of other programs that a terminal would show as they were typed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Final

from tutor.deck.rules import Findings

# What stands in every other line, and what of it stands in hardly any.
_NAMED: Final = r"(?<![\w:]):(?:[a-z][a-z_-]*[a-z0-9]|\+1|-1):(?![\w:`])"
_CITED: Final = r"(?<![\w@./])-?@[A-Za-z][\w:.-]*[0-9]{2}[a-z]?(?![\w@])"
_RARE: Final = {":": r":(?:[a-z][a-z_-]*[a-z0-9]|\+1|-1):", "@": r"@[A-Za-z]"}
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
    ("a reference of Sphinx", ":`", r"(?<![\w:]):[a-z][a-z_:+-]*:`"),
    ("a reference of Sphinx", "}`", r"\{[a-z][a-z:_-]*\}`"),
    ("a gap of Anki, here ==gap==", "{{c", r"(?<!\$)\{\{c\d+::"),
    ("a tag of Jekyll", "{%", r"\{%-? [^%{}]+%\}"),
    ("a tag of Jekyll", "{:", r"(?<![\\^_$])\{::? ?(?:[.#]|[a-z])[^{}\n]*\}"),
    ("a shortcode of Hugo", "{{", r"\{\{[<%][^{}]*[%>]\}\}"),
    ("a label of MyST", "$$ (", r"^\$\$ *\([\w:.-]+\)\s*$"),
    ("a box of Pandoc", ":::", r"^\s*:{3,}(?=[ {\w]|$)"),
)
# Where no formula and no address stands either, in which they mean something else.
_FOREIGN_IN_WORDS: Final = _forms(
    ("a citation of Pandoc", "[@", r"\[@\w[^\[\]]*\](?!\()"),
    ("a citation of Pandoc", "[-@", r"\[-@\w[^\[\]]*\](?!\()"),
    ("a citation of Pandoc", "@", _CITED),
    *(
        ("a reference of Quarto", f"@{kind}-", rf"(?<![\w@])@{kind}-\w+")
        for kind in ("eq", "fig", "tbl", "sec", "lst", "thm", "lem", "cor", "def")
    ),
    ("a label of Pandoc", "{#", r"\{#[A-Za-z][\w:.-]*(?: [^{}]*)?\}"),
    ("a label of Pandoc", "{.", r"\{\.[A-Za-z][\w:.-]*(?: [^{}]*)?\}"),
    ("a subscript of Pandoc", "~", r"(?<=[\w)\]])(?<!~)~[^\s~]{1,12}~(?!~)"),
    ("a highlight of Logseq, here ==gap==", "^^", r"\^\^\S[^^\n]*\^\^"),
    ("a superscript of Pandoc", "^", r"(?<=[\w)\]])\^[^\s^]{1,12}\^(?![\w^])"),
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
        r"(?<![@{])\{\{(?!query|embed|video|youtube|renderer) ?(?:\d+::)?\w[^{}:<%]*\}\}(?!\})",
    ),
    ("a field of another program", ":: ", r"[\[(][A-Za-z][\w -]*:: [^\])]+[\])]"),
    ("a field of another program", ":: ", r"^\s*(?:[-*] )?\w[^`:|]{0,60}:: \S"),
    ("a card of another program", " ;; ", r"^\s*(?:[-*] )?\w[^`;|]{0,80} ;; \S"),
    ("a block of Org", "#+", r"^\s*(?:[-*] )?#\+[A-Za-z_]+"),
    ("a date of Org", "SCHEDULED: ", r"SCHEDULED: <"),
    ("a date of Org", "DEADLINE: ", r"DEADLINE: <"),
    ("a reference of Logseq", "((", r"\(\([0-9a-f]{8}-[0-9a-f-]{27}\)\)"),
    ("a box of MkDocs", "!!!", r"^\s*!!! +[a-z]\w*"),
    ("a box of MkDocs", "???", r"^\s*\?\?\?\+? +[a-z]\w*"),
    ("a tab of MkDocs", "===", r"^\s*===[!+]? +\""),
    ("keys of MkDocs", "++", r"(?<!\+)\+\+[a-z]\w*(?:\+[\w-]+)*\+\+(?!\+)"),
    ("a snippet of MkDocs", "--8<--", r"-+8<-+"),
    ("an abbreviation of Markdown Extra", "*[", r"^\*\[[^\]]+\]: "),
    ("a break of MyST", "\n+++", r"^\+\+\+(?: |$)"),
    ("a task of Obsidian", "\n[", r"^\[[/><!?*\"-]\] "),
    ("a table of Pandoc", "\n+", r"^\+[-=:]{2,}[-=:+]*\+$"),
    ("lines of Pandoc", "\n| ", r"^\| \S[^|]*$"),
    ("an example of Pandoc", "\n(@", r"^\(@[\w-]*\) "),
    ("a list of Pandoc", "\n#. ", r"^#\. \S"),
    ("a label of MyST", "\n(", r"^\([\w:.-]+\)=\s*$"),
    ("a comment of MyST", "\n% ", r"^% \S"),
    ("a definition list of Pandoc", "\n: ", r"^: {1,3}\S"),
    ("an emoji's name", ":", _NAMED),
    ("a table of contents", "[toc]", r"^\s*\[toc\]\s*$"),
    ("a table of contents", "[TOC]", r"^\s*\[TOC\]\s*$"),
)
_ANY: Final = re.compile(
    "|".join(
        _RARE.get(sign) or re.escape(sign)
        for sign in dict.fromkeys(sign for _, sign, _ in (*_FOREIGN, *_FOREIGN_IN_WORDS))
    )
)
# Two lines that begin with letters or Roman numbers; (a) and (b) read well in one line too.
_STEP: Final = r"(?:[ivx]{1,4}|[a-z])[.)] \S"
_STEPS: Final = re.compile(rf"^{_STEP}[^\n]*\n{_STEP}", re.MULTILINE)
_NO_BREAK: Final = re.compile(r"[^\n]")
_CODE: Final = re.compile(r"``[^`]*(?:`[^`]+)*``+|`[^`]*`")
_INERT: Final = re.compile(r"\$[^$\n]*\$|https?://\S+|<[^<>\n]*>")


def lint_foreign(content: str, first: int, findings: Findings) -> None:
    """Report the marks of other programs in inline Markdown that begins in line `first`."""
    if "\n" in content and (steps := _STEPS.search(content)):
        line = first + content.count("\n", 0, steps.start())
        message = "A list of Pandoc runs on in one line here: number it 1., 2., 3."
        findings.add(line, "unread-mark", message)
    if not _ANY.search(f"\n{content}"):
        return
    # The ends of code stay: they belong to the marks of Sphinx.
    coded = _CODE.sub(lambda code: f"`{_blank(code[0][1:-1])}`", content)
    words = _INERT.sub(lambda inert: _blank(inert[0]), coded)
    found: dict[tuple[int, str], int] = {}  # a mark that two forms tell is told once
    for at, start, name in (*_found(_FOREIGN, coded), *_found(_FOREIGN_IN_WORDS, words)):
        found.setdefault((at, name), start)
    for (at, name), start in sorted(found.items(), key=lambda each: each[0][0]):
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
