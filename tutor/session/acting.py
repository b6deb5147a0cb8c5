"""What can be done with many cards at once: each an act of the journal that one undo takes back."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Literal

from tutor.memory.model import CardState, Event
from tutor.memory.time import day_start
from tutor.session.card_rows import Row
from tutor.session.learner import Learner
from tutor.session.payload import grouped

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


def act(learner: Learner, kind: Act, rows: Iterable[Row], days: int = 0) -> int:
    """Do it with the cards, a cloze with all of its gaps; how many cards it changed.

    days: from today, for `set_due`. On disk when this returns. Raises DataError.
    """
    keys = [row.key for row in rows]
    touched = set[str]()

    def events() -> Iterator[Event]:
        now, today = learner.now(), learner.today.day
        due = day_start(today + days, now.utc_offset_min, learner.settings.rollover_hour)
        fields = {"due_utc_ms": due} if kind == "set_due" else {}
        touched.clear()
        for key in keys:
            entry = learner.library.entries.get(key)
            for unit in entry.units if entry else ():
                if _CHANGES[kind](learner.state(unit), today):
                    touched.add(key)
                    yield learner.event(kind, unit, **fields)

    learner.append(lambda: grouped(list(events())))
    return len(touched)
