"""Takes a deck of another program into the learner's own folder: shown first, then written."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from tutor.deck import files
from tutor.deck.load_progress import OnProgress, ignore
from tutor.deck.outline import decoded
from tutor.errors import UsageError
from tutor.exchange.decks import Plan, plan
from tutor.exchange.notes import Found
from tutor.exchange.reading import read_file
from tutor.memory.model import Event
from tutor.memory.time import DAY_MS
from tutor.paths import Place, ensure_dir
from tutor.session.learner import Learner
from tutor.store.rows import LAST_MS

# A card that comes with a date but no history: the middle of the scale.
_MIDDLE_DIFFICULTY = 5.0
_EPOCH = date(1970, 1, 1)
# Formats whose groups are decks of their own; elsewhere the file is the deck.
_WITH_DECKS = frozenset({"text", "gift", "moodle-xml", "mnemosyne"})


def look(place: Place, file: Path, form: str, into: str, on_progress: OnProgress = ignore) -> Plan:
    """What an import of `file` would write. Raises UsageError when the file cannot be read."""
    found: Found = read_file(file, form)
    has_decks = found.format in _WITH_DECKS and all(note.group for note in found.notes)
    named = into or ("" if has_decks else file.stem)
    made = plan(found, named, deck_texts(place), on_progress=on_progress)
    if not made.cards and not made.present:
        why = made.left_out[0].why.rstrip(".") if made.left_out else ""
        raise (
            UsageError(
                f"Nothing of {file.name} can come in",
                f"{len(made.left_out)} things were looked at; the first: {why}.",
                "Look at them with --dry-run --json.",
            )
            if made.left_out
            else UsageError(
                f"{file.name} holds no question", "Nothing in it is one.", "Say --as FORMAT."
            )
        )
    return made


def decks_of(place: Place) -> Path:
    """The folder of the learner's own decks."""
    return place.data / "decks"


def deck_texts(place: Place) -> dict[str, str]:
    """What stands in the learner's own deck files, by their names."""
    return {path.name: _read(path) for path in sorted(decks_of(place).glob("*.md"))}


def _read(path: Path) -> str:
    return decoded(files.read_bytes(path)) if path.is_file() else ""


@contextmanager
def written(
    place: Place, made: Plan, learner: Learner | None = None, also: Sequence[Path] = ()
) -> Iterator[list[Path]]:
    """Write the decks of a plan; the files that were written.

    Whatever ends what is done inside puts them back as they were, and the files of `also` too:
    an import comes in whole or not at all. learner: who then reads the decks again.
    """
    folder = decks_of(place)
    targets = [folder / deck.file for deck in made.decks if deck.cards]
    before = {path: _bytes_of(path) for path in (*targets, *also)}
    try:
        yield write(place, made)
    except BaseException:
        for path, data in before.items():
            if data is None:
                path.unlink(missing_ok=True)
            elif _bytes_of(path) != data:
                files.write_bytes(path, data)
        if learner:
            learner.reload()
        raise


def _bytes_of(path: Path) -> bytes | None:
    """What a file holds; None where there is none."""
    return path.read_bytes() if path.exists() else None


def write(place: Place, made: Plan) -> list[Path]:
    """Write the decks of a plan, each at once; the files that were written."""
    folder = ensure_dir(decks_of(place))
    written = []
    for deck in made.decks:
        if deck.cards:
            path = folder / deck.file
            put = files.write_bytes if path.exists() else files.create_bytes
            data = deck.text.encode()
            put(path, data)
            if deck.parsed is not None:
                files.remember(path, data, deck.parsed, place.cache)
            written.append(path)
    return written


def take_dates(learner: Learner, made: Plan) -> int:
    """Let cards with a date and an interval begin with that memory; how many there were.

    The interval stands for the stability, as it does at a retention of 0.9: the file has no
    answers that would say more.
    """
    anchors = list(_anchors(learner, made))
    if anchors:
        learner.rebuild(lambda: anchors)
    return len(anchors)


def _anchors(learner: Learner, made: Plan) -> Iterable[Event]:
    for key, note in made.notes.items():
        first = (note.due, note.interval_days) if note.due and note.interval_days else None
        units = _units(learner, key)
        dates = (first, *note.dates_after) if note.dates_after else (first,) * len(units)
        for unit, told in zip(units, dates, strict=False):
            if told and _can_be(*told):
                yield _anchor(learner, unit, *told)


def _can_be(due: date, interval_days: int) -> bool:
    """Whether a date and the interval before it can be of a card that somebody learns."""
    day = (due - _EPOCH).days
    return day - interval_days >= 0 and interval_days >= 0 and day <= LAST_MS // DAY_MS


def _anchor(learner: Learner, unit: str, due: date, interval_days: int) -> Event:
    day = (due - _EPOCH).days
    last = day - interval_days
    memory = {"stability": float(max(interval_days, 1)), "difficulty": _MIDDLE_DIFFICULTY}
    return learner.event(
        "anchor", unit, at_utc_ms=max(0, last * DAY_MS + DAY_MS // 2), study_day=last,
        due_utc_ms=day * DAY_MS + DAY_MS // 2, payload=json.dumps(memory), source="import",
    )  # fmt: skip


def _units(learner: Learner, key: str) -> tuple[str, ...]:
    entry = learner.library.entries.get(key)
    return entry.units if entry else ()
