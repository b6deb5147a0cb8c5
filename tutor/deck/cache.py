"""The cache of parsed deck files: one file each, which can be deleted at any time.

Its first line is a stamp of the code that made it and a digest of the rest, which is JSON.
Whatever is wrong with it, the deck is parsed anew.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import Any

from tutor.deck.model import Entry, Problem, Source, Topic
from tutor.paths import is_ours, opened
from tutor.shares import LEAST_RETENTION, MOST_RETENTION

SIZE_LIMIT = 256_000_000
"""Bytes of one cache that are read; that of the largest deck has about 100 million."""


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells one state of a file from another without reading it."""

    mtime_ns: int = 0
    size: int = 0


@dataclass(frozen=True, slots=True)
class Deck:
    """What one file holds, with its cards as entries. `sha256` is of the file's bytes.

    renewed: whether its cache was found damaged. retention: 0 where the deck wishes for none.
    """

    file: str
    stamp: Stamp = Stamp()
    sha256: str = ""
    deck: str = ""
    title: str = ""
    chapter: int = 0
    chapter_title: str = ""
    topics: tuple[Topic, ...] = ()
    entries: tuple[Entry, ...] = ()
    problems: tuple[Problem, ...] = ()
    renewed: bool = False
    retention: float = 0.0


class DamagedCacheError(Exception):
    """A cache that is not as this version wrote it."""


def load(file: str, folder: Path | None) -> Deck | None:
    """The cached deck of `file`, whatever state it is of; None when there is none to use.

    Raises DamagedCacheError.
    """
    if folder is None:
        return None
    try:
        with opened(_path(file, folder)) as source:
            if not is_ours(os.fstat(source.fileno())):
                return None
            head, _, body = source.read(SIZE_LIMIT).partition(b"\n")
    except OSError:
        return None
    made_by, _, digest = head.partition(b" ")
    if made_by != version().encode():
        return None
    try:
        if digest != _digest(body):
            raise ValueError(digest)
        return _revived(json.loads(body), file)
    except Exception as error:  # a digest can be right by design: nothing in it is trusted
        raise DamagedCacheError(file) from error


def save(deck: Deck, folder: Path | None) -> None:
    """Keep `deck`; a folder that cannot be written only costs time at the next start."""
    if folder is None:
        return
    path = _path(deck.file, folder)
    try:
        body = json.dumps(_data(deck), separators=(",", ":")).encode()
        path.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.NamedTemporaryFile(dir=path.parent, suffix=".tmp", delete=False) as target:
            target.write(b"%b %b\n%b" % (version().encode(), _digest(body), body))
        Path(target.name).replace(path)
    except OSError:
        return


def _digest(body: bytes) -> bytes:
    return hashlib.blake2b(body, digest_size=16).hexdigest().encode()


@cache
def version() -> str:
    """A stamp of the code that parses."""
    here = Path(__file__).resolve().parent
    digest = hashlib.sha256()
    for source in sorted([*here.glob("*.py"), *(here.parent / "text").glob("*.py")]):
        found = source.stat()
        digest.update(f"{source.name} {found.st_mtime_ns} {found.st_size}\n".encode())
    return digest.hexdigest()[:16]


def _path(file: str, folder: Path) -> Path:
    name = str(Path(file).absolute()).encode(errors="surrogateescape")
    return folder / "decks" / f"{hashlib.sha256(name).hexdigest()[:24]}.json"


def _data(deck: Deck) -> dict[str, Any]:
    return {
        "stamp": [deck.stamp.mtime_ns, deck.stamp.size],
        "sha256": deck.sha256,
        "head": [deck.deck, deck.title, deck.chapter, deck.chapter_title, deck.retention],
        "topics": [_topic_row(topic) for topic in deck.topics],
        "entries": [_entry_row(entry) for entry in deck.entries],
        "problems": [[p.line, p.level, p.rule, p.message] for p in deck.problems],
    }


def _revived(data: dict[str, Any], file: str) -> Deck:
    name, title, chapter, chapter_title, retention = data["head"]
    return Deck(
        file,
        Stamp(*data["stamp"]),
        data["sha256"],
        name,
        title,
        chapter,
        chapter_title,
        tuple(_topic(row, file) for row in data["topics"]),
        tuple(_entry(row, name, file) for row in data["entries"]),
        tuple(Problem(file, *row) for row in data["problems"]),
        retention=_wished(retention),
    )


def _wished(retention: float) -> float:
    """A retention that can be; a cache can say anything."""
    if retention and not LEAST_RETENTION <= retention <= MOST_RETENTION:
        raise ValueError("this is no retention")
    return float(retention)


def _topic_row(topic: Topic) -> dict[str, Any]:
    row = asdict(topic)
    row.pop("source")
    return {**row, "lines": [topic.source.line, topic.source.end]}


def _topic(row: dict[str, Any], file: str) -> Topic:
    line, end = row.pop("lines")
    row |= {name: tuple(row[name]) for name in ("needs", "aka", "find")}
    return Topic(source=Source(file, line, end), **row)


def _entry_row(entry: Entry) -> list[Any]:
    units = entry.units if entry.units != (entry.key,) else ()
    return [
        entry.key, entry.kind, entry.front, entry.topic, units, entry.source.line,
        entry.source.end, entry.generated, entry.aka, entry.tags, entry.demo, entry.rev,
        entry.asks, entry.accepted, entry.find, entry.overrides,
    ]  # fmt: skip


def _entry(row: list[Any], deck: str, file: str) -> Entry:
    key, kind, front, topic, units, line, end, generated, aka, tags, demo, rev, *rest = row
    asks, accepted, find, overrides = rest
    return Entry(
        key, deck, kind, front, topic, tuple(units) or (key,), Source(file, line, end),
        generated, tuple(aka), tuple(tags), demo, rev, asks,
        tuple(accepted), tuple(find), overrides,
    )  # fmt: skip
