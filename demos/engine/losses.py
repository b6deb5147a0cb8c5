"""Losses: one number for how wrong the outputs are, and its gradient for each output.

Every loss is a mean over the batch, and its targets are a matrix as wide as the outputs.
"""

from __future__ import annotations

from typing import Any, Protocol

import numpy as np
from numpy.typing import ArrayLike, NDArray

from demos.engine.arrays import Floats, Ints
from demos.engine.emitting import Array, Slot, each, when
from demos.engine.exponentials import exp, log, sigmoid
from demos.engine.kernel import kernel_of
from demos.engine.values import Value, absolute, as_double, choose, first_lanes, larger, total

NAMES = ("cross_entropy", "mse", "hinge", "logistic")
CROSS_ENTROPY, MSE, HINGE, LOGISTIC = range(4)


def code(name: str) -> int:
    """Find the number by which kernels know a loss. Raises ValueError for another name."""
    if name not in NAMES:
        raise ValueError(f"no loss is named {name!r}; there are {', '.join(NAMES)}")
    return NAMES.index(name)


def targets(y: ArrayLike, outputs: int, dtype: Any = np.float64) -> Floats:
    """Make the target matrix (n, outputs): class labels become rows of one-hot."""
    given = np.asarray(y)
    if given.ndim == 1 and outputs > 1:
        matrix: NDArray[Any] = np.eye(outputs, dtype=dtype)[given]
        return matrix
    return np.ascontiguousarray(given.reshape(len(given), outputs), dtype=dtype)


def check(kind: int, T: Floats) -> None:
    """Raise ValueError for targets T (n, k) of cross-entropy of which a row does not add up to 1.

    A row of zeros, as of a masked place, would get no loss and yet the gradient p.
    """
    sums = T.sum(axis=1)
    if kind == CROSS_ENTROPY and T.shape[1] > 1 and np.abs(sums - 1.0).max(initial=0.0) > 1e-3:
        row = int(np.abs(sums - 1.0).argmax())
        raise ValueError(f"row {row} of the targets adds up to {sums[row]:.3g}, not to 1: leave "
                         "masked rows out of the batch")  # fmt: skip


def _loss(kind: Value, Z: Array, T: Array, G: Array, rows: Array) -> Value:
    return loss_of_rows(kind, Z.length, Z.shape[1], Z, rows, T, rows, G, rows)


@kernel_of(_loss)
def loss_and_gradient(kind: int, Z: Floats, T: Floats, G: Floats, rows: Ints) -> float:
    """Return the loss of outputs Z (n, k) for targets T (n, k) and put ∂loss/∂Z into G (n, k).

    A row's z, t, g (k,) give, before the mean over rows:
    cross-entropy  −Σ t ln p with p = softmax(z), Σ t = 1; gradient p − t
    MSE            Σ (z − t)² / k; gradient 2(z − t) / k
    hinge          Σ max(0, z_j − z_y + 1) over j ≠ y, where t_y = 1 (PyTorch's
                   MultiMarginLoss divides this sum by k)
    logistic       Σ (−t ln σ(z) − (1−t) ln(1−σ(z))) / k; gradient (σ(z) − t) / k
    """


class Columns(Protocol):
    """Outputs, targets or gradients of some samples, one number a lane, column by column."""

    def get(self, j: int | Value) -> Value:
        """Column j."""

    def set(self, j: Value, column: Value) -> None:
        """Change column j."""


class _Rows:
    """A matrix whose rows begin where a table says, read and written by columns.

    The lanes of a column are `lanes` rows from row i on; rows after the last repeat it.
    """

    def __init__(self, numbers: Array, starts: Array, rows: list[Value]) -> None:
        self.numbers = numbers
        self.starts = [starts.load(row) for row in rows]

    def get(self, j: int | Value) -> Value:
        """Column j."""
        return self.numbers.gather([start + j for start in self.starts])

    def set(self, j: Value, column: Value) -> None:
        """Change column j."""
        self.numbers.scatter(column, [start + j for start in self.starts])


def loss_of_rows(
    kind: Value, n: Value, k: Value, Z: Array, z_rows: Array, T: Array, t_rows: Array,
    G: Array, g_rows: Array,
) -> Value:  # fmt: skip
    """As `loss_and_gradient`, for rows that begin where the tables say. G must not be Z."""
    lanes, total_loss = Z.lanes, Slot(as_double(n) * 0.0)
    share = 1.0 / as_double(n)
    with each(0, n, lanes) as i:
        rows = [choose(i + lane < n, i + lane, n - 1) for lane in range(lanes)]
        z, t, g = _Rows(Z, z_rows, rows), _Rows(T, t_rows, rows), _Rows(G, g_rows, rows)
        loss = Slot(Z.zero(lanes))
        for known, formula in FORMULAS.items():
            with when(kind.equals(known)):
                formula(share, k, z, t, g, loss)
        counted = choose(first_lanes(lanes, n - i), loss.get(), 0.0)
        total_loss.set(total_loss.get() + total_loss.get().like(total(counted)))
    return total_loss.get() * share


