"""A learner's folder given on by a stranger: whatever it holds tries to act on the terminal."""

from __future__ import annotations

from pathlib import Path

from tutor.memory.model import CardState, Event, Rating
from tutor.store.database import open_store
from tutor.store.glance import ChapterGlance, Glance
from tutor.store.rows import event_row

# A title, a bell, a colour in one C1 byte, a text that reads from right to left.
ACTS = "\x1b]0;PWNED\x07\x9b31m\u202e"
DAY = 20_000
_DAY_MS = 86_400_000

_DECK = f"""---
title: Deck {ACTS}
tags: [tag{ACTS}]
---

# Topic {ACTS}
<!-- topic id=topic also="other{ACTS}" find="found{ACTS}" -->

The lesson of a stranger: {ACTS}, and `code {ACTS}`, and $x{ACTS}$.

## What {ACTS} is it?
<!-- card id=term -->
A term that acts: {ACTS}&#27;]0;x&#7;

## Which {ACTS}?
<!-- card id=which -->
- [x] this {ACTS}
- [ ] that {ACTS}

## How {ACTS} many?
<!-- card id=many hint="think {ACTS}" -->
= 5
"""


def write_folder(folder: Path) -> None:
    """Names of a folder and a deck, the deck's text, settings, journal, states and first screen."""
    decks = folder / "decks" / f"folder{ACTS}"
    decks.mkdir(parents=True)
    (decks / f"deck{ACTS}.md").write_text(f"## What {ACTS}?\n<!-- card{ACTS} -->\n{ACTS}\n")
    (folder / "decks" / "plain.md").write_text(_DECK)
    settings = f"minutes_a_day = '{ACTS}'\ntheme = '{ACTS}'\n'{ACTS}' = 1\n[keys]\nx = '{ACTS}'\n"
    (folder / "settings.toml").write_text(settings.replace("\x1b", "\\u001b"))
    row = f"{ACTS},{ACTS},2026-01-05T10:00:00+01:00"
    (folder / "log.csv").write_text(f"card_id,review_rating,review_time\n{row}\n")
    with open_store(folder / "tutor.db", folder / "backups") as store:
        answers = [
            _answer(1, "plain/term", ACTS), _answer(2, f"plain/{ACTS}", "x"),
            _answer(3, "plain/which", "1", model=ACTS),
        ]  # fmt: skip
        # As another program would write them: the tutor itself refuses such rows.
        store.append_rows(map(event_row, answers), _states(), _first_screen())


def _answer(number: int, key: str, text: str, model: str = "fsrs-6") -> Event:
    at = DAY * _DAY_MS
    return Event(
        f"0000{number}", "review", key, at, 0, DAY, rating=Rating.GOOD, source="review",
        answer=text, content_hash="c0ffee", model=model, due_utc_ms=at + _DAY_MS,
    )  # fmt: skip


def _states() -> list[CardState]:
    kept = {"phase": "review", "stability": 3.0, "difficulty": 5.0, "due_utc_ms": DAY * _DAY_MS}
    days = {"reps": 1, "first_day": DAY, "last_day": DAY}
    keys = ("plain/term", f"plain/{ACTS}", f"import/{ACTS}")
    return [CardState(key, **kept, **days) for key in keys]  # type: ignore[arg-type]


def _first_screen() -> Glance:
    chapter = ChapterGlance(1, f"Chapter {ACTS}", 3, 1, f"deck{ACTS}")
    return Glance(
        DAY * _DAY_MS, DAY, due=((DAY * _DAY_MS, 3),), topics=3, known=1, answers=3,
        chapters=(chapter,), next_topics=(("topic", f"Topic {ACTS}"),), signature=ACTS,
    )  # fmt: skip
