"""Which demos start at once, because their kernels were compiled before.

Numba keeps compiled kernels in a folder named by the demos' sources; a stamp in it says that a
demo has run there once, so that its next start takes a moment instead of seconds.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

from demos import catalog

KERNEL = re.compile(r"^@(?:fast_)?(?:kernel|part)$", re.MULTILINE)


def is_warm(name: str) -> bool:
    """Whether a demo starts without compiling; `paths.use_kernel_cache` must have run before."""
    stamp = _stamp(name)
    if stamp is not None and stamp.is_file() and stamp.read_text() == version("numba"):
        return True
    return not catalog.has_kernels(name)


def cold(names: Iterable[str] | None = None) -> list[str]:
    """The demos among `names` (all of them) that still have something to compile."""
    return [name for name in names or catalog.names() if not is_warm(name)]


def kernels(names: Iterable[str]) -> int:
    """How many kernels stand in the sources of these demos."""
    files = {file for name in names for file in catalog.sources(name)}
    return sum(len(KERNEL.findall(file.read_text(encoding="utf-8"))) for file in files)


def keep_stamp(name: str) -> None:
    """Note that a demo has compiled all that it uses."""
    stamp = _stamp(name)
    if stamp is not None:
        stamp.parent.mkdir(parents=True, exist_ok=True)
        stamp.write_text(version("numba"))


def _stamp(name: str) -> Path | None:
    folder = os.environ.get("NUMBA_CACHE_DIR")
    return Path(folder) / f"{name}.warm" if folder else None
