"""The batches of a crowd dealt beforehand, for a card that only reads them."""

from __future__ import annotations

import numpy as np

from demos.engine.arrays import Ints, State
from demos.engine.batches import dealt
from demos.engine.emitting import Array, each
from demos.engine.kernel import kernel_of
from demos.engine.values import Value


def _deal(order: Array, cursor: Array, state: Array, size: Value, steps: Value, out: Array) -> None:
    n = order.shape[1]
    with each(0, order.length) as deck:
        cards = Array(order.builder, order.at(deck * n).data, order.size, [n])
        with each(0, steps) as step:
            start = dealt(cards, cursor.at(deck), state.at(deck), size)
            with each(0, size) as s:
                out.store(cards.load(start + s), (deck * steps + step) * size + s)


@kernel_of(_deal)
def deal(order: Ints, cursor: Ints, state: State, size: int, steps: int, out: Ints) -> None:
    """Deal `steps` batches from each deck, order (decks, n), into `out` (decks, steps, size)."""


class Decks:
    """The decks of a crowd, each kind once: blocks of one seed have equal ones.

    order (…, n), cursor (…), state (…): those of the crowd, which are moved on with them.
    which (…): for each deck of the crowd the one it is like.
    """

    def __init__(self, order: Ints, cursor: Ints, state: State) -> None:
        self._all = order, cursor, state
        flat = order.reshape(-1, order.shape[-1])
        whole = np.column_stack([flat, cursor.reshape(-1), state.reshape(-1).view(np.int64)])
        _, first, which = np.unique(whole, axis=0, return_index=True, return_inverse=True)
        self.which: Ints = which.reshape(cursor.shape)
        self._order, self._cursor = flat[first].copy(), cursor.reshape(-1)[first].copy()
        self._state: State = state.reshape(-1)[first].copy()

    @property
    def count(self) -> int:
        """How many kinds there are."""
        return len(self._order)

    def deal(self, size: int, steps: int) -> Ints:
        """The rows of the next batches (decks, steps, size)."""
        out: Ints = np.zeros((self.count, steps, size), np.int64)
        deal(self._order, self._cursor, self._state, size, steps, out)
        return out

    def give_back(self) -> None:
        """Move the crowd's own decks on to where these are."""
        for own, moved in zip(self._all, (self._order, self._cursor, self._state), strict=True):
            own[:] = moved[self.which]
