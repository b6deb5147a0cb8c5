"""Lints formulas: what the renderer does not know, and LaTeX that is shown as it was typed."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Sequence
from typing import Final

from markdown_it.token import Token

from tutor.deck.format import REFERENCE
from tutor.deck.rules import Findings

_GAP = re.compile(r"==(?=\S)[^=]+(?<=\S)==")
_COMMAND = re.compile(r"\\([A-Za-z]{2,})")
_LONE = re.compile(r"\$\$|(?<![\w$])\$(?=[A-Za-z\\{(|])")


def lint_formula(latex: str, lines: Sequence[str], first: int, findings: Findings) -> None:
    """Report what of a formula is not shown as it was meant.

    lines: where it stands in the source, from line `first` (counted from 1) on.
    """
    from tutor.text import math

    for name in math.unknown(REFERENCE.sub("1", latex) if "@{" in latex else latex):
        line = first + next((i for i, text in enumerate(lines) if name in text), 0)
        findings.add(line, "unknown-math", _unknown(name))
    if "==" in latex and _GAP.search(latex):
        message = "A gap cannot lie inside a formula: put ==...== around the dollars."
        findings.add(first, "gap-in-math", message)


def _unknown(name: str) -> str:
    if name.startswith("["):
        return f"This formula is shown as it was typed: {name[1:-1]}."
    shown = re.sub(r"\\(?:begin)?|[{}]", "", name)
    if close := _close_to(shown):
        advice = f"did you mean `\\{close}`?"
    else:
        advice = "write what it stands for, or define it with \\newcommand in the same formula."
    return f"The renderer does not know `{name[:40]}` and shows `{shown[:40]}`: {advice}"


def _close_to(name: str) -> str:
    from tutor.text.commands import KNOWN

    return next(iter(difflib.get_close_matches(name, sorted(KNOWN), n=1, cutoff=0.75)), "")


_OF_DOCUMENTS: Final = frozenset(
    {
        "section",
        "subsection",
        "subsubsection",
        "paragraph",
        "chapter",
        "item",
        "cite",
        "citep",
        "citet",
        "footnote",
        "href",
        "url",
        "caption",
        "includegraphics",
        "centering",
        "emph",
        "textsc",
        "newpage",
        "noindent",
        "usepackage",
        "maketitle",
    }
)
"""Commands that lay out a document of LaTeX, and mean nothing in a formula."""


def lint_raw(text: str, line: int, findings: Findings) -> None:
    """Report LaTeX in `text`, which stands in no formula."""
    if "$" in text and (dollar := _LONE.search(text)):
        message = (
            f"`{text[dollar.start() :][:20]}` opens no formula: close it, with no blank inside the"
            " dollars; a dollar that is money is \\$."
        )
        findings.add(line, "raw-latex", message)
    elif "\\" in text and (command := _raw_command(text)):
        way_out = "write Markdown" if command in _OF_DOCUMENTS else "put it in dollars"
        message = f"`\\{command}` stands in no formula and is shown as typed: {way_out}."
        findings.add(line, "raw-latex", message)


def _raw_command(text: str) -> str:
    from tutor.text.commands import KNOWN

    found = _COMMAND.findall(text)
    return next((name for name in found if name in KNOWN or name in _OF_DOCUMENTS), "")


def with_lines(children: Sequence[Token], line: int) -> Iterator[tuple[Token, int]]:
    """Inline tokens with the line that each begins in; the first begins in `line`."""
    for token in children:
        yield token, line
        line += 1 if token.type in {"softbreak", "hardbreak"} else token.content.count("\n")


def texts(children: Sequence[Token], line: int) -> Iterator[tuple[str, int]]:
    """The text between other inline tokens, with its lines; an escaped sign is left out."""
    said, began = "", line
    for token, at in with_lines(children, line):
        if token.type == "text" or (token.type == "text_special" and token.info == "escape"):
            began = began if said else at
            said += token.content if token.type == "text" or token.content == token.markup else "_"
        elif said:
            yield said, began
            said = ""
    if said:
        yield said, began
