"""A file is written whole or not at all, and what is no file is never replaced by one."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from tutor.errors import UnwritableError
from tutor.exchange.output import PRIVATE, write


def test_a_pipe_is_written_to_and_stays_a_pipe(tmp_path: Path) -> None:
    pipe, link = tmp_path / "pipe", tmp_path / "link"
    os.mkfifo(pipe)
    link.symlink_to(pipe)
    reader = os.open(pipe, os.O_RDONLY | os.O_NONBLOCK)
    try:
        for target in (pipe, link):
            write(target, [b"one ", b"two"], PRIVATE)
            assert os.read(reader, 100) == b"one two"
    finally:
        os.close(reader)
    assert stat.S_ISFIFO(pipe.stat().st_mode)
    assert link.is_symlink()
    assert {each.name for each in tmp_path.iterdir()} == {"link", "pipe"}


def test_a_folder_is_told(tmp_path: Path) -> None:
    with pytest.raises(UnwritableError, match="directory"):
        write(tmp_path, [b"x"], PRIVATE)


def test_a_failure_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    file = tmp_path / "file"
    file.write_bytes(b"before")

    def pieces() -> list[bytes]:
        raise OSError(28, "No space left on device")

    with pytest.raises(UnwritableError):
        write(file, (each for _ in range(1) for each in pieces()), PRIVATE)
    assert file.read_bytes() == b"before"
    assert list(tmp_path.iterdir()) == [file]
