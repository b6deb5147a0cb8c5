"""Where compiled kernels lie: in a folder of this user's own, and in the wheel's.

A kernel's file is machine code, with a digest behind it: one that a power cut left empty, or in
which a bit has flipped, would end the program with a signal. Its name holds all that the code hangs
on, so that a look at the folder tells whether it is there: the kernel and its types, the
processor, the versions of the compilers, and every source file of the engine. Machine code can do
anything, as the program itself can: so only folders are read into which nobody else can write,
and the wheel's files only as its list of digests has them.
"""

from __future__ import annotations

import hashlib
import json
import os
import sys
from collections.abc import Iterator
from contextlib import suppress
from functools import cache
from pathlib import Path

from demos.engine import processor

ENGINE = Path(__file__).resolve().parent
# The wheel's kernels, and the list of their SHA-256 (see tools/wheel.py).
SHIPPED, MANIFEST = ENGINE / "kernels", "MANIFEST.json"
SUFFIX = ".kernel"
_HEAD, _DIGEST = b"tutor kernel 1\n", 16
_MOST_BYTES = 50_000_000
# Machine code hangs on the layout of Python's and NumPy's objects, too.
_COMPILERS = ("numba", "llvmlite", "numpy")


def name_of(kernel: str, types: str, code: bytes = b"", identity: str = "") -> str:
    """The name of the file for a kernel, "module.function", and its types, as text.

    code: what the kernel is made of besides the engine. identity: of another processor.
    """
    parts = [
        kernel,
        types,
        identity or processor.identity(),
        *_versions(),
        str(object.__basicsize__),
    ]
    digest = hashlib.blake2b(json.dumps(parts).encode() + _salt() + code, digest_size=16)
    return f"{kernel}-{digest.hexdigest()}{SUFFIX}"


@cache
def _salt() -> bytes:
    """A digest of every source file of the engine: a kernel takes in what others define."""
    digest = hashlib.blake2b(digest_size=16)
    for source in sorted(ENGINE.rglob("*.py")):
        digest.update(source.relative_to(ENGINE).as_posix().encode() + b"\0" + source.read_bytes())
    return digest.digest()


@cache
def _versions() -> tuple[str, ...]:
    return tuple(map(_version, _COMPILERS))


def _version(package: str) -> str:
    """The version that is installed; nothing if none is.

    The folder of a package's metadata has it in its name. `importlib.metadata`, which reads them
    for all kinds of places, costs a demo's start as much as NumPy's core, and is asked only if
    there is no such folder.
    """
    for place in map(Path, sys.path):
        for folder in place.glob(f"{package}-*.dist-info"):
            return folder.stem.removeprefix(f"{package}-")
    from importlib import metadata

    try:
        return metadata.version(package)
    except metadata.PackageNotFoundError:
        return ""


def folder() -> Path | None:
    """This user's folder of kernels; None where there is none."""
    given = os.environ.get("NUMBA_CACHE_DIR")
    return Path(given) if given else None


def _places(kernel: str, types: str, code: bytes) -> Iterator[Path]:
    """Where the file may lie: made for this very processor, or shipped for all of its kind."""
    own = folder()
    if own is not None:
        yield own / name_of(kernel, types, code)
    shipped = processor.shipped_identity()
    if shipped:
        yield SHIPPED / name_of(kernel, types, code, shipped)


def is_kept(kernel: str, types: str) -> bool:
    """Whether a kernel of the engine was compiled for exactly this processor before."""
    own = folder()
    return own is not None and (own / name_of(kernel, types)).is_file()


def is_there(kernel: str, types: str) -> bool:
    """Whether a kernel of the engine can be loaded, perhaps as the wheel has it."""
    return any(path.is_file() for path in _places(kernel, types, b""))


def find(kernel: str, types: str, code: bytes = b"") -> bytes | None:
    """The machine code of a kernel, if it is there and sound; what is damaged is thrown away."""
    for path in _places(kernel, types, code):
        data = read(path)
        if data is not None:
            return data
        if path.is_file():
            throw_away(path)
    return None


def read(path: Path) -> bytes | None:
    """A file of machine code without its digest, if it is whole and nobody else's; else None."""
    shipped = path.parent == SHIPPED
    if not (path.is_file() and _is_ours(path.parent, shipped) and _is_ours(path, shipped)):
        return None
    try:
        with path.open("rb") as file:
            data = file.read(_MOST_BYTES)  # what is cut there has another digest
    except OSError:
        return None
    if shipped and _manifest().get(path.name) != hashlib.sha256(data).hexdigest():
        return None
    return unsealed(data)


def sealed(machine_code: bytes) -> bytes:
    """A file's content: machine code, between a line that says so and a digest."""
    data = _HEAD + machine_code
    return data + _digest(data)


def unsealed(data: bytes) -> bytes | None:
    """The machine code of a file's content; None if it is damaged, or something else."""
    sound = data[-_DIGEST:] == _digest(data[:-_DIGEST]) and data.startswith(_HEAD)
    return data[len(_HEAD) : -_DIGEST] if sound else None


def _digest(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=_DIGEST).digest()


@cache
def _manifest() -> dict[str, str]:
    """The SHA-256 of each file that the wheel has."""
    path = SHIPPED / MANIFEST
    with suppress(OSError, ValueError):
        found = json.loads(path.read_bytes()) if _is_ours(path, shipped=True) else {}
        return found if isinstance(found, dict) else {}
    return {}


def keep(kernel: str, types: str, machine_code: bytes, code: bytes = b"") -> None:
    """Keep what was compiled; a full disk costs time at the next start, not the run of today."""
    own = folder()
    if own is None:
        return
    path = own / name_of(kernel, types, code)
    draft = path.with_suffix(f".{os.getpid()}")
    try:
        own.mkdir(mode=0o700, parents=True, exist_ok=True)
        with open(draft, "wb", opener=_private) as file:
            file.write(sealed(machine_code))
        draft.replace(path)
    except OSError:
        with suppress(OSError):
            draft.unlink(missing_ok=True)


def _private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def sweep() -> int:
    """Throw damaged kernels away, and return how many there were."""
    own = folder()
    found = [path for place in (own, SHIPPED) if place for path in place.glob(f"*{SUFFIX}")]
    damaged = [path for path in found if read(path) is None]
    return sum(map(throw_away, damaged))


_thrown_away: list[Path] = []


def throw_away(path: Path) -> bool:
    """Remove a file; False if that is not allowed, and it is only passed over."""
    try:
        path.unlink()
    except OSError:
        return False
    _thrown_away.append(path)
    return True


def thrown_away() -> int:
    """How many files were thrown away since this was asked last."""
    count = len(_thrown_away)
    _thrown_away.clear()
    return count


def _is_ours(path: Path, shipped: bool = False) -> bool:
    """Whether nobody but this user and the system can have written a file, or into a folder.

    shipped: it lies among the program's own files, which installers may leave to a group.
    """
    if os.name == "nt":
        return path.exists()
    try:
        found = path.stat()
    except OSError:
        return False
    others = 0o002 if shipped else 0o022
    return found.st_uid in {os.geteuid(), 0} and not found.st_mode & others
