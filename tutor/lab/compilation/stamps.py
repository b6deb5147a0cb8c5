"""Which demos start at once, because their kernels were compiled before.

Numba keeps compiled kernels in a folder named by the demos' sources; a stamp in it says that a
demo has run there once, so that its next start takes a moment instead of seconds.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from contextlib import suppress
from importlib.metadata import version
from pathlib import Path

from demos import catalog, sealing

DAMAGED = "Damaged kernels were thrown away: they are compiled anew."

# What a stamp says is compiled: all that a demo can use, or what its first frames and steps need.
ALL, FIRST = "warm", "first"


def starts_at_once(name: str) -> bool:
    """Whether a demo starts without compiling; `paths.use_kernel_cache` must have run before."""
    return _stamped(name, FIRST) or is_warm(name)


def is_warm(name: str) -> bool:
    """Whether nothing of a demo, whatever its knobs, has to be compiled any more."""
    return _stamped(name, ALL) or not catalog.has_kernels(name)


def _stamped(name: str, what: str) -> bool:
    stamp = _stamp(name, what)
    try:
        return stamp is not None and stamp.read_bytes() == version("numba").encode()
    except OSError:
        return False


def sweep() -> int:
    """Throw damaged kernels away, with every stamp if there are any; returns how many."""
    folder = os.environ.get("NUMBA_CACHE_DIR")
    return sealing.sweep(Path(folder), (f"*.{ALL}", f"*.{FIRST}")) if folder else 0


def cold(names: Iterable[str] | None = None, what: str = ALL) -> list[str]:
    """The demos among `names` (all of them) that still have something to compile."""
    ready = is_warm if what == ALL else starts_at_once
    return [name for name in names or catalog.names() if not ready(name)]


def keep_stamp(name: str, what: str = ALL) -> None:
    """Note that a demo has compiled all that it uses, or all that its start needs."""
    stamp = _stamp(name, what)
    if stamp is not None:
        with suppress(OSError):
            stamp.parent.mkdir(parents=True, exist_ok=True)
            stamp.write_bytes(version("numba").encode())


def _stamp(name: str, what: str) -> Path | None:
    folder = os.environ.get("NUMBA_CACHE_DIR")
    return Path(folder) / f"{name}.{what}" if folder else None
