"""hashcards and repeat: `Q:` and `A:` lines, and `C:` with gaps in brackets.

The older form of hashcards has no marks: `front / back` on a line, and gaps in any other.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from tutor.exchange import html
from tutor.exchange.notes import Found, Note, cloze, headline, typed_or_prose

_START = re.compile(r"^(?P<mark>[QAC]):\s?(?P<rest>.*)$")
# A gap is text in brackets, but neither a link, an image, a footnote nor an escaped bracket.
_GAP = re.compile(r"(?<![!\\\]])\[(?!\^)(?P<gap>(?:[^\[\]\\]|\\.)+)\](?![(\[:])")
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_NAME = re.compile(r'^name\s*=\s*"(?P<name>[^"]+)"', re.MULTILINE)
_SIDES = re.compile(r"^(?P<front>.*?\S)\s+/\s+(?P<back>\S.*)$")
# Code and formulas, in which brackets are no gaps.
_LITERAL = re.compile(r"```.*?```|`[^`\n]*`|\$\$.+?\$\$|\$[^$\n]+\$", re.DOTALL)


def looks(text: str) -> bool:
    """Whether lines begin with `Q:` and `A:`, or with `C:` and a gap."""
    lines = text.splitlines()
    marks = _marks(lines)
    new = ("Q" in marks and "A" in marks) or any(
        line.startswith("C:") and _gaps(line) for line in lines
    )
    return new or (not marks and _looks_old(lines))


def _marks(lines: Sequence[str]) -> set[str]:
    return {match["mark"] for match in map(_START.match, lines) if match}


def _looks_old(lines: Sequence[str]) -> bool:
    """Whether each of several lines is a card of the older form, and nothing parts columns."""
    cards = [line for line in lines if line.strip() and not line.startswith("#")]
    return len(cards) > 1 and all(
        "\t" not in line and "::" not in line and (_SIDES.match(line) or _gaps(line))
        for line in cards
    )


def _gaps(text: str) -> bool:
    return bool(_GAP.search(_LITERAL.sub("", text)))


def read(text: str, name: str) -> Found:
    """Every card; a card ends at a blank line before the next mark, or at `---`."""
    found = Found("hashcards")
    title = _NAME.search(text[:500]) if text.startswith("---") else None
    group = title["name"] if title else ""
    skipped = _FRONT_MATTER.match(text)
    offset = text[: skipped.end()].count("\n") if skipped else 0
    body = text[skipped.end() :] if skipped else text
    if not _marks(body.splitlines()):
        _read_old(found, body.splitlines(), offset + 1, group)
        return found
    card: dict[str, list[str]] = {}
    current, start = "", 0
    for number, line in enumerate([*body.splitlines(), "---"], 1 + offset):
        match = _START.match(line)
        mark = match["mark"] if match else ""
        if mark in {"Q", "C"} or line.strip() == "---":
            _take(found, card, start, group)
            card, current, start = {}, "", number
        if match:
            current = mark
            card.setdefault(mark, []).append(match["rest"])
        elif current:
            card[current].append(line)
    return found


def _read_old(found: Found, lines: Sequence[str], first: int, group: str) -> None:
    """The older form: a card a line; a heading names what is below it."""
    for number, line in enumerate(lines, first):
        sides = _SIDES.match(line)
        if line.startswith("#"):
            group = line.lstrip("#").strip()
        elif sides:
            kind, answer = typed_or_prose(sides["back"])
            found.add(Note(kind, sides["front"].strip(), answer, number, group=group))
        elif line.strip():
            _take_gaps(found, line.strip(), number, group)


def _take(found: Found, card: dict[str, list[str]], line: int, group: str) -> None:
    texts = {mark: "\n".join(lines).strip() for mark, lines in card.items()}
    if "C" in texts:
        _take_gaps(found, texts["C"], line, group)
    elif "Q" in texts:
        if "A" not in texts:
            found.leave(texts["Q"], "it has no line that begins with A:", line)
            return
        kind, answer = typed_or_prose(texts["A"])
        found.add(Note(kind, html.one_line(texts["Q"]), answer, line, group=group))


def _take_gaps(found: Found, text: str, line: int, group: str) -> None:
    literal = [match.span() for match in _LITERAL.finditer(text)]

    def answer(match: re.Match[str]) -> str:
        inside = any(start <= match.start() < end for start, end in literal)
        return "" if inside else match["gap"]

    made = cloze(text, _GAP, answer)
    if made is None:
        found.leave(text, "it has no gap in brackets", line)
        return
    found.add(Note("cloze", headline(made), made, line, group=group))
