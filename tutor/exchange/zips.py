"""Members of zip files from outside, within limits: no bomb, no path, no surprise."""

from __future__ import annotations

import zipfile

from tutor.errors import UsageError

MAX_MEMBER = 500_000_000
# A text packs to a twentieth, seldom to a hundredth; a bomb to a thousandth.
MAX_RATIO = 200
_SMALL = 1_000_000


def member(archive: zipfile.ZipFile, name: str, file: str, limit: int = MAX_MEMBER) -> bytes:
    """The bytes of a member. Raises UsageError when it is missing, damaged or beyond a limit."""
    try:
        info = archive.getinfo(name)
    except KeyError:
        raise UsageError(
            f"{file} is not read", f"It holds no {name}.", "Export it once more."
        ) from None
    check(info, file, limit)
    try:
        with archive.open(info) as opened:
            data = opened.read(limit + 1)
    except (zipfile.BadZipFile, EOFError, OSError, NotImplementedError, RuntimeError) as error:
        raise UsageError(
            f"{file} is damaged", f"{name} cannot be unpacked: {error}.", "Export it once more."
        ) from error
    if len(data) > limit:
        raise _too_large(file, name)
    return data


def check(info: zipfile.ZipInfo, file: str, limit: int = MAX_MEMBER) -> None:
    """Raise UsageError for a member that is too large, or packed as only a bomb is."""
    if info.file_size > limit:
        raise _too_large(file, info.filename)
    if info.file_size > _SMALL and info.file_size > MAX_RATIO * max(info.compress_size, 1):
        raise UsageError(
            f"{file} is not read",
            f"{info.filename} would unpack to {info.file_size:,} bytes, more than {MAX_RATIO} "
            "times its packed size.",
            "Ask for a smaller export.",
        )


def _too_large(file: str, name: str) -> UsageError:
    return UsageError(
        f"{file} is too large", f"{name} has more than {MAX_MEMBER:,} bytes.",
        "Export it in parts.",
    )  # fmt: skip
