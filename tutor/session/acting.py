"""What can be done with many cards at once: each an act of the journal that one undo takes back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from tutor.errors import NotFoundError
from tutor.memory.model import CardState, Event
from tutor.memory.time import day_start
from tutor.session.learner import Learner
from tutor.session.payload import grouped
from tutor.session.queues import units_of

Act = Literal["suspend", "unsuspend", "bury", "flag", "unflag", "reset", "set_due"]

# What an act changes: it is noted for these cards alone, so that undo takes back what it did.
_CHANGES: dict[Act, Callable[[CardState, int], bool]] = {
    "suspend": lambda state, _day: not state.suspended,
    "unsuspend": lambda state, _day: state.suspended,
    "bury": lambda state, day: not state.suspended and (state.buried_until_day or 0) <= day,
    "flag": lambda state, _day: not state.flagged,
    "unflag": lambda state, _day: state.flagged,
    "reset": lambda state, _day: state.phase != "new",
    "set_due": lambda state, _day: state.phase != "new" and not state.suspended,
}
LONGEST_DAYS = 36_500


@dataclass(frozen=True, slots=True)
class Acted:
    """What was done: to how many cards, and the id of the first of its rows; empty for none."""

    kind: Act
    cards: int
    id: str


def act(learner: Learner, kind: Act, keys: Iterable[str], days: int = 0) -> Acted:
    """Do it with the cards or the gaps of these keys, a cloze with all of its gaps.

    days: from today, for `set_due`. On disk when this returns. Raises DataError.
    """
    keys = list(keys)
    touched = set[str]()

    def events() -> Iterator[Event]:
        now, today = learner.now(), learner.today.day
        due = day_start(today + days, now.utc_offset_min, learner.settings.rollover_hour)
        fields = {"due_utc_ms": due} if kind == "set_due" else {}
        touched.clear()
        for key in keys:
            for unit in _units(learner, key):
                if _CHANGES[kind](learner.state(unit), today):
                    touched.add(key)
                    yield learner.event(kind, unit, **fields)

    written = learner.append(lambda: grouped(list(events())))
    return Acted(kind, len(touched), written[0].id if written else "")


def _units(learner: Learner, key: str) -> Sequence[str]:
    """The units of a key; none of a card that is gone meanwhile."""
    try:
        return units_of(learner, key)
    except NotFoundError:
        return ()


def take_back(learner: Learner, acted: Acted) -> bool:
    """Take an act back, whatever was answered after it; whether it still stood. Raises DataError.

    The answers that came after it count as if it had never been.
    """
    return learner.undo(lambda: learner.store.group(acted.id, acted.kind)) is not None
