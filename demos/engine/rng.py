"""A random generator for kernels: xorshift64*, one 64-bit word of state in an array.

The state lies in the run's own arrays, so a copy of the run is a true snapshot and a rewound run
draws the same numbers, whichever thread it runs in. Data are drawn with NumPy's generators.
"""

from __future__ import annotations

import numpy as np

from demos.engine.arrays import State
from demos.engine.emitting import Array, each
from demos.engine.values import Value, fraction_of, whole

# Marsaglia's triple of shifts and the multiplier of Vigna's xorshift64*.
_RIGHT, _LEFT, _RIGHT_AGAIN = 12, 25, 27
_MULTIPLIER = 2685821657736338717


def seeded(seed: int, stream: int = 0) -> State:
    """Make the state (1,) of stream number `stream` of a seed; streams do not overlap visibly."""
    words = np.random.SeedSequence((seed, stream)).generate_state(1, np.uint64)
    return np.maximum(words, np.uint64(1))


def uniform(state: Array) -> Value:
    """Draw from [0, 1): x ^= x>>12, x ^= x<<25, x ^= x>>27; the top 53 bits of x·M."""
    x = state.first()
    x = x ^ (x >> _RIGHT)
    x = x ^ (x << _LEFT)
    x = x ^ (x >> _RIGHT_AGAIN)
    state.set_first(x)
    return fraction_of(x * _MULTIPLIER)


def shuffle(state: Array, order: Array, size: Value) -> None:
    """Shuffle the `size` numbers of `order` in place (Fisher and Yates)."""
    with each(0, size - 1) as step:
        i = size - 1 - step
        j = whole(uniform(state) * (i + 1))
        kept = order.load(i)
        order.store(order.load(j), i)
        order.store(kept, j)
