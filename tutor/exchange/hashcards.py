"""hashcards and repeat: `Q:` and `A:` lines, and `C:` with gaps in brackets."""

from __future__ import annotations

import re

from tutor.exchange.notes import Found, Note, cloze, headline, typed_or_prose

_START = re.compile(r"^(?P<mark>[QAC]):\s?(?P<rest>.*)$")
# A gap is text in brackets, but neither a link, an image, a footnote nor an escaped bracket.
_GAP = re.compile(r"(?<![!\\\]])\[(?!\^)(?P<gap>(?:[^\[\]\\]|\\.)+)\](?![(\[:])")
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_NAME = re.compile(r'^name\s*=\s*"(?P<name>[^"]+)"', re.MULTILINE)
_LONGEST_FRONT = 60


def looks(text: str) -> bool:
    """Whether lines begin with `Q:` and `A:`, or with `C:` and a gap."""
    marks = [match["mark"] for match in map(_START.match, text.splitlines()) if match]
    return ("Q" in marks and "A" in marks) or any(
        line.startswith("C:") and _GAP.search(line) for line in text.splitlines()
    )


def read(text: str, name: str) -> Found:
    """Every card; a card ends at a blank line before the next mark, or at `---`."""
    found = Found("hashcards")
    title = _NAME.search(text[:500]) if text.startswith("---") else None
    group = title["name"] if title else ""
    skipped = _FRONT_MATTER.match(text)
    offset = text[: skipped.end()].count("\n") if skipped else 0
    body = text[skipped.end() :] if skipped else text
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


def _take(found: Found, card: dict[str, list[str]], line: int, group: str) -> None:
    texts = {mark: "\n".join(lines).strip() for mark, lines in card.items()}
    if "C" in texts:
        made = cloze(texts["C"], _GAP, lambda match: match["gap"])
        if made is None:
            found.leave(texts["C"], "it has no gap in brackets", line)
            return
        front = group or headline(made)
        found.add(Note("cloze", front, made, line, group=group))
    elif "Q" in texts:
        if "A" not in texts:
            found.leave(texts["Q"], "it has no line that begins with A:", line)
            return
        kind, answer = typed_or_prose(texts["A"])
        found.add(Note(kind, " ".join(texts["Q"].split()), answer, line, group=group))
