"""Flashcards in Obsidian notes, as its spaced-repetition plugins write them.

`front::back` and `front;;back` on a line, `front:::back` for both directions; a line of `?` (or
`??`) between a front and a back of several lines; cloze as `==gap==`, `{{gap}}` and `{@{gap}@}`,
with a number before and a hint behind it (`==1;;gap;;hint==`). Dates stand in
`<!--SR:!2025-08-27,1,230-->` at the end of the card or on the line after it, one for each card that
is made of a text. Text inside code fences is no card.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from tutor.exchange import html
from tutor.exchange.notes import Found, Note, cloze, headline, typed_or_prose

_FENCE = re.compile(r"^\s*(```|~~~)")
_DATE = re.compile(r"<!--SR:(?P<all>.+?)-->")
_ONE_DATE = re.compile(r"!?(\d{4}-\d{2}-\d{2}),(\d+)")
# What the plugin writes for a sibling that was not asked yet.
_NOT_ASKED = "2000-01-01"
_FOREIGN_DATE = re.compile(r"<!--\s*fsrs\b.*?-->", re.IGNORECASE)
_COMMENT = re.compile(r"<!--.*?-->|%%.*?%%", re.DOTALL)
_BOTH_WAYS = re.compile(r"^(?P<front>.+?)\s*:::\s*(?P<back>.+)$")
_ONE_WAY = re.compile(r"^(?P<front>.+?)\s*(?:(?<!:)::(?!:)|;;|->->->|->>|>>>)\s*(?P<back>.+)$")
_GAP = re.compile(r"==(?P<a>[^=\n]+)==|\{\{(?:c\d+::)?(?P<b>[^{}\n]+)\}\}"
                  r"|\{@\{(?P<c>[^{}\n]+)\}@\}")  # fmt: skip
_NUMBERED = re.compile(r"^\d+;;")
_HINT = re.compile(r"(?:::|;;)")
_TAG = re.compile(r"(?<!\S)#([A-Za-z][\w/-]*)")
_HEADING = re.compile(r"^#{1,6}\s+(?P<title>.+?)\s*#*$")
_CODE = re.compile(r"(```.*?```|~~~.*?~~~|`[^`\n]*`)", re.DOTALL)
_EMBED = re.compile(r"!\[\[[^\]\n]+\]\]")
_LINK = re.compile(r"\[\[(?:[^\]|\n]*\|)?(?P<words>[^\]\n]+)\]\]")
_BULLET = re.compile(r"^\s*(?:[-*+]|\d+[.)]|>)\s+")
_BETWEEN = {"?", "??", "->->->"}
_HALF = re.compile(r"^\s*(?P<front>.*?)\s*(?::::?|;;)\s*(?P<back>.*?)\s*$")
_Date = tuple[date, int] | None


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a note without its comments, and the dates that stand in them."""

    number: int
    text: str
    dates: tuple[_Date, ...] = ()


@dataclass(frozen=True, slots=True)
class _Paragraph:
    lines: tuple[_Line, ...]
    heading: str

    @property
    def dates(self) -> tuple[_Date, ...]:
        """The first dates of it."""
        return next((line.dates for line in self.lines if line.dates), ())


def read(text: str, name: str) -> Found:
    """Every card of a note; headings become groups, tags become tags."""
    found = Found("obsidian")
    for paragraph in _paragraphs(found, text):
        _paragraph(found, paragraph)
    found.taken.append("`::` parts front and back, `?` on a line of its own parts longer ones")
    return found


def looks(text: str) -> bool:
    """Whether a text holds cards in this form, and none of this program's own comments."""
    if "<!-- card " in text:
        return False
    own = "<!--SR:" in text or "#flashcards" in text
    lines = [_masked(line.strip()) for line in _without_fences(text)]
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


def _paragraphs(found: Found, text: str) -> Iterator[_Paragraph]:
    """Runs of lines without a blank one; a fence belongs to the run it begins in."""
    fenced, heading, run = False, "", list[_Line]()
    for number, line in enumerate([*text.splitlines(), ""], 1):
        if _FENCE.match(line):
            fenced = not fenced
        title = None if fenced else _HEADING.match(line)
        if title or (not fenced and not line.strip()):
            if run:
                yield _Paragraph(tuple(run), heading)
            run = []
            heading = title["title"] if title else heading
            continue
        run.append(_Line(number, line) if fenced else _read_line(found, number, line))


