"""Opens decks and answers for a verb; a person who waits for that sees how far it is.

Only a terminal on stderr is told anything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.deck import library
from tutor.deck.facts import DemoFacts
from tutor.paths import Place
from tutor.text.pictures import IN_WORDS, PAINTERS, PLOT
from tutor.text.printing import tell
from tutor.verbs.progress_line import patience

if TYPE_CHECKING:
    from tutor.session.learner import Learner

SAYING = "Reading the decks …"
FITTING = "Fitting the memory model to your answers …"
MIGRATING = "Bringing your answers to the new form …"


def _plot(source: str, width: int | None) -> list[str] | None:
    """A `plot` block as lines; NumPy is loaded where there is something to draw."""
    from tutor.plot.block import plain_rows

    return plain_rows(source, width)


def _said(source: str) -> list[str] | None:
    """The same in sentences."""
    from tutor.plot.block import said_rows

    return said_rows(source)


# What a verb prints of a deck may hold curves.
PAINTERS[PLOT] = _plot
IN_WORDS[PLOT] = _said


@contextmanager
def open_learner(place: Place) -> Iterator[Learner]:
    """The learner of `place`, closed at the end; its warnings are told on stderr.

    Raises DataError if it cannot be opened.
    """
    from tutor.session.learner import Learner

    with patience(SAYING) as on_progress, patience(MIGRATING) as on_migration:
        learner = Learner.open(place, on_progress=on_progress, on_migration=on_migration)
    with closing(learner):
        for warning in learner.warnings:
            tell(warning)
        yield learner


def refit(learner: Learner) -> None:
    """Fit the memory model if it is time, and tell of a fit that was taken."""
    from tutor.session import refitting

    if refitting.is_due(learner):
        tell(FITTING)
        if told := refitting.refit(learner):
            tell(told)


def load(
    place: Place, paths: Sequence[Path] = (), demos: Mapping[str, DemoFacts] | None = None
) -> library.Library:
    """All decks of `place` and those of `paths`."""
    with patience(SAYING) as on_progress:
        found = library.load((*place.content, *paths), place.cache, demos, on_progress)
    for line in found.news:
        tell(line)
    return found
