"""The only place that knows folders: content, data, settings, cache."""

from __future__ import annotations

import errno
import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

import tutor
from tutor.errors import NotFoundError, UnwritableError
from tutor.later import standing_in

PROGRAM = "nn-tutor"


@dataclass(frozen=True, slots=True)
class Place:
    """Where this run reads and writes, settled once from the command line.

    data: the learner's folder (database, backups, own decks).
    database: the journal's file, normally `data / "tutor.db"`.
    settings: the settings file.
    cache: parsed decks and compiled kernels; may be deleted at any time.
    content: deck files and folders to load, in order, bundled ones first.
    """

    data: Path
    database: Path
    settings: Path
    cache: Path
    content: tuple[Path, ...]

    @property
    def backups(self) -> Path:
        """The folder that holds the database's backups."""
        return self.data / "backups"


def settle(
    data_dir: str | None = None,
    content: tuple[str, ...] = (),
    bundled: bool = True,
    database: str | None = None,
) -> Place:
    """Decide all folders from the options and the environment; create nothing.

    With an explicit data folder the settings live inside it, so that one folder is one learner.
    Raises NotFoundError for a content path that does not exist.
    """
    given = data_dir or os.environ.get("TUTOR_DATA_DIR")
    data = Path(given).expanduser() if given else _user_dir("data")
    settings = data / "settings.toml" if given else _user_dir("config") / "settings.toml"
    return Place(
        data=data,
        database=Path(database).expanduser() if database else data / "tutor.db",
        settings=settings,
        cache=cache_dir(),
        content=_content_paths(content, bundled, data / "decks"),
    )


def _content_paths(given: tuple[str, ...], bundled: bool, own: Path) -> tuple[Path, ...]:
    env = tuple(p for p in os.environ.get("TUTOR_CONTENT", "").split(os.pathsep) if p)
    added = [Path(p).expanduser() for p in given or env]
    for path in added:
        if not path.exists():
            raise NotFoundError(
                "No such deck",
                f"{path} does not exist.",
                "Give --content a Markdown file or a folder that holds some.",
            )
    paths = [content_dir()] if bundled else []
    return (*paths, *added, own)


def may_use_paths() -> bool:
    """Whether a page may read and write a file that the learner names; not in a browser.

    `tutor serve --allow-files` lets it.
    """
    return os.environ.get("TUTOR_SERVED") != "no files"


def content_dir() -> Path:
    """The bundled decks: inside the installed package, else beside it in a checkout."""
    package = Path(tutor.__file__).resolve().parent
    installed = package / "_content"
    return installed if installed.is_dir() else package.parent / "content"


def cache_dir() -> Path:
    """The folder for what can be made again (`TUTOR_CACHE_DIR` overrides it)."""
    given = os.environ.get("TUTOR_CACHE_DIR")
    return Path(given).expanduser() if given else _user_dir("cache")


def kernel_cache(cache: Path) -> Path:
    """The folder for compiled kernels, named by a hash of the engine's sources.

    A kernel's file tells by its name what it was made of; a folder for each version of the engine
    keeps those that nothing looks for any more out of the way. A demo's words are no part of it.
    """
    import hashlib

    root = Path(tutor.__file__).resolve().parent.parent / "demos" / "engine"
    digest = hashlib.sha256()
    for source in sorted(root.rglob("*.py")):
        digest.update(source.relative_to(root).as_posix().encode())
        digest.update(source.read_bytes())
    return cache / "kernels" / digest.hexdigest()[:16]


def use_kernel_cache(cache: Path) -> None:
    """Point Numba at `kernel_cache`; call it before the first import of Numba.

    A cache folder that cannot be written, or that others can write, is replaced by a temporary
    one: slower, never fatal.
    """
    folder = kernel_cache(cache)
    try:
        if not is_private(ensure_dir(folder)):
            folder = _temporary(folder.name)
    except UnwritableError:
        folder = _temporary(folder.name)
    os.environ.setdefault("NUMBA_CACHE_DIR", str(folder))


def _temporary(name: str) -> Path:
    """A folder for this user alone, the same at each start if nobody else has taken its name."""
    import tempfile

    folder = Path(tempfile.gettempdir()) / f"{PROGRAM}-{_user()}-{name}"
    with suppress(OSError):
        folder.mkdir(mode=0o700)
    found = folder.lstat() if folder.exists() else None
    if found and stat.S_ISDIR(found.st_mode) and found.st_uid == _user() and is_private(folder):
        return folder
    return Path(tempfile.mkdtemp(prefix=f"{PROGRAM}-"))


def opened(path: Path) -> BinaryIO:
    """A regular file, to be read. Raises OSError, also for a pipe or a device: such may not end."""
    # Opening a pipe would wait for someone who writes into it.
    handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    if stat.S_ISREG(os.fstat(handle).st_mode):
        return os.fdopen(handle, "rb")
    os.close(handle)
    raise OSError(errno.EINVAL, "This is no regular file", str(path))


def is_ours(found: os.stat_result) -> bool:
    """Whether nobody but this user and the system can have written the file or folder."""
    return os.name == "nt" or (found.st_uid in {_user(), 0} and not found.st_mode & 0o022)


def is_private(folder: Path) -> bool:
    """Whether nobody else can write into `folder`; one of this user's own is closed to others."""
    with suppress(OSError):
        found = folder.stat()
        if found.st_uid == _user() and found.st_mode & 0o022:
            folder.chmod(0o700)
        return is_ours(folder.stat())
    return False


def _user() -> int:
    return os.geteuid() if hasattr(os, "geteuid") else 0


def use_digits(data: Path) -> None:
    """Let the digit reader find MNIST's files in `data / "mnist"`, unless TUTOR_MNIST is set."""
    folder = data / "mnist"
    if folder.is_dir():
        os.environ.setdefault("TUTOR_MNIST", str(folder))


def ensure_dir(folder: Path) -> Path:
    """Create `folder` with its parents. Raises UnwritableError when that cannot be done."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UnwritableError(
            "Folder cannot be created",
            f"{folder}: {error.strerror}.",
            "Choose another with --data-dir DIR or TUTOR_DATA_DIR.",
        ) from error
    if not os.access(folder, os.W_OK | os.X_OK):
        raise UnwritableError(
            "Folder cannot be written",
            f"{folder} is read-only for this user.",
            "Choose another with --data-dir DIR or TUTOR_DATA_DIR.",
        )
    return folder


def _user_dir(kind: str) -> Path:
    with standing_in({"tempfile": ("gettempdir",)}):  # only a folder for sockets asks for it
        import platformdirs

    dirs = platformdirs.PlatformDirs(PROGRAM, appauthor=False)
    return {
        "data": dirs.user_data_path,
        "config": dirs.user_config_path,
        "cache": dirs.user_cache_path,
    }[kind]