def _cross_entropy(
    share: Value, k: Value, z: Columns, t: Columns, g: Columns, loss: Slot
) -> None:  # fmt: skip
    """−Σ t ln p with ln p = z − ln Σ e^z; e^z is shifted by the largest z, and kept in g."""
    top, powers = Slot(z.get(0)), Slot(loss.get())
    with each(1, k) as j:
        top.set(larger(z.get(j), top.get()))
    with each(0, k) as j:
        e = exp(z.get(j) - top.get())
        g.set(j, e)
        powers.set(powers.get() + e)
    log_sum = top.get() + log(powers.get())
    with each(0, k) as j:
        loss.set(loss.get() + t.get(j) * (log_sum - z.get(j)))
        g.set(j, share * (g.get(j) / powers.get() - t.get(j)))


def _hinge(
    share: Value, k: Value, z: Columns, t: Columns, g: Columns, loss: Slot
) -> None:  # fmt: skip
    """Each output within a margin of 1 below the right one's pulls itself down and that one up."""
    right, most, y = Slot(z.get(0)), Slot(t.get(0)), Slot(loss.get())
    with each(1, k) as j:
        more = t.get(j) > most.get()
        right.set(choose(more, z.get(j), right.get()))
        y.set(choose(more, y.get().like(j), y.get()))
        most.set(larger(t.get(j), most.get()))
    pulls = Slot(loss.get() - 1.0)  # the right one's margin to itself is 1, and does not count
    loss.set(loss.get() - 1.0)
    with each(0, k) as j:
        margin = z.get(j) - right.get() + 1.0
        within = choose(margin <= 0.0, 0.0, margin.like(1.0))  # NaN is
        loss.set(loss.get() + choose(margin <= 0.0, 0.0, margin))
        pulls.set(pulls.get() + within)
        g.set(j, share * within)
    with each(0, k) as j:
        g.set(j, choose(y.get().equals(j), -share * pulls.get(), g.get(j)))


def _squares(
    share: Value, k: Value, z: Columns, t: Columns, g: Columns, loss: Slot
) -> None:  # fmt: skip
    """The mean of (z − t)² over the outputs."""
    with each(0, k) as j:
        off = z.get(j) - t.get(j)
        loss.set(loss.get() + off * off / k)
        g.set(j, 2.0 * share / k * off)


def _logistic(
    share: Value, k: Value, z: Columns, t: Columns, g: Columns, loss: Slot
) -> None:  # fmt: skip
    """ln(1 + e^z) − tz, written as max(z, 0) + ln(1 + e^−|z|) − tz so that e^z stays small."""
    with each(0, k) as j:
        score, truth = z.get(j), t.get(j)
        value = larger(score, 0.0) + log(1.0 + exp(-absolute(score))) - truth * score
        loss.set(loss.get() + value / k)
        g.set(j, share / k * (sigmoid(score) - truth))


# What each loss adds for some samples to `loss`, and puts into g, given the `share` of a sample.
FORMULAS = {
    CROSS_ENTROPY: _cross_entropy, HINGE: _hinge, MSE: _squares, LOGISTIC: _logistic,
}  # fmt: skip


def learn(kind: int, Z: Floats, T: Floats, G: Floats) -> float:
    """`loss_and_gradient` of whole matrices."""
    return float(loss_and_gradient(kind, Z, T, G, Z.shape[1] * np.arange(len(Z))))


def loss(name: str, Z: Floats, T: Floats) -> tuple[float, Floats]:
    """Return the loss and ∂loss/∂Z (n, k) of outputs Z (n, k) for targets (n, k) or labels (n,).

    For cross-entropy an output of −∞ is a class that is forbidden: it has probability 0 and takes
    no part. A row of targets that are all 0 is masked: it has loss and gradient 0.
    """
    outputs = np.ascontiguousarray(Z)
    target = targets(T, outputs.shape[1], outputs.dtype)
    kind = code(name)
    if kind == CROSS_ENTROPY:
        forbidden = np.isneginf(outputs) & (target == 0.0)
        # So far below the others that e^z is 0, and finite, so that 0 times it is 0.
        low = outputs.max(axis=1, keepdims=True) - np.array(2_000.0, outputs.dtype)
        outputs = np.where(forbidden, low, outputs)
    gradient = np.empty_like(outputs)
    found = learn(kind, outputs, target, gradient)
    if kind == CROSS_ENTROPY:
        gradient[~target.any(axis=1)] = 0.0
    return found, gradient


def probabilities(Z: Floats) -> Floats:
    """Softmax of each row of Z (…, k)."""
    e = np.exp(Z - Z.max(axis=-1, keepdims=True))
    result: Floats = e / e.sum(axis=-1, keepdims=True)
    return result
