"""Decks of a class: a teacher puts them on its server, learners bring them into their folder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tutor.deck import files, library
from tutor.deck.outline import decoded
from tutor.deck.parse import parse_bytes
from tutor.errors import DeckError
from tutor.exchange.classroom import decks
from tutor.exchange.classroom.decks import SharedDeck
from tutor.exchange.classroom.server import Server
from tutor.paths import Place

FOLDER = "class"
Outcome = Literal["new", "changed", "same", "kept", "refused"]


@dataclass(frozen=True, slots=True)
class Shared:
    """What became of a deck. why: of one that was kept as it is, or refused."""

    name: str
    outcome: Outcome
    why: str = ""


def push(server: Server, paths: Iterable[Path]) -> list[Shared]:
    """Put deck files on the server, all or none. Raises DeckError for one with errors."""
    done = []
    for path in paths:
        data = files.read_bytes(path)
        name = _checked(data, str(path))
        changed = decks.push(server, name, decoded(data))
        done.append(Shared(name, "changed" if changed else "same"))
    server.commit()
    return done


def pull(server: Server, place: Place) -> list[Shared]:
    """Bring the decks of the class into the learner's folder, each whole or not at all.

    A file that the learner has changed stays as it is. Raises DeckError where nothing can be
    written, and ServerError.
    """
    folder = place.data / "decks" / FOLDER
    elsewhere = dict(_elsewhere(place, folder))
    return [_take(server, shared, folder, elsewhere) for shared in decks.newest(server)]


def _take(server: Server, shared: SharedDeck, folder: Path, elsewhere: dict[str, str]) -> Shared:
    name, data = shared.name, shared.text.encode()
    path = folder / f"{name}.md"
    if why := _why_not(data, name):
        return Shared(name, "refused", why)
    if name in elsewhere:
        return Shared(name, "kept", f"a deck of that name is in {elsewhere[name]}")
    if not path.exists():
        files.create_bytes(path, data)
        return Shared(name, "new")
    here = files.read_bytes(path)
    if here == data:
        return Shared(name, "same")
    if not decks.ever_was(server, name, decoded(here)):
        return Shared(name, "kept", f"{path} was changed here; take it away to get the class's")
    files.write_bytes(path, data, here)
    return Shared(name, "changed")


def _why_not(data: bytes, name: str) -> str:
    """Why the text is not to come in as the deck `name`; empty when it may."""
    try:
        return "" if _checked(data, f"{name}.md") == name else "it holds a deck of another name"
    except DeckError as error:
        return error.message


def _checked(data: bytes, file: str) -> str:
    """The name of the deck in a file. Raises DeckError for one that is none, or has errors."""
    parsed = parse_bytes(data, file)
    error = next((each for each in parsed.problems if each.level == "error"), None)
    if error is not None:
        raise DeckError(
            "This deck has errors", f"{file}:{error.line}: {error.message}", "See: tutor check FILE"
        )
    if not parsed.cards and not parsed.topics:
        raise DeckError("This is no deck", f"{file} holds neither cards nor topics.")
    return parsed.deck


def _elsewhere(place: Place, folder: Path) -> Iterator[tuple[str, str]]:
    """The decks that are loaded from another folder, by name."""
    for deck in library.load(place.content, place.cache).decks:
        if deck.deck and folder.resolve() not in Path(deck.file).resolve().parents:
            yield deck.deck, deck.file
