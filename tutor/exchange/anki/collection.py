"""A collection of Anki's as plain data: note types, decks, notes, cards and the review log.

Schema 11 keeps note types, decks and settings as JSON in one row; schema 18 has tables, with
protobuf in them. Only what an import needs is read.
"""

from __future__ import annotations

import json
import sqlite3
from array import array
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from tutor.deck.load_progress import OnProgress, ignore
from tutor.errors import UsageError
from tutor.exchange.anki.package_reader import damaged, opened
from tutor.exchange.notes import MAX_NOTES

_MOST_CARDS = 3 * MAX_NOTES
_MOST_ANSWERS = 5_000_000
_EPOCH = date(1970, 1, 1)
# In the year 2242, as far as Anki's own seconds go in a card in learning.
_LATEST_S = 1 << 33
_FIELD_END = "\x1f"
# Numbers of protobuf's fields: Notetype.Config, Template.Config, Deck.KindContainer, Normal,
# DeckConfig.Config (Anki's proto files).
_KIND, _FRONT, _BACK, _NORMAL, _CONFIG_ID = 1, 1, 2, 1, 1
_WEIGHTS, _RETENTION = 6, 37
# Columns of one row of the log in `Log.rows`.
_COLUMNS = 6
_AT_ONCE = 10_000


@dataclass(frozen=True, slots=True)
class Template:
    """How a note becomes a card: HTML of both sides with `{{Field}}` in it."""

    name: str
    front: str
    back: str


