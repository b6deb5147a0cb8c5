"""What the learner remembers, as plain frozen data: events, states, intervals."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum
from typing import Literal

EventKind = Literal[
    "review", "undo", "suspend", "unsuspend", "bury", "flag", "unflag", "reset", "set_due",
    "known", "unknown", "params", "prediction", "anchor", "accept", "retime", "exam", "session",
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
    after: the id of the event of the same card that was applied last when this one was made; None
        for the first, for imported answers and for what tells of no card.
    on: the digest of all that had been applied to the card (`CardState.applied`); a promised due
        time holds as long as it fits. None where it is not known: then the promise stays.
    retention: the desired retention that the promise was worked out with.
    writer, seq: the chain that the row stands in, and its place there from 1; "" and 0 as long as
        it is not in the journal.
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
    after: str | None = None
    on: int | None = None
    retention: float | None = None
    writer: str = field(default="", compare=False)
    seq: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class AmendedEvent(Event):
    """An event as it counts after later rows have said something of it.

    said: the digest of those rows; what was built on the event was built on them as well.
    """

    said: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class CardState:
    """What replaying the journal says of one unit. All times UTC milliseconds, days study days.

    passed: answered Good or better at least once; of a topic (its id is the key, without `/`),
        marked as known.
    scored: answers that tested the memory, coming on a later day than the last; remembered: those
        of them that were not Again.
    last_event: the id of the event that was applied last. applied: a digest of all of them,
        whatever their order.
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
    scored: int = 0
    remembered: int = 0
    last_event: str | None = None
    applied: int = 0

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
