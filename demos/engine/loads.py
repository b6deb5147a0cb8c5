"""Between arrays and lanes: loads and stores at any offset, broadcasts, sums over lanes, prefetch.

Arrays are seen as their numbers in a row; `at` counts numbers, and may lie anywhere: nothing has
to be aligned, though rows that begin at 64 bytes are read fastest. Nothing is checked: a load
reads as many numbers as the register holds, so that the array must go on for so long.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba.core import types
from numba.np import arrayobj

from demos.engine.kernel import emitted
from demos.engine.vectors import Lanes, declared, join, lanes_of, row_type, splat, split, suffix

_I32, _I64 = ir.IntType(32), ir.IntType(64)


class _Array:
    """The numbers of an array argument, by their places."""

    def __init__(self, context: Any, builder: Any, kind: Any, value: Any) -> None:
        make: Any = arrayobj.make_array
        self.builder, self.size = builder, kind.dtype.bitwidth // 8
        self.data = make(kind)(context, builder, value).data

    def pointer(self, at: Any) -> Any:
        return self.builder.gep(self.data, [at])

    def load(self, at: Any, shape: Any = None) -> Any:
        """One number, or those of a register from `at` on."""
        place = self.pointer(at)
        if isinstance(shape, ir.VectorType):
            place = self.builder.bitcast(place, shape.as_pointer())
        return self.builder.load(place, align=self.size)

    def store(self, value: Any, at: Any) -> None:
        place = self.pointer(at)
        if isinstance(value.type, ir.VectorType):
            place = self.builder.bitcast(place, value.type.as_pointer())
        self.builder.store(value, place, align=self.size)


def _width_of(context: Any, array: Any) -> Any:
    def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return _I64(lanes_of(array.dtype))

    return types.intp(array), lower


# width(A): how many numbers of A's dtype a register holds; a constant of the compiled kernel.
width = emitted(_width_of)


def loader(count: int | None = None) -> Any:
    """Make `load(A, at)`: so many numbers from A[at] on; as many as a register holds by default."""

    def load(context: Any, array: Any, at: Any) -> Any:
        kind = Lanes(array.dtype, count or lanes_of(array.dtype))

        def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return _Array(context, builder, array, arguments[0]).load(arguments[1], row_type(kind))

        return kind(array, types.intp), lower

    return emitted(load)


load = loader()


def _filled(context: Any, array: Any, number: Any, rows: Any) -> Any:
    kind = Lanes(array.dtype, lanes_of(array.dtype), rows.literal_value)

    def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        value = context.cast(builder, arguments[1], number, array.dtype)
        return join(builder, [splat(builder, value, kind.count)] * kind.rows, kind)

    return kind(array, number, rows), lower


# filled(A, x, ROWS): a tile of A's dtype and a register's width, x everywhere.
filled = emitted(_filled)


def _column(context: Any, array: Any, starts: Any, i: Any, at: Any, rows: Any) -> Any:
    kind = Lanes(array.dtype, 1, rows.literal_value)

    def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        numbers = _Array(context, builder, array, arguments[0])
        offsets = _Array(context, builder, starts, arguments[1])
        found = [
            numbers.load(builder.add(offsets.load(builder.add(arguments[2], _I64(row))),
                                     arguments[3]))
            for row in range(kind.rows)
        ]  # fmt: skip
        return join(builder, found, kind)

    return kind(array, starts, types.intp, types.intp, rows), lower


# column(A, starts, i, at, ROWS): the scalars A[starts[i + r] + at], r = 0 … ROWS−1.
column = emitted(_column)


def _span(context: Any, array: Any, at: Any, rows: Any) -> Any:
    kind = Lanes(array.dtype, 1, rows.literal_value)

    def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        numbers = _Array(context, builder, array, arguments[0])
        found = [numbers.load(builder.add(arguments[1], _I64(r))) for r in range(kind.rows)]
        return join(builder, found, kind)

    return kind(array, types.intp, rows), lower


# span(A, at, ROWS): the scalars A[at + r], r = 0 … ROWS−1.
span = emitted(_span)


def _block(context: Any, array: Any, at: Any, step: Any, rows: Any) -> Any:
    kind = Lanes(array.dtype, lanes_of(array.dtype), rows.literal_value)

    def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        numbers = _Array(context, builder, array, arguments[0])
        found = [
            numbers.load(builder.add(arguments[1], builder.mul(arguments[2], _I64(r))),
                         row_type(kind))
            for r in range(kind.rows)
        ]  # fmt: skip
        return join(builder, found, kind)

    return kind(array, types.intp, types.intp, rows), lower


# block(A, at, step, ROWS): the tile whose row r is what lies from A[at + r · step] on.
block = emitted(_block)


def _store(context: Any, array: Any, at: Any, step: Any, tile: Any) -> Any:
    def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        numbers = _Array(context, builder, array, arguments[0])
        for r, row in enumerate(split(builder, arguments[3], tile)):
            numbers.store(row, builder.add(arguments[1], builder.mul(arguments[2], _I64(r))))
        return context.get_dummy_value()

    return types.void(array, types.intp, types.intp, tile), lower


# store(A, at, step, tile): row r of the tile goes to where A[at + r · step] begins.
store = emitted(_store)


def _gather(context: Any, array: Any, at: Any, step: Any, last: Any) -> Any:
    kind = Lanes(array.dtype, lanes_of(array.dtype))

    def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        numbers = _Array(context, builder, array, arguments[0])
        value = ir.Constant(row_type(kind), ir.Undefined)
        for lane, place in enumerate(_places(builder, arguments[1:], kind.count)):
            value = builder.insert_element(value, numbers.load(place), _I32(lane))
        return value

    return kind(array, types.intp, types.intp, types.intp), lower


# gather(A, at, step, last): lane l is A[at + l · step], but nothing beyond A[at + last · step].
gather = emitted(_gather)


def _scatter(context: Any, array: Any, at: Any, step: Any, last: Any, vector: Any) -> Any:
    def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        numbers = _Array(context, builder, array, arguments[0])
        places = _places(builder, arguments[1:4], vector.count)
        # From the last lane to the first: a place that lanes share is left to the first of them.
        for lane in reversed(range(vector.count)):
            numbers.store(builder.extract_element(arguments[4], _I32(lane)), places[lane])
        return context.get_dummy_value()

    return types.void(array, types.intp, types.intp, types.intp, vector), lower


# scatter(A, at, step, last, v): lane l goes to A[at + l · step], l = 0 … last.
scatter = emitted(_scatter)


def _places(builder: Any, numbers: Any, count: int) -> list[Any]:
    at, step, last = numbers
    found = []
    for lane in range(count):
        inside = builder.icmp_signed("<", _I64(lane), last)
        found.append(builder.add(at, builder.mul(step, builder.select(inside, _I64(lane), last))))
    return found


def _first(context: Any, like: Any, count: Any) -> Any:
    mask = Lanes(types.boolean, like.count)

    def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        whole = ir.VectorType(_I64, like.count)
        lanes = ir.Constant(whole, list(range(like.count)))
        return builder.icmp_signed("<", lanes, splat(builder, arguments[1], like.count))

    return mask(like, types.intp), lower


# first(v, n): the mask of v's lanes 0 … n−1.
first = emitted(_first)


def _total(context: Any, vector: Any) -> Any:
    def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        row = arguments[0]
        scalar = row.type.element
        name = f"llvm.vector.reduce.fadd.{suffix(row.type)}"
        kind = ir.FunctionType(scalar, [scalar, row.type])
        function = declared(builder, kind, name)
        return builder.call(function, [ir.Constant(scalar, 0.0), row], fastmath=("reassoc",))

    return vector.dtype(vector), lower


# total(v): the sum of all lanes, halves added to halves.
total = emitted(_total)


def _prefetch(context: Any, array: Any, at: Any) -> Any:
    def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place = _Array(context, builder, array, arguments[0]).pointer(arguments[1])
        byte = ir.IntType(8).as_pointer()
        kind = ir.FunctionType(ir.VoidType(), [byte, _I32, _I32, _I32])
        function = declared(builder, kind, "llvm.prefetch.p0")
        read, near, data = _I32(0), _I32(3), _I32(1)
        builder.call(function, [builder.bitcast(place, byte), read, near, data])
        return context.get_dummy_value()

    return types.void(array, types.intp), lower


# prefetch(A, at): have the processor bring the cache line of A[at], which is wanted soon.
prefetch = emitted(_prefetch)
