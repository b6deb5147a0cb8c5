"""A real pseudo-terminal for the real program: keys in, a screen of characters out.

pexpect runs it, pyte reads what it painted; waiting is for a text, never for a time.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType
from typing import Self

import pexpect
import pyte

ROOT = Path(__file__).parents[2]
PATIENCE = 30.0  # seconds until a test gives up
READING = 0.15  # seconds that a person has seen an answer before rating it
KEYS = {
    "enter": "\r", "escape": "\x1b", "ctrl+q": "\x11", "ctrl+o": "\x0f", "tab": "\t",
    "up": "\x1b[A", "down": "\x1b[B", "right": "\x1b[C", "left": "\x1b[D",
    "f1": "\x1bOP", "f2": "\x1bOQ", "f3": "\x1bOR",
}  # fmt: skip


class Terminal:
    """The program in a terminal of a given size."""

    def __init__(
        self,
        *args: str,
        columns: int = 80,
        rows: int = 24,
        env: Mapping[str, str] | None = None,
        program: str | None = None,
    ) -> None:
        """program: a Python file to run instead of the tutor."""
        self.screen = pyte.Screen(columns, rows)
        self.stream = pyte.ByteStream(self.screen)
        self.raw = bytearray()  # all that the program has written
        self._text: str | None = None  # as it was last asked for
        self.child = pexpect.spawn(
            sys.executable,
            [*((program,) if program else ("-m", "tutor")), *args],
            cwd=str(ROOT),
            env={**_sizeless(), "TERM": "xterm-256color", "PYTHONPATH": str(ROOT), **(env or {})},
            dimensions=(rows, columns),
            timeout=PATIENCE,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, _: TracebackType | None
    ) -> None:
        try:
            self.child.close(force=True)
        except pexpect.ExceptionPexpect:  # it had a tenth of a second to die, on a busy machine
            self.child.kill(signal.SIGKILL)
            self.child.wait()

    @property
    def text(self) -> str:
        """What stands on the screen."""
        if self._text is None:
            self._text = "\n".join(line.rstrip() for line in self.screen.display)
        return self._text

    def until(self, wanted: str) -> str:
        """Read until `wanted` stands on the screen."""
        deadline = time.monotonic() + PATIENCE
        while wanted not in self.text:
            if time.monotonic() > deadline:
                raise AssertionError(f"{wanted!r} never came; the screen says:\n{self.text}")
            self._read()
        return self.text

    def press(self, *keys: str) -> None:
        """Press keys, by name or as they are, as far apart as a person does."""
        for key in keys:
            time.sleep(READING)
            self.child.send(KEYS.get(key, key))

    def resize(self, columns: int, rows: int) -> None:
        """Change the size of the terminal."""
        self.child.setwinsize(rows, columns)
        self.screen.resize(rows, columns)
        self._text = None

    def quiet(self) -> None:
        """Read until the program has painted all it wants to for now."""
        with contextlib.suppress(pexpect.TIMEOUT):
            while True:
                self._take(self.child.read_nonblocking(65536, timeout=1.0))

    def drain(self) -> bool:
        """Read what is there without waiting; whether there was anything."""
        try:
            self._take(self.child.read_nonblocking(65536, timeout=0))
        except (pexpect.TIMEOUT, pexpect.EOF):
            return False
        return True

    def ended(self) -> int:
        """Read to the end and give the exit status."""
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline and self._read():
            pass
        self.child.close()
        assert self.child.exitstatus is not None, f"killed by signal {self.child.signalstatus}"
        return int(self.child.exitstatus)

    def _take(self, data: bytes) -> None:
        self.raw += data
        self.stream.feed(data)
        self._text = None

    def _read(self) -> bool:
        try:
            self._take(self.child.read_nonblocking(65536, timeout=0.5))
        except pexpect.TIMEOUT:
            return True
        except pexpect.EOF:
            return False
        return True


def _sizeless() -> dict[str, str]:
    """The environment without a size, which would win over the terminal's own."""
    return {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "LINES")}
