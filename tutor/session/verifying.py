"""All states anew from a long journal: read card by card, in columns, without an object a row.

Cards that were only answered, and in order, go to the engine by the thousand; all others are
replayed row by row. Both give what `replay` gives, which a test holds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import reduce
from operator import xor

import fsrs_rs_python as engine

from tutor.memory.bulk import Working
from tutor.memory.ids import digest_of
from tutor.memory.model import CardState
from tutor.memory.schedule import Scheduler
from tutor.session.replaying import Renames
from tutor.store.journal import Store
from tutor.store.plain import Answer, Card

# So many cards at once: enough for the engine, few enough for the memory.
_BATCH = 500


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
        batch: list[Card] = []
        for card in cards:
            key = self.renames.key(card.key)
            if card.answers and key == card.key and not self.renames.was_renamed(key):
                batch.append(card)
            else:
                slow.add(key)
            if len(batch) >= _BATCH:
                slow |= self._batch(batch, states)
                batch = []
        slow |= self._batch(batch, states)
        return states | self.renames.replayed(slow, self.store, self.scheduler)

    def _batch(self, cards: Sequence[Card], states: dict[str, CardState]) -> set[str]:
        """Put the states of these cards in; the keys of those whose promise does not hold."""
        items = [engine.FSRSItem(list(_reviews(card.answers))) for card in cards]
        weights = list(self.scheduler.model.weights)
        found = engine.FSRS(weights).historical_memory_state_batch(items) if items else []
        slow = set()
        for card, memories in zip(cards, found, strict=True):
            state = self._state(card, memories)
            if state is None:
                slow.add(card.key)
            else:
                states[card.key] = state
        return slow

    def _state(self, card: Card, memories: Sequence[engine.MemoryState]) -> CardState | None:
        working, model = Working.of(CardState(card.key)), self.scheduler.model
        for answer, memory in zip(card.answers, memories, strict=True):
            working.answer(answer.rating, answer.day, memory)
        last = card.answers[-1]
        digests = [digest_of(answer.id) for answer in card.answers]
        if last.on is not None and last.on != reduce(xor, digests[:-1], 0):
            return None
        working.due_utc_ms = last.at_utc_ms if last.due_utc_ms is None else last.due_utc_ms
        return working.frozen(model, last.id, reduce(xor, digests, 0))


def _reviews(answers: Sequence[Answer]) -> Iterator[engine.FSRSReview]:
    """A card's answers in the engine's words: days since the last one, never negative."""
    last = answers[0].day
    for answer in answers:
        elapsed = max(0, answer.day - last)
        last += elapsed
        yield engine.FSRSReview(answer.rating, elapsed)
