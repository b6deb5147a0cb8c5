"""A digest at the end of each file of compiled kernels, which tells a damaged one from a sound one.

Numba takes what stands in its cache for what it wrote. A file that a power cut left empty, or in
which a bit has flipped, ends a demo with an exception, or the program with a signal.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

_SIZE = 16
KERNEL_FILES = ("*/*.nbi", "*/*.nbc", "*.nbi", "*.nbc")


def sealed(data: bytes) -> bytes:
    """`data` with its digest behind it, where a reader of pickles does not look."""
    return data + _digest(data)


def is_sound(data: bytes) -> bool:
    """Whether `data` ends with the digest of what stands before it."""
    return data[-_SIZE:] == _digest(data[:-_SIZE])


def sweep(folder: Path, stamps: Iterable[str]) -> int:
    """Throw away the damaged kernel files below `folder`, and return how many there were.

    stamps: patterns of the files that say what is compiled; they go too if any kernel does.
    """
    kernels = (file for pattern in KERNEL_FILES for file in folder.glob(pattern))
    damaged = [file for file in kernels if not _is_sound_file(file)]
    said = (file for pattern in stamps for file in folder.glob(pattern)) if damaged else ()
    with suppress(OSError):
        for file in [*damaged, *said]:
            file.unlink(missing_ok=True)
    return len(damaged)


def _is_sound_file(file: Path) -> bool:
    try:
        return is_sound(file.read_bytes())
    except OSError:
        return False


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=_SIZE).digest()
