"""Losses: one number for how wrong the outputs are, and its gradient for each output.

Every loss is a mean over the batch, and its targets are a matrix as wide as the outputs.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from demos.engine.activations import sigmoid
from demos.engine.arrays import Floats
from demos.engine.kernel import kernel, part

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


@kernel
def loss_and_gradient(kind: int, Z: Floats, T: Floats, G: Floats) -> float:
    """Return the loss of outputs Z (n, k) for targets T (n, k) and put ∂loss/∂Z into G (n, k).

    A row's z, t, g (k,) give, before the mean over rows:
    cross-entropy  −Σ t ln p with p = softmax(z), Σ t = 1; gradient p − t
    MSE            Σ (z − t)² / k; gradient 2(z − t) / k
    hinge          Σ max(0, z_j − z_y + 1) over j ≠ y, where t_y = 1 (PyTorch's
                   MultiMarginLoss divides this sum by k)
    logistic       Σ (−t ln σ(z) − (1−t) ln(1−σ(z))) / k; gradient (σ(z) − t) / k
    """
    n, k = Z.shape
    share, total = 1.0 / n, 0.0
    for i in range(n):
        z, t, g = Z[i], T[i], G[i]
        if kind == CROSS_ENTROPY:
            log_sum = softmax(z, g)
            for j in range(k):
                total += t[j] * (log_sum - z[j])
                g[j] -= t[j]
        elif kind == HINGE:
            total += _hinge(z, t, g)
        else:
            for j in range(k):
                if kind == MSE:
                    total += (z[j] - t[j]) ** 2 / k
                    g[j] = 2.0 * (z[j] - t[j]) / k
                else:
                    # ln(1 + e^z) − t z, written so that e^x never overflows.
                    total += (max(z[j], 0.0) + math.log1p(math.exp(-abs(z[j]))) - t[j] * z[j]) / k
                    g[j] = (sigmoid(z[j]) - t[j]) / k
        for j in range(k):
            g[j] *= share
    return float(total * share)


@part
def softmax(z: Floats, p: Floats) -> float:
    """Put p_j = e^{z_j} / Σ e^{z_k} into p (k,), shifted by the largest z; return ln Σ e^{z_k}."""
    top = z[0]
    for j in range(1, z.size):
        top = max(top, z[j])
    total = 0.0
    for j in range(z.size):
        p[j] = math.exp(z[j] - top)
        total += p[j]
    share = 1.0 / total
    for j in range(z.size):
        p[j] *= share
    return float(top + math.log(total))


@part
def _hinge(z: Floats, t: Floats, g: Floats) -> float:
    """Each output within a margin of 1 below the right one's pulls itself down and that one up."""
    y = 0
    for j in range(z.size):
        g[j] = 0.0
        if t[j] > t[y]:
            y = j
    loss = 0.0
    for j in range(z.size):
        margin = z[j] - z[y] + 1.0
        if j != y and not margin <= 0.0:
            loss += margin
            g[j] += 1.0
            g[y] -= 1.0
    return loss


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
    found = float(loss_and_gradient(kind, outputs, target, gradient))
    if kind == CROSS_ENTROPY:
        gradient[~target.any(axis=1)] = 0.0
    return found, gradient


def probabilities(Z: Floats) -> Floats:
    """Softmax of each row of Z (n, k)."""
    e = np.exp(Z - Z.max(axis=1, keepdims=True))
    result: Floats = e / e.sum(axis=1, keepdims=True)
    return result
