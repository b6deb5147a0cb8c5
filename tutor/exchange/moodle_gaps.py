"""Moodle's questions with gaps in a text, as a cloze.

`{1:SHORTANSWER:=Paris~%50%Lutetia}` stands in the text itself (type cloze); `[[2]]` names the
second choice of a list (types gapselect and ddwtos).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from xml.etree import ElementTree as ET

from tutor.deck.model import Cloze
from tutor.exchange.notes import cloze

# Stand for the bounds of a gap's number while the text around it is read; private to no font here.
_OPEN, _CLOSE = "\ue000", "\ue001"
_MARK = re.compile(f"{_OPEN}(\\d+){_CLOSE}")
_EMBEDDED = re.compile(r"\{\d*:(?P<type>[A-Z_]+):(?P<answers>(?:[^\\}]|\\.)*)\}")
_NUMBERED = re.compile(r"\[\[(?P<number>\d+)\]\]")
_ANSWER = re.compile(r"(?:\A|(?<!\\)~)(?P<worth>=|%-?[\d.]+%)?(?P<text>(?:[^~\\]|\\.)*)")
_NUMERICAL = ("NUMERICAL", "NM")
MORE = "the wrong choices, tolerances and feedback of its gaps"


@dataclass(frozen=True, slots=True)
class _Filled:
    """A gap's right wordings, and how much else is said of it."""

    right: tuple[str, ...]
    more: int = 0


def read(question: ET.Element, markdown: Callable[[str], str]) -> tuple[Cloze | None, bool]:
    """The question as a cloze, and whether something of its gaps stays behind.

    None where a gap has no right answer. markdown: makes Markdown of a piece of HTML.
    """
    text = question.findtext("questiontext/text") or ""
    embedded = question.get("type") == "cloze"
    choices = [] if embedded else list(_choices(question))
    filled: list[_Filled] = []

    def mark(match: re.Match[str]) -> str:
        filled.append(_embedded(match) if embedded else _chosen(match, choices))
        return f"{_OPEN}{len(filled) - 1}{_CLOSE}"

    marked = (_EMBEDDED if embedded else _NUMBERED).sub(mark, text)
    if not filled or not all(gap.right for gap in filled):
        return None, False
    words = [[markdown(each) for each in gap.right] for gap in filled]
    made = cloze(markdown(marked), _MARK, lambda match: words[int(match[1])][0])
    if made is None or len(made.gaps) != len(filled):
        return None, False
    gaps = (
        replace(gap, others=tuple(others))
        for gap, (_, *others) in zip(made.gaps, words, strict=True)
    )
    unused = len(choices) > len({gap.right[0] for gap in filled})
    return replace(made, gaps=tuple(gaps)), unused or any(gap.more for gap in filled)


def _choices(question: ET.Element) -> Iterator[str]:
    for name in ("selectoption", "dragbox"):
        for element in question.iterfind(name):
            yield (element.findtext("text") or "").strip()


def _chosen(match: re.Match[str], choices: list[str]) -> _Filled:
    place = int(match["number"][:6]) - 1
    return _Filled((choices[place],) if 0 <= place < len(choices) and choices[place] else ())


def _embedded(match: re.Match[str]) -> _Filled:
    """Answers are parted by `~`; `=` and `%100%` are right, and `#` begins what is said to one."""
    right, more = list[str](), 0
    for answer in _ANSWER.finditer(match["answers"]):
        text, *feedback = re.split(r"(?<!\\)#", answer["text"], maxsplit=1)
        if match["type"] in _NUMERICAL:
            text, *tolerance = text.split(":")
            feedback += tolerance
        more += any(feedback)
        text = re.sub(r"\\(.)", r"\1", text).strip()
        worth = answer["worth"] or "%0%"
        if text and text != "*" and (worth == "=" or float(worth.strip("%")) >= 100):
            right.append(text)
        else:
            more += bool(text)
    return _Filled(tuple(right), more)
