"""Answers with more or fewer parts than a card may have, as answers that it may have."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from tutor.deck.answers import OPTIONS, ROWS
from tutor.deck.model import Answer, Choice, Kind, Match, Option, Order, Prose

RATED = "it has more or fewer parts than a card that is marked: you rate it yourself"
WRONG_ONES = "more than six options: wrong ones stay behind"


@dataclass(frozen=True, slots=True)
class Asked:
    """What is asked, and what was done to it; `why` is empty where nothing was."""

    kind: Kind
    front: str
    answer: Answer
    why: str = ""


def fitted(kind: Kind, front: str, answer: Answer) -> Asked:
    """The question as a card can ask it."""
    match answer:
        case Match(_, pairs) if not _within(pairs):
            lefts = " · ".join(left for left, _ in pairs)
            return _rated(front, lefts, (f"- {left}: {right}" for left, right in pairs))
        case Order(items) if not _within(items):
            numbered = (f"{at}. {item}" for at, item in enumerate(items, 1))
            return _rated(front, " · ".join(sorted(items)), numbered)
        case Choice(options) if len(options) > OPTIONS[1]:
            return _fewer(kind, front, options)
        case _:
            return Asked(kind, front, answer)


def _within(parts: Sequence[object]) -> bool:
    return ROWS[0] <= len(parts) <= ROWS[1]


def _rated(front: str, parts: str, told: Iterable[str]) -> Asked:
    return Asked("basic", f"{front} ({parts})", Prose("\n".join(told)), RATED)


def _fewer(kind: Kind, front: str, options: Sequence[Option]) -> Asked:
    """All right options and as many wrong ones as there is room for."""
    room = OPTIONS[1] - sum(option.right for option in options)
    if room < 0:
        rights = (f"- {option.text}" for option in options if option.right)
        return _rated(front, " · ".join(option.text for option in options), rights)
    kept = []
    for option in options:
        if option.right or room > 0:
            kept.append(option)
            room -= not option.right
    return Asked(kind, front, Choice(tuple(kept)), WRONG_ONES)
