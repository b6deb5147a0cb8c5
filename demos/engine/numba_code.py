"""The door to Numba: kernels that are written in Python, and nothing of the present folder.

Numba takes options from a file of the folder that a program happens to be started in. Importing
this module first keeps it from that. Nothing else of the product imports Numba, so that a program
whose kernels are there already does without its 60 MB.
"""

from __future__ import annotations

import contextlib
import os
import sys
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from demos.engine import argument_types, compiler, ir
from demos.engine.argument_types import NUMBERS, Type
from demos.engine.emitting import Array
from demos.engine.values import Value


@contextlib.contextmanager
def _without_yaml() -> Iterator[None]:
    """Numba reads the file of options by PyYAML; without it, it only warns that there is one."""
    yaml = sys.modules.get("yaml")
    sys.modules["yaml"] = None  # type: ignore[assignment]
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        del sys.modules["yaml"]
        if yaml is not None:
            sys.modules["yaml"] = yaml


with _without_yaml():
    import numba
    from numba.core import config, types

# It is looked for again whenever something is compiled, and the null device is no such file.
config._config_fname = os.devnull

# Kernels are called by machine code, never from Python or through a C function pointer.
_OPTIONS: dict[str, Any] = {"nogil": True, "error_model": "numpy", "no_cfunc_wrapper": True}
_BYTE = ir.IntType(8)
_POINTER = _BYTE.as_pointer()


def dispatcher(function: Callable[..., Any], **options: Any) -> Any:
    """Numba's object for a function."""
    return numba.njit(**_OPTIONS, **options)(function)


def machine_code(function: Callable[..., Any], entry: str, kinds: Sequence[Type]) -> bytes:
    """Compile a kernel. Raises TypeError for one that makes arrays, NumbaError as Numba does."""
    compiled = dispatcher(function, no_cpython_wrapper=True)
    signature = tuple(map(_numba_type, kinds))
    compiled.compile(signature)
    result = compiled.overloads[signature]
    code = result.library._final_module.clone()
    name = result.fndesc.llvm_func_name

    def emit(*operands: Value | Array | tuple[Array, ...]) -> tuple[Value | None, Any]:
        return _call(name, result.signature.return_type, operands)

    return compiler.linked(entry, kinds, emit, code)


def _numba_type(kind: Type) -> Any:
    if isinstance(kind, list):
        several: Any = types.Tuple
        return several(tuple(map(_numba_type, kind)))
    if kind in NUMBERS:
        return {"int": types.int64, "float": types.float64, "bool": types.boolean}[kind]
    dtype = {"f": "float", "i": "int", "u": "uint"}[kind[0]]
    scalar = getattr(types, f"{dtype}{8 * int(argument_types.dtype_of(kind)[1:])}")
    return types.Array(scalar, argument_types.axes_of(kind), "C")


def _call(
    name: str, result: Any, operands: Sequence[Value | Array | tuple[Array, ...]]
) -> tuple[Value | None, Any]:
    """Call a function in Numba's way: result and error by address, arrays taken apart."""
    flat = [part for x in operands for part in (x if isinstance(x, tuple) else (x,))]
    builder = flat[0].builder
    kind = {types.int64: ir.I64, types.float64: ir.DoubleType()}.get(result, _POINTER)
    place, error = builder.alloca(kind), builder.alloca(_POINTER)
    arguments = [place, error, *(word for x in flat for word in _taken_apart(builder, x))]
    function = ir.Function(
        builder.module, ir.FunctionType(ir.I32, [word.type for word in arguments]), name
    )
    status = builder.call(function, arguments)
    failed = builder.icmp_signed(">", status, ir.I32(0))
    return None if kind is _POINTER else Value(builder, builder.load(place)), failed


def _taken_apart(builder: Any, operand: Value | Array) -> list[Any]:
    """An argument as Numba's functions take it.

    Of an array: no owner, no object, how many numbers, their size, the data, shape and strides.
    """
    if isinstance(operand, Value):
        is_bool = operand.kind == ir.IntType(1)
        return [builder.zext(operand.llvm, _BYTE) if is_bool else operand.llvm]
    strides, stride = [], Value(builder, ir.I64(operand.size))
    for length in reversed(operand.shape):
        strides.append(stride.llvm)
        stride = stride * length
    nothing = ir.Constant(_POINTER, None)
    count = stride / operand.size
    return [
        nothing, nothing, count.llvm, ir.I64(operand.size), operand.data,
        *(length.llvm for length in operand.shape), *reversed(strides),
    ]  # fmt: skip
