"""Small events, states and glances to store, and a fingerprint of all that is stored."""

from __future__ import annotations

import hashlib
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from tutor.memory.model import CardState, Event, Rating
from tutor.store.catalog import Files
from tutor.store.database import open_store
from tutor.store.glance import ChapterGlance, Glance, Retention
from tutor.store.journal import Store

NOON_MS = 1_763_640_000_000
DAY_MS = 86_400_000


def answer(number: int, **changes: Any) -> Event:
    """Answer number `number`, to the card `d/number`."""
    fields: dict[str, Any] = {
        "id": f"{number:06d}",
        "kind": "review",
        "card_key": f"d/{number}",
        "at_utc_ms": NOON_MS + number,
        "utc_offset_min": 60,
        "study_day": 20_412,
        "rating": Rating.GOOD,
        "elapsed_ms": 4200,
        "source": "review",
        "answer": "0.9 · Vₜ₋₁",
        "correct": True,
        "confidence": "sure",
        "content_hash": "c0ffee",
        "model": "fsrs-6",
        "due_utc_ms": NOON_MS + DAY_MS,
    }
    return Event(**fields | changes)


def state(key: str, **changes: Any) -> CardState:
    """A card in review, due tomorrow."""
    fields: dict[str, Any] = {
        "key": key,
        "phase": "review",
        "stability": 3.1262,
        "difficulty": 5.3146,
        "due_utc_ms": NOON_MS + DAY_MS,
        "reps": 1,
        "first_day": 20_412,
        "last_day": 20_412,
        "model": "fsrs-6",
    }
    return CardState(**fields | changes)


def glance(due: int = 0) -> Glance:
    """A first screen on which `due` cards wait at noon."""
    return Glance(
        written_utc_ms=NOON_MS,
        study_day=20_412,
        due=((NOON_MS, due), (NOON_MS + DAY_MS, 3)),
        chapters=(ChapterGlance(8, "Vision", 12, 4),),
        next_topics=(("padding", "Padding"),),
        retention=Retention(0.91, 0.86, 0.94, 211),
        signature="decks",
    )


def opened(files: Files) -> Store:
    """The store on these files."""
    return open_store(files.database, files.backups)


def filled(files: Files, count: int) -> Files:
    """The files after `count` answers, the store closed again."""
    with opened(files) as store:
        numbers = range(1, count + 1)
        store.append(
            [answer(n) for n in numbers], [state(f"d/{n}") for n in numbers], glance(count)
        )
    return files


def fingerprint(database: Path) -> str:
    """A hash of every row of every table of ours."""
    digest = hashlib.sha256()
    with closing(sqlite3.connect(database)) as connection:
        for table in ("event", "card_state", "glance"):
            for row in connection.execute(f"SELECT * FROM {table} ORDER BY 1"):
                digest.update(repr(row).encode())
    return digest.hexdigest()
