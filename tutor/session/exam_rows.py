"""An exam in the journal: the questions it asks, each answer as it is given, and that it was ended.

The first row of the kind `exam` holds the plan; it is written with the first answer. All others
name it (`of`). An exam without a last row can be gone on with.
"""

from __future__ import annotations

import json
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, TypeGuard

from tutor.quiz.report import CONFIDENCE, Confidence
from tutor.session.exam_result import said

if TYPE_CHECKING:
    from tutor.memory.model import Event
    from tutor.session.learner import Learner

OFFERED_DAYS = 7
"""So many study days an exam that was left can be gone on with."""
_LOOKED_AT = 3_000


@dataclass(frozen=True, slots=True)
class Given:
    """The answer to one question as it stands: as it was typed, and how sure the learner was.

    content_hash: of the card then, for an answer to a text that has changed counts no more.
    """

    answer: str
    confidence: Confidence | None = None
    content_hash: str = ""


@dataclass(slots=True)
class Sitting:
    """An exam as the journal has it.

    id: of its first row; empty as long as nothing is written. keys: the cards in the order of
    asking. limit_ms: of the clock; None without one. spent_ms: of it; the clock stands while the
    exam is closed. at: the question looked at last, from 0. took_ms: how long each was looked at.
    study_day: on which it began. ended: whether it was handed in.
    """

    keys: tuple[str, ...]
    seed: int
    limit_ms: int | None
    id: str = ""
    began_utc_ms: int = 0
    study_day: int = 0
    ended: bool = False
    spent_ms: int = 0
    at: int = 0
    answers: dict[int, Given] = field(default_factory=dict)
    flagged: set[int] = field(default_factory=set)
    took_ms: dict[int, int] = field(default_factory=dict)

    def first(self) -> str:
        """The payload of the first row."""
        return _json({"cards": self.keys, "seed": self.seed, "limit_ms": self.limit_ms})

    def step(self, beginning: str, **what: Any) -> str:
        """The payload of a further row: what was done at the question looked at."""
        took = self.took_ms.get(self.at, 0)
        return _json({"of": beginning, "at": self.at, "ms": took, "spent_ms": self.spent_ms} | what)

    def take(self, told: dict[str, Any]) -> None:
        """Let a further row count."""
        self.ended |= told.get("end") is True
        at, spent, took = told.get("at"), told.get("spent_ms"), told.get("ms")
        if not (_is_count(at) and _is_count(spent) and _is_count(took)) or at >= len(self.keys):
            return
        self.at, self.spent_ms = at, max(self.spent_ms, spent)
        self.took_ms[at] = took
        confidence = told.get("confidence")
        if isinstance(told.get("answer"), str):
            sure = confidence if confidence in CONFIDENCE else None
            self.answers[at] = Given(told["answer"], sure, str(told.get("hash", "")))
        if isinstance(told.get("flag"), bool):
            (self.flagged.add if told["flag"] else self.flagged.discard)(at)


def answer_row(given: Given) -> dict[str, Any]:
    """What a row says of an answer."""
    return {"answer": given.answer, "confidence": given.confidence, "hash": given.content_hash}


def left(learner: Learner) -> Sitting | None:
    """The newest exam if it was not handed in, and left not too long ago. Raises DataError."""
    found = newest(learner)
    if found is None or found.ended or found.study_day <= learner.now().study_day - OFFERED_DAYS:
        return None
    return found


def newest(learner: Learner) -> Sitting | None:
    """The exam that was worked on last, as the journal has it. Raises DataError."""
    rows = learner.store.recent(_LOOKED_AT, "exam")
    began = {row.id: row for row in rows if "of" not in said(row)}
    for newest_step in rows:
        first = began.get(said(newest_step).get("of", newest_step.id))
        sitting = _begun(first, said(first)) if first else None
        if sitting is not None:
            for step in map(said, reversed(rows)):
                if step.get("of") == sitting.id:
                    sitting.take(step)
            return sitting
    return None


def newest_row(learner: Learner) -> str:
    """The id of the newest row of any exam; empty without one. Raises DataError."""
    rows = learner.store.recent(1, "exam")
    return rows[0].id if rows else ""


def without_changed(sitting: Sitting, learner: Learner) -> Sitting:
    """The exam without the answers to cards whose text has changed since."""
    library = learner.library
    same: dict[int, Given] = {}
    for at, given in sitting.answers.items():
        key = library.resolve(sitting.keys[at])
        if key in library.entries and library.card(key).content_hash == given.content_hash:
            same[at] = given
    return replace(sitting, answers=same)


def _begun(row: Event, told: dict[str, Any]) -> Sitting | None:
    keys, seed, limit = told.get("cards"), told.get("seed"), told.get("limit_ms")
    if not (isinstance(keys, list) and keys and all(isinstance(key, str) for key in keys)):
        return None
    if not _is_count(seed) or not (limit is None or _is_count(limit)):
        return None
    return Sitting(tuple(keys), seed, limit, row.id, row.at_utc_ms, row.study_day)


def _is_count(value: Any) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**53


def _json(what: dict[str, Any]) -> str:
    return json.dumps(what, ensure_ascii=False, separators=(",", ":"))
