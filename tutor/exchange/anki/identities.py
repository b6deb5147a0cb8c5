"""Which unit each card of Anki's became, in `anki-import.json` of the data folder.

A card of Anki's is a note's guid and a number from 0. What came in once is known by it, whatever
became of its text on either side.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from tutor.errors import DamagedError
from tutor.exchange.output import PRIVATE, write
from tutor.paths import ensure_dir, opened

FILE = "anki-import.json"
_FORMAT, _VERSION = "tutor-anki-import", 1
_MOST_BYTES = 200_000_000


def name_of(guid: str, number: int) -> str:
    """The name of one card of Anki's."""
    return f"{guid}#{number}"


class Identities:
    """The unit of each card of Anki's that came in, by `name_of`."""

    def __init__(self, path: Path, units: Mapping[str, str]) -> None:
        self.path = path
        self.units = dict(units)
        self._before = dict(units)
        self._places: dict[str, tuple[str, int]] | None = None

    @classmethod
    def load(cls, data: Path) -> Identities:
        """Those of a data folder. Raises DamagedError when they cannot be read."""
        path = data / FILE
        if not path.exists():
            return cls(path, {})
        try:
            return cls(path, _read(path))
        except (OSError, ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise DamagedError(
                "Which cards came from Anki cannot be read", f"{path}: {error}.",
                "Bring the file back, or move it away: then cards are known by their text.",
            ) from error  # fmt: skip

    def place(self, unit: str) -> tuple[str, int] | None:
        """The guid and the number of the card that a unit came from; None for one of our own."""
        if self._places is None:
            self._places = {}
            for name, each in self.units.items():
                guid, _, number = name.rpartition("#")
                self._places[each] = guid, int(number)
        return self._places.get(unit)

    def save(self) -> None:
        """Write them, if they have changed. Raises UnwritableError."""
        if self.units == self._before:
            return
        data = {"format": _FORMAT, "version": _VERSION, "units": self.units}
        text = json.dumps(data, ensure_ascii=False, separators=(",", ":")) + "\n"
        ensure_dir(self.path.parent)
        write(self.path, [text.encode()], PRIVATE)
        self._before = dict(self.units)


def _read(path: Path) -> dict[str, str]:
    with opened(path) as source:
        found = source.read(_MOST_BYTES + 1)
    if len(found) > _MOST_BYTES:
        raise ValueError("it is too large")
    data = json.loads(found)
    if data["format"] != _FORMAT or data["version"] != _VERSION:
        raise ValueError(f"it is no {_FORMAT} {_VERSION}")
    return {str(name): str(unit) for name, unit in data["units"].items()}
