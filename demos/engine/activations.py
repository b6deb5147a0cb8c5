"""Activation functions: the value f(z) and the slope f'(z), computed together, lane by lane.

The forward pass keeps the slope, so that the backward pass only has to multiply by it.
"""

from __future__ import annotations

import numpy as np

from demos.engine.arrays import Floats
from demos.engine.emitting import Array, each, when
from demos.engine.exponentials import exp, sigmoid, tanh
from demos.engine.kernel import kernel_of
from demos.engine.values import Value, choose, smaller

NAMES = ("linear", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "swish")
LINEAR, SIGMOID, TANH, RELU, LEAKY_RELU, ELU, SWISH = range(7)


def code(name: str) -> int:
    """Find the number by which kernels know an activation. Raises ValueError for another name."""
    if name not in NAMES:
        raise ValueError(f"no activation is named {name!r}; there are {', '.join(NAMES)}")
    return NAMES.index(name)


def activate(kind: int, z: Value, a: Value) -> tuple[Value, Value]:
    """Return f(z) and f'(z) lane by lane; `a` is leaky ReLU's slope below zero. NaN stays.

    sigmoid σ, σ(1−σ) · tanh t, 1−t² · ReLU max(0, z), [z>0] · leaky az below 0, slope a
    ELU e^z − 1 below 0, slope e^z · swish zσ, σ + zσ(1−σ)
    """
    below, one = z <= 0.0, z.like(1.0)
    if kind == RELU:
        return choose(below, 0.0, z), choose(below, 0.0, one)
    if kind == LEAKY_RELU:
        return choose(below, a * z, z), choose(below, z.like(a), one)
    if kind == ELU:
        power = exp(smaller(z, 0.0))
        return choose(below, power - 1.0, z), choose(below, power, one)
    if kind == TANH:
        value = tanh(z)
        return value, 1.0 - value * value
    if kind == LINEAR:
        return z, one
    gate = sigmoid(z)
    slope = gate * (1.0 - gate)
    return (gate, slope) if kind == SIGMOID else (z * gate, gate + z * slope)


def activate_lines(
    kind: Value, Z: Array, a: Value, A: Array, S: Array, at: Value, end: Value, lanes: int = 0
) -> None:
    """A = f(Z), S = f'(Z) from number `at` to `end` of each, `lanes` (a register) at a time."""
    lanes = lanes or Z.lanes
    for known in range(len(NAMES)):
        with when(kind.equals(known)), each(at, end, lanes) as i:
            value, slope = activate(known, Z.load(i, lanes), a)
            # The slope first: where A is Z, a value that is stored right after Z was read becomes a
            # masked store, which takes some processors (Zen) twenty times as long.
            S.store(slope, i)
            A.store(value, i)


def _activate(kind: Value, z: Array, a: Value, value: Array, slope: Array) -> None:
    activate_lines(kind, z, a, value, slope, z.length * 0, z.length)


@kernel_of(_activate)
def activate_all(kind: int, z: Floats, a: float, value: Floats, slope: Floats) -> None:
    """Put f(z) and f'(z) of z into `value` and `slope`, all (n,) with n a multiple of 16."""


def apply(name: str, z: Floats, a: float = 0.01) -> tuple[Floats, Floats]:
    """Return f(z) and f'(z) of a whole array in its own shape, in float64."""
    numbers = np.asarray(z, np.float64)
    padded = np.zeros(numbers.size + -numbers.size % 16)
    padded[: numbers.size] = numbers.ravel()
    value, slope = np.empty_like(padded), np.empty_like(padded)
    activate_all(code(name), padded, a, value, slope)
    shaped = (part[: numbers.size].reshape(numbers.shape) for part in (value, slope))
    return next(shaped), next(shaped)
