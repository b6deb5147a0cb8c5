"""Anki packages that cannot be read: one sentence, and nothing is written."""

from __future__ import annotations

import shutil
import sqlite3
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.exchange.anki_packages import BASIC, Anki
from tests.exchange.test_from_anki import HOUR_S, anki, assert_replayed, opened, take
from tutor.errors import UsageError
from tutor.exchange import zips
from tutor.exchange.anki import package_reader

__all__ = ["anki"]


def broken(anki: Anki, folder: Path, what: str) -> Path:
    """A package that cannot be read."""
    file = folder / f"{what}.apkg"
    anki.note(BASIC, "Please update to the latest Anki version, then import", "a")
    members = ("collection.anki2",) if what == "dummy" else ("collection.anki21",)
    anki.write(file, members)
    if what == "text":
        file.write_text("front\tback\n")
    elif what == "nothing":
        with zipfile.ZipFile(file, "w"):
            pass
    elif what == "other zip":
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("a.txt", "b")
    elif what == "no database":
        with zipfile.ZipFile(file, "w") as archive:
            archive.writestr("collection.anki21", "no database")
    elif what == "half":
        file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    elif what == "newer":
        with zipfile.ZipFile(file, "a") as archive:
            archive.writestr("meta", b"\x08\x09")
    elif what != "dummy":
        _spoil(file, what)
    return file


STATEMENTS = {
    "schema 16": "update col set ver = 16",
    "no table": "drop table revlog",
    "a view": "drop table revlog; create view revlog as select 1 as id",
    "no note type": "update notes set mid = 7",
    "no json": "update col set models = 'x'",
    "words": "update cards set due = 'soon'",
    "few fields": "update notes set flds = 'x'",
    "no col": "delete from col",
    "other columns": "drop table revlog; create table revlog (a, b)",
    "no first day": "update col set crt = 'soon'",
    "a far first day": "update col set crt = 9223372036854775807",
    "a first day before all": "update col set crt = -9223372036854775807",
    "a word for a zone": """update col set conf = '{"creationOffset": "west"}'""",
    "a list for settings": "update col set conf = '[]'",
    "a word for a schema": "update col set ver = 'eleven'",
    "brackets without end": f"update col set models = '{'[' * 100_000}'",
    "bytes for text": "update notes set flds = x'ff00ff'",
    "no cards": "delete from cards",
    "no notes": "delete from notes",
}


def _spoil(file: Path, what: str) -> None:
    with zipfile.ZipFile(file) as archive:
        data = archive.read("collection.anki21")
    connection = sqlite3.connect(":memory:")
    connection.deserialize(data)
    if what == "words":
        connection.execute("create table c2 as select * from cards")
        connection.executescript("drop table cards; alter table c2 rename to cards")
    connection.executescript(STATEMENTS[what])
    connection.commit()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("collection.anki21", connection.serialize())


KINDS = ("text", "nothing", "other zip", "no database", "half", "newer", "dummy", *STATEMENTS)


@pytest.mark.parametrize("what", KINDS)
def test_a_bad_package_is_one_sentence_and_nothing_is_written(
    anki: Anki, tmp_path: Path, what: str
) -> None:
    file = broken(anki, tmp_path, what)
    with opened(tmp_path) as one:
        with pytest.raises(UsageError) as failed:
            take(one, file)
        assert failed.value.title
        assert failed.value.hint
        assert list(one.store.events()) == []
    assert not (tmp_path / "data" / "decks").exists()


def test_a_bomb_is_refused(anki: Anki, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(200):
        anki.note(BASIC, f"q{number} " + "x" * 20_000, "a")
    file = anki.write(tmp_path / "a.apkg")
    with opened(tmp_path) as one:
        monkeypatch.setattr(zips, "MAX_RATIO", 10)
        with pytest.raises(UsageError, match="times its packed size"):
            take(one, file)
        monkeypatch.setattr(zips, "MAX_RATIO", 100_000)
        monkeypatch.setattr(zips, "MAX_MEMBER", 1_000_000)
        with pytest.raises(UsageError, match="more than"):
            take(one, file)


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_no_damaged_byte_ends_in_a_traceback(tmp_path_factory: Any, data: st.DataObject) -> None:
    folder = tmp_path_factory.mktemp("bytes")
    anki = Anki()
    card = anki.note(BASIC, "q", "a", type=2, queue=2, due=9, ivl=8, reps=1)
    anki.answer(card, HOUR_S, 4, 8, 0)
    raw = bytearray(anki.database())
    for _ in range(data.draw(st.integers(1, 6))):
        raw[data.draw(st.integers(0, len(raw) - 1))] = data.draw(st.integers(0, 255))
    file = folder / "a.apkg"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("collection.anki21", bytes(raw))
    with opened(folder) as one:
        try:
            take(one, file)
        except UsageError as error:
            assert str(error)
        assert_replayed(one)
    shutil.rmtree(folder)


def test_only_what_anki_writes_is_taken_for_a_package(anki: Anki, tmp_path: Path) -> None:
    assert package_reader.looks(anki.write(tmp_path / "a.apkg"))
    (tmp_path / "b.apkg").write_text("x")
    assert not package_reader.looks(tmp_path / "b.apkg")
