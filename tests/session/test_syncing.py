"""Machines that are kept in step through a folder: whatever carries it, no row is lost or false."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from tests.session.decks import Clock, learner
from tests.session.test_learner import assert_one
from tests.session.test_merging import Machines, rate, states
from tools import git_rounds, kill_syncs
from tutor.cli import main
from tutor.errors import NotFoundError
from tutor.exchange import segments
from tutor.exchange.git import GitError
from tutor.memory.model import Rating
from tutor.session.learner import Learner
from tutor.session.syncing import sync, sync_with_git
from tutor.store.restore import restore

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


@pytest.fixture
def shared(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder, in which a file holds three rows."""
    monkeypatch.setattr(segments, "ROWS", 3)
    (tmp_path / "shared").mkdir()
    return tmp_path / "shared"


def answers(one: Learner, count: int) -> None:
    for number in range(count):
        rate(one, GOOD if number % 3 else AGAIN, "d/alpha" if number % 2 else "d/second")


def in_step(one: Learner, other: Learner, folder: Path) -> None:
    for each in (one, other, one):
        assert sync(each, folder).told == ()
    assert states(one) == states(other)
    assert one.store.numbers() == other.store.numbers()
    assert_one(one)
    assert_one(other)


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.jsonl"))


def test_rows_go_both_ways(a: Learner, b: Learner, shared: Path) -> None:
    answers(a, 8)
    answers(b, 2)
    first = sync(a, shared)
    assert (first.added, first.sent) == (0, 8)
    second = sync(b, shared)
    assert (second.added, second.present, second.sent) == (8, 0, 2)
    in_step(a, b, shared)
    assert [len(file.read_bytes().splitlines()) for file in files(shared)] in (
        [3, 3, 2, 2], [2, 3, 3, 2],
    )  # fmt: skip
    again = sync(a, shared)
    assert (again.added, again.present, again.sent) == (0, 10, 0)


def test_half_a_line_is_waited_for(a: Learner, b: Learner, shared: Path) -> None:
    answers(a, 3)
    sync(a, shared)
    file = files(shared)[0]
    whole = file.read_bytes()
    file.write_bytes(whole[:-20])
    done = sync(b, shared)
    assert (done.added, done.told) == (2, (f"{file.name} ends in half a line",))
    file.write_bytes(whole)
    assert sync(b, shared).added == 1


def garbled(folder: Path) -> None:
    lines = files(folder)[0].read_bytes().splitlines(keepends=True)
    lines[1] = lines[1].replace(b'"review"', b'"reset"', 1)
    files(folder)[0].write_bytes(b"".join(lines))


HARMS: dict[str, tuple[Callable[[Path], object], str]] = {
    "half": (lambda folder: os.truncate(files(folder)[0], 700), "half a line"),
    "empty": (lambda folder: os.truncate(files(folder)[0], 0), "shorter"),
    "gone": (lambda folder: files(folder)[0].unlink(), "not there yet"),
    "garbled": (garbled, "line 2: it does not follow"),
    "short": (lambda folder: files(folder)[1].write_bytes(b""), "shorter"),
    "twice": (
        lambda folder: files(folder)[0].write_bytes(2 * files(folder)[0].read_bytes()),
        "line 4: it does not follow",
    ),
    "more behind": (
        lambda folder: files(folder)[-1].write_bytes(files(folder)[-1].read_bytes() + b"odd\n"),
        "line 3: it does not follow",
    ),
    "last gone": (lambda folder: files(folder)[-1].unlink(), ""),
}


@pytest.mark.parametrize("harm", HARMS)
def test_a_harmed_file_is_told_and_made_whole(
    a: Learner, b: Learner, shared: Path, harm: str
) -> None:
    answers(a, 8)
    sync(a, shared)
    whole = {file.name: file.read_bytes() for file in files(shared)}
    act, word = HARMS[harm]
    act(shared)
    done = sync(b, shared)
    assert any(word in told for told in done.told) or not word
    assert done.added < 8 or harm == "more behind"
    assert b.store.check() == []
    sync(a, shared)
    assert {file.name: file.read_bytes() for file in files(shared)} == whole
    in_step(b, a, shared)


