"""Finds deck files and reads and writes them; what is unchanged comes from the cache."""

from __future__ import annotations

import errno
import hashlib
import os
import stat
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.deck import cache
from tutor.deck.cache import DamagedCacheError, Deck, Stamp
from tutor.deck.load_progress import OnProgress, ignore
from tutor.deck.model import Answer, Card, Cloze, Entry, Numeric, Problem, Typed
from tutor.deck.rules import BYTE_LIMIT, ENTRY_LIMIT, problem
from tutor.errors import DeckError, EditedError

if TYPE_CHECKING:
    from tutor.deck.parse import ParsedFile


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
    renewed = False
    try:
        cached = cache.load(file, folder)
    except DamagedCacheError:
        cached, renewed = None, True
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
        try:
            deck = _parsed(data, file, stamp, digest, on_progress)
        except Exception as error:  # whatever it is: one deck must not take the others down
            return Deck(file, stamp, problems=(_puzzling(file, error),))
    cache.save(deck, folder)
    return replace(deck, renewed=renewed)


def _puzzling(file: str, error: Exception) -> Problem:
    message = f"The tutor fails to read it ({type(error).__name__}: {error}): it is left out."
    return problem(file, 1, "unreadable", f"{message} Please report that with the file.")


def content(file: str) -> bytes:
    """The bytes of a deck file, as far as the limit allows. Raises OSError."""
    with Path(file).open("rb") as source:
        return source.read(BYTE_LIMIT)


def _whole(file: str) -> bytes:
    """All bytes of a deck file. Raises OSError, also for one beyond the limit."""
    with Path(file).open("rb") as source:
        data = source.read(BYTE_LIMIT + 1)
    if len(data) > BYTE_LIMIT:
        raise OSError(0, f"The file has more than {BYTE_LIMIT:,} bytes", file)
    return data


def read_bytes(path: Path) -> bytes:
    """All bytes of a deck file. Raises DeckError when it cannot be read as a whole."""
    try:
        stamp_of(str(path))
        return _whole(str(path))
    except OSError as error:
        raise DeckError(
            "Deck cannot be read", f"{path}: {error.strerror}.", "Nothing was changed."
        ) from error


def write_bytes(path: Path, data: bytes, expected: bytes | None = None) -> None:
    """Replace a deck file at once: a link stays a link, and permissions and owner stay.

    Whatever ends the program leaves the old content or the new one. expected: what the file must
    still hold. Raises EditedError when it holds something else, DeckError when it cannot be
    written; the file is then as it was.
    """
    target = path.resolve()
    with _as_deck_errors(path):
        found = target.stat()
        if not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, "The file is read-only", str(target))
        with _beside(target, data) as temporary:
            if hasattr(os, "chown"):
                with suppress(PermissionError):
                    os.chown(temporary, found.st_uid, found.st_gid)
            temporary.chmod(found.st_mode & 0o7777)
            if expected is not None and target.read_bytes() != expected:
                raise edited(path)
            temporary.replace(target)
        _sync_folder(target.parent)


def remove(path: Path) -> None:
    """Take a deck file away. Raises DeckError when that cannot be done."""
    with _as_deck_errors(path):
        path.unlink()
        _sync_folder(path.parent)


def create_bytes(path: Path, data: bytes) -> None:
    """Make a deck file, whole or not at all. Raises DeckError, also when it exists already."""
    with _as_deck_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        with _beside(path, data) as temporary:
            umask = os.umask(0)
            os.umask(umask)
            temporary.chmod(0o666 & ~umask)
            path.hardlink_to(temporary)
        _sync_folder(path.parent)


@contextmanager
def _beside(target: Path, data: bytes) -> Iterator[Path]:
    """A file in the same folder that holds `data` for good, and is gone in the end."""
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as out:
            out.write(data)
            out.flush()
            os.fsync(out.fileno())
        yield temporary
    finally:
        temporary.unlink(missing_ok=True)


@contextmanager
def _as_deck_errors(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise DeckError(
            "Deck cannot be written", f"{path}: {error.strerror}.", "The file is as it was."
        ) from error


def _sync_folder(folder: Path) -> None:
    """See to it that a new name in a folder survives a power cut, where the system can do that."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def edited(path: Path) -> EditedError:
    """What is raised when a file is no longer what was read."""
    return EditedError(
        "Deck was changed meanwhile",
        f"{path} is no longer what it was when it was read; nothing was written.",
        "Read it again, then repeat the change.",
    )


def size(file: str) -> int:
    """How many bytes a deck file has; 0 if it cannot be read."""
    return _stamp(file).size


def stamp_of(file: str) -> Stamp:
    """The state of a file now. Raises OSError, also for what is no regular file."""
    found = Path(file).stat()
    if stat.S_ISDIR(found.st_mode):
        raise OSError(0, f"No folder of decks, or one of over {ENTRY_LIMIT:,} entries", file)
    if not stat.S_ISREG(found.st_mode):
        raise OSError(0, "This is no regular file", file)
    return Stamp(found.st_mtime_ns, found.st_size)


def accepted_of(answer: Answer) -> tuple[str, ...]:
    """The words that a typed answer or a gap accepts, as Markdown."""
    if isinstance(answer, Typed):
        return answer.accepted
    if isinstance(answer, Cloze):
        gaps = (gap for gap in answer.gaps if not gap.formula)
        return tuple(text for gap in gaps for text in (gap.text, *gap.others))
    return ()


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
        find=card.find,
        demo=card.demo,
        rev=card.rev,
        asks=card.asks,
        accepted=accepted_of(card.answer),
        overrides=card.overrides,
    )


def _stamp(file: str) -> Stamp:
    try:
        return stamp_of(file)
    except OSError:
        return Stamp()


def _below(folder: Path) -> Iterator[str]:
    """The deck files below a folder, and the folders that cannot be looked into.

    One that holds far more than decks, such as a whole disk, is not looked through.
    """
    closed: list[str] = []
    seen = 0
    for root, folders, files in os.walk(
        folder, onerror=lambda error: closed.append(error.filename)
    ):
        seen += len(folders) + len(files)
        if seen > ENTRY_LIMIT:
            closed.append(str(folder))
            break
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        yield from (str(Path(root, name)) for name in sorted(files) if name.endswith(".md"))
    yield from closed


def remember(path: Path, data: bytes, parsed: ParsedFile, folder: Path | None) -> None:
    """Keep in the cache what a file that was just written holds; it need not be parsed again."""
    with suppress(OSError):
        file = str(path)
        digest = hashlib.sha256(data).hexdigest()
        cache.save(_deck(parsed, file, stamp_of(file), digest), folder)


def _parsed(data: bytes, file: str, stamp: Stamp, digest: str, on_progress: OnProgress) -> Deck:
    from tutor.deck.parse import parse_bytes

    return _deck(parse_bytes(data, file, on_progress), file, stamp, digest)


def _deck(parsed: ParsedFile, file: str, stamp: Stamp, digest: str) -> Deck:
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
        retention=parsed.retention,
    )
