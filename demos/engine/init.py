"""How weights start: all alike, too small, too large, or scaled to keep signals alive.

A layer's weights are a matrix (outputs, inputs). Biases start at zero, but for "uniform".
"""

from __future__ import annotations

import math

import numpy as np

from demos.engine.arrays import Floats

NAMES = ("zero", "constant", "normal", "uniform", "xavier", "he")


def spread(name: str, inputs: int, outputs: int, scale: float) -> float:
    """Return the standard deviation of the weights; for "constant" their value.

    normal: `scale` · Xavier: √(2 / (inputs + outputs)) · He: √(2 / inputs)
    uniform: √(1 / (3 · inputs)), from U(±1/√inputs), which is PyTorch's way
    """
    if name == "xavier":
        return math.sqrt(2.0 / (inputs + outputs))
    if name == "he":
        return math.sqrt(2.0 / inputs)
    if name == "uniform":
        return math.sqrt(1.0 / (3.0 * inputs))
    if name in ("constant", "normal"):
        return scale
    if name == "zero":
        return 0.0
    raise ValueError(f"no initialization is named {name!r}; there are {', '.join(NAMES)}")


def weights(
    name: str, inputs: int, outputs: int, generator: np.random.Generator, scale: float = 0.05
) -> Floats:
    """Draw the weight matrix (outputs, inputs) of a layer."""
    sigma = spread(name, inputs, outputs, scale)
    if name == "constant":
        return np.full((outputs, inputs), sigma)
    if name == "uniform":
        return math.sqrt(3.0) * sigma * generator.uniform(-1.0, 1.0, (outputs, inputs))
    return sigma * generator.normal(size=(outputs, inputs))


def biases(name: str, inputs: int, outputs: int, generator: np.random.Generator) -> Floats:
    """Make the biases (outputs,) of a layer: zero, or "uniform" like its weights."""
    if name != "uniform":
        return np.zeros(outputs)
    return generator.uniform(-1.0, 1.0, outputs) / math.sqrt(inputs)
