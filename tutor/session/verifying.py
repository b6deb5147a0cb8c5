"""All states anew from a long journal: read card by card, in columns, without an object a row.

Cards that were only answered, and in order, go to the engine by the thousand; all others are
replayed row by row. Both give what `replay` gives, which a test holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import accumulate, repeat
from operator import sub

import fsrs_rs_python as engine

from tutor.memory.bulk import Working
from tutor.memory.ids import digest_of, digest_of_all
from tutor.memory.model import CardState
from tutor.memory.schedule import Scheduler
from tutor.session.replaying import Renames
from tutor.store.journal import Store
from tutor.store.plain import Answers, Card

_Plain = tuple[str, Answers]
# So many cards at once: enough for the engine, few enough for the memory.
_BATCH = 500


LOST = (
    "Another program has taken what the tutor had worked out of your answers: it was worked out"
    " anew from the journal, in which they all are."
)


def present_states(store: Store, by: Scheduler, renames: Renames) -> dict[str, CardState]:
    """All states of the store, as `Renames.states`; of lost ones the journal tells."""
    if store.states_lost and store.unwritable is None:
        states = Replaying(store, by, renames).states()
        store.replace_states(states.values())
        store.states_lost = False
        if any(state.reps for state in states.values()):
            store.warnings.append(LOST)
    return renames.states(store, by)


@dataclass(slots=True)
class Replaying:
    """Replays a store's journal with the weights in force, under the present keys."""

    store: Store
    scheduler: Scheduler
    renames: Renames

    def states(self) -> dict[str, CardState]:
        """The states of all cards and topics."""
        return self._states(self.store.cards())

    def states_of(self, keys: Iterable[str]) -> dict[str, CardState]:
        """The states of these cards and topics, so far as any row bears on them."""
        names = {name for key in keys for name in self.renames.names(self.renames.key(key))}
        return self._states(self.store.cards(names)) if names else {}

    def _states(self, cards: Iterable[Card]) -> dict[str, CardState]:
        states: dict[str, CardState] = {}
        slow: set[str] = set()
        batch: list[_Plain] = []
        for card in cards:
            key = self.renames.key(card.key)
            if card.answers and key == card.key and not self.renames.was_renamed(key):
                batch.append((key, card.answers))
            else:
                slow.add(key)
            if len(batch) >= _BATCH:
                slow |= self._batch(batch, states)
                batch = []
        slow |= self._batch(batch, states)
        return states | self.renames.replayed(slow, self.store, self.scheduler)

    def _batch(self, cards: Sequence[_Plain], states: dict[str, CardState]) -> set[str]:
        """Put the states of these cards in; the keys of those whose promise does not hold."""
        items = [engine.FSRSItem(_reviews(answers)) for _, answers in cards]
        by = engine.FSRS(list(self.scheduler.model.weights))
        found = by.memory_state_batch(items, [None] * len(items)) if items else []
        slow = set()
        for (key, answers), memory in zip(cards, found, strict=True):
            state = self._state(key, answers, memory)
            if state is None:
                slow.add(key)
            else:
                states[key] = state
        return slow

    def _state(self, key: str, answers: Answers, memory: engine.MemoryState) -> CardState | None:
        last, at, due, on = (
            answers.ids[-1], answers.at_utc_ms[-1], answers.due_utc_ms[-1], answers.on[-1]
        )  # fmt: skip
        applied = digest_of_all(answers.ids)
        if on is not None and on != applied ^ digest_of(last):
            return None
        working = Working.of(CardState(key))
        working.answer_all(zip(answers.ratings, answers.days, strict=True), memory)
        working.due_utc_ms = at if due is None else due
        return working.frozen(self.scheduler.model, last, applied)


def _reviews(answers: Answers) -> list[engine.FSRSReview]:
    """A card's answers in the engine's words: days since the last one, never negative."""
    latest = list(accumulate(answers.days, max))
    since = [0, *map(sub, answers.days[1:], latest)]
    return list(map(engine.FSRSReview, answers.ratings, map(max, since, repeat(0))))
