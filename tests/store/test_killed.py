"""SIGKILL at every moment: what was acknowledged is there, and nothing is half there."""

from __future__ import annotations

import os
import random
import signal
from collections.abc import Callable
from functools import partial
from itertools import count
from pathlib import Path

import pytest

from tests.store.processes import in_child, killed_at, needs_fork, speaking_child
from tests.store.samples import answer, filled, fingerprint, glance, opened, state
from tutor.store.backup import backup_in, backup_to
from tutor.store.catalog import Files
from tutor.store.restore import restore
from tutor.store.verify import verify

pytestmark = needs_fork
KILLS = int(os.environ.get("TUTOR_KILLS", "20"))


def answer_for_ever(files: Files) -> Callable[[Callable[[str], None]], None]:
    """Answer one card after the other and say the id of each once `append` has returned."""

    def work(say: Callable[[str], None]) -> None:
        with opened(files) as store:
            for number in count(len(list(store.events())) + 1):
                store.append(
                    [answer(number)],
                    [state(f"d/{number}"), state("d/0", reps=number)],
                    glance(number),
                )
                say(answer(number).id)

    return work


def test_every_acknowledged_answer_survives_kill_9(files: Files) -> None:
    filled(files, 1)
    chance = random.Random(9)
    for _ in range(KILLS):
        with speaking_child(answer_for_ever(files)) as (child, lines):
            said = [next(lines) for _ in range(chance.randrange(1, 30))]
            os.kill(child, signal.SIGKILL)
            said.extend(lines)
        with opened(files) as store:
            ids = [event.id for event in store.events()]
            assert ids[-1] >= said[-1]
            assert ids == [answer(number).id for number in range(1, len(ids) + 1)]
            states = store.states()
            assert states.keys() == {f"d/{number}" for number in range(len(ids) + 1)}
            assert states["d/0"].reps == len(ids)
            assert store.check() == []


def each_kill(work: Callable[[], object], check: Callable[[], None]) -> int:
    """Kill `work` at its first statement, its second and so on until it is done."""
    for number in count(1):
        if not killed_at(number, work):
            return number
        check()
    raise AssertionError


def test_an_append_killed_at_any_statement_is_all_or_nothing(files: Files) -> None:
    filled(files, 3)

    def work() -> None:
        with opened(files) as store:
            store.append([answer(4), answer(5)], [state("d/1", reps=7)], glance(9))

    def check() -> None:
        with opened(files) as store:
            rows = [event.id for event in store.events()]
            reps = store.states()["d/1"].reps
            assert (len(rows), reps) in ((3, 1), (5, 7))
            assert store.check() == []

    assert each_kill(work, check) > 12


def test_creating_the_database_killed_at_any_statement_can_be_repeated(tmp_path: Path) -> None:
    for number in count(1):
        files = Files(tmp_path / str(number) / "tutor.db", tmp_path / str(number) / "backups")
        killed = killed_at(number, partial(filled, files, 1))
        with opened(files) as store:
            assert store.check() == []
            assert len(list(store.events())) == (not killed)
        if not killed:
            break
    assert number > 20


def test_a_backup_killed_at_any_statement_leaves_the_old_one(files: Files, tmp_path: Path) -> None:
    filled(files, 3)
    target = tmp_path / "copy.db"
    target.write_bytes(b"what was there before")

    def work() -> None:
        with opened(files) as store:
            backup_to(store.engine, store.files, target)

    each_kill(work, lambda: None if target.read_bytes().startswith(b"what") else pytest.fail())
    assert verify(target).good
    assert verify(target).events == 3


def test_a_backup_killed_at_random_is_whole_or_not_there(files: Files) -> None:
    filled(files, 2000)
    chance = random.Random(4)

    def work(say: Callable[[str], None]) -> None:
        with opened(files) as store:
            for _ in count():
                backup_in(store.engine, store.files, "manual")
                say("made")

    for _ in range(10):
        with speaking_child(work) as (child, lines):
            for _ in range(chance.randrange(1, 4)):
                next(lines)
            os.kill(child, signal.SIGKILL)
        made = files.listed()
        assert made
        assert all(verify(backup.path).good for backup in made)


def test_a_restore_killed_at_any_statement_leaves_one_of_the_two(
    files: Files, tmp_path: Path
) -> None:
    other = filled(Files(tmp_path / "other.db", tmp_path / "other"), 5)
    copy = tmp_path / "copy.db"
    with opened(other) as store:
        backup_to(store.engine, store.files, copy)
    filled(files, 3)
    before, after = fingerprint(files.database), fingerprint(other.database)

    def check() -> None:
        assert fingerprint(files.database) in (before, after)

    each_kill(lambda: restore(copy, files), check)
    assert fingerprint(files.database) == after


def test_a_child_that_fails_is_noticed() -> None:
    assert in_child(lambda: 1 / 1) == 0
    assert in_child(lambda: os.kill(os.getpid(), signal.SIGKILL)) == -signal.SIGKILL
