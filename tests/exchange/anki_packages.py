"""Small Anki packages of any note type, made for tests: schema 11, with any rows."""

from __future__ import annotations

import json
import sqlite3
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tutor.exchange.anki import schema

DAY_S = 86_400
# 4 in the morning of 1 January 2026, UTC.
CRT = 1_767_240_000
DAY_ZERO = CRT // DAY_S
BASIC = ("Basic", ("Front", "Back"), (("{{Front}}", "{{FrontSide}}<hr id=answer>{{Back}}"),), 0)
REVERSED = (
    "Reversed", ("Front", "Back"),
    (("{{Front}}", "{{FrontSide}}<hr id=answer>{{Back}}"),
     ("{{Back}}", "{{FrontSide}}<hr id=answer>{{Front}}")), 0,
)  # fmt: skip
TYPING = (
    "Typing", ("Front", "Back"),
    (("{{Front}} {{type:Back}}", "{{Front}}<hr id=answer>{{type:Back}}"),), 0,
)  # fmt: skip
CLOZE = ("Cloze", ("Text", "Extra"), (("{{cloze:Text}}", "{{cloze:Text}}<br>{{Extra}}"),), 1)
Type = tuple[str, tuple[str, ...], tuple[tuple[str, str], ...], int]


@dataclass
class Anki:
    """A package in the making: `note` and `answer` add rows, `write` makes the file."""

    conf: dict[str, Any] = field(
        default_factory=lambda: {"schedVer": 2, "creationOffset": 0, "sched2021": True}
    )
    preset: dict[str, Any] = field(default_factory=dict)
    decks: dict[int, str] = field(default_factory=lambda: {1: "Default", 10: "Latin::Verbs"})
    types: dict[int, Type] = field(default_factory=dict)
    notes: list[tuple[Any, ...]] = field(default_factory=list)
    cards: list[dict[str, Any]] = field(default_factory=list)
    log: list[tuple[Any, ...]] = field(default_factory=list)

    def note(
        self,
        kind: Type,
        *fields: str,
        guid: str = "",
        tags: str = "",
        ords: tuple[int, ...] = (0,),
        **card: Any,
    ) -> int:
        """Add a note with a card for each of `ords`; the first card's id."""
        names = {each: number for number, each in self.types.items()}
        mid = names.get(kind, 100 + len(self.types))
        self.types[mid] = kind
        nid = 1000 + len(self.notes)
        self.notes.append((
            nid, guid or f"g{nid}", mid, CRT, -1, f" {tags} ", "\x1f".join(fields), "", 0, 0, "",
        ))  # fmt: skip
        first = 5000 + len(self.cards)
        for place in ords:
            row: dict[str, Any] = dict.fromkeys(
                ("type", "queue", "due", "ivl", "factor", "reps", "lapses", "left", "odue",
                 "odid", "flags"), 0,
            )  # fmt: skip
            row |= {"id": 5000 + len(self.cards), "nid": nid, "did": 10, "ord": place, "mod": CRT,
                    "usn": -1, "data": ""}  # fmt: skip
            self.cards.append(row | card)
        return first

    def answer(
        self, card: int, at_s: int, ease: int, ivl: int, kind: int, factor: int = 550
    ) -> None:
        """Add a row of the log, so many seconds after the collection's beginning."""
        self.log.append(((CRT + at_s) * 1000, card, -1, ease, ivl, 0, factor, 4000, kind))

    def write(self, path: Path, members: tuple[str, ...] = ("collection.anki21",)) -> Path:
        """The package, with the collection under these names."""
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in members:
                archive.writestr(name, self.database())
            archive.writestr("media", "{}")
        return path

    def database(self) -> bytes:
        """The collection."""
        connection = sqlite3.connect(":memory:")
        connection.executescript(schema.script())
        put = "insert into {} values ({})"
        connection.execute(put.format("col", ",".join("?" * 13)), self._col())
        connection.executemany(put.format("notes", ",".join("?" * 11)), self.notes)
        columns = [each.split()[0] for each in schema.TABLES["cards"].split(", ")]
        rows = ([card[name] for name in columns] for card in self.cards)
        connection.executemany(put.format("cards", ",".join("?" * len(columns))), rows)
        connection.executemany(put.format("revlog", ",".join("?" * 9)), self.log)
        connection.commit()
        return connection.serialize()

    def _col(self) -> tuple[Any, ...]:
        models = {
            str(mid): {
                "id": mid, "name": name, "type": kind,
                "flds": [{"name": each, "ord": at} for at, each in enumerate(fields)],
                "tmpls": [{"name": f"Card {at}", "ord": at, "qfmt": q, "afmt": a}
                          for at, (q, a) in enumerate(templates)],
            }
            for mid, (name, fields, templates, kind) in self.types.items()
        }  # fmt: skip
        decks = {str(did): {"id": did, "name": name, "conf": 1} for did, name in self.decks.items()}
        return (
            1, CRT, 0, 0, 11, 0, 0, 0, json.dumps(self.conf), json.dumps(models),
            json.dumps(decks), json.dumps({"1": {"id": 1, **self.preset}}), "{}",
        )  # fmt: skip
