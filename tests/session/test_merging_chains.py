"""Chains that come in: copies, forks, older journals; what is cut or foreign is refused by name."""

from __future__ import annotations

import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import replace
from pathlib import Path

import pytest

from tests.session.test_learner import assert_one
from tests.session.test_merging import Machines, exchange, rate, states, take
from tools import old_journal
from tutor.cli import main
from tutor.errors import DamagedError, NotFoundError, UsageError
from tutor.memory.model import Rating
from tutor.session.learner import Learner
from tutor.session.merging import Merged, merge
from tutor.store.union import writers
from tutor.store.verify import verify

AGAIN, HARD, GOOD, EASY = Rating


@pytest.fixture
def machines(tmp_path: Path) -> Iterator[Machines]:
    with ExitStack() as stack:
        yield Machines(tmp_path, stack)


@pytest.fixture
def a(machines: Machines) -> Learner:
    return machines.start("a")


@pytest.fixture
def b(machines: Machines) -> Learner:
    return machines.start("b")


def test_twice_changes_nothing(a: Learner, b: Learner) -> None:
    rate(b, GOOD)
    assert take(a, b) == Merged(1, 0)
    before = states(a)
    assert take(a, b) == Merged(0, 1)
    assert states(a) == before


def test_a_backup_and_a_folder_are_journals_too(a: Learner, b: Learner, tmp_path: Path) -> None:
    rate(b, GOOD)
    assert main(["--data-dir", str(b.place.data), "backup", str(tmp_path / "copy.db")]) == 0
    assert merge(a, tmp_path / "copy.db") == Merged(1, 0)
    assert merge(a, b.place.data) == Merged(0, 1)
    with pytest.raises(UsageError):
        merge(a, a.place.data)
    with pytest.raises(NotFoundError):
        merge(a, tmp_path / "nowhere.db")


def test_copies_of_a_journal_of_the_first_version_are_one(
    a: Learner, machines: Machines, tmp_path: Path
) -> None:
    """Each machine brings its copy over by itself; what they have in common comes in once."""
    old = tmp_path / "old.db"
    old_journal.write(old, 60, 10, 1)
    whole = merge(a, old)
    assert whole.added > 60
    assert whole.present == 0
    assert merge(a, old) == Merged(0, whole.added)
    assert verify(old).version == 1, "it is only read"
    (tmp_path / "b" / "data").mkdir(parents=True)
    shutil.copyfile(old, tmp_path / "b" / "data" / "tutor.db")
    b = machines.start("b")
    rate(a, GOOD)
    rate(b, AGAIN)
    assert take(a, b) == Merged(1, whole.added)
    exchange(b, a)
    assert a.store.check() == b.store.check() == []


def test_what_came_from_elsewhere_stays_so_in_an_export(
    a: Learner, b: Learner, tmp_path: Path
) -> None:
    rate(b, GOOD)
    take(a, b)
    file, third = str(tmp_path / "all.jsonl"), str(tmp_path / "third")
    where = ["--no-bundled", "--content", str(tmp_path / "a" / "deck.md")]
    assert main(["--data-dir", str(a.place.data), *where, "export", "json", file]) == 0
    assert main(["--data-dir", third, *where, "import", "json", file]) == 0
    with closing(Learner.open(replace(a.place, data=Path(third),
                                      database=Path(third) / "tutor.db"))) as one:  # fmt: skip
        assert one.store.numbers() == a.store.numbers()
        assert one.undo() is None


def test_a_copied_folder_becomes_two_writers(
    a: Learner, machines: Machines, tmp_path: Path
) -> None:
    """A copy that keeps its writer's name, as of a whole disk, differs under that name."""
    rate(a, GOOD)
    a.close()
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    a, b = machines.start("a"), machines.start("b")
    name = next(iter(writers(a.store)))
    rate(a, GOOD, "d/second")
    rate(b, HARD, "d/before")
    rate(b, GOOD, "d/before")
    pretend_one_writer(b, name)
    done = take(a, b)
    assert done == Merged(2, 1)
    assert take(a, b) == Merged(0, 3)
    assert take(b, a) == Merged(1, 3)
    assert states(a) == states(b)
    rate(b, GOOD, "d/second")
    exchange(a, b)
    assert a.store.check() == b.store.check() == []


