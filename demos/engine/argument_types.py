"""The types that kernels are compiled for, in plain words.

A number is "int", "float" or "bool". An array is its dtype and how many axes it has, "f8:2"; a
tuple of arrays is the list of theirs.
"""

from __future__ import annotations

from typing import Any

import numpy as np

Type = str | list[str]

NUMBERS = ("int", "float", "bool")
DTYPES = ("f4", "f8", "i8", "u8", "i4", "u1")


def type_of(value: Any) -> Type:
    """The type of an array, or of a tuple of some. Raises TypeError for what no kernel takes."""
    if isinstance(value, tuple):
        return [_array(part) for part in value]
    return _array(value)


def _array(value: Any) -> str:
    if not isinstance(value, np.ndarray):
        raise TypeError(f"a kernel takes numbers, arrays and tuples of arrays, not {value!r}")
    name = f"{value.dtype.kind}{value.dtype.itemsize}"
    if name not in DTYPES or not value.dtype.isnative:
        raise TypeError(f"no kernel takes arrays of {value.dtype}; they may be {', '.join(DTYPES)}")
    if not value.flags.c_contiguous:
        raise TypeError("a kernel takes arrays whose rows lie one after the other (C-contiguous)")
    return f"{name}:{value.ndim}"


def plain(value: Any) -> Any:
    """An array, or a tuple of some, of NumPy's own class and of its own dtypes."""
    if isinstance(value, tuple):
        return tuple(plain(part) for part in value)
    base = np.ascontiguousarray(value).view(np.ndarray)
    return base.view(np.dtype(f"{base.dtype.kind}{base.dtype.itemsize}")).reshape(value.shape)


def dtype_of(array: str) -> str:
    """The dtype of an array type: "f8" of "f8:2"."""
    return array.partition(":")[0]


def axes_of(array: str) -> int:
    """How many axes an array type has: 2 of "f8:2"."""
    return int(array.partition(":")[2])


def flat(types: list[Type]) -> list[str]:
    """All types in a row, tuples taken apart."""
    return [part for kind in types for part in ([kind] if isinstance(kind, str) else kind)]


# What machine code compares an object's class and an array's dtype with: their addresses.
ADDRESSES = (id(np.ndarray), *(id(np.dtype(name)) for name in DTYPES))
