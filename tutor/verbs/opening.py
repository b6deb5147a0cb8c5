"""Opens decks and answers for a verb; a person who waits for that sees how far it is.

Only a terminal on stderr is told anything, and the line is gone when the reading is over.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.deck import library
from tutor.deck.facts import DemoFacts
from tutor.deck.load_progress import OnProgress, ignore
from tutor.paths import Place
from tutor.text.pictures import PAINTERS, PLOT

if TYPE_CHECKING:
    from tutor.session.learner import Learner

PATIENCE = 0.5  # seconds without a word
EVERY = 0.1  # seconds between two words
SAYING = "Reading the decks …"


def _plot(source: str, width: int | None) -> list[str] | None:
    """A `plot` block as lines; NumPy is loaded where there is something to draw."""
    from tutor.plot.block import plain_rows

    return plain_rows(source, width)


# What a verb prints of a deck may hold curves.
PAINTERS[PLOT] = _plot


@contextmanager
def open_learner(place: Place) -> Iterator[Learner]:
    """The learner of `place`, closed at the end; its warnings are told on stderr.

    Raises DataError if it cannot be opened.
    """
    from tutor.session.learner import Learner

    with patience() as on_progress:
        learner = Learner.open(place, on_progress=on_progress)
    with closing(learner):
        for warning in learner.warnings:
            print(warning, file=sys.stderr)
        yield learner


def load(
    place: Place, paths: Sequence[Path] = (), demos: Mapping[str, DemoFacts] | None = None
) -> library.Library:
    """All decks of `place` and those of `paths`."""
    with patience() as on_progress:
        return library.load((*place.content, *paths), place.cache, demos, on_progress)


@contextmanager
def patience() -> Iterator[OnProgress]:
    """What shows on stderr how far the decks are read, when that takes long."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield ignore
        return
    line = _Line(rewrites=os.environ.get("TERM") != "dumb")
    try:
        yield line.show
    finally:
        line.clear()


class _Line:
    """One line on stderr; `rewrites`: whether the terminal can take it back."""

    def __init__(self, rewrites: bool) -> None:
        self._rewrites, self._said = rewrites, False
        self._next = time.monotonic() + PATIENCE

    def show(self, share: float) -> None:
        """Show the share that is read, unless it is early or was shown a moment ago."""
        now = time.monotonic()
        if now < self._next or (self._said and not self._rewrites):
            return
        self._next, self._said = now + EVERY, True
        text = f"\r\x1b[K{SAYING} {share:.0%}" if self._rewrites else f"{SAYING}\n"
        print(text, end="", file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Take the line back."""
        if self._said and self._rewrites:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
