"""What Numba reads from disk: kernels that we wrote, sealed, and nothing of the present folder.

Numba keeps compiled kernels as pickles, which can do anything when they are loaded, and takes its
options from a file of the folder that a program happens to be started in. Importing this module
changes both for the whole process; the package does so before any kernel is made.
"""

from __future__ import annotations

import contextlib
import io
import os
import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from demos.sealing import is_sound, sealed


@contextlib.contextmanager
def _without_yaml() -> Iterator[None]:
    """Numba reads the file of options by PyYAML; without it, it only warns that there is one."""
    yaml = sys.modules.get("yaml")
    sys.modules["yaml"] = None  # type: ignore[assignment]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        del sys.modules["yaml"]
        if yaml is not None:
            sys.modules["yaml"] = yaml


with _without_yaml():
    from numba.core import caching, config
    from numba.core.errors import NumbaError
    from numba.core.sigutils import normalize_signature

__all__ = ["KernelFiles", "NumbaError", "normalize_signature"]

# It is looked for again whenever something is compiled, and the null device is no such file.
config._config_fname = os.devnull
_Plain: Any = caching.IndexDataCacheFile


class KernelFiles(_Plain):  # type: ignore[misc]
    """The files of one kernel; one that is damaged or somebody else's is as none."""

    def _load_index(self) -> dict[Any, str]:
        if _is_ours_and_sound(Path(self._index_path)):
            try:
                return dict(super()._load_index())
            except Exception:  # sealed, and yet of another kind: nothing in it is trusted
                pass
        elif Path(self._index_path).exists():
            self._forget()
        return {}

    def _forget(self) -> None:
        """Throw the kernel's files away: a new index would give their names to other types."""
        index = Path(self._index_path)
        with contextlib.suppress(OSError):
            for file in [index, *index.parent.glob(f"{index.stem}.*.nbc")]:
                file.unlink(missing_ok=True)

    def _load_data(self, name: str) -> Any:
        path = Path(self._data_path(name))
        if not _is_ours_and_sound(path):
            path.unlink(missing_ok=True)
            raise OSError(0, "This kernel is damaged", str(path))  # Numba compiles it again
        try:
            return super()._load_data(name)
        except Exception as error:
            raise OSError(0, "This kernel is of another kind", str(path)) from error

    def save(self, key: Any, data: Any) -> None:
        """Keep a kernel; a full disk costs time at the next start, not the run of today."""
        with contextlib.suppress(OSError):
            super().save(key, data)

    @contextlib.contextmanager
    def _open_for_write(self, filepath: str) -> Iterator[io.BytesIO]:
        written = io.BytesIO()
        with super()._open_for_write(filepath) as file:
            if hasattr(os, "fchmod"):
                os.fchmod(file.fileno(), 0o600)
            yield written
            file.write(sealed(written.getvalue()))


def _is_ours_and_sound(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            found = os.fstat(file.fileno())
            owner = os.geteuid() if hasattr(os, "geteuid") else found.st_uid
            ours = found.st_uid in {owner, 0} and (os.name == "nt" or not found.st_mode & 0o022)
            return ours and is_sound(file.read())
    except OSError:
        return False


caching.IndexDataCacheFile = KernelFiles  # type: ignore[misc]
