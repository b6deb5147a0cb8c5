"""A random generator for kernels: xorshift64*, one 64-bit word of state in an array.

The state lies in the run's own arrays, so a copy of the run is a true snapshot and a rewound run
draws the same numbers, whichever thread it runs in. Data are drawn with NumPy's generators.
"""

from __future__ import annotations

import math

import numpy as np

from demos.engine.arrays import Ints, State
from demos.engine.kernel import part

# Marsaglia's triple of shifts and the multiplier of Vigna's xorshift64*.
_RIGHT, _LEFT, _RIGHT_AGAIN = np.uint64(12), np.uint64(25), np.uint64(27)
_MULTIPLIER = np.uint64(2685821657736338717)
_TOP_53 = np.uint64(11)


def seeded(seed: int, stream: int = 0) -> State:
    """Make the state (1,) of stream number `stream` of a seed; streams do not overlap visibly."""
    words = np.random.SeedSequence((seed, stream)).generate_state(1, np.uint64)
    return np.maximum(words, np.uint64(1))


@part
def uniform(state: State) -> float:
    """Draw from [0, 1): x ^= x>>12, x ^= x<<25, x ^= x>>27; the top 53 bits of x·M."""
    x = state[0]
    x ^= x >> _RIGHT
    x ^= x << _LEFT
    x ^= x >> _RIGHT_AGAIN
    state[0] = x
    return float((x * _MULTIPLIER) >> _TOP_53) * 2.0**-53


@part
def normal(state: State) -> float:
    """Draw from N(0, 1) by Box and Muller: √(−2 ln u) · cos 2πv."""
    u = 1.0 - uniform(state)
    return math.sqrt(-2.0 * math.log(u)) * math.cos(2.0 * math.pi * uniform(state))


@part
def shuffle(state: State, order: Ints) -> None:
    """Shuffle `order` in place (Fisher and Yates)."""
    for i in range(order.size - 1, 0, -1):
        j = int(uniform(state) * (i + 1))
        order[i], order[j] = order[j], order[i]
