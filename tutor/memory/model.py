"""What the learner remembers, as plain frozen data: events, states, intervals."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Literal

EventKind = Literal[
    "review", "undo", "suspend", "unsuspend", "bury", "flag", "unflag", "reset", "set_due",
    "known", "unknown", "params", "prediction",
]  # fmt: skip
Phase = Literal["new", "learning", "review", "relearning"]
ReviewSource = Literal["review", "quiz", "demo", "import"]


class Rating(IntEnum):
    """The learner's own judgement of one answer."""

    AGAIN = 1
    HARD = 2
    GOOD = 3
    EASY = 4


@dataclass(frozen=True, slots=True)
class Event:
    """One row of the journal, never changed once written.

    id: a UUIDv7 as text, so that the order of ids is the order of answering.
    card_key: a unit's key (`deck/id` or `deck/id/gap`), a topic's id for `known`, a demo's name
        for `prediction`, empty for `params`.
    study_day: days since 1970-01-01 of the learner's own day (rollover hour applied), fixed when
        the answer was given.
    payload: JSON text for what only one kind needs (weights of `params`, a prediction).
    """

    id: str
    kind: EventKind
    card_key: str
    at_utc_ms: int
    utc_offset_min: int
    study_day: int
    rating: Rating | None = None
    elapsed_ms: int | None = None
    source: ReviewSource | None = None
    answer: str | None = None
    correct: bool | None = None
    confidence: Literal["sure", "unsure"] | None = None
    hints: int = 0
    content_hash: str = ""
    model: str = ""
    due_utc_ms: int | None = None
    undoes: str | None = None
    payload: str = ""


@dataclass(frozen=True, slots=True)
class CardState:
    """What replaying the journal says of one unit. All times UTC milliseconds, days study days.

    passed: answered Good or better at least once; of a topic (its id is the key, without `/`),
        marked as known.
    """

    key: str
    phase: Phase = "new"
    stability: float = 0.0
    difficulty: float = 0.0
    due_utc_ms: int = 0
    step: int = 0
    reps: int = 0
    lapses: int = 0
    first_day: int | None = None
    last_day: int | None = None
    model: str = ""
    suspended: bool = False
    flagged: bool = False
    buried_until_day: int | None = None
    passed: bool = False

    @property
    def leech(self) -> bool:
        """Forgotten so often that the card, not the learner, should change."""
        return self.lapses >= 8


@dataclass(frozen=True, slots=True)
class Outcome:
    """What one button would do: the state after it, and the interval shown on it."""

    rating: Rating
    state: CardState
    interval_ms: int
    label: str


@dataclass(frozen=True, slots=True)
class Moment:
    """One moment as the learner lives it: clock, offset and study day, settled together."""

    utc_ms: int
    utc_offset_min: int
    study_day: int
