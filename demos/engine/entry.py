"""How Python calls machine code: one function that takes a row of 64-bit words.

A word is a number, or where an array object lies. The code itself reads from that object where
the numbers are and how many, as C does, so that Python hands on an array by its address alone. It
first looks whether the object is the kind of array that it was compiled for, and does nothing
otherwise.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from demos.engine import argument_types, ir
from demos.engine.argument_types import DTYPES, NUMBERS, Type
from demos.engine.emitting import Array
from demos.engine.values import Value

# What the function returns: all is done; a kernel failed; the arguments are of other types.
DONE, FAILED, OTHER_TYPES = range(3)
SCALARS = (ir.FloatType(), ir.DoubleType(), ir.I64, ir.I64, ir.I32, ir.IntType(8))
# Where NumPy's array object has what is read, from the end of the head that every object has;
# and the end of that head, where an object's class stands.
_HEAD = object.__basicsize__
_DATA, _AXES, _SHAPE, _STRIDES, _DTYPE, _FLAGS = (_HEAD + 8 * i for i in (0, 1, 2, 3, 5, 6))
_CLASS = _HEAD - 8
# Its rows lie one after the other (bit 0), each number at a multiple of its size (bit 8).
_PLAIN = 0x101


def entry(module: Any, name: str, types: Sequence[Type], emit: Callable[..., Any]) -> None:
    """Add the function `name` to a module: i32 (addresses, words, result), see `kernel.Kernel`.

    emit: is called with the operands of the types, and emits what the kernel does; it may return
    a Value, or a pair of that and of an i1 that says whether the kernel failed.
    """
    word = ir.I64.as_pointer()
    function = ir.Function(module, ir.FunctionType(ir.I32, [word, word, word]), name)
    builder = ir.IRBuilder(function.append_basic_block("entry"))
    addresses, words, result = function.args
    _check(builder, addresses, words, types)
    found = emit(*_operands(builder, words, types))
    value, failed = found if isinstance(found, tuple) else (found, None)
    if failed is not None:
        with builder.if_then(failed, likely=False):
            builder.ret(ir.I32(FAILED))
    if value is not None:
        builder.store(value.llvm, builder.bitcast(result, value.kind.as_pointer()))
    builder.ret(ir.I32(DONE))


def _word(builder: Any, words: Any, at: int) -> Any:
    return builder.load(builder.gep(words, [ir.I64(at)]))


def _field(builder: Any, place: Any, offset: int, kind: Any) -> Any:
    """What stands in an object at an offset in bytes."""
    at = builder.add(place, ir.I64(offset))
    return builder.load(builder.inttoptr(at, kind.as_pointer()))


def _check(builder: Any, addresses: Any, words: Any, types: Sequence[Type]) -> None:
    """Leave the function where an argument is not the array that it should be."""
    for at, kind in enumerate(argument_types.flat(list(types))):
        if kind in NUMBERS:
            continue
        place, dtype = _word(builder, words, at), DTYPES.index(argument_types.dtype_of(kind))
        head = builder.icmp_unsigned(
            "==", _field(builder, place, _CLASS, ir.I64), _word(builder, addresses, 0)
        )
        _leave_unless(builder, head)
        flags = builder.and_(_field(builder, place, _FLAGS, ir.I32), ir.I32(_PLAIN))
        same = builder.and_(
            builder.icmp_unsigned(
                "==", _field(builder, place, _DTYPE, ir.I64), _word(builder, addresses, 1 + dtype)
            ),
            builder.and_(
                builder.icmp_unsigned("==", flags, ir.I32(_PLAIN)),
                builder.icmp_unsigned(
                    "==",
                    _field(builder, place, _AXES, ir.I32),
                    ir.I32(argument_types.axes_of(kind)),
                ),
            ),
        )
        _leave_unless(builder, same)


def _leave_unless(builder: Any, holds: Any) -> None:
    with builder.if_then(builder.not_(holds), likely=False):
        builder.ret(ir.I32(OTHER_TYPES))


def _operands(
    builder: Any, words: Any, types: Sequence[Type]
) -> Iterator[Value | Array | tuple[Array, ...]]:
    at = 0
    for kind in types:
        if isinstance(kind, list):
            parts = enumerate(kind, at)
            yield tuple(_array(builder, _word(builder, words, i), part) for i, part in parts)
            at += len(kind)
        else:
            word = _word(builder, words, at)
            yield _number(builder, word, kind) if kind in NUMBERS else _array(builder, word, kind)
            at += 1


def _number(builder: Any, word: Any, kind: str) -> Value:
    if kind == "float":
        return Value(builder, builder.bitcast(word, ir.DoubleType()))
    if kind == "bool":
        return Value(builder, builder.icmp_unsigned("!=", word, ir.I64(0)))
    return Value(builder, word)


def _array(builder: Any, place: Any, kind: str) -> Array:
    dtype, axes = argument_types.dtype_of(kind), argument_types.axes_of(kind)
    scalar = SCALARS[DTYPES.index(dtype)]
    data = _field(builder, place, _DATA, scalar.as_pointer())
    shape = _field(builder, place, _SHAPE, ir.I64.as_pointer())
    lengths = [Value(builder, _word(builder, shape, axis)) for axis in range(axes)]
    return Array(builder, data, int(dtype[1:]), lengths)
