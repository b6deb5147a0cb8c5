"""One verb run as the command line runs it, in a process of its own, and what it cost.

The process is a fork of this one, in which everything is imported already, so that thousands of
trials take minutes. For Linux and macOS.
"""

from __future__ import annotations

import functools
import gc
import importlib
import os
import pkgutil
import resource
import signal
import sys
import tempfile
import traceback
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from tutor import cli
from tutor.text.sanitize import offenders

CPU_LIMIT_S = 30
WALL_LIMIT_S = 120
# Rooms that are imported before the first fork; the others need Textual or Numba.
ROOMS = ("text", "deck", "quiz", "memory", "store", "session", "exchange", "verbs")
# What a program of its own holds once these are imported.
IMPORTED_MB = 70


@dataclass(frozen=True, slots=True)
class Trial:
    """How one call ended: its exit status (or minus a signal), its words, CPU seconds, MB.

    rss_mb: what it needed above the memory that it was born with, which is its parent's, and what
    a program of its own holds after its imports.
    """

    words: tuple[str, ...]
    status: int
    out: str
    err: str
    cpu_s: float
    rss_mb: float

    @property
    def crashed(self) -> bool:
        """Whether it ended by a mistake of the program's, or by a signal."""
        return self.status < 0 or "Traceback (most recent call last)" in self.out + self.err

    @property
    def control(self) -> list[str]:
        """The kinds of control characters that it printed."""
        both = (self.out + self.err).replace("\ufeff", "\ufeff ")
        return sorted({what for _, what in offenders(both) if what.startswith("U+")})


@functools.cache
def import_all() -> None:
    """Import what the verbs use, once, so that a fork has it already."""
    for room in ROOMS:
        package = importlib.import_module(f"tutor.{room}")
        for module in pkgutil.iter_modules(package.__path__):
            importlib.import_module(f"tutor.{room}.{module.name}")
    gc.collect()
    gc.freeze()


def run(words: Sequence[str], stdin: bytes = b"") -> Trial:
    """Run `tutor` with these words; stdin is a file that ends."""
    import_all()
    with tempfile.TemporaryDirectory(prefix="trial-") as folder:
        files = [Path(folder, name) for name in ("in", "out", "err")]
        files[0].write_bytes(stdin)
        born_with = _resident_mb()
        pid = os.fork()
        if pid == 0:
            _child(words, files)
        _, ended, used = os.wait4(pid, 0)
        out, err = (file.read_bytes().decode("utf-8", "surrogateescape") for file in files[1:])
    status = -os.WTERMSIG(ended) if os.WIFSIGNALED(ended) else os.WEXITSTATUS(ended)
    kilobytes = used.ru_maxrss / (1024 if sys.platform == "darwin" else 1)
    needed = max(kilobytes / 1024 - born_with, 0.0) + IMPORTED_MB
    return Trial(tuple(words), status, out, err, used.ru_utime + used.ru_stime, needed)


def _resident_mb() -> float:
    """What this process holds now, which a fork begins with; where that is not told, its peak."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    except OSError:
        most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return most / (1024 * 1024 if sys.platform == "darwin" else 1024)
    return pages * resource.getpagesize() / 1024**2


def _forget_peak() -> None:
    """Let the peak of a fork begin at what it holds, not at what its parent once held (Linux)."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")


def _child(words: Sequence[str], files: Sequence[Path]) -> None:
    """Become the program; never returns."""
    status = 1
    try:
        _forget_peak()
        signal.signal(signal.SIGINT, signal.SIG_DFL)
        signal.alarm(WALL_LIMIT_S)
        os.chdir(files[0].parent)  # what is named by chance stays here
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_LIMIT_S, CPU_LIMIT_S))
        for number, file in enumerate(files):
            flags = os.O_RDONLY if number == 0 else os.O_WRONLY | os.O_CREAT
            os.dup2(os.open(file, flags, 0o600), number)
        sys.stdin = os.fdopen(0, encoding="utf-8", closefd=False)
        sys.stdout = os.fdopen(1, "w", encoding="utf-8", closefd=False)
        sys.stderr = os.fdopen(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)
        status = cli.main(list(words))
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
    finally:
        for stream in (sys.stdout, sys.stderr):
            stream.flush()
        os._exit(status)
