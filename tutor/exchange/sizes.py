"""Notes with more or fewer parts than a card may have, as cards that it may be."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.deck.answers import OPTIONS, ROWS
from tutor.deck.model import Choice, Match, Option, Order, Prose

if TYPE_CHECKING:
    from tutor.exchange.notes import Note

RATED = "it has more or fewer parts than a card that is marked: you rate it yourself"
WRONG_ONES = "more than six options: wrong ones stay behind"


def fitted(note: Note) -> tuple[Note, str]:
    """The note as it can be asked, and what was done to it; empty where nothing was."""
    match note.answer:
        case Match(_, pairs) if not _within(pairs):
            lefts = " · ".join(left for left, _ in pairs)
            told = "\n".join(f"- {left}: {right}" for left, right in pairs)
            return _rated(note, f"{note.front} ({lefts})", told), RATED
        case Order(items) if not _within(items):
            shuffled = " · ".join(sorted(items))
            told = "\n".join(f"{at}. {item}" for at, item in enumerate(items, 1))
            return _rated(note, f"{note.front} ({shuffled})", told), RATED
        case Choice(options) if len(options) > OPTIONS[1]:
            return _fewer(note, options)
        case _:
            return note, ""


def _within(parts: Sequence[object]) -> bool:
    return ROWS[0] <= len(parts) <= ROWS[1]


def _rated(note: Note, front: str, answer: str) -> Note:
    return replace(note, kind="basic", front=front, answer=Prose(answer))


def _fewer(note: Note, options: Sequence[Option]) -> tuple[Note, str]:
    """All right options and as many wrong ones as there is room for."""
    room = OPTIONS[1] - sum(option.right for option in options)
    if room < 0:
        asked = " · ".join(option.text for option in options)
        told = "\n".join(f"- {option.text}" for option in options if option.right)
        return _rated(note, f"{note.front} ({asked})", told), RATED
    kept = []
    for option in options:
        if option.right or room > 0:
            kept.append(option)
            room -= not option.right
    return replace(note, answer=Choice(tuple(kept))), WRONG_ONES
