"""Finds deck files and reads and writes them; what is unchanged comes from the cache."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from tutor.deck import cache
from tutor.deck.cache import Deck, Stamp
from tutor.deck.load_progress import OnProgress, ignore
from tutor.deck.model import Card, Cloze, Entry, Numeric
from tutor.deck.rules import problem
from tutor.errors import DeckError

BYTE_LIMIT = 128_000_000


def find(paths: Iterable[Path]) -> list[str]:
    """Every deck file once: a file as it is given, of a folder all `*.md` below it in order."""
    found: dict[str, str] = {}
    for path in paths:
        for file in _below(path) if path.is_dir() else [str(path)]:
            found.setdefault(os.path.realpath(file), file)
    return [file for file in found.values() if os.path.lexists(file)]


def signature(paths: Iterable[Path]) -> str:
    """A hash over the stamps of all deck files: another one means that a deck has changed."""
    return signature_of((file, _stamp(file)) for file in find(paths))


def signature_of(stamps: Iterable[tuple[str, Stamp]]) -> str:
    """The signature of files with their stamps, in any order."""
    digest = hashlib.sha256()
    for file, stamp in sorted((str(Path(file).absolute()), stamp) for file, stamp in stamps):
        row = f"{file}\0{stamp.mtime_ns}\0{stamp.size}\n"
        digest.update(row.encode(errors="surrogateescape"))
    return digest.hexdigest()[:16]


def read(file: str, folder: Path | None, on_progress: OnProgress = ignore) -> Deck:
    """The deck in `file`; its cache is in `folder`. One that cannot be read is a problem.

    `on_progress` hears how far the parsing is; a deck from the cache is there at once.
    """
    cached = cache.load(file, folder)
    try:
        stamp = stamp_of(file)
        if cached and cached.stamp == stamp:
            return cached
        data = content(file)
    except OSError as error:
        found = problem(file, 1, "unreadable", f"{error.strerror or error}: it is left out.")
        return Deck(file, problems=(found,))
    digest = hashlib.sha256(data).hexdigest()
    if cached and cached.sha256 == digest:
        deck = replace(cached, stamp=stamp)
    else:
        deck = _parsed(data, file, stamp, digest, on_progress)
    cache.save(deck, folder)
    return deck


def content(file: str) -> bytes:
    """The bytes of a deck file, as far as the limit allows. Raises OSError."""
    with Path(file).open("rb") as source:
        return source.read(BYTE_LIMIT)


def read_bytes(path: Path) -> bytes:
    """The bytes of a deck file. Raises DeckError when it cannot be read."""
    try:
        stamp_of(str(path))
        return content(str(path))
    except OSError as error:
        raise DeckError(
            "Deck cannot be read", f"{path}: {error.strerror}.", "Nothing was changed."
        ) from error


def write_bytes(path: Path, data: bytes) -> None:
    """Replace the file at once, keeping its permissions. Raises DeckError when that fails."""
    target = path.resolve()
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        temporary = Path(name)
        try:
            with os.fdopen(handle, "wb") as out:
                out.write(data)
                out.flush()
                os.fsync(out.fileno())
            temporary.chmod(target.stat().st_mode & 0o7777)
            temporary.replace(target)
        except BaseException:
            temporary.unlink(missing_ok=True)
            raise
    except OSError as error:
        raise DeckError(
            "Deck cannot be written", f"{path}: {error.strerror}.", "The file is as it was."
        ) from error


def size(file: str) -> int:
    """How many bytes a deck file has; 0 if it cannot be read."""
    return _stamp(file).size


def stamp_of(file: str) -> Stamp:
    """The state of a file now. Raises OSError, also for what is no regular file."""
    found = Path(file).stat()
    if not stat.S_ISREG(found.st_mode):
        raise OSError(0, "This is no regular file", file)
    return Stamp(found.st_mtime_ns, found.st_size)


def entry_of(card: Card) -> Entry:
    """What the queue and the glossary need to know of a card."""
    units: tuple[str, ...] = (card.key,)
    if isinstance(card.answer, Cloze):
        units = tuple(f"{card.key}/{gap.slug}" for gap in card.answer.gaps)
    return Entry(
        key=card.key,
        deck=card.deck,
        kind=card.kind,
        front=card.front.partition("\n")[0],
        topic=card.topic,
        units=units,
        source=card.source,
        generated=isinstance(card.answer, Numeric) and card.answer.params is not None,
        aka=card.aka,
        tags=card.tags,
        demo=card.demo,
        rev=card.rev,
        asks=card.asks,
    )


def _stamp(file: str) -> Stamp:
    try:
        return stamp_of(file)
    except OSError:
        return Stamp()


def _below(folder: Path) -> Iterator[str]:
    for root, folders, files in os.walk(folder):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (str(Path(root, name)) for name in sorted(files) if name.endswith(".md"))


def _parsed(data: bytes, file: str, stamp: Stamp, digest: str, on_progress: OnProgress) -> Deck:
    from tutor.deck.parse import parse_bytes

    parsed = parse_bytes(data, file, on_progress)
    return Deck(
        file,
        stamp,
        digest,
        parsed.deck,
        parsed.title,
        parsed.chapter,
        parsed.chapter_title,
        parsed.topics,
        tuple(entry_of(card) for card in parsed.cards),
        parsed.problems,
    )
