"""Three topics, each needing the one before it, and states of their cards."""

from __future__ import annotations

from typing import Any

from tutor.deck.model import Entry, Kind, Source, Topic
from tutor.memory.course import Course
from tutor.memory.model import CardState
from tutor.memory.time import Moment, study_day

NOON_MS = 1_795_260_000_000
NOW = Moment(NOON_MS, 0, study_day(NOON_MS, 0, 4))
SOURCE = Source("deck.md", 1)


def entry(key: str, kind: Kind = "term", gaps: tuple[str, ...] = ()) -> Entry:
    """A card whose key begins with its topic's id."""
    units = tuple(f"{key}/{gap}" for gap in gaps) or (key,)
    return Entry(key, key.partition("/")[0], kind, key, key.partition("/")[0], units, SOURCE)


def topic(name: str, order: int, *needs: str) -> Topic:
    """A topic of the first chapter."""
    return Topic(name, name.title(), name, 1, "One", order, SOURCE, needs)


ENTRIES = (
    entry("alpha/gap", "cloze", ("a", "b")),
    entry("alpha/term"),
    entry("beta/term"),
    entry("beta/num", "numeric"),
    entry("gamma/term"),
)
TOPICS = {
    "alpha": topic("alpha", 0),
    "beta": topic("beta", 1, "alpha", "a-topic-nobody-wrote"),
    "gamma": topic("gamma", 2, "beta"),
    "empty": topic("empty", 3, "alpha"),
}


def course() -> Course:
    """The three topics."""
    return Course(ENTRIES, TOPICS)


def state(key: str, **changes: Any) -> CardState:
    """A card in review, answered and due today at noon."""
    fields: dict[str, Any] = {
        "phase": "review",
        "stability": 5.0,
        "difficulty": 5.0,
        "due_utc_ms": NOON_MS,
        "reps": 1,
        "first_day": NOW.study_day,
        "last_day": NOW.study_day,
    }
    return CardState(key, **fields | changes)
