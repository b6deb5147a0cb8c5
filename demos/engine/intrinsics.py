"""Functions for Numba's kernels that emit their own LLVM code."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

# First of all: how Numba's options are read.
import demos.engine.numba_code  # isort: skip  # noqa: F401
from numba.extending import intrinsic
from numba.np import arrayobj

from demos.engine.emitting import Array
from demos.engine.values import Value


def emitted(function: Callable[..., Any]) -> Any:
    """Make a function for kernels of one that types a call and emits its LLVM code."""
    make: Any = intrinsic(prefer_literal=True)
    return make(function)


def array_of(context: Any, builder: Any, kind: Any, value: Any) -> Array:
    """The numbers of an array argument of a function that is emitted."""
    make: Any = arrayobj.make_array
    array = make(kind)(context, builder, value)
    lengths = [Value(builder, builder.extract_value(array.shape, i)) for i in range(kind.ndim)]
    return Array(builder, array.data, kind.dtype.bitwidth // 8, lengths)
