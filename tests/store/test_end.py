"""The journal's end is known again without reading it, but never where anybody has written."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest

from tests.store.samples import answer, opened, state
from tutor.errors import ChangedError, DamagedError
from tutor.store import chain
from tutor.store.catalog import Files
from tutor.store.end import LastEnd
from tutor.store.engine import driver, for_writing
from tutor.store.journal import Store
from tutor.store.rows import event_row


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "tutor.db", tmp_path / "backups")


def written_elsewhere(store: Store) -> None:
    """As another program does."""
    with opened(store.files) as other:
        other.append([answer(50)])


def written_beside(store: Store) -> None:
    """As a union does, over a connection that the store may have used before."""
    store._writing.give_back()
    with for_writing(store.engine).begin() as connection:
        below = driver(connection)
        writer = chain.own_writer(below, store.files.identity())
        writer, rows = writer.linked([event_row(answer(50))])
        below.execute(f"INSERT INTO event VALUES ({', '.join('?' * len(rows[0]))})", rows[0])
        chain.put_writer(below, writer)


@pytest.mark.parametrize("written", [written_elsewhere, written_beside])
def test_what_was_written_since_is_seen(files: Files, written: Callable[[Store], None]) -> None:
    with opened(files) as store:
        store.append([answer(1)], [state("d/1")])
        written(store)
        with pytest.raises(ChangedError):
            store.append([answer(2)])
        store.states()
        store.append([answer(60)])
        assert [each.id for each in store.events()] == [answer(n).id for n in (1, 50, 60)]
        assert not store.check()


def test_an_append_that_fails_leaves_the_end(files: Files) -> None:
    with opened(files) as store:
        store.append([answer(1)])
        with pytest.raises(DamagedError):
            store.append_rows(map(event_row, [answer(2), answer(3, kind="nothing")]))
        store.append([answer(2)])
        assert len(list(store.events())) == 2
        assert not store.check()


def test_the_end_is_read_once(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    with opened(files) as store:
        store.append([answer(1)])
        before = LastEnd.of
        kept: list[bool] = []

        def of(end: LastEnd, connection: sqlite3.Connection) -> object:
            found = before(end, connection)
            kept.append(found is end._end)
            return found

        monkeypatch.setattr(LastEnd, "of", of)
        for number in range(2, 6):
            store.append([answer(number)])
        assert kept == [True] * 4
    with closing(sqlite3.connect(files.database)) as connection:
        assert connection.execute("SELECT max(seq), count(*) FROM event").fetchone() == (5, 5)
