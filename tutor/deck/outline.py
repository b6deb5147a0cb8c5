"""A deck file's outline: its front matter, its lines, and the sections that they make.

It is what one needs of a file to find a card in it again; `tutor.deck.parse` reads and checks the
cards themselves.
"""

from __future__ import annotations

from collections.abc import Iterator

from tutor.deck.frontmatter import FrontMatter, front_matter
from tutor.deck.references import resolved
from tutor.deck.repair import repair
from tutor.deck.rules import BYTE_LIMIT, Findings
from tutor.deck.sections import Section, sections
from tutor.text import sanitize


def decoded(data: bytes) -> str:
    """The text of a file, with � for what is no UTF-8, and `\\n` at the end of every line."""
    text = data.decode("utf-8-sig", errors="replace")
    return text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text


def outline(text: str, findings: Findings) -> tuple[FrontMatter, list[str], Iterator[Section]]:
    """A file's front matter, its sanitised lines, and the sections that they make, as asked for."""
    lines = resolved(sanitize.clean(text, BYTE_LIMIT).split("\n"), findings.add)
    lines, headings = repair(lines, findings.add)
    front = front_matter(lines, findings)
    lines[: front.end] = [""] * front.end
    return front, lines, sections(lines, headings, findings)
