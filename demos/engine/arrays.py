"""The array types that the engine's signatures speak of.

Shapes stand in the docstrings; one dtype a network, float64 for small ones, float32 for digits.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.int64]
State = NDArray[np.uint64]
Number = float | np.floating[Any]

# A cache line, and the half of one to whose multiples rows are padded, in bytes.
LINE, HALF = 64, 32


def padded(count: int, dtype: Any) -> int:
    """The smallest multiple of half a line that has room for `count` numbers."""
    lanes = HALF // int(np.dtype(dtype).itemsize)
    return -(-int(count) // lanes) * lanes


class Aligned:
    """Arrays of zeros of one dtype that begin at a cache line, with a line to spare at the end.

    They hold nothing that a copy needs: a deep copy has zeros of its own.
    """

    def __init__(self, sizes: Sequence[int], dtype: Any) -> None:
        self._made_of = list(map(int, sizes)), np.dtype(dtype)

    @cached_property
    def arrays(self) -> Any:
        """They themselves, made when first asked for: a snapshot that is only kept has none."""
        sizes, dtype = self._made_of
        return tuple(_aligned(size, dtype) for size in sizes)

    def __deepcopy__(self, memo: dict[int, object]) -> Aligned:
        return Aligned(*self._made_of)


def _aligned(size: int, dtype: Any) -> Floats:
    spare = LINE // int(dtype.itemsize)
    numbers: Floats = np.zeros(size + 2 * spare, dtype)
    start = -numbers.ctypes.data % LINE // int(dtype.itemsize)
    return numbers[start : start + size + spare]