def test_line_ends_may_turn(a: Learner, b: Learner, shared: Path) -> None:
    answers(a, 4)
    sync(a, shared)
    for file in files(shared):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    answers(a, 1)
    in_step(a, b, shared)
    assert {line[-2:] == b"\r\n" for line in files(shared)[1].read_bytes().splitlines(True)} == {
        True, False,
    }  # fmt: skip


def test_strangers_are_named_and_left_alone(a: Learner, shared: Path, tmp_path: Path) -> None:
    answers(a, 2)
    sync(a, shared)
    name = files(shared)[0].name
    conflict = name.replace(".jsonl", ".sync-conflict-20261128-101010-ABCDEFG.jsonl")
    shutil.copy(shared / name, shared / conflict)
    (shared / "README.md").write_text("mine", encoding="utf-8")
    (tmp_path / "secret").write_text("mine", encoding="utf-8")
    link = "0123456789abcdef.000001.jsonl"
    (shared / link).symlink_to(tmp_path / "secret")
    told = sync(a, shared).told
    assert set(told) == {f"{odd} is not read: it is no file of ours" for odd in (conflict, link)}
    assert (tmp_path / "secret").read_text(encoding="utf-8") == "mine"


def test_rows_that_a_restored_backup_lacks_come_back(
    a: Learner, machines: Machines, shared: Path, tmp_path: Path
) -> None:
    answers(a, 4)
    assert main(["--data-dir", str(a.place.data), "backup", str(tmp_path / "old.db")]) == 0
    answers(a, 3)
    sync(a, shared)
    restore(tmp_path / "old.db", a.store.files)
    a.close()
    a = machines.start("a")
    assert a.store.numbers()[0] == 4
    answers(a, 1)
    assert sync(a, shared).added == 3
    assert a.store.numbers()[0] == 8
    assert a.store.check() == []


def test_a_fork_goes_on_as_a_new_writer(
    a: Learner, b: Learner, machines: Machines, shared: Path, tmp_path: Path
) -> None:
    """A copy by hand keeps its writer: restored and answered before the sync, it is a fork."""
    answers(a, 4)
    a.close()
    shutil.copy(a.place.database, tmp_path / "old.db")
    a = machines.start("a")
    answers(a, 3)
    sync(a, shared)
    in_step(b, a, shared)
    a.close()
    inode = a.place.database.stat().st_ino
    with a.place.database.open("r+b") as live:
        live.truncate()
        live.write((tmp_path / "old.db").read_bytes())
    assert a.place.database.stat().st_ino == inode
    a = machines.start("a")
    assert a.store.numbers()[0] == 4
    answers(a, 2)
    in_step(a, b, shared)
    assert a.store.numbers()[0] == 4 + 3 + 2
    answers(a, 2)
    in_step(b, a, shared)
    assert len({file.name[:16] for file in files(shared)}) == 2
    assert a.store.check() == b.store.check() == []


def test_a_folder_that_is_not_there_is_not_made(a: Learner, tmp_path: Path) -> None:
    with pytest.raises(NotFoundError):
        sync(a, tmp_path / "stick")
    assert not (tmp_path / "stick").exists()


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Learner]]:
    """A folder with seven rows of one writer, and that writer's learner."""
    folder = tmp_path_factory.mktemp("written")
    (folder / "shared").mkdir()
    with pytest.MonkeyPatch.context() as patch, closing(learner(folder, Clock())) as one:
        patch.setattr(segments, "ROWS", 3)
        answers(one, 7)
        sync(one, folder / "shared")
        yield folder / "shared", one


HARM = st.tuples(
    st.sampled_from(["cut", "byte", "upper", "drop", "insert", "turn"]), st.integers(0, 2),
    st.integers(0, 10_000), st.integers(0, 255),
)  # fmt: skip


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(st.lists(HARM, min_size=1, max_size=3))
@example([("byte", 0, 64, 0)])  # what parts the hash and the row
@example([("upper", 0, 0, 0)])  # the same hash in other letters
def test_whatever_became_of_the_files_only_true_rows_are_read(
    written: tuple[Path, Learner], harms: list[tuple[str, int, int, int]]
) -> None:
    folder, one = written
    whole = {file: file.read_bytes() for file in files(folder)}
    true = next(iter(segments.look(folder).chains.values()))
    rows = list(true.above(0))
    try:
        for kind, number, at, byte in harms:
            file = folder / segments.file_name(true.name, number + 1)
            if file.exists():
                harm(file, kind, at, byte)
        found = segments.look(folder).chains.get(true.name)
        assert found is None or list(found.above(0)) == rows[: found.rows]
        sync(one, folder)
        mended = {file: file.read_bytes().replace(b"\r\n", b"\n") for file in files(folder)}
        assert mended == whole
    finally:
        # The next example begins with whole files, also after one that failed.
        for file, data in whole.items():
            file.write_bytes(data)