def _read_line(found: Found, number: int, line: str) -> _Line:
    if _FOREIGN_DATE.search(line):
        found.leave(f"a date in line {number}", "it is of another plugin", number)
    dates = [_one_date(*each) for match in _DATE.finditer(line)
             for each in _ONE_DATE.findall(match["all"])]  # fmt: skip
    bare = _COMMENT.sub("", line)
    if _EMBED.search(bare):
        what = _EMBED.sub("", bare).strip() or f"line {number}"
        found.leave(f"a picture of: {what}", "only text comes in", number)
    return _Line(number, _LINK.sub(r"\g<words>", _EMBED.sub("", bare)).rstrip(), tuple(dates))


def _one_date(day: str, interval: str) -> _Date:
    try:
        return None if day == _NOT_ASKED else (date.fromisoformat(day), int(interval))
    except ValueError:
        return None


def _paragraph(found: Found, paragraph: _Paragraph) -> None:
    lines = paragraph.lines
    between = next((i for i, line in enumerate(lines) if line.text.strip() in _BETWEEN), None)
    if between:
        sides = ("\n".join(line.text for line in part)
                 for part in (lines[:between], lines[between + 1 :]))  # fmt: skip
        both = lines[between].text.strip() == "??"
        _pair(found, paragraph, lines[0].number, (next(sides), next(sides)), both, paragraph.dates)
        return
    plain, fenced = list[_Line](), False
    for place, line in enumerate(lines):
        fence = bool(_FENCE.match(line.text))
        fenced = fenced != fence
        below = lines[place + 1] if place + 1 < len(lines) else _Line(0, "")
        dates = line.dates or (() if below.text.strip() else below.dates)
        if fenced or fence or not _line(found, paragraph, line, dates):
            plain.append(line)
    _cloze(found, paragraph, plain)


def _line(found: Found, paragraph: _Paragraph, line: _Line, dates: tuple[_Date, ...]) -> bool:
    """Take a card that stands on one line; False when there is none."""
    masked = _masked(line.text)
    for pattern, both in ((_BOTH_WAYS, True), (_ONE_WAY, False)):
        match = pattern.match(masked)
        if match:
            sides = line.text[: match.end("front")], line.text[match.start("back") :]
            _pair(found, paragraph, line.number, sides, both, dates)
            return True
    half = _HALF.match(masked)
    if half and not (half["front"] and half["back"]):
        why = "its answer is empty" if half["front"] else "its front is empty"
        found.leave(line.text.strip(), why, line.number)
        return True
    return False


def _masked(line: str) -> str:
    """The line with its code and gaps made unreadable, since they may hold what parts sides."""
    for pattern in (_CODE, _GAP):
        line = pattern.sub(lambda match: "\0" * len(match[0]), line)
    return line


def _pair(
    found: Found,
    paragraph: _Paragraph,
    line: int,
    sides: tuple[str, str],
    both: bool,
    dates: tuple[_Date, ...],
) -> None:
    tags = tuple(dict.fromkeys(tag for side in sides for tag in _tags(side)))
    front, back = map(_without_tags, sides)
    front = _BULLET.sub("", front)
    for place, (asked, answered) in enumerate([(front, back), (back, front)][: 1 + both]):
        kind, answer = typed_or_prose(answered)
        due, interval = (dates[place] if place < len(dates) else None) or (None, None)
        found.add(
            Note(kind, html.one_line(asked), answer, line, tags=tags, group=paragraph.heading,
                 due=due, interval_days=interval)
        )  # fmt: skip


def _cloze(found: Found, paragraph: _Paragraph, lines: Sequence[_Line]) -> None:
    text = "\n".join(line.text for line in lines if line.text.strip())
    hinted = _outside_code(text, lambda part: _GAP.sub(_plain_gap, part))
    made = cloze(_without_tags(hinted), _GAP, lambda match: match["a"])
    if made is None:
        return
    due, *after = (*paragraph.dates, None)
    first = due or (None, None)
    found.add(
        Note("cloze", headline(made), made, lines[0].number, tags=tuple(_tags(text)),
             group=paragraph.heading, due=first[0], interval_days=first[1],
             dates_after=tuple(after))
    )  # fmt: skip


def _plain_gap(match: re.Match[str]) -> str:
    """A gap of any form as `==gap==`, its hint behind it."""
    inside = _NUMBERED.sub("", match["a"] or match["b"] or match["c"])
    answer, *hint = _HINT.split(inside, maxsplit=1)
    return f"=={answer}==" + (f" ({hint[0]})" if hint else "")


def _tags(text: str) -> list[str]:
    return _TAG.findall(_CODE.sub("", text))


def _without_tags(text: str) -> str:
    return _outside_code(text, lambda part: _TAG.sub("", part)).strip()


def _outside_code(text: str, change: Callable[[str], str]) -> str:
    parts = _CODE.split(text)
    return "".join(part if place % 2 else change(part) for place, part in enumerate(parts))
