"""Reads a deck's front matter: lines of `key: value` between two lines of `---`, as data only.

It is no YAML: no anchors, no nesting, no types but the chapter's number and the retention.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath

from tutor.deck.rules import Findings
from tutor.deck.slugs import slug
from tutor.shares import retention

MAX_LINES = 50
_ENTRY = re.compile(r"([A-Za-z][\w-]*):(?:\s+(.*)|)$")
_CHAPTER = re.compile(r"(\d{1,4})(?:[\s.:]+(.*))?")
_KNOWN = frozenset({"deck", "title", "chapter", "license", "retention"})


@dataclass(frozen=True, slots=True)
class FrontMatter:
    """What a deck says about itself. `chapter` is 0 without one; `end` is the first body line.

    retention: how well its cards are to be remembered; 0 leaves that to the learner.
    """

    deck: str = ""
    title: str = ""
    chapter: int = 0
    chapter_title: str = ""
    end: int = 0
    retention: float = 0.0

    def deck_of(self, file: str) -> str:
        """The deck's name as a slug: the one given, else the file's stem."""
        return slug(self.deck or PurePath(file).stem) or "deck"


def front_matter(lines: list[str], findings: Findings) -> FrontMatter:
    """The front matter at the top of `lines`; what cannot be read is reported."""
    if not lines or lines[0].rstrip() != "---":
        return FrontMatter()
    end = next((i for i in range(1, min(len(lines), MAX_LINES)) if _is_rule(lines[i])), 0)
    if not end:
        findings.add(1, "front-matter", f"No closing --- within {MAX_LINES} lines.")
        return FrontMatter()
    values: dict[str, str] = {}
    unread: dict[str, int] = {}
    for i in range(1, end):
        _read(lines[i].rstrip(), i + 1, values, unread, findings)
    if unread:
        message = f"Not read: {', '.join(unread)[:80]}; known: {', '.join(sorted(_KNOWN))}."
        findings.add(min(unread.values()), "unread-key", message)
    chapter, chapter_title = _chapter(values, findings)
    deck, title = values.get("deck", ""), values.get("title", "")
    wish = _retention(values, findings)
    return FrontMatter(deck, title, chapter, chapter_title, end + 1, wish)


def _is_rule(line: str) -> bool:
    return line.rstrip() in {"---", "..."}


def _read(
    line: str, number: int, values: dict[str, str], unread: dict[str, int], findings: Findings
) -> None:
    """Take one line in; what an unread key holds (a list, an indented text) is not read either."""
    last = next(reversed(unread), "")
    if not line.strip() or line.lstrip().startswith("#"):
        return
    if last and (line[0].isspace() or line.startswith("- ") or line in {"]", "}"}):
        return
    line = line.strip()
    entry = _ENTRY.fullmatch(line)
    if entry is None:
        findings.add(number, "front-matter", f"`{line[:40]}` is not `key: value`.")
    elif entry[1] not in _KNOWN:
        unread.setdefault(entry[1], number)
    else:
        values[entry[1]] = _unquoted(entry[2] or "")


def _unquoted(value: str) -> str:
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] and value[0] in "\"'":
        return value[1:-1]
    return value


def _chapter(values: dict[str, str], findings: Findings) -> tuple[int, str]:
    given = values.get("chapter", "")
    match = _CHAPTER.fullmatch(given)
    if match:
        return int(match[1]), (match[2] or "").strip()
    if given:
        findings.add(1, "front-matter", f"`chapter: {given[:40]}` does not start with a number.")
    return 0, ""


def _retention(values: dict[str, str], findings: Findings) -> float:
    given = values.get("retention", "")
    try:
        return retention(given) if given else 0.0
    except ValueError as error:
        findings.add(1, "front-matter", f"`retention: {given[:40]}` is not read: {error}.")
        return 0.0
