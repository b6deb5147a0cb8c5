"""Mini-batches: a data set dealt out in shuffled handfuls, reshuffled each epoch.

What is left over at the end of an epoch, less than a batch, is dealt in a later one.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from demos.engine import rng
from demos.engine.arrays import Floats, Ints, State
from demos.engine.emitting import Array, when
from demos.engine.kernel import kernel_of
from demos.engine.values import Value


class Source(Protocol):
    """Whatever gives the next batch to train on."""

    def next(self) -> tuple[NDArray[Any], NDArray[Any]]:
        """Return the inputs and the targets of one batch."""


class Batches:
    """Inputs X (n, inputs) and targets T (n, outputs), dealt `size` rows at a time.

    A copy shares X and T, which nothing changes, and has its own order and generator.
    """

    def __init__(self, X: Floats, T: Floats, size: int, seed: int) -> None:
        self.X, self.T = X, T
        self.size = min(size, len(X))
        self.order: Ints = np.arange(len(X))
        self.cursor: Ints = np.array([len(X)])
        self.state: State = rng.seeded(seed, stream=1)

    def next(self) -> tuple[Floats, Floats]:
        """Deal the next batch: X (size, inputs), T (size, outputs)."""
        start = self.start()
        rows = self.order[start : start + self.size]
        return self.X[rows], self.T[rows]

    def start(self) -> int:
        """Deal a batch; return where in `order` its rows begin."""
        return deal(self.order, self.cursor, self.state, self.size)

    def __deepcopy__(self, memo: dict[int, object]) -> Batches:
        twin = Batches(self.X, self.T, self.size, 0)
        twin.order, twin.cursor = self.order.copy(), self.cursor.copy()
        twin.state = self.state.copy()
        return twin


def dealt(order: Array, cursor: Array, state: Array, size: Value) -> Value:
    """Return where in `order` the next batch starts, reshuffling when too few rows are left."""
    with when(cursor.first() + size > order.length):
        rng.shuffle(state, order, order.length)
        cursor.set_first(size * 0)
    start = cursor.first()
    cursor.set_first(start + size)
    return start


@kernel_of(dealt)
def deal(order: Ints, cursor: Ints, state: State, size: int) -> int:
    """`dealt`, for Python."""
