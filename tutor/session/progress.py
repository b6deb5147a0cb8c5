"""What the Progress page shows at once: the counts, with names for what needs a look.

Only plain data leaves it, so that the page paints without asking the store; what must be read
from the answers one by one comes later, from `tutor.session.past`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from tutor.deck.format import named
from tutor.session import statistics
from tutor.session.statistics import Stats, day_of

if TYPE_CHECKING:
    from tutor.session.learner import Learner
    from tutor.store.glance import Glance


class Named(NamedTuple):
    """A card by its key and its front, as long as no numbers are drawn; how often forgotten."""

    key: str
    front: str
    lapses: int


@dataclass(frozen=True, slots=True)
class Facts:
    """The counts of today. leeches, flagged, suspended: the cards to look at."""

    stats: Stats
    glance: Glance
    today: date
    leeches: tuple[Named, ...]
    flagged: tuple[Named, ...]
    suspended: tuple[Named, ...]


def gather(learner: Learner) -> Facts:
    """Count what `tutor stats` counts, without walking through the journal."""
    with learner.at_rest():
        stats = statistics.gather(learner)
        return Facts(
            stats=stats,
            glance=learner.glance(),
            today=day_of(learner.now().study_day),
            leeches=_named(learner, stats.leeches),
            flagged=_named(learner, stats.flagged),
            suspended=_named(learner, (s.key for s in learner.states() if s.suspended)),
        )


def _named(learner: Learner, units: Iterable[str]) -> tuple[Named, ...]:
    """The cards of these units, each once, under its first unit."""
    found: dict[str, Named] = {}
    for unit in units:
        entry = learner.library.unit(unit)[0]
        front, lapses = named(entry.front), learner.state(unit).lapses
        found.setdefault(entry.key, Named(entry.key, front, lapses))
    return tuple(found.values())