@dataclass(frozen=True, slots=True)
class NoteType:
    """A note type. cloze: whether its cards are the gaps of a text."""

    name: str
    cloze: bool
    fields: tuple[str, ...]
    templates: tuple[Template, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A note. changed: seconds since 1970. fields: HTML, in the order of its type's fields."""

    guid: str
    type: NoteType
    changed: int
    tags: tuple[str, ...]
    fields: tuple[str, ...]

    def field(self, name: str) -> str:
        """A field by its name; empty when there is none."""
        names = self.type.fields
        return self.fields[names.index(name)] if name in names else ""


class Card(NamedTuple):
    """A row of `cards`; `deck` and `due` are those at home when a filtered deck has lent it.

    due: a place for a new card, the second of one in learning, else the day from day zero.
    interval: days. factor: permille. changed: seconds.
    """

    id: int
    note: int
    ord: int
    deck: int
    type: int
    queue: int
    due: int
    interval: int
    factor: int
    reps: int
    lapses: int
    flags: int
    changed: int
    data: str


class Answer(NamedTuple):
    """A row of the review log, as Anki keeps it."""

    at_utc_ms: int
    ease: int
    interval: int
    factor: int
    elapsed_ms: int
    kind: int


@dataclass(slots=True)
class Log:
    """The review log, card by card in the order of time, in 48 bytes a row."""

    rows: array[int] = field(default_factory=lambda: array("q"))
    # The card's id -> its first row and the one after its last.
    places: dict[int, tuple[int, int]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.rows) // _COLUMNS

    def columns(self, card: int) -> list[array[int]]:
        """The rows of one card, column by column in the order of `Answer`."""
        first, end = self.places.get(card, (0, 0))
        rows = self.rows[first * _COLUMNS : end * _COLUMNS]
        return [rows[column::_COLUMNS] for column in range(_COLUMNS)]

    def of(self, card: int) -> Iterator[Answer]:
        """The rows of one card."""
        first, end = self.places.get(card, (0, 0))
        values = iter(self.rows[first * _COLUMNS : end * _COLUMNS])
        return map(Answer._make, zip(*[values] * _COLUMNS, strict=True))


@dataclass(slots=True)
class Collection:
    """What a package holds.

    day_zero: the study day (since 1970) that a card's `due` counts from. old: whether it was
    scheduled by Anki's first scheduler, which numbered the buttons otherwise. weights: FSRS
    weights of the options that most cards have; empty when the package has none.
    """

    day_zero: int
    old: bool
    notes: dict[int, Note]
    cards: list[Card]
    decks: dict[int, str]
    log: Log
    weights: tuple[float, ...] = ()
    retention: float = 0.0


def read(file: Path, on_progress: OnProgress = ignore) -> Collection:
    """All of a package. Raises UsageError with one sentence, and then nothing is taken."""
    with opened(file) as (connection, schema):
        try:
            return _Reader(connection, file, on_progress).read(schema)
        except (ValueError, TypeError, KeyError, LookupError, AttributeError, RecursionError) as e:
            raise damaged(file, f"A row of it cannot be read ({type(e).__name__}: {e})") from e


class _Reader:
    """Reads one database."""

    def __init__(self, connection: sqlite3.Connection, file: Path, on_progress: OnProgress) -> None:
        self.connection = connection
        self.file = file
        self.on_progress = on_progress

    def read(self, schema: int) -> Collection:
        query = "SELECT crt, conf, models, decks, dconf FROM col"
        crt, conf, models, decks, presets = self._rows(query)[0]
        if schema == 11:
            settings = json.loads(conf)
            types = {int(key): _type_of(model) for key, model in json.loads(models).items()}
            homes = json.loads(decks)
            names = {int(key): str(deck["name"]) for key, deck in homes.items()}
            preset_of = {int(key): int(deck.get("conf", 0)) for key, deck in homes.items()}
            weights = {int(key): _preset(each) for key, each in json.loads(presets or "{}").items()}
        else:
            settings = self._settings()
            types = self._types()
            names, preset_of = self._decks()
            weights = self._presets()
        notes = self._notes(types)
        self.on_progress(0.4)
        cards = self._cards()
        self.on_progress(0.6)
        made = Collection(
            _day_zero(int(crt), settings.get("creationOffset")),
            int(settings.get("schedVer", 1)) < 2, notes, cards, names, self._log(),
        )  # fmt: skip
        used = Counter(preset_of.get(card.deck, 0) for card in cards if card.type == 2)
        for preset, _ in used.most_common(1):
            made.weights, made.retention = weights.get(preset, ((), 0.0))
        return made

    def _rows(self, query: str) -> list[Any]:
        return self.connection.execute(query).fetchall()

    def _refuse_many(self, table: str, most: int) -> None:
        (count,) = self._rows(f"SELECT count(*) FROM {table}")[0]
        if count > most:
            raise UsageError(
                f"{self.file.name} is too large",
                f"It has {count:,} rows in `{table}`; {most:,} are read at once.",
                "Export it in parts.",
            )

    def _settings(self) -> dict[str, Any]:
        found: dict[str, Any] = {}
        for key, value in self._rows("SELECT KEY, val FROM config"):
            if key in ("schedVer", "creationOffset"):
                found[key] = json.loads(value)
        return found

    def _types(self) -> dict[int, NoteType]:
        fields: dict[int, list[str]] = {}
        for ntid, name in self._rows("SELECT ntid, name FROM fields ORDER BY ntid, ord"):
            fields.setdefault(ntid, []).append(str(name))
        templates: dict[int, list[Template]] = {}
        for ntid, name, config in self._rows(
            "SELECT ntid, name, config FROM templates ORDER BY ntid, ord"
        ):
            told = _protobuf(config)
            sides = (_text(told, _FRONT), _text(told, _BACK))
            templates.setdefault(ntid, []).append(Template(str(name), *sides))
        return {
            ntid: NoteType(
                str(name), bool(_number(_protobuf(config), _KIND)),
                tuple(fields.get(ntid, ())), tuple(templates.get(ntid, ())),
            )
            for ntid, name, config in self._rows("SELECT id, name, config FROM notetypes")
        }  # fmt: skip

    def _decks(self) -> tuple[dict[int, str], dict[int, int]]:
        names, presets = {}, {}
        for did, name, kind in self._rows("SELECT id, name, kind FROM decks"):
            names[did] = str(name).replace(_FIELD_END, "::")
            presets[did] = _number(_protobuf(_bytes(_protobuf(kind), _NORMAL)), _CONFIG_ID)
        return names, presets

    def _presets(self) -> dict[int, tuple[tuple[float, ...], float]]:
        if not self._rows("SELECT 1 FROM sqlite_master WHERE name='deck_config' AND type='table'"):
            return {}
        found = {}
        for dcid, config in self._rows("SELECT id, config FROM deck_config"):
            told = _protobuf(config)
            weights = array("f")
            weights.frombytes(_bytes(told, _WEIGHTS))
            retention = array("f")
            retention.frombytes(_bytes(told, _RETENTION))
            found[dcid] = (tuple(weights), retention[0] if retention else 0.0)
        return found

    def _notes(self, types: Mapping[int, NoteType]) -> dict[int, Note]:
        self._refuse_many("notes", MAX_NOTES)
        notes = {}
        for nid, guid, mid, mod, tags, fields in self.connection.execute(
            "SELECT id, guid, mid, mod, tags, flds FROM notes ORDER BY id"
        ):
            if mid not in types:
                raise ValueError(f"note {nid} has no note type")
            notes[int(nid)] = Note(
                str(guid), types[mid], int(mod), tuple(str(tags).split()),
                tuple(str(fields).split(_FIELD_END)),
            )  # fmt: skip
        return notes

    def _cards(self) -> list[Card]:
        self._refuse_many("cards", _MOST_CARDS)
        query = """SELECT id, nid, ord, CASE odid WHEN 0 THEN did ELSE odid END, type, queue,
            CASE WHEN odid != 0 AND odue != 0 THEN odue ELSE due END, ivl, factor, reps, lapses,
            flags, mod, data FROM cards ORDER BY nid, ord"""
        return [
            Card._make((*map(int, row[:-1]), str(row[-1] or "")))
            for row in self.connection.execute(query)
        ]

    def _log(self) -> Log:
        self._refuse_many("revlog", _MOST_ANSWERS)
        log, number = Log(), 0
        for card, count in self._rows("SELECT cid, count(*) FROM revlog GROUP BY cid ORDER BY cid"):
            log.places[card] = (number, number + count)
            number += count
        query = "SELECT id, ease, ivl, factor, time, type FROM revlog ORDER BY cid, id"
        rows = self.connection.execute(query)
        while some := rows.fetchmany(_AT_ONCE):
            log.rows.extend(chain.from_iterable(some))
            self.on_progress(0.6 + 0.4 * len(log) / number)
        return log


def _day_zero(crt: int, west_min: int | None) -> int:
    """The local date of the collection's beginning, in the zone that it says or in ours."""
    if not 0 <= crt <= _LATEST_S:
        raise ValueError(f"a first day cannot be at {crt} seconds")
    moment = datetime.fromtimestamp(crt, UTC)
    there = moment.astimezone() if west_min is None else moment - timedelta(minutes=int(west_min))
    return (there.date() - _EPOCH).days


def _type_of(model: Mapping[str, Any]) -> NoteType:
    """A note type of schema 11."""
    fields = sorted(model["flds"], key=lambda each: int(each.get("ord") or 0))
    templates = sorted(model["tmpls"], key=lambda each: int(each.get("ord") or 0))
    return NoteType(
        str(model["name"]), int(model.get("type", 0)) == 1, tuple(str(f["name"]) for f in fields),
        tuple(Template(str(t["name"]), str(t["qfmt"]), str(t["afmt"])) for t in templates),
    )  # fmt: skip


def _preset(preset: Mapping[str, Any]) -> tuple[tuple[float, ...], float]:
    """Weights of FSRS-6 and desired retention of options of schema 11."""
    weights = tuple(map(float, preset.get("fsrsParams6") or ()))
    return weights, float(preset.get("desiredRetention") or 0.0)


def _protobuf(data: bytes) -> dict[int, int | bytes]:
    """The fields of a protobuf message by number; of several with one number the last counts."""
    found: dict[int, int | bytes] = {}
    at = 0
    while at < len(data):
        key, at = _varint(data, at)
        kind = key & 7
        if kind == 0:
            value, at = _varint(data, at)
            found[key >> 3] = value
            continue
        if kind == 2:
            size, at = _varint(data, at)
        elif kind in (1, 5):
            size = 8 if kind == 1 else 4
        else:
            raise ValueError("its settings are no protobuf")
        found[key >> 3] = data[at : at + size]
        at += size
    return found


def _varint(data: bytes, at: int) -> tuple[int, int]:
    """A number in groups of seven bits, the lowest first, and the place after it."""
    value = shift = 0
    while True:
        byte = data[at]
        value |= (byte & 127) << shift
        at, shift = at + 1, shift + 7
        if byte < 128:
            return value, at
        if shift > 63:
            raise ValueError("a number in its settings has no end")


def _number(told: Mapping[int, int | bytes], key: int) -> int:
    value = told.get(key, 0)
    return value if isinstance(value, int) else 0


def _bytes(told: Mapping[int, int | bytes], key: int) -> bytes:
    value = told.get(key, b"")
    return value if isinstance(value, bytes) else b""


def _text(told: Mapping[int, int | bytes], key: int) -> str:
    return _bytes(told, key).decode("utf-8", "replace")
