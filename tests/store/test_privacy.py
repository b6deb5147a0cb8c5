"""Answers are private: to others on the machine their files are closed, and that is told once."""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest

from tutor import cli
from tutor.store.privacy import NEWS


@pytest.fixture(autouse=True)
def _mask() -> Iterator[None]:
    before = os.umask(0o022)
    yield
    os.umask(before)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def run(folder: Path, *words: str) -> None:
    assert cli.main(["--data-dir", str(folder), "--no-bundled", *words]) == 0


def answers(folder: Path) -> list[Path]:
    return [*folder.glob("*.db*"), *(folder / "backups").glob("*")]


def test_what_the_program_makes_is_private(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "made"
    run(folder, "due")
    run(folder, "backup")
    run(folder, "backup", str(tmp_path / "copy.db"))
    assert {mode(file) for file in [*answers(folder), tmp_path / "copy.db"]} == {0o600}
    assert {mode(folder), mode(folder / "backups")} == {0o700}
    assert NEWS not in capsys.readouterr().err


def test_what_was_open_is_closed_and_told_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "made"
    run(folder, "due")
    run(folder, "backup")
    for path in [folder, folder / "backups", *answers(folder)]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    run(folder, "due")
    assert {mode(file) for file in answers(folder)} == {0o600}
    assert {mode(folder), mode(folder / "backups")} == {0o700}
    assert capsys.readouterr().err.count(NEWS) == 1
    run(folder, "due")
    assert NEWS not in capsys.readouterr().err


def test_a_folder_of_the_learners_own_and_a_strangers_file_stay_as_they_are(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    tmp_path.chmod(0o755)
    (tmp_path / "thesis.txt").write_text("mine")
    (tmp_path / "thesis.txt").chmod(0o644)
    run(tmp_path, "due")
    run(tmp_path, "due")
    assert (mode(tmp_path), mode(tmp_path / "thesis.txt")) == (0o755, 0o644)
    assert mode(tmp_path / "tutor.db") == 0o600
    other = tmp_path / "other.db"
    other.write_bytes(b"SQLite format 3\0" + bytes(4096))
    other.chmod(0o644)
    assert cli.main(["--data-dir", str(tmp_path), "--database", str(other), "due"]) == 3
    assert mode(other) == 0o644
