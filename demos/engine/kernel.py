"""How every kernel is compiled: from Numba's Python, or from formulas that emit its code.

Kernels release the interpreter's lock, so that the screen stays live while a network trains, and
are cached on disk, so that only the first start compiles.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, TypeVar, cast

import numba
from numba.core import event, types
from numba.extending import intrinsic
from numba.np import arrayobj

from demos.engine.emitting import Array
from demos.engine.values import Value

Function = TypeVar("Function", bound=Callable[..., Any])

# Kernels are called from Python and from each other, never through a C function pointer.
_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}
_FAST = {"reassoc", "contract", "nsz"}


def kernel(function: Function) -> Function:
    """Compile with strict IEEE arithmetic: no reordering, so a run repeats bit for bit."""
    return cast(Function, numba.njit(cache=True, **_OPTIONS)(function))


def part(function: Function) -> Function:
    """Compile a part of a kernel, which only kernels call: their cache holds it too."""
    return cast(Function, numba.njit(**_OPTIONS)(function))


def fast_kernel(function: Function) -> Function:
    """Compile a matrix product: sums may be reordered, a multiply joined with its add.

    That lets the processor work on 8 numbers at once. NaN and infinity keep their meaning, so
    divergence is still seen; a run still repeats on one machine.
    """
    return cast(Function, numba.njit(cache=True, fastmath=_FAST, **_OPTIONS)(function))


def fast_part(function: Function) -> Function:
    """Compile a part of a matrix product, by the same rules."""
    return cast(Function, numba.njit(fastmath=_FAST, **_OPTIONS)(function))


class _Vectorizer(event.Listener):  # type: ignore[misc, unused-ignore]
    """Spares LLVM the search for vectors in a kernel whose code is vectors already.

    That search takes a quarter of the time to compile it, and finds nothing.
    """

    def on_start(self, event: Any) -> None:
        """Nothing is known of the kernel yet."""

    def on_end(self, event: Any) -> None:
        """Other kernels are searched again."""
        self.search(True)

    @staticmethod
    def search(wanted: bool) -> None:
        """Switch the search on or off for the kernel that is being compiled."""
        _CONFIG.LOOP_VECTORIZE = _SEARCHES if wanted else 0


_CONFIG: Any = numba.config
_SEARCHES = _CONFIG.LOOP_VECTORIZE
_HEAR: Any = event.register
_HEAR("numba:compile", _Vectorizer())


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


def _operand(context: Any, builder: Any, kind: Any, argument: Any) -> Any:
    """An argument as `machine_code` hands it on."""
    if isinstance(kind, types.Array):
        return array_of(context, builder, kind, argument)
    if isinstance(kind, types.BaseTuple):
        kinds: Any = kind
        parts = enumerate(kinds)
        values = builder.extract_value
        return tuple(_operand(context, builder, part, values(argument, i)) for i, part in parts)
    return Value(builder, argument)


def machine_code(emit: Callable[..., Any]) -> Any:
    """Make a function for kernels of one that emits its code, given the arguments as values.

    `emit` gets an `Array` for each array, a tuple for a tuple and a `Value` for each number, and
    returns a Value (float64) or nothing. Such code is compiled many times sooner than what Numba
    must type first.
    """
    signature = inspect.signature(emit)
    result = types.float64 if signature.return_annotation == "Value" else types.void

    def typed(context: Any, *kinds: Any) -> Any:
        def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            operands = [
                _operand(context, builder, kind, argument)
                for kind, argument in zip(signature.args, arguments, strict=True)
            ]
            _Vectorizer.search(False)
            found = emit(*operands)
            return context.get_dummy_value() if result is types.void else found.llvm

        return result(*map(_passed, kinds)), lower

    context = inspect.Parameter("context", inspect.Parameter.POSITIONAL_OR_KEYWORD)
    named: Any = typed
    named.__signature__ = signature.replace(parameters=[context, *signature.parameters.values()])
    named.__name__ = emit.__name__
    return emitted(named)


def _passed(kind: Any) -> Any:
    """The type in which an argument is handed on: numbers as int64, float64 or true and false."""
    for group, passed in (
        (types.Boolean, types.boolean), (types.Integer, types.int64), (types.Float, types.float64),
    ):  # fmt: skip
        if isinstance(kind, group):
            return passed
    return kind
