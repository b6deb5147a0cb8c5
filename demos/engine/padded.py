"""Small loops over the padded rows of a batch: copies, products number by number, sums of rows."""

from __future__ import annotations

from collections.abc import Callable

from demos.engine import rng
from demos.engine.arrays import HALF
from demos.engine.emitting import Array, Slot, each, when
from demos.engine.values import Value, choose, total


def copy(
    rows: Value, columns: Value, X: Array, at: Value, down: Value, across: Value,
    Y: Array, to: Value, y_down: Value, y_across: Value,
) -> None:  # fmt: skip
    """Y[to + i y_down + j y_across] = X[at + i down + j across] for rows i and columns j."""
    with each(0, rows) as i:
        x, y = at + i * down, to + i * y_down
        with each(0, columns) as j:
            Y.store(X.load(x + j * across), y + j * y_across)


def carrier(theta: Array, P: Array, one: Value, back: bool) -> Callable[..., None]:
    """What copies a block of theta to rows of the padded P, or `back`; one: the number 1."""

    def put(
        rows: Value, columns: Value, at: Value, down: Value, across: Value, to: Value, step: Value
    ) -> None:
        """theta[at + i down + j across] ↔ P[to + i step + j]"""
        own, padded = (theta, at, down, across), (P, to, step, one)
        copy(rows, columns, *(padded + own if back else own + padded))

    return put


def scale_all(D: Array, S: Array, at: Value, end: Value) -> None:
    """D ← D ⊙ S from number `at` to `end` of each."""
    lanes = D.lanes
    with each(at, end, lanes) as i:
        D.store(D.load(i, lanes) * S.load(i, lanes), i)


def sum_rows(
    n: Value, width: Value, D: Array, places: Array, b: Array, G: Array, at: Value, rate: Value,
    keep: Value,
) -> None:  # fmt: skip
    """G[at + j] = Σ_i D[i, j], if `keep`; and b[at + j] −= rate · that, if rate > 0."""
    lanes = HALF // D.size
    with each(0, width, lanes) as j:
        found = Slot(D.zero(lanes))
        with each(0, n) as i:
            found.set(found.get() + D.load(places.load(i) + j, lanes))
        with when(keep):
            G.store(found.get(), at + j)
        with when(rate > 0.0):
            b.store(b.load(at + j, lanes) - rate * found.get(), at + j)


def inputs_back(
    n: Value, inputs: Value, width: Value, D: Array, places: Array, W: Array, dX: Array
) -> None:
    """∂loss/∂X of the first layer: dX[i, p] = Σ_j D[i, j] W[p, j], with W (inputs, width)."""
    lanes = HALF // D.size
    with each(0, n) as i, each(0, inputs) as p:
        dot = Slot(D.zero(lanes))
        with each(0, width, lanes) as j:
            dot.set(dot.get() + D.load(places.load(i) + j, lanes) * W.load(p * width + j, lanes))
        dX.store(total(dot.get()), i * inputs + p)


def drop(
    rate: Value, state: Array, n: Value, units: Value, width: Value, A: Array, S: Array, at: Value
) -> None:
    """Inverted dropout: keep a unit with probability 1 − p and scale it by 1 / (1 − p)."""
    kept = 1.0 / (1.0 - rate)
    with each(0, n) as i, each(0, units) as j:
        place = at + i * width + j
        mask = choose(rng.uniform(state) < rate, 0.0, kept)
        A.store(A.load(place) * mask, place)
        S.store(S.load(place) * mask, place)
