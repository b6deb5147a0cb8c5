"""Reference values made with PyTorch by `make_golden.py`, and how to read them."""

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

HERE = Path(__file__).parent


def load(name: str) -> dict[str, NDArray[Any]]:
    """Read one file of reference values."""
    with np.load(HERE / f"{name}.npz") as stored:
        return dict(stored)
