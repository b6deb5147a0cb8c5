"""Rows that were written while the clock ran ahead: found at a start, and brought back to now.

Nothing is changed in the journal: `retime` rows say when those rows count, and one undo takes
them back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from tutor.memory.amend import retiming
from tutor.memory.model import Event
from tutor.memory.time import DAY_MS, Moment, iso
from tutor.session.payload import joined
from tutor.store.journal import Store

# A clock may be wrong by hours, as after a journey; by more than a day it tells the wrong date.
_AHEAD_MS = DAY_MS


def ahead(store: Store, now: Moment) -> list[Event]:
    """The rows that count at a time which has not come yet, as they count."""
    return store.later_than(now.utc_ms + _AHEAD_MS)


def warning(rows: Sequence[Event], now: Moment) -> Iterator[str]:
    """What to tell the learner: nothing, or one line that names the way back."""
    if rows:
        last = max(row.at_utc_ms for row in rows)
        yield (
            f"{len(rows)} rows of your journal are of the future, up to {iso(last)}, as when a"
            f" clock ran ahead. It is {iso(now.utc_ms)} by this computer's clock; if that is right,"
            " let them count as of now: tutor doctor --retime"
        )


def retimings(rows: Sequence[Event], now: Moment, event: Callable[..., Event]) -> Sequence[Event]:
    """The rows that say so, as one act."""
    return joined(
        [
            event("retime", row.card_key, payload=retiming(row, now.utc_ms, now.study_day))
            for row in rows
        ]
    )
