"""Writes an Anki package (.apkg): a zip of a database of schema 11 and an empty list of media.

Plain data goes in; nothing here knows a learner. The rules that Anki does not state are in
docs/exchange.md, each seen in Anki itself.
"""

from __future__ import annotations

import hashlib
import html
import io
import json
import re
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from tutor.exchange.anki import schema
from tutor.exchange.anki.note_types import NoteType

_ANY = "insert into {} values ({})"
_FIRST_ID, _IDS = 1_420_070_400_000, 315_360_000_000
_TAG = re.compile(r"<[^>]*>")
_HOUR_S, _DAY_S = 3600, 86_400
_DAY_BEGINS = 4 * _HOUR_S
# What SM-2 would multiply by; Anki wants some number under FSRS too.
_FACTOR = 2500
_EPOCH = (1980, 1, 1, 0, 0, 0)


class Answer(NamedTuple):
    """A row of the review log.

    ease: 1 to 4, or 0 for a date that was set. interval, last_interval: days, or minus seconds.
    factor: the difficulty as 100 to 1100, 0 for a reset. kind: 0 learning, 1 review,
    2 relearning, 4 by hand.
    """

    at_utc_ms: int
    ease: int
    interval: int
    last_interval: int
    factor: int
    elapsed_ms: int
    kind: int


@dataclass(frozen=True, slots=True)
class Schedule:
    """What Anki knows of one card: its columns by their names there.

    due: the place in the queue of a new card, the second of one in learning, else the study day.
    """

    type: int = 0
    queue: int = 0
    due: int = 0
    interval: int = 0
    reps: int = 0
    lapses: int = 0
    left: int = 0
    flags: int = 0
    data: str = ""
    answers: Sequence[Answer] = ()


@dataclass(frozen=True, slots=True)
class Note:
    """One note: a card for each number of `cards` (from 0; others than a cloze have just 0).

    changed: when its text last changed, in seconds. deck: `A::B` is inside `A`.
    """

    guid: str
    type: NoteType
    fields: tuple[str, ...]
    deck: str
    changed: int
    tags: tuple[str, ...] = ()
    cards: tuple[tuple[int, Schedule], ...] = ((0, Schedule()),)


@dataclass(frozen=True, slots=True)
class Package:
    """Everything in a package.

    first_day: the study day (since 1970) that Anki counts its days from. offset_min: the zone in
    minutes east. preset: whether weights and desired retention go along.
    """

    notes: Sequence[Note]
    first_day: int
    offset_min: int
    weights: Sequence[float] = ()
    retention: float = 0.9
    preset: bool = False


def write(package: Package) -> bytes:
    """The bytes of the .apkg; the same package gives the same bytes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in (("collection.anki2", _database(package)), ("media", b"{}")):
            info = zipfile.ZipInfo(name, _EPOCH)
            info.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(info, data, compresslevel=1)
    return out.getvalue()


def _database(package: Package) -> bytes:
    connection = sqlite3.connect(":memory:")
    try:
        connection.executescript(schema.tables())
        decks = {name: schema.FIRST_DECK + place for place, name in enumerate(_decks(package))}
        connection.execute(_insert("col"), _collection(package, decks))
        _fill(connection, package, decks)
        connection.commit()
        connection.executescript(schema.indexes())
        return connection.serialize()
    finally:
        connection.close()


def _decks(package: Package) -> Iterable[str]:
    return dict.fromkeys(note.deck for note in package.notes)


def _insert(table: str) -> str:
    return _ANY.format(table, ",".join("?" * (schema.TABLES[table].count(",") + 1)))


def _collection(package: Package, decks: dict[str, int]) -> tuple[object, ...]:
    created = package.first_day * _DAY_S + _DAY_BEGINS - package.offset_min * 60
    changed = 1000 * max((note.changed for note in package.notes), default=created)
    types = {note.type.id: note.type for note in package.notes}
    cards = sum(len(note.cards) for note in package.notes)
    return (
        1, created, changed, changed, schema.VERSION, 0, 0, 0,
        schema.conf(-package.offset_min, cards + 1), schema.models(list(types.values())),
        schema.decks(decks, package.preset),
        schema.presets(package.weights, package.retention, ours=package.preset), "{}",
    )  # fmt: skip


def _fill(connection: sqlite3.Connection, package: Package, decks: dict[str, int]) -> None:
    notes: set[int] = set()
    cards: set[int] = set()
    rows: list[tuple[object, ...]] = []
    answers: list[tuple[int, Sequence[Answer]]] = []
    for note in package.notes:
        number = _free(_id(note.guid), notes)
        connection.execute(_insert("notes"), _note_row(number, note))
        for place, card in note.cards:
            own = _free(number + place, cards)
            rows.append(_card_row(own, number, decks[note.deck], place, note, card, package))
            answers.append((own, card.answers))
    connection.executemany(_insert("cards"), rows)
    connection.executemany(_insert("revlog"), sorted(_log(answers)))


def _id(text: str) -> int:
    """A number as Anki makes them of the clock, from ten years, that only the text decides."""
    digest = hashlib.blake2b(text.encode(), digest_size=8).digest()
    return _FIRST_ID + int.from_bytes(digest, "big") % _IDS


def _free(number: int, taken: set[int]) -> int:
    while number in taken:
        number += 1
    taken.add(number)
    return number


def _note_row(number: int, note: Note) -> tuple[object, ...]:
    text = sort_text(note.fields[0])
    checksum = int(hashlib.sha1(text.encode(), usedforsecurity=False).hexdigest()[:8], 16)
    tags = f" {' '.join(note.tags)} " if note.tags else ""
    flat = schema.FIELD_SEPARATOR.join(note.fields)
    return number, note.guid, note.type.id, note.changed, -1, tags, flat, text, checksum, 0, ""


def sort_text(field: str) -> str:
    """A field of HTML as the plain text that Anki sorts by."""
    return html.unescape(_TAG.sub("", field))


def _card_row(
    number: int, note_id: int, deck: int, place: int, note: Note, card: Schedule, package: Package
) -> tuple[object, ...]:
    due = card.due - package.first_day if card.type == 2 else card.due
    return (
        number, note_id, deck, place, note.changed, -1, card.type, card.queue, due, card.interval,
        _FACTOR if card.type else 0, card.reps, card.lapses, card.left, 0, 0, card.flags,
        card.data,
    )  # fmt: skip


def _log(answers: Iterable[tuple[int, Sequence[Answer]]]) -> Iterator[tuple[int, ...]]:
    """Rows with an id of their own, which is their time: Anki drops a second one silently.

    The answers of one card keep their order, whatever the clock said.
    """
    taken: set[int] = set()
    for card, rows in answers:
        last = 0
        for at, ease, interval, before, factor, elapsed, kind in rows:
            last = at if at > last else last + 1
            while last in taken:
                last += 1
            taken.add(last)
            yield last, card, -1, ease, interval, before, factor, elapsed, kind


def memory_data(
    stability: float, difficulty: float, retention: float, decay: float, last_answer_s: int
) -> str:
    """A card's memory as Anki keeps it beside the card, with its numbers of digits."""
    return json.dumps(
        {
            "s": max(round(stability, 4), 0.0001), "d": round(difficulty, 3),
            "dr": round(retention, 2), "decay": round(decay, 3), "lrt": last_answer_s,
        },
        separators=(",", ":"),
    )  # fmt: skip
