"""The array types that the engine's signatures speak of.

Shapes stand in the docstrings; one dtype a network, float64 for small ones, float32 for digits.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.floating[Any]]
Ints = NDArray[np.int64]
State = NDArray[np.uint64]
Number = float | np.floating[Any]
