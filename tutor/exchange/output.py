"""Writes a file whole or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterable
from pathlib import Path

from tutor.errors import UnwritableError

PRIVATE = 0o600
"""The rights of a file that holds answers: only its owner may read it."""
PUBLIC = 0o644


def write(target: Path, pieces: Iterable[bytes], mode: int) -> None:
    """Put the pieces into a file at once. Raises UnwritableError; then the file is as it was.

    What is there and is no file, such as a pipe or /dev/null, is written to, and never replaced.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        if target.exists() and not target.is_file():
            with target.open("wb") as out:
                out.writelines(pieces)
            return
        handle, name = tempfile.mkstemp(dir=target.resolve().parent, prefix=".tutor-export.")
        try:
            with os.fdopen(handle, "wb") as out:
                out.writelines(pieces)
            Path(name).chmod(mode)
            Path(name).replace(target.resolve())
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise UnwritableError(
            "The file cannot be written", f"{target}: {error.strerror}.", "Choose another place."
        ) from error
