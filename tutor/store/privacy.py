"""Answers are their learner's own: the files that hold them are closed to the machine's others.

What the program makes is private from the start (`cli` sets the mask). This looks after what
was made before, or was brought here.
"""

from __future__ import annotations

import os
import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from tutor.paths import Place
from tutor.store.version import APPLICATION_ID

NEWS = "Others on this machine could read your answers: now only you can."
MASK = 0o077
_AT = 68  # where SQLite's header keeps the application's id
_OURS = {"anki.json", "anki-import.json", "backups", "decks", "drafts.json", "mnist"}


def keep_private(place: Place) -> str:
    """Close the files of answers to others, and the folder if it holds nothing else.

    Returns what to tell when something was open. What is not this user's stays as it is.
    """
    if not hasattr(os, "geteuid"):
        return ""
    found = [file for file in _answers(place) if _closed(file)]
    if _holds_only_ours(place):
        found += [folder for folder in (place.data, place.backups) if _closed(folder)]
    return NEWS if found else ""


def _answers(place: Place) -> Iterator[Path]:
    """The database with what SQLite keeps beside it, and its backups."""
    if _is_answers(place.database):
        yield place.database
        for suffix in ("-wal", "-shm", "-journal"):
            yield place.database.with_name(place.database.name + suffix)
    with suppress(OSError):
        yield from (file for file in place.backups.glob("*.db") if _is_answers(file))


def _is_answers(file: Path) -> bool:
    with suppress(OSError):
        if file.is_file():
            with file.open("rb") as opened:
                return opened.read(_AT + 4)[_AT:] == struct.pack(">I", APPLICATION_ID)
    return False


def _holds_only_ours(place: Place) -> bool:
    """Whether the data folder holds answers, settings and own decks, and nothing else."""
    names = (place.database.name, place.settings.name)
    with suppress(OSError):
        held = [entry.name for entry in place.data.iterdir()]
        return place.database.name in held and all(
            name in _OURS or name.startswith(names) for name in held
        )
    return False


def _closed(path: Path) -> bool:
    """Close `path` to others; whether it was open and is this user's."""
    with suppress(OSError):
        found = path.stat()
        if found.st_uid == os.geteuid() and found.st_mode & MASK:
            path.chmod(found.st_mode & ~MASK & 0o7777)
            return True
    return False
