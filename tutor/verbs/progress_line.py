"""One line of a terminal that says how far something is; it changes, and it can be taken back.

Where nobody looks on, on a pipe or in a file, whoever calls decides what is said instead.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

from tutor.deck.load_progress import OnProgress, ignore
from tutor.text.printing import rewrite, tell, watched

PATIENCE = 0.5  # seconds without a word
EVERY = 0.1  # seconds between two words
BAR = 30


def show(text: str, file: TextIO) -> None:
    """Put `text` in place of what the line said."""
    rewrite(text, file)


def clear(file: TextIO) -> None:
    """Take the line back."""
    show("", file)


def show_bar(done: int, total: int, name: str, file: TextIO) -> None:
    """Show how much of `total` is done, as a bar and in numbers."""
    filled = BAR * done // total if total else BAR
    show(f"{'█' * filled}{'·' * (BAR - filled)} {done}/{total} {name}", file)


@contextmanager
def patience(saying: str) -> Iterator[OnProgress]:
    """Shows on stderr which share is done, once that takes long; the line is gone at the end."""
    if not watched(sys.stderr):
        yield ignore
        return
    line = _Share(saying, rewrites=os.environ.get("TERM") != "dumb")
    try:
        yield line.show
    finally:
        line.end()


class _Share:
    """The share that is done, on stderr; `rewrites`: whether the terminal can take a line back."""

    def __init__(self, saying: str, rewrites: bool) -> None:
        self._saying, self._rewrites, self._said = saying, rewrites, False
        self._next = time.monotonic() + PATIENCE

    def show(self, share: float) -> None:
        """Show the share, unless it is early or was shown a moment ago."""
        now = time.monotonic()
        if now < self._next or (self._said and not self._rewrites):
            return
        self._next, self._said = now + EVERY, True
        if self._rewrites:
            show(f"{self._saying} {share:.0%}", sys.stderr)
        else:
            tell(self._saying)

    def end(self) -> None:
        """Take back what was said."""
        if self._said and self._rewrites:
            clear(sys.stderr)
