"""Several programs over one learner's file: they wait for each other, and never ask one card twice.

Each holds a lock on one byte of a file beside the database, whose place stands for the card that
it asks now. The system takes the lock back when a program ends, however it ends.
"""

from __future__ import annotations

import errno
import hashlib
import os
import random
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from tutor.errors import ChangedError

try:
    import fcntl
except ImportError:  # Windows: two programs may ask one card, and both answers count
    fcntl = None  # type: ignore[assignment]

T = TypeVar("T")

PATIENCE_S = 5.0
_FIRST_PAUSE_S = 0.002
_LONGEST_PAUSE_S = 0.1
_HELD = {errno.EACCES, errno.EAGAIN}


def patiently(act: Callable[[], T], look_again: Callable[[], None]) -> T:
    """Do it; while other programs write in between, look again and try anew for some seconds.

    Raises ChangedError if one always does.
    """
    until, pause = time.monotonic() + PATIENCE_S, _FIRST_PAUSE_S
    while True:
        try:
            return act()
        except ChangedError:
            if time.monotonic() > until:
                raise
        # By chance, so that two programs do not meet again and again.
        time.sleep(random.uniform(0, pause))
        pause = min(2 * pause, _LONGEST_PAUSE_S)
        look_again()


class Claims:
    """Which card this program asks now, for the other programs to see."""

    def __init__(self, database: Path) -> None:
        self._path = database.with_name(f"{database.name}-asking")
        self._file: int | None = None
        self._held: int | None = None

    def take(self, card: str) -> bool:
        """Claim a card instead of the one before; False if another program asks it now.

        Where no lock can be had, as on some network drives, every card is free.
        """
        place = int.from_bytes(hashlib.blake2b(card.encode(), digest_size=4).digest()) >> 1
        if place == self._held:
            return True
        self.give_back()
        if fcntl is None:
            return True
        try:
            if self._file is None:
                self._file = os.open(self._path, os.O_RDWR | os.O_CREAT, 0o600)
            fcntl.lockf(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB, 1, place)
        except OSError as error:
            return error.errno not in _HELD or self._file is None
        self._held = place
        return True

    def give_back(self) -> None:
        """Let others ask the card that was claimed."""
        if self._file is not None and self._held is not None:
            fcntl.lockf(self._file, fcntl.LOCK_UN, 1, self._held)
        self._held = None

    def close(self) -> None:
        """Give everything back."""
        if self._file is not None:
            os.close(self._file)
        self._file = self._held = None

    def __del__(self) -> None:
        self.close()
