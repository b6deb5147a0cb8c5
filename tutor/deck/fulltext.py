"""Full-text search over the fronts, answers, explanations and lessons of decks.

An index of SQLite's FTS5 stands beside the cache of the decks and can be deleted at any time.
Only decks whose bytes have changed are read again. Words are folded as `search_key` folds them.
"""

from __future__ import annotations

import hashlib
import os
import re
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tutor.deck import cache, files
from tutor.deck.cache import Deck
from tutor.deck.load_progress import OnProgress, ignore
from tutor.deck.model import Entry
from tutor.deck.search_key import search_words
from tutor.errors import DataError
from tutor.paths import is_ours

NAME = "search.db"
# One letter begins too many words: it is looked for as a whole word.
LEAST_START = 2
MOST_FRONTS = 1_000
"""Texts that are known by their first line; a word that begins more of them sorts nothing out."""
# regulariz, of regularisation and regularization alike.
_BEGUN = re.compile(r"iz$")
_WAIT_S = 10.0

_SCHEMA = """
CREATE TABLE file (id INTEGER PRIMARY KEY, path TEXT NOT NULL UNIQUE, sha256 TEXT NOT NULL);
CREATE TABLE text (id INTEGER PRIMARY KEY, file INTEGER NOT NULL, key TEXT NOT NULL);
CREATE INDEX text_file ON text (file);
CREATE VIRTUAL TABLE words USING fts5
    (front, body, tokenize = 'unicode61 remove_diacritics 0', prefix = '2 3');
"""
# What stands in a card's lines and is not read: comments, the name of an alert, drawn numbers.
_NOISE = re.compile(r"<!--.*?-->|\[!\w+\]|^```params\n.*?^```$", re.DOTALL | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Found:
    """The rows of the index whose texts hold a word, ascending; `FullText.keys` names them.

    fronts: among `rows`, those whose first line, or title, holds it; the first `MOST_FRONTS`.
    """

    rows: Sequence[int]
    fronts: Sequence[int]


class FullText:
    """The index of some decks, brought up to date when it is opened."""

    def __init__(
        self,
        decks: Sequence[Deck],
        folder: Path | None,
        on_progress: OnProgress = ignore,
        but: Iterable[Entry] = (),
    ) -> None:
        """folder: the cache folder, None for none. but: cards that others stand in the place of.

        keys: the key of a card, or the id of a topic, of each row that is one of these decks'.
        Raises DataError where SQLite has no FTS5.
        """
        self._but = {(_absolute(entry.source.file), entry.key) for entry in but}
        try:
            self._open(decks, folder, on_progress)
        except (sqlite3.Error, OSError):
            # It can be made again, and in memory it can be made anywhere.
            if folder is not None:
                with suppress(OSError):
                    _path(folder).unlink(missing_ok=True)
            try:
                self._open(decks, None, on_progress)
            except sqlite3.Error as error:
                title, hint = "The search cannot work", "Install a Python whose SQLite has FTS5."
                raise DataError(title, f"SQLite: {error}.", hint) from error

    def close(self) -> None:
        """Let go of the file."""
        self._database.close()

    def find(self, words: str, *, starts: bool = True) -> Found:
        """What holds these words, side by side; `starts`: the last of them may go on."""
        folded = search_words(words)
        if not folded:
            return Found((), ())
        more = ""
        if starts and len(folded.rpartition(" ")[2]) >= LEAST_START:
            folded, more = _BEGUN.sub("is", folded), "*"
        phrase = f'"{folded}"{more}'
        return Found(self._rows_of(phrase), self._rows_of(f"front : {phrase}", MOST_FRONTS))

    def _rows_of(self, query: str, most: int = -1) -> list[int]:
        """The rows in one string: a row a time takes four times as long."""
        asked = "SELECT rowid FROM words WHERE words MATCH ? LIMIT ?"
        joined = f"SELECT group_concat(rowid) FROM ({asked})"
        (told,) = self._database.execute(joined, (query, most)).fetchone()
        return list(map(int, told.split(","))) if told else []

    def _open(self, decks: Sequence[Deck], folder: Path | None, on_progress: OnProgress) -> None:
        self._database = _connected(folder)
        try:
            with self._database:
                self._database.execute("BEGIN IMMEDIATE")
                _bring_up_to_date(self._database, decks, on_progress)
            paths = {_absolute(deck.file) for deck in decks}
            self.keys = _own_keys(self._database, paths, self._but)
        except BaseException:
            self._database.close()
            raise


def _connected(folder: Path | None) -> sqlite3.Connection:
    """The index's file, or one in memory where a file is not to be had or not to be trusted."""
    name = ":memory:"
    if folder is not None:
        path = _path(folder)
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.exists() and not is_ours(path.stat()):
            path.unlink()
        name = str(path)
    database = sqlite3.connect(name, timeout=_WAIT_S, isolation_level=None, check_same_thread=False)
    try:
        database.execute("PRAGMA trusted_schema = OFF")
        version = int(cache.version()[:7], 16)
        if database.execute("PRAGMA user_version").fetchone() != (version,):
            _make_anew(database, version)
    except BaseException:
        database.close()
        raise
    return database


def _make_anew(database: sqlite3.Connection, version: int) -> None:
    database.execute("BEGIN IMMEDIATE")
    for table in ("words", "text", "file"):
        database.execute(f"DROP TABLE IF EXISTS {table}")
    for statement in filter(str.strip, _SCHEMA.split(";")):
        database.execute(statement)
    database.execute(f"PRAGMA user_version = {version}")
    database.execute("COMMIT")


def _path(folder: Path) -> Path:
    return folder / "decks" / NAME


def _absolute(file: str) -> str:
    return os.fsencode(Path(file).absolute()).decode("utf-8", "backslashreplace")


def _bring_up_to_date(
    database: sqlite3.Connection, decks: Sequence[Deck], on_progress: OnProgress
) -> None:
    """Read what has changed, and forget files that are gone."""
    known = {path: (key, sha) for key, path, sha in database.execute("SELECT * FROM file")}
    for path, (key, _) in known.items():
        if not Path(path).exists():
            _forget(database, key)
    changed = [deck for deck in decks if known.get(_absolute(deck.file), (0, ""))[1] != deck.sha256]
    for number, deck in enumerate(changed):
        on_progress(number / len(changed))
        if _absolute(deck.file) in known:
            _forget(database, known[_absolute(deck.file)][0])
        _add(database, deck)


def _forget(database: sqlite3.Connection, file: int) -> None:
    database.execute(
        "DELETE FROM words WHERE rowid IN (SELECT id FROM text WHERE file = ?)", (file,)
    )
    database.execute("DELETE FROM text WHERE file = ?", (file,))
    database.execute("DELETE FROM file WHERE id = ?", (file,))


def _add(database: sqlite3.Connection, deck: Deck) -> None:
    from tutor.deck.outline import decoded

    try:
        data = files.content(deck.file)
    except OSError:
        return
    # A file that was changed since the decks were read has another digest, and is read again.
    digest = hashlib.sha256(data).hexdigest()
    added = "INSERT INTO file (path, sha256) VALUES (?, ?)"
    file = database.execute(added, (_absolute(deck.file), digest)).lastrowid
    last = database.execute("SELECT coalesce(max(id), 0) FROM text").fetchone()[0]
    rows = list(enumerate(_texts(deck, decoded(data).split("\n")), last + 1))
    database.executemany(
        "INSERT INTO text VALUES (?, ?, ?)", [(n, file, row[0]) for n, row in rows]
    )
    database.executemany(
        "INSERT INTO words (rowid, front, body) VALUES (?, ?, ?)",
        [(n, *row[1:]) for n, row in rows],
    )


def _texts(deck: Deck, lines: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """The key, first line and further text of each card and topic, folded."""

    for entry in deck.entries:
        source = entry.source
        body = _NOISE.sub(" ", "\n".join(lines[source.line : source.end]))
        further = " \n ".join((body, entry.key, *entry.find))
        yield entry.key, search_words(entry.front), search_words(further)
    for topic in deck.topics:
        names = " \n ".join((topic.title, *topic.found_as))
        yield topic.id, search_words(names), search_words(_NOISE.sub(" ", topic.lesson))


def _own_keys(
    database: sqlite3.Connection, paths: set[str], but: set[tuple[str, str]]
) -> dict[int, str]:
    own = {key: path for key, path, _ in database.execute("SELECT * FROM file") if path in paths}
    return {
        row: key
        for row, file, key in database.execute("SELECT id, file, key FROM text")
        if file in own and not (but and (own[file], key) in but)
    }
