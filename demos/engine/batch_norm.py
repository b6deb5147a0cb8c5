"""Batch norm: each unit's sums over a batch, shifted and scaled to mean β and deviation γ.

Lanes are units. μ, σ² and 1/√(σ² + ε) of the last batch stay in R for the way back.
"""

from __future__ import annotations

from demos.engine.arrays import HALF
from demos.engine.emitting import Array, Slot, each, when
from demos.engine.values import Value, as_double, choose, sqrt

_EPSILON = 1e-5
_MOMENTUM = 0.1  # the weight of the new value in the running mean and variance


def normalize(
    n: Value, units: Value, width: Value, training: Value, P: Array, gamma: Value, Z: Array,
    N: Array, at: Value, means: Array, variances: Array, R: Array, of_r: Value,
) -> None:  # fmt: skip
    """N = (Z − μ) / √(σ² + ε), Z ← γN + β, over the batch, unit by unit.

    Z, N (n, width) begin at number `at`, γ then β at P[gamma], μ, σ² and roots (3, width) at
    R[of_r]. means, variances (units,): running values, which inference uses in place of μ and σ²;
    σ² is biased in the batch and unbiased there.
    """
    with when(training):
        _moments(n, width, Z, at, R, of_r)
    with each(0, units) as j:
        mean, variance = of_r + j, of_r + width + j
        with when(training):
            more = as_double(n) / as_double(choose(n > 1, n - 1, 1))
            _follow(means, j, R.load(mean))
            _follow(variances, j, R.load(variance) * more)
        with when(training.equals(0)):
            R.store(means.load(j), mean)
            R.store(variances.load(j), variance)
    _standardize(n, width, P, gamma, Z, N, at, R, of_r)


def _follow(running: Array, j: Value, new: Value) -> None:
    running.store(running.load(j) + _MOMENTUM * (new - running.load(j)), j)


def _moments(n: Value, width: Value, Z: Array, at: Value, R: Array, of_r: Value) -> None:
    """μ = Σ z / n and σ² = Σ (z − μ)² / n of each unit."""
    lanes, share = HALF // Z.size, 1.0 / as_double(n)
    with each(0, width, lanes) as j:
        mean, variance = Slot(Z.zero(lanes)), Slot(Z.zero(lanes))
        with each(0, n) as i:
            mean.set(mean.get() + share * Z.load(at + i * width + j, lanes))
        with each(0, n) as i:
            off = Z.load(at + i * width + j, lanes) - mean.get()
            variance.set(variance.get() + share * (off * off))
        R.store(mean.get(), of_r + j)
        R.store(variance.get(), of_r + width + j)


def _standardize(
    n: Value, width: Value, P: Array, gamma: Value, Z: Array, N: Array, at: Value, R: Array,
    of_r: Value,
) -> None:  # fmt: skip
    lanes = HALF // Z.size
    with each(0, width, lanes) as j:
        mean, variance = R.load(of_r + j, lanes), R.load(of_r + width + j, lanes)
        root = 1.0 / sqrt(variance + _EPSILON)
        R.store(root, of_r + 2 * width + j)
        scale, shift = P.load(gamma + j, lanes), P.load(gamma + width + j, lanes)
        with each(0, n) as i:
            place = at + i * width + j
            normalized = (Z.load(place, lanes) - mean) * root
            N.store(normalized, place)
            Z.store(scale * normalized + shift, place)


def denormalize(
    n: Value, width: Value, P: Array, G: Array, gamma: Value, D: Array, N: Array, at: Value,
    R: Array, of_r: Value,
) -> None:  # fmt: skip
    """∂γ = Σ δN, ∂β = Σ δ, δ ← γ/√(σ²+ε) · (δ − mean δ − N · mean δN); arguments as above."""
    lanes, share = HALF // D.size, 1.0 / as_double(n)
    with each(0, width, lanes) as j:
        product, total = Slot(D.zero(lanes)), Slot(D.zero(lanes))
        with each(0, n) as i:
            delta = D.load(at + i * width + j, lanes)
            product.set(product.get() + delta * N.load(at + i * width + j, lanes))
            total.set(total.get() + delta)
        G.store(product.get(), gamma + j)
        G.store(total.get(), gamma + width + j)
        factor = P.load(gamma + j, lanes) * R.load(of_r + 2 * width + j, lanes)
        with each(0, n) as i:
            place = at + i * width + j
            rest = share * total.get() + N.load(place, lanes) * (share * product.get())
            D.store(factor * (D.load(place, lanes) - rest), place)