def harm(file: Path, kind: str, at: int, byte: int) -> None:
    data = bytearray(file.read_bytes())
    if kind == "drop":
        file.unlink()
        return
    at = at % (len(data) or 1)
    if kind == "cut":
        del data[at:]
    elif kind == "insert":
        data.insert(at, byte)
    elif kind == "upper":
        data[:64] = data[:64].upper()
    elif kind == "turn":
        data = bytearray(bytes(data).replace(b"\n", b"\r\n"))
    elif data:
        data[at] = byte
    file.write_bytes(bytes(data))


def test_a_killed_sync_loses_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "ROWS", 7)
    seen = kill_syncs.run(int(os.environ.get("TUTOR_KILLS", "6")), 5, tmp_path)
    assert seen.acknowledged <= seen.rows == seen.sent == seen.read
    assert (seen.shorter, seen.complaints) == (0, set())


def test_rounds_through_git(tmp_path: Path) -> None:
    """A share of `python -m tools.git_rounds 100`."""
    seen = git_rounds.run(3, 20, tmp_path)
    assert seen.rows == [seen.answers] * 3
    assert seen.states[0] == seen.states[1] == seen.states[2]
    assert (seen.conflicts, seen.told) == (0, set())


def test_two_that_began_under_one_name_meet_in_git(
    a: Learner, machines: Machines, tmp_path: Path
) -> None:
    """Both clones add one file with another end: what was pushed first stays, no row is lost."""
    answers(a, 3)
    a.close()
    shutil.copytree(tmp_path / "a", tmp_path / "b")
    a, b = machines.start("a"), machines.start("b")
    first, second, _ = git_rounds.clones(tmp_path)
    answers(a, 2)
    sync(a, first)
    sync(b, second)
    names = {file.name for file in files(first)}
    file = next(file for file in files(second) if file.name in names)
    file.write_bytes(file.read_bytes()[:-1] + b" \n")
    for repository in (first, second):
        git_rounds.git(repository, "add", ".")
        git_rounds.git(repository, "commit", "-qm", "mine")
    for _ in range(2):
        sync_with_git(a, first)
        sync_with_git(b, second)
    assert states(a) == states(b)
    assert b.store.numbers()[0] == 5


def test_what_else_is_in_the_repository_stays(a: Learner, tmp_path: Path) -> None:
    clone, *_ = git_rounds.clones(tmp_path)
    (clone / "notes.md").write_text("mine", encoding="utf-8")
    (clone / ".gitattributes").write_text("*.md text", encoding="utf-8")
    answers(a, 1)
    sync_with_git(a, clone)
    assert git_rounds.git(clone, "status", "--short").split() == ["??", "notes.md"]
    assert (clone / ".gitattributes").read_text().splitlines() == ["*.md text", "*.jsonl -text"]
    assert git_rounds.git(clone, "log", "-1", "--format=%an <%ae>").strip() == (
        "tutor <tutor@localhost>"
    )


def test_without_a_repository_or_a_remote(
    a: Learner, shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(GitError, match="not a git repository"):
        sync_with_git(a, shared)
    subprocess.run(["git", "init", "-q", shared], check=True)
    answers(a, 2)
    words = ["--data-dir", str(a.place.data), "sync", "--git", str(shared), "--json"]
    assert main(words) == 0
    assert capsys.readouterr().out.strip() == '{"added": 0, "present": 0, "sent": 2, "told": []}'
    git_rounds.git(shared, "remote", "add", "origin", str(shared / "nowhere"))
    with pytest.raises(GitError, match="could not fetch"):
        sync_with_git(a, shared)
