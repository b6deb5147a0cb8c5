"""A seal at the end of each backup: the SHA-256 of every byte before it.

SQLite reads as many pages as its header says and never looks at the seal; a single flipped bit
or a missing end breaks it, also where SQLite itself would not notice.
"""

from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import BinaryIO, Literal

_MARK = b"\ntutor backup sha256 "
_LENGTH = len(_MARK) + 64
_BLOCK = 1 << 20
# Every SQLite file is whole pages, every page a multiple of this: what is more is the seal.
_SMALLEST_PAGE = 512

Seal = Literal["whole", "broken", "missing"]


def put_seal(path: Path) -> None:
    """Append the seal and sync the file to disk. Raises OSError."""
    with path.open("r+b") as file:
        size = file.seek(0, os.SEEK_END)
        digest = _digest(file, size)
        file.seek(size)
        file.write(_MARK + digest)
        file.flush()
        os.fsync(file.fileno())


def read_seal(path: Path) -> Seal:
    """Whether the file is as it was sealed; a file without a seal may still be sound."""
    with path.open("rb") as file:
        length = file.seek(0, os.SEEK_END)
        if length % _SMALLEST_PAGE == 0:
            return "missing"
        size = max(0, length - _LENGTH)
        file.seek(size)
        end = file.read(_LENGTH)
        if not end.startswith(_MARK):
            return "broken"
        return "whole" if end[len(_MARK) :] == _digest(file, size) else "broken"


def _digest(file: BinaryIO, size: int) -> bytes:
    """The SHA-256 of the first `size` bytes, in hexadecimal."""
    file.seek(0)
    digest = hashlib.sha256()
    while size > 0:
        block = file.read(min(size, _BLOCK))
        if not block:
            break
        digest.update(block)
        size -= len(block)
    return digest.hexdigest().encode("ascii")
