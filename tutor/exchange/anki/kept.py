"""What Anki calls the cards that went there, in `anki.json` of the data folder.

A note's guid outlives a renamed card, and the number of a gap a changed text: a number that was
given once goes to no other gap, or Anki would hand it the schedule of another.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tutor.errors import DamagedError
from tutor.exchange import output
from tutor.paths import ensure_dir, opened

_FORMAT = "tutor-anki"
_VERSION = 1
_MOST_BYTES = 500_000_000
_UNREADABLE = (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError)


def path_of(data: Path) -> Path:
    """The table's file in a data folder."""
    return data / "anki.json"


@dataclass(slots=True)
class KeptNote:
    """One note of Anki.

    units: the number of the card that each unit is there, from 0; all that there ever were.
    type: basic, cloze or typed, which Anki never changes. text: a digest of the fields as
    exported last. changed: when they last changed, in seconds since 1970.
    """

    units: dict[str, int] = field(default_factory=dict)
    type: str = ""
    text: str = ""
    changed: int = 0

    def number(self, unit: str) -> int:
        """The number of a unit's card; a new one gets a number that no other ever had."""
        return self.units.setdefault(unit, 1 + max(self.units.values(), default=-1))

    def note_change(self, text: str, edited: int, now: int) -> None:
        """Take the fields' digest; another one has changed when the deck was edited.

        That is later than the change before, or Anki would not take it, and never in the future.
        """
        if text != self.text:
            self.changed = max(self.changed + 1, min(edited, now))
            self.text = text


class KeptNotes:
    """All notes that went to Anki, by their guids."""

    def __init__(self, path: Path, notes: dict[str, KeptNote]) -> None:
        self.path = path
        self.notes = notes
        self._before = self._text()
        self._places: dict[str, tuple[str, int]] = {}
        self._units: dict[tuple[str, int], str] = {}
        for guid, note in notes.items():
            for unit, number in note.units.items():
                self._index(guid, number, unit)

    @classmethod
    def read(cls, path: Path) -> KeptNotes:
        """The table of a file, empty without one. Raises DamagedError when it cannot be read."""
        if not path.exists():
            return cls(path, {})
        try:
            return cls(path, _notes(path))
        except _UNREADABLE as error:
            raise DamagedError(
                "What Anki calls your cards cannot be read", f"{path}: {error}.",
                "Bring the file back, or move it away: then the names begin anew.",
            ) from error  # fmt: skip

    def unit(self, guid: str, number: int) -> str:
        """The unit that a card of Anki is, by its note and number; empty when it is unknown."""
        return self._units.get((guid, number), "")

    def place(self, unit: str) -> tuple[str, int] | None:
        """The guid and the number of a unit's card in Anki."""
        return self._places.get(unit)

    def put(self, guid: str, number: int, unit: str) -> None:
        """Remember which unit a card of Anki is; one that was renamed keeps its old name too."""
        self.notes.setdefault(guid, KeptNote()).units[unit] = number
        self._index(guid, number, unit)

    def note_of(self, units: Iterable[str], name: str, kind: str) -> tuple[str, KeptNote]:
        """The guid and note that one of these units is in, or a new one called `name`.

        kind: the name of the note type. A card that became another kind is another note, since
        Anki takes no such change.
        """
        found = next((place[0] for unit in units if (place := self.place(unit))), name)
        note = self.notes.setdefault(found, KeptNote(type=kind))
        if note.type not in ("", kind):
            found = f"{name} {kind}"
            note = self.notes.setdefault(found, KeptNote())
        note.type = kind
        return found, note

    def write(self) -> None:
        """Write the table, if it has changed. Raises UnwritableError."""
        text = self._text()
        if text != self._before:
            ensure_dir(self.path.parent)
            output.write(self.path, [text.encode()], output.PRIVATE)
            self._before = text

    def _index(self, guid: str, number: int, unit: str) -> None:
        self._places[unit] = guid, number
        self._units[guid, number] = unit

    def _text(self) -> str:
        notes = {
            guid: [note.type, note.text, note.changed, list(note.units.items())]
            for guid, note in sorted(self.notes.items())
        }
        data = {"format": _FORMAT, "version": _VERSION, "notes": notes}
        return json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n"


def _notes(path: Path) -> dict[str, KeptNote]:
    with opened(path) as source:
        found = source.read(_MOST_BYTES + 1)
    if len(found) > _MOST_BYTES:
        raise ValueError("it is too large")
    data = json.loads(found)
    if data["format"] != _FORMAT or data["version"] != _VERSION:
        raise ValueError(f"it is no {_FORMAT} of version {_VERSION}")
    return {str(guid): _kept(*row) for guid, row in data["notes"].items()}


def _kept(kind: str, text: str, changed: int, units: list[list[Any]]) -> KeptNote:
    numbers = {str(unit): int(number) for unit, number in units}
    if any(not 0 <= number < 10_000 for number in numbers.values()):
        raise ValueError("a card's number is out of range")
    return KeptNote(numbers, str(kind), str(text), int(changed))
