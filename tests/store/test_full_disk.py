"""A disk that is full: told, nothing half-written, and on it goes once there is room again."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.store.processes import needs_fork, told_by_child
from tests.store.samples import answer, filled, opened, state
from tutor.errors import UnwritableError
from tutor.store.backup import backup_to
from tutor.store.catalog import Files

resource = pytest.importorskip("resource")
pytestmark = needs_fork


def room_for(size: int) -> None:
    """Let no file of this process grow beyond `size` bytes, as if the disk were full."""
    _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, most))


def test_an_answer_on_a_full_disk_can_be_given_again(files: Files) -> None:
    filled(files, 3)

    def work() -> str:
        with opened(files) as store:
            store.append([answer(4)], [state("d/4")])
            room_for(files.database.with_name("tutor.db-wal").stat().st_size + 100)
            try:
                store.append([answer(5)], [state("d/5")])
            except UnwritableError as error:
                told = error
            assert [event.id for event in store.events()] == [answer(n).id for n in range(1, 5)]
            assert "d/5" not in store.states()
            room_for(resource.RLIM_INFINITY)
            store.append([answer(5)], [state("d/5")])
            assert store.check() == []
            return f"{told.title} | {told.message} | {told.hint}"

    outcome = told_by_child(work)
    assert outcome.startswith("This file cannot be written | ")
    assert str(files.database) in outcome
    assert "space" in outcome
    with opened(files) as store:
        assert store.last_event_id() == answer(5).id


def test_a_backup_on_a_full_disk_leaves_nothing(files: Files, tmp_path: Path) -> None:
    filled(files, 500)
    target = tmp_path / "backup" / "copy.db"

    def work() -> None:
        with opened(files) as store:
            room_for(40_000)
            backup_to(store.engine, files, target)

    outcome = told_by_child(work)
    assert outcome.startswith("UnwritableError: ")
    assert "copy.db" in outcome
    assert list(target.parent.iterdir()) == []


def test_a_day_without_room_for_its_backup_is_still_a_day_of_study(files: Files) -> None:
    filled(files, 500)

    def work() -> list[str]:
        room_for(40_000)
        with opened(files) as store:
            store.append([answer(501)], [state("d/501")])
            return store.warnings

    outcome = told_by_child(work)
    assert outcome.startswith("['No backup was made today.")
    with opened(files) as store:
        assert store.last_event_id() == answer(501).id


@pytest.mark.skipif(
    sys.platform != "linux" or os.getuid() != 0, reason="only root may mount a small disk"
)
def test_a_truly_full_disk(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=500k", "tmpfs", str(disk)]
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("mounting is not allowed here")
    try:
        files = Files(disk / "tutor.db", tmp_path / "backups")
        with opened(files) as store:
            given = 0
            with pytest.raises(UnwritableError, match="full"):
                for number in range(1, 10_000):
                    store.append([answer(number)], [state(f"d/{number}")])
                    given = number
            assert len(list(store.events())) == len(store.states()) == given > 10
            subprocess.run(["mount", "-o", "remount,size=4m", str(disk)], check=True)
            store.append([answer(given + 1)], [state(f"d/{given + 1}")])
            assert len(list(store.events())) == given + 1
            assert store.check() == []
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)


@pytest.mark.skipif(
    sys.platform != "linux" or os.getuid() != 0, reason="only root may mount a small disk"
)
def test_what_is_on_a_full_disk_can_be_read(tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=2m", "tmpfs", str(disk)]
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("mounting is not allowed here")
    try:
        files = filled(Files(disk / "tutor.db", tmp_path / "backups"), 3)
        with pytest.raises(OSError, match="space"), (disk / "fill").open("wb") as fill:
            fill.write(bytes(3_000_000))
        with opened(files) as store:
            assert "Nothing can be saved now" in store.warnings[0]
            assert len(list(store.events())) == len(store.states()) == 3
            with pytest.raises(UnwritableError, match="Free some space"):
                store.append([answer(4)])
    finally:
        subprocess.run(["umount", "-l", str(disk)], check=True)
