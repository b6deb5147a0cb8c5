"""Mini-batches: a data set dealt out in shuffled handfuls, reshuffled each epoch.

What is left over at the end of an epoch, less than a batch, is dealt in a later one.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from demos.engine import rng
from demos.engine.arrays import Floats, Ints, State
from demos.engine.kernel import kernel, part


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
        start = deal(self.order, self.cursor, self.state, self.size)
        rows = self.order[start : start + self.size]
        return self.X[rows], self.T[rows]

    def __deepcopy__(self, memo: dict[int, object]) -> Batches:
        twin = Batches(self.X, self.T, self.size, 0)
        twin.order, twin.cursor = self.order.copy(), self.cursor.copy()
        twin.state = self.state.copy()
        return twin


@kernel
def deal(order: Ints, cursor: Ints, state: State, size: int) -> int:
    """Return where in `order` the next batch starts, reshuffling when too few rows are left."""
    if cursor[0] + size > order.size:
        rng.shuffle(state, order)
        cursor[0] = 0
    cursor[0] += size
    return int(cursor[0] - size)


@part
def gather(X: Floats, rows: Ints, out: Floats) -> None:
    """Copy the rows of X (n, k) that `rows` names into `out` (len(rows), k)."""
    blocks = rows.size - rows.size % 4
    for i in range(0, blocks, 4):  # four at once: a far row takes long to begin to arrive
        a, b, c, d = rows[i], rows[i + 1], rows[i + 2], rows[i + 3]
        for p in range(X.shape[1]):
            out[i, p], out[i + 1, p] = X[a, p], X[b, p]
            out[i + 2, p], out[i + 3, p] = X[c, p], X[d, p]
    for i in range(blocks, rows.size):
        for p in range(X.shape[1]):
            out[i, p] = X[rows[i], p]
