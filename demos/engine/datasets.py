"""Points in the plane with classes: the shapes that show what a network can and cannot separate.

Every set is centred and scaled to unit variance a coordinate, after its noise was added.
"""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np

from demos.engine.arrays import Floats, Ints

Draw = tuple[Floats, Ints]


def make(name: str, n: int, noise: float = 0.0, seed: int = 0) -> Draw:
    """Draw n points X (n, 2), float64, with labels y (n,); noise is in units of the raw shape.

    Raises ValueError for a name that is not in NAMES.
    """
    if name not in _SHAPES:
        raise ValueError(f"no data set is named {name!r}; there are {', '.join(NAMES)}")
    generator = np.random.default_rng((seed, NAMES.index(name)))
    X, y = _SHAPES[name](n, generator)
    X = X + noise * generator.normal(size=X.shape)
    return (X - X.mean(axis=0)) / X.std(axis=0), y


def _classes(n: int, classes: int) -> Ints:
    return np.arange(n) % classes


def _around(radius: Floats, angle: Floats) -> Floats:
    return np.stack([radius * np.sin(angle), radius * np.cos(angle)], axis=1)


def _circles(n: int, generator: np.random.Generator) -> Draw:
    """A disk of radius 0.5 inside a ring from 0.7 to 1."""
    y = _classes(n, 2)
    radius = np.where(y == 0, generator.uniform(0.0, 0.5, n), generator.uniform(0.7, 1.0, n))
    return _around(radius, generator.uniform(0.0, 2.0 * math.pi, n)), y


def _xor(n: int, generator: np.random.Generator) -> Draw:
    """Opposite quarters of a square share a class; a corridor of 0.06 keeps the axes free."""
    X = generator.uniform(-1.0, 1.0, (n, 2))
    X += 0.06 * np.sign(X)
    return X, (X[:, 0] * X[:, 1] > 0.0).astype(np.int64)


def _gaussians(n: int, generator: np.random.Generator) -> Draw:
    """Two clouds of standard deviation 0.5 at (−1, −1) and (1, 1)."""
    y = _classes(n, 2)
    return (2.0 * y - 1.0)[:, None] + 0.5 * generator.normal(size=(n, 2)), y


def _moons(n: int, generator: np.random.Generator) -> Draw:
    """Two half circles of radius 1 that reach into each other."""
    y = _classes(n, 2)
    angle = generator.uniform(0.0, math.pi, n)
    upper = np.stack([np.cos(angle), np.sin(angle)], axis=1)
    lower = np.stack([1.0 - np.cos(angle), 0.5 - np.sin(angle)], axis=1)
    return np.where(y[:, None] == 0, upper, lower), y


def _spiral(arms: int) -> Callable[[int, np.random.Generator], Draw]:
    """Two arms of 1.75 turns each; or more arms of 4 rad each, jittered by 0.2 rad."""
    turns = 1.75 if arms == 2 else 4.0 / (2.0 * math.pi)

    def draw(n: int, generator: np.random.Generator) -> Draw:
        y = _classes(n, arms)
        along = (np.arange(n) // arms + 1) / math.ceil(n / arms)
        jitter = 0.0 if arms == 2 else 0.2 * generator.normal(size=n)
        angle = 2.0 * math.pi * (turns * along + y / arms) + jitter
        return _around(along, angle), y

    return draw


_SHAPES: dict[str, Callable[[int, np.random.Generator], Draw]] = {
    "circles": _circles,
    "xor": _xor,
    "gaussians": _gaussians,
    "moons": _moons,
    "spiral": _spiral(2),
    "spiral-3": _spiral(3),
    "spiral-4": _spiral(4),
}

NAMES = tuple(_SHAPES)
