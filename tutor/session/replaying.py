"""Which scheduler a learner's answers are replayed with, and under which keys.

The newest fitted weights count, for the whole journal; without any, FSRS-6's defaults.
"""

from __future__ import annotations

import json
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING

from tutor.memory.amend import settled
from tutor.memory.fsrs import DEFAULT_WEIGHTS, checked
from tutor.memory.model import CardState, Event
from tutor.memory.order import in_order, revision_of
from tutor.memory.replay import replay
from tutor.memory.schedule import Scheduler
from tutor.memory.wishes import Wishes
from tutor.shares import deck_retentions

if TYPE_CHECKING:
    from tutor.deck.model import Entry
    from tutor.settings import Settings
    from tutor.store.journal import Store


_NONE: Mapping[str, float] = {}
# So many cards are read at once: enough for the database, few enough for the memory.
_AT_ONCE = 200
# So many of the newest fits are looked at for the one that counts.
_TRIED = 200


def scheduler(
    store: Store,
    settings: Settings,
    decks: Mapping[str, float] = _NONE,
    newest: Sequence[Event] = (),
) -> Scheduler:
    """The scheduler with the weights of the newest `params` event.

    decks: how well the cards of some decks are to be remembered, as they say themselves. newest:
    rows that are to follow those of the store.
    """
    return with_weights([*reversed(newest), *fits(store)], settings, decks)


def fits(store: Store) -> list[Event]:
    """The fits of all machines, newest first: a later one names the one that it follows."""
    return in_order(store.recent(_TRIED, "params"))[::-1]


def with_weights(
    events: Iterable[Event], settings: Settings, decks: Mapping[str, float] = _NONE
) -> Scheduler:
    """The scheduler with the weights of the first `params` event that has any, or the defaults."""
    chosen = next(filter(None, map(weights_of, events)), DEFAULT_WEIGHTS)
    return Scheduler(chosen, wishes(settings, decks), settings.rollover_hour)


def wishes(settings: Settings, decks: Mapping[str, float]) -> Wishes:
    """How well each card is to be remembered; the learner's word on a deck counts before its own.

    decks: what the decks say.
    """
    every, own = settings.desired_retention, deck_retentions(settings.deck_retention)
    return Wishes(every, {**decks, **own}, by_difficulty=True)


def weights_of(event: Event) -> tuple[float, ...] | None:
    """The weights of a fit; None where it has none that can be."""
    if event.kind != "params":
        return None
    try:
        return checked(json.loads(event.payload)["weights"])
    except (ValueError, TypeError, KeyError):
        # A fit of another model, or of a hand: the one before it counts.
        return None


# The deck of cards that exist in other programs only: their answers were imported.
ELSEWHERE = "import"


class Renames:
    """The keys that units and topics had before, as the decks say; `current` is by old key.

    present: the units there are; a key that is in use again is no old key. former: old ids of
    topics. Of two units that claim one old key the first has its history.
    """

    def __init__(
        self, entries: Iterable[Entry], present: Container[str], former: Mapping[str, str]
    ) -> None:
        self.current: dict[str, str] = {}
        self._old: dict[str, list[str]] = {}
        for old, now in former.items():
            self._add(old, now)
        for entry in entries:
            for old in entry.aka:
                for unit in entry.units:
                    name = old + unit.removeprefix(entry.key)
                    if name not in present and name not in self.current:
                        self._add(name, unit)

    def _add(self, old: str, now: str) -> None:
        self.current[old] = now
        self._old.setdefault(now, []).append(old)

    def key(self, key: str) -> str:
        """The key that a unit or topic has now."""
        return self.current.get(key, key)

    def was_renamed(self, key: str) -> bool:
        """Whether a unit or topic had another key before."""
        return key in self._old

    def history(self, key: str, store: Store) -> list[Event]:
        """The events of a unit or topic that count, under all keys it ever had, in order."""
        return in_order(settled(self.everything(key, store)))

    def everything(self, key: str, store: Store) -> list[Event]:
        """The active events of a unit or topic as they were written, with those that amend them."""
        return store.events_of(*self.names(key))

    def replayed(self, keys: Iterable[str], store: Store, by: Scheduler) -> dict[str, CardState]:
        """The states of these units and topics, row by row; none where no row bears on one."""
        states: dict[str, CardState] = {}
        given = iter(keys)
        while some := [name for key in islice(given, _AT_ONCE) for name in self.names(key)]:
            states |= replay(store.events_of(*some), by, self.key)
        return states

    def names(self, key: str) -> list[str]:
        """The key that a unit or topic has now, and all that it ever had."""
        return [key, *self._old.get(key, ())]

    def revised(self, entries: Iterable[Entry], store: Store) -> Iterator[tuple[str, str]]:
        """Answered units whose card has a revision that was never met, with that revision.

        Two checkouts of a deck over one journal know two revisions: each is due once.
        """
        for entry in entries:
            for unit in entry.units if entry.rev else ():
                events = self.history(unit, store)
                met = {revision_of(each) for each in events if each.kind in ("review", "set_due")}
                if met and entry.rev not in met:
                    yield unit, entry.rev

    def states(self, store: Store, by: Scheduler) -> dict[str, CardState]:
        """All states of the store; what is still under an old key is moved to the new one.

        A state that cannot be read, or that an older tutor left unfinished, is replayed.
        """
        states = store.states(but=ELSEWHERE)
        beside = (name for name in self.current if name.startswith(f"{ELSEWHERE}/"))
        old = states.keys() & self.current.keys() | {name for name in beside if store.state(name)}
        unfinished = {
            key for key, state in states.items() if state.reps and state.last_event is None
        }
        again = {self.current[name] for name in old} | unfinished | store.unread
        if again:
            new = self.replayed(again, store, by)
            # What no row bears on has no state: an undo may have taken back all there was.
            gone = (old | again | store.unread) - new.keys()
            states = {key: state for key, state in (states | new).items() if key not in gone}
            store.exchange_states(new.values(), gone)
        return states
