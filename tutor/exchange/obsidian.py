"""Flashcards in Obsidian notes, as its spaced-repetition plugins write them.

`front::back` and `front;;back` on a line, `front:::back` for both directions; a line of `?` (or
`??`) between a front and a back of several lines; cloze as `==gap==`, `**gap**` (where the tag says
cards), `{{gap}}` and `{@{gap}@}`. Dates stand in `<!--SR:!2025-08-27,1,230-->`. Text inside code
fences is no card.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from tutor.exchange.notes import Found, Note, cloze, headline, typed_or_prose

_FENCE = re.compile(r"^\s*(```|~~~)")
_DATE = re.compile(r"<!--SR:(?P<all>.+?)-->")
_ONE_DATE = re.compile(r"!?(\d{4}-\d{2}-\d{2}),(\d+)")
_OTHER_COMMENT = re.compile(r"<!--(?!SR:).*?-->|%%.*?%%", re.DOTALL)
_BOTH_WAYS = re.compile(r"^(?P<front>.+?)\s*:::\s*(?P<back>.+)$")
_ONE_WAY = re.compile(r"^(?P<front>.+?)\s*(?:(?<!:)::(?!:)|;;|->>|>>>)\s*(?P<back>.+)$")
_GAP = re.compile(r"==(?P<a>[^=\n]+)==|\{\{(?:c\d+::)?(?P<b>[^{}\n]+?)(?:::[^{}\n]*)?\}\}"
                  r"|\{@\{(?P<c>[^{}\n]+)\}@\}")  # fmt: skip
_TAG = re.compile(r"(?<!\S)#([A-Za-z][\w/-]*)")
_HEADING = re.compile(r"^#{1,6}\s+(?P<title>.+?)\s*#*$")
_BETWEEN = {"?", "??"}
_INLINE_FIELD = re.compile(r"^\s*[-*+]?\s*[\w -]{1,30}::\s*$")


@dataclass(frozen=True, slots=True)
class _Paragraph:
    line: int
    lines: tuple[str, ...]
    heading: str


def read(text: str, name: str) -> Found:
    """Every card of a note; headings become groups, tags become tags."""
    found = Found("obsidian")
    for paragraph in _paragraphs(text):
        _paragraph(found, paragraph)
    found.taken.append("`::` parts front and back, `?` on a line of its own parts longer ones")
    return found


def looks(text: str) -> bool:
    """Whether a text holds cards in this form, and none of this program's own comments."""
    if "<!-- card " in text:
        return False
    own = "<!--SR:" in text or "#flashcards" in text
    lines = [line.strip() for line in _without_fences(text)]
    return own or any(line in _BETWEEN for line in lines) or sum(
        bool(_ONE_WAY.match(line) or _BOTH_WAYS.match(line)) for line in lines
    ) >= 2  # fmt: skip


def _without_fences(text: str) -> Iterator[str]:
    fenced = False
    for line in text.splitlines():
        if _FENCE.match(line):
            fenced = not fenced
            yield ""
        else:
            yield "" if fenced else line


def _paragraphs(text: str) -> Iterator[_Paragraph]:
    """Runs of lines without a blank one; a fence belongs to the run it begins in."""
    lines = text.splitlines()
    fenced, heading, start, run = False, "", 0, list[str]()
    for number, line in enumerate([*lines, ""], 1):
        if _FENCE.match(line):
            fenced = not fenced
        title = None if fenced else _HEADING.match(line)
        if title or (not fenced and not line.strip()):
            if run:
                yield _Paragraph(start, tuple(run), heading)
            run = []
            heading = title["title"] if title else heading
            continue
        start = start if run else number
        run.append(line)


def _paragraph(found: Found, paragraph: _Paragraph) -> None:
    lines = list(paragraph.lines)
    dates = [_ONE_DATE.findall(match["all"]) for line in lines for match in _DATE.finditer(line)]
    schedule = dates[0] if dates else []
    lines = [_OTHER_COMMENT.sub("", _DATE.sub("", line)).rstrip() for line in lines]
    between = next((i for i, line in enumerate(lines) if line.strip() in _BETWEEN), None)
    if between:
        front, back = "\n".join(lines[:between]), "\n".join(lines[between + 1 :])
        both = lines[between].strip() == "??"
        _pair(found, paragraph, paragraph.line, front, back, both, schedule)
        return
    plain, fenced = 0, False
    for offset, line in enumerate(lines):
        fence = bool(_FENCE.match(line))
        fenced = fenced != fence
        if fenced or fence:
            continue
        plain += not _line(found, paragraph, paragraph.line + offset, line, schedule)
    if plain:
        _cloze(found, paragraph, "\n".join(line for line in lines if line.strip()), schedule)


def _line(
    found: Found, paragraph: _Paragraph, number: int, line: str, schedule: list[tuple[str, str]]
) -> bool:
    """Take a card that stands on one line; False when there is none."""
    bare = re.sub(r"`[^`]*`", lambda m: "\0" * len(m[0]), line)
    for pattern, both in ((_BOTH_WAYS, True), (_ONE_WAY, False)):
        match = pattern.match(bare)
        if match and not _INLINE_FIELD.match(line):
            front = line[: match.end("front")]
            back = line[match.start("back") :]
            _pair(found, paragraph, number, front, back, both, schedule)
            return True
    return not line.strip()


def _pair(
    found: Found,
    paragraph: _Paragraph,
    line: int,
    front: str,
    back: str,
    both: bool,
    schedule: list[tuple[str, str]],
) -> None:
    tags = tuple(dict.fromkeys(_TAG.findall(front + " " + back)))
    front, back = (_TAG.sub("", side).strip().lstrip("-*+ ") for side in (front, back))
    sides = [(front, back)] + ([(back, front)] if both else [])
    for place, (asked, answered) in enumerate(sides):
        kind, answer = typed_or_prose(answered)
        due, interval = _due(schedule, place)
        found.add(
            Note(kind, " ".join(asked.split()), answer, line, tags=tags, group=paragraph.heading,
                 due=due, interval_days=interval)
        )  # fmt: skip


def _cloze(found: Found, paragraph: _Paragraph, text: str, schedule: list[tuple[str, str]]) -> None:
    made = cloze(_TAG.sub("", text).strip(), _GAP, lambda m: m["a"] or m["b"] or m["c"])
    if made is not None:
        due, interval = _due(schedule, 0)
        front = paragraph.heading or headline(made)
        found.add(
            Note("cloze", front, made, paragraph.line, tags=tuple(_TAG.findall(text)),
                 group=paragraph.heading, due=due, interval_days=interval)
        )  # fmt: skip


def _due(schedule: list[tuple[str, str]], place: int) -> tuple[date | None, int | None]:
    if place >= len(schedule):
        return None, None
    day, interval = schedule[place]
    try:
        return date.fromisoformat(day), int(interval)
    except ValueError:
        return None, None
