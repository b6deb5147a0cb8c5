"""How an exam went: its report, the chapters that were passed, and what of it the journal keeps.

The last row of an exam holds all of it, with the questions as they were asked, so that it can be
read when the decks have long changed.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, fields
from typing import TYPE_CHECKING, Any

from tutor.deck.model import KINDS
from tutor.memory.model import Event
from tutor.memory.time import iso
from tutor.quiz.report import CONFIDENCE, Item, Report
from tutor.text.sanitize import clean

if TYPE_CHECKING:
    from tutor.deck.library import Library
    from tutor.session.learner import Learner

PASS_SHARE = 0.8
"""So many of a chapter's questions must be right for it to be passed."""
PASS_LEAST = 10
"""And so many must have been asked, or all that the chapter has."""
PASSED_DAYS = 60
"""So many study days a chapter stays passed."""
MOST = 500
"""So many of the newest rows of exams are looked at."""


@dataclass(frozen=True, slots=True)
class ChapterMark:
    """How one chapter went in an exam; number 0 stands for a deck without a chapter."""

    number: int
    title: str
    right: int
    asked: int
    passed: bool

    def as_json(self) -> dict[str, Any]:
        """The public keys."""
        return {
            "chapter": self.number, "title": self.title,
            "right": self.right, "asked": self.asked, "passed": self.passed,
        }  # fmt: skip


@dataclass(frozen=True, slots=True)
class Result:
    """A finished exam.

    id: of its first row in the journal. minutes: of its clock; None without one. seconds: used.
    flagged: the keys of the questions that the learner had marked for another look.
    """

    id: str
    began_utc_ms: int
    ended_utc_ms: int
    study_day: int
    seed: int
    minutes: int | None
    seconds: float
    flagged: tuple[str, ...]
    chapters: tuple[ChapterMark, ...]
    report: Report

    @property
    def open(self) -> int:
        """How many questions were left without an answer."""
        return sum(not item.given for item in self.report.items)

    def as_json(self) -> dict[str, Any]:
        """What `exam --json` prints: a quiz's report with what an exam has more."""
        return self.report.as_json() | {
            "exam": self.id,
            "began": iso(self.began_utc_ms),
            "ended": iso(self.ended_utc_ms),
            "seed": self.seed,
            "minutes": self.minutes,
            "seconds": round(self.seconds, 1),
            "open": self.open,
            "flagged": list(self.flagged),
            "chapters": [chapter.as_json() for chapter in self.chapters],
        }

    def payload(self) -> str:
        """The last row of the exam in the journal."""
        told = {
            "of": self.id,
            "end": True,
            "began": self.began_utc_ms,
            "seed": self.seed,
            "minutes": self.minutes,
            "seconds": round(self.seconds, 3),
            "flagged": self.flagged,
            "chapters": [asdict(chapter) for chapter in self.chapters],
            "items": [asdict(item) for item in self.report.items],
        }
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"))


def chapter_marks(library: Library, items: Sequence[Item]) -> tuple[ChapterMark, ...]:
    """How each chapter went, in teaching order, and whether that passes it."""
    found: dict[tuple[int, str], list[bool]] = {}
    for entry in library.entries.values():
        topic = library.topics.get(entry.topic or "")
        place = (topic.chapter, topic.chapter_title) if topic else (0, entry.deck)
        found.setdefault(place, [])
    for item in items:
        found.setdefault(chapter_of(library, item.topic), []).append(item.right)
    return tuple(
        ChapterMark(*place, sum(rights), len(rights), _passes(library, place, rights))
        for place, rights in found.items()
        if rights
    )


def chapter_of(library: Library, topic: str) -> tuple[int, str]:
    """The chapter of a topic: its number and title; of a deck without topics its name."""
    found = library.topics.get(topic)
    return (found.chapter, found.chapter_title) if found else (0, topic)


def _passes(library: Library, place: tuple[int, str], rights: Sequence[bool]) -> bool:
    from tutor.deck.model import MARKED

    least = PASS_LEAST
    if len(rights) < least:
        cards = [e for e in library.entries.values() if e.kind in MARKED]
        inside = [e for e in cards if chapter_of(library, e.topic or e.deck) == place]
        least = min(least, len(inside))
    return len(rights) >= least and sum(rights) >= PASS_SHARE * len(rights)


@dataclass(frozen=True, slots=True)
class Passed:
    """A chapter that counts as passed, by which exam, and up to which study day."""

    mark: ChapterMark
    exam: str
    study_day: int

    @property
    def until(self) -> int:
        """The last study day on which it counts."""
        return self.study_day + PASSED_DAYS


def results(learner: Learner) -> list[Result]:
    """The exams that were handed in, the newest first. Raises DataError."""
    rows = learner.store.recent(MOST, "exam")
    return [result for row in rows if (result := read(row)) is not None]


def passed(found: Sequence[Result], today: int) -> tuple[Passed, ...]:
    """The chapters that count as passed on a study day, in teaching order."""
    chapters: dict[tuple[int, str], Passed] = {}
    for result in found:
        for mark in result.chapters:
            if mark.passed and result.study_day <= today <= result.study_day + PASSED_DAYS:
                place = (mark.number, mark.title)
                chapters.setdefault(place, Passed(mark, result.id, result.study_day))
    return tuple(
        each for _, each in sorted(chapters.items(), key=lambda row: (row[0][0] == 0, row[0]))
    )


# -- reading back ----------------------------------------------------------------------------------


def read(row: Event) -> Result | None:
    """The result in the last row of an exam; None in any other, and in one that is none of ours."""
    told = said(row)
    if told.get("end") is not True:
        return None
    try:
        return Result(
            id=_text(told["of"]),
            began_utc_ms=_whole(told["began"]),
            ended_utc_ms=row.at_utc_ms,
            study_day=row.study_day,
            seed=_whole(told["seed"]),
            minutes=None if told["minutes"] is None else _whole(told["minutes"]),
            seconds=_number(told["seconds"]),
            flagged=tuple(map(_text, told["flagged"])),
            chapters=tuple(map(_chapter, told["chapters"])),
            report=Report(tuple(map(_item, told["items"]))),
        )
    except (KeyError, TypeError, ValueError):
        return None


def said(row: Event) -> dict[str, Any]:
    """What a row carries; the journal may come from elsewhere, so nothing else is believed."""
    try:
        told = json.loads(row.payload or "{}")
    except ValueError:
        return {}
    return told if isinstance(told, dict) else {}


def _chapter(told: Any) -> ChapterMark:
    return ChapterMark(
        _whole(told["number"]), _text(told["title"]), _whole(told["right"]), _whole(told["asked"]),
        told["passed"] is True,
    )  # fmt: skip


def _item(told: Any) -> Item:
    values = dict(_values(told))
    if values["kind"] not in KINDS or values["confidence"] not in (None, *CONFIDENCE):
        raise ValueError("this is no answer of an exam")
    return Item(**values)


def _values(told: Any) -> Iterator[tuple[str, Any]]:
    for field in fields(Item):
        value = told[field.name]
        if field.name == "right":
            yield field.name, value is True
        elif field.name == "seconds":
            yield field.name, _number(value)
        elif value is None and field.name in ("misconception", "confidence"):
            yield field.name, None
        else:
            yield field.name, _text(value)


def _text(value: Any) -> str:
    if not isinstance(value, str):
        raise TypeError("a text was expected")
    return clean(value)


def _whole(value: Any) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 2**53:
        raise TypeError("a whole number was expected")
    return value


def _number(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value < 1e9:
        raise TypeError("a number was expected")
    return float(value)
