"""Drafts of cards: what was typed into a form and not yet saved, kept whatever ends the program.

They lie in one file of the data folder, by the key of the card that is mended; a new card's
is empty. What is wrong with the file costs the drafts, nothing else.
"""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from dataclasses import asdict, fields
from pathlib import Path

from tutor.deck.drafting import LIMIT, Draft
from tutor.paths import Place, opened

_NAME = "drafts.json"
_SIZE_LIMIT = 4_000_000
_MOST = 20  # the oldest are forgotten


def load(place: Place, key: str = "") -> Draft | None:
    """The draft of a card; None if there is none."""
    return _read(place).get(key)


def keep(place: Place, draft: Draft, key: str = "") -> None:
    """Keep a draft. A folder that cannot be written only keeps none."""
    drafts = _read(place)
    drafts.pop(key, None)
    drafts[key] = draft
    _write(place, dict(list(drafts.items())[-_MOST:]))


def forget(place: Place, key: str = "") -> None:
    """Drop the draft of a card, as after it was saved."""
    drafts = _read(place)
    if drafts.pop(key, None) is not None:
        _write(place, drafts)


def _path(place: Place) -> Path:
    return place.data / _NAME


def _read(place: Place) -> dict[str, Draft]:
    try:
        with opened(_path(place)) as source:
            found = json.loads(source.read(_SIZE_LIMIT))
        return {str(key): _draft(row) for key, row in found.items() if isinstance(row, dict)}
    except (OSError, ValueError, AttributeError, RecursionError):
        return {}


def _draft(row: dict[str, object]) -> Draft:
    names = {field.name for field in fields(Draft)}
    texts = {name: value[:LIMIT] for name, value in row.items() if isinstance(value, str)}
    return Draft(**{name: text for name, text in texts.items() if name in names})


def _write(place: Place, drafts: dict[str, Draft]) -> None:
    path = _path(place)
    data = json.dumps({key: asdict(draft) for key, draft in drafts.items()}).encode()
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=f"{_NAME}.")
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())
            Path(name).replace(path)
        finally:
            Path(name).unlink(missing_ok=True)
