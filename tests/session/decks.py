"""Small decks, and learners who study them at a time that the test sets."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tutor.memory.time import DAY_MS, MINUTE_MS
from tutor.paths import Place, settle
from tutor.session.learner import Learner

NOON_MS = 1_795_260_000_000

DECK = """---
deck: d
title: Words
chapter: 1
---

# Alpha
<!-- topic id=alpha -->

Letters stand in an order.

## Alpha
<!-- card id=alpha -->
The first letter.

> [!TIP]
> It is not the last.

## Which is the second?
<!-- card id=second -->
- [x] beta
- [ ] gamma
  > That is the third.

## The letters in a row
<!-- card id=row -->
After ==alpha== comes ==beta==.

# Beta
<!-- topic id=beta needs=alpha -->

## Beta
<!-- card id=beta -->
The second letter.

## How many letters come before it?
<!-- card id=before -->
= 1 letter

# Gamma
<!-- topic id=gamma needs=beta -->

## Gamma
<!-- card id=gamma -->
The third letter.
"""


def many(count: int) -> str:
    """A deck of so many plain cards in one topic."""
    cards = "".join(f"\n## Card {i}?\n<!-- card id=c{i} -->\nAnswer {i}.\n" for i in range(count))
    return f"---\ndeck: many\n---\n\n# Many\n<!-- topic id=many -->\n{cards}"


@dataclass
class Clock:
    """A clock that stands until a test moves it."""

    utc_ms: int = NOON_MS

    def __call__(self) -> int:
        return self.utc_ms

    def forward(self, *, minutes: float = 0, days: float = 0) -> None:
        """Let time pass; backwards too."""
        self.utc_ms += round(minutes * MINUTE_MS + days * DAY_MS)


def place(folder: Path, deck: str = DECK) -> Place:
    """A learner's folder with one deck and no other."""
    file = folder / "deck.md"
    if not file.exists():
        file.write_text(deck, encoding="utf-8")
    return settle(data_dir=str(folder / "data"), content=(str(file),), bundled=False)


def learner(folder: Path, clock: Clock | None = None, deck: str = DECK) -> Learner:
    """A learner of that deck."""
    return Learner.open(place(folder, deck), clock or Clock())
