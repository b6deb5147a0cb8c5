"""Advises on what was meant as cards: headings without a comment, files of other programs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from pathlib import PurePath

from tutor.deck.rules import Findings
from tutor.deck.sections import Section

# Each form in which other programs write cards: what it is called, and what tells it. None may take
# longer than the text is long, whatever stands in it: one that can part a line in many ways does.
_FORMS = (
    ("`Q:` and `A:` lines", re.compile(r"^\s{0,3}(?:Q:|Q\.|\*\*Q:?\*\*)\s*\S", re.M)),
    ("`C:` lines with [gaps]", re.compile(r"^\s{0,3}C:\s[^\n\[]*\[[^\n\]]+\]", re.M)),
    ("{{c1::gaps}}", re.compile(r"\{\{c?\d*(?:::)?[^{}]+\}\}")),
    ("`question::answer` lines", re.compile(r"^[^\n`:]*[^\s:`]\s?:::?\s?[^\s:`][^\n]*$", re.M)),
    ("questions and answers parted by a line of `?`", re.compile(r"^\?{1,2}[ \t]*$", re.M)),
    ("headings with #card or #flashcards", re.compile(r"#(?:flash)?cards?\b", re.I)),
    ("lines of question, tab, answer", re.compile(r"\A(?:[^\t\n]+\t[^\t\n]+(?:\n|\Z)){2,}\Z")),
)
_FENCE = re.compile(r"`{3,}|~{3,}")
_HEADING = re.compile(r"^#{1,6}\s+\S", re.M)
_RULE = re.compile(r"^---[ \t]*$", re.M)
# Files that are never meant as decks.
_PAPERS = frozenset({"readme", "changelog", "license", "contributing", "code_of_conduct", "index"})


def advise_file(text: str, file: str, findings: Findings) -> None:
    """Say what was seen in a file in which nothing is a card."""
    if PurePath(file).stem.lower() in _PAPERS or not text.strip():
        return
    prose = "\n".join(_without_fences(text.split("\n")))
    for name, form in _FORMS:
        if count := len(form.findall(prose)):
            times = f"{count} times " if count > 1 else ""
            message = (
                f"Nothing here is a card; {times}it has {name}, as other programs write them:"
                " `tutor import FILE` makes cards of them."
            )
            findings.add(1, "no-card", message)
            return
    headings, rules = len(_HEADING.findall(prose)), len(_RULE.findall(prose))
    if headings:
        seen = f"{headings} headings" if headings > 1 else "1 heading"
        way = "a heading becomes a card with `<!-- card -->` in the line below it"
    elif rules > 1:
        seen = f"{rules} lines of ---"
        way = "cards parted by --- are imported by `tutor import FILE`"
    else:
        seen, way = "text alone", "write `## Question` and `<!-- card -->` below it"
    findings.add(1, "no-card", f"Nothing here is a card: it has {seen}; {way}.")


def _without_fences(lines: Sequence[str]) -> Iterator[str]:
    """The lines outside fenced code; a fence that nothing closes opens none."""
    # Where each kind of fence closes last: a search from every opener on would take its square.
    closes = {line.rstrip(" \t"): at for at, line in enumerate(lines) if _FENCE.match(line)}
    fence = ""
    for at, line in enumerate(lines):
        if fence:
            fence = "" if line.rstrip(" \t") == fence else fence
        elif (found := _FENCE.match(line)) and closes.get(found[0], 0) > at:
            fence = found[0]
        else:
            yield line


class Headings:
    """Sees a file's sections in order, and says which headings were most likely meant as cards."""

    def __init__(self) -> None:
        self._depth = 0  # of the last card; 0 after a topic
        self._bare: list[tuple[str, int, int]] = []

    def see(self, section: Section) -> None:
        """Note a heading among cards, as deep as cards or deeper, without a comment."""
        opener = section.opener
        if opener is not None:
            self._depth = section.depth if opener.word == "card" else 0
        elif self._depth and section.depth >= self._depth and section.blocks:
            self._bare.append((section.front.strip(), section.start, section.end))

    def advise(self, findings: Findings) -> None:
        """Tell of those headings, but where something else is told already."""
        told = [problem.line for problem in findings.problems]  # whoever reads these looks there
        for front, start, end in self._bare:
            if not front or any(start < line <= end for line in told):
                continue
            message = (
                f"`{front[:40]}` stands among cards and is none: write"
                " `<!-- card -->` in the line below it (`tutor ids --write` adds the id)."
            )
            findings.add(start + 1, "forgotten-card", message)