def pretend_one_writer(one: Learner, name: str) -> None:
    """Rewrite the rows that were written after the copy as if the old writer had gone on."""
    from tutor.store import chain
    from tutor.store.rows import CHAINED
    from tutor.store.schema import TRIGGERS

    columns = ", ".join(f'"{column}"' for column in CHAINED)
    with closing(sqlite3.connect(one.place.database)) as below, below:
        below.execute("DROP TRIGGER event_refuses_update")
        old = next(each for each in chain.writers(below) if each.name == name)
        home = next(each.home for each in chain.writers(below) if each.name != name)
        rows = below.execute(f"SELECT {columns} FROM event WHERE writer != ? ORDER BY seq", [name])
        old, linked = old.linked(row[:-2] for row in rows.fetchall())
        for row in linked:
            below.execute(
                "UPDATE event SET writer = ?, seq = ?, hash = ? WHERE id = ?", (*row[-3:], row[0])
            )
        below.execute("DELETE FROM writer WHERE name != ?", [name])
        chain.put_writer(below, replace(old, home=home))
        below.execute(TRIGGERS["event_refuses_update"])
    one.refresh()
    assert one.store.check() == []


@pytest.mark.parametrize(
    ("harm", "word"),
    [
        ("DELETE FROM event WHERE seq = 2", "missing"),
        ("DELETE FROM event WHERE seq = 1", "missing"),
        ("UPDATE event SET rating = 4 WHERE seq = 2", "does not follow"),
        ("UPDATE event SET card_key = 'x' || char(27) WHERE seq = 2", "does not follow"),
    ],
)
def test_a_cut_or_foreign_chain_is_refused_by_name(
    a: Learner, b: Learner, harm: str, word: str
) -> None:
    rate(a, GOOD, "d/before")
    for _ in range(3):
        rate(b, GOOD)
    name = next(iter(writers(b.store)))
    b.close()
    with closing(sqlite3.connect(b.place.database)) as below, below:
        for trigger in ("event_refuses_delete", "event_refuses_update"):
            below.execute(f"DROP TRIGGER {trigger}")
        below.execute(harm)
    before = states(a)
    with pytest.raises(DamagedError, match=rf"{name}.*{word}|{word}.*{name}"):
        merge(a, b.place.database)
    assert states(a) == before
    assert_one(a)


def test_what_is_no_journal_is_told_as_the_other_file(
    a: Learner, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, bare, later = tmp_path / "x.txt", tmp_path / "bare.db", tmp_path / "later.db"
    text.write_text("no database\n", encoding="utf-8")
    with closing(sqlite3.connect(bare)) as below:
        below.execute("CREATE TABLE event (seq)")
    shutil.copy(a.place.database, later)
    with closing(sqlite3.connect(later)) as below:
        below.execute("PRAGMA user_version = 99")
    for file in (text, bare, later):
        assert main(["--data-dir", str(a.place.data), "merge", str(file)]) == 3
        told = capsys.readouterr().err
        assert file.name in told and "Nothing was changed" in told
        assert not re.search("Your answers|begin anew|restore|backups", told), "none of it is ours"


def test_the_verb_says_how_many_rows_came_in(
    a: Learner, b: Learner, capsys: pytest.CaptureFixture[str]
) -> None:
    rate(b, GOOD)
    words = ["--data-dir", str(a.place.data), "merge", str(b.place.database), "--json"]
    assert main(words) == 0
    assert capsys.readouterr().out.strip() == '{"added": 1, "present": 0}'
