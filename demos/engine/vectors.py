"""A number that is many numbers, for kernels: the type `Lanes`, its operators and its functions.

`load(A, at)` is a row of as many numbers as a register of the processor holds; + - * / and
comparisons work lane by lane, so that a kernel's formula is written as for one number:

    y = sigmoid(load(X, i)) * 2.0 - 1.0
    store(Y, i, choose(y > 0.5, y, 0.0))

Plain numbers take the dtype and the width of the lanes. Each operation is that of `values`.
"""

from __future__ import annotations

import operator
from collections.abc import Callable
from typing import Any

from demos.engine import ir

from demos.engine.intrinsics import array_of, emitted  # isort: skip
from numba.core import types
from numba.core.datamodel import models
from numba.extending import lower_builtin, register_model, type_callable

from demos.engine import emitting, exponentials, values
from demos.engine.processor import register_lanes
from demos.engine.subnormals import FLUSH, read_mode, write_mode
from demos.engine.values import Value


class Lanes(types.Type):  # type: ignore[misc, unused-ignore]
    """The type of `count` numbers of one dtype: float32, float64, or boolean for a mask."""

    def __init__(self, dtype: Any, count: int) -> None:
        self.dtype, self.count = dtype, count
        super().__init__(name=f"Lanes({dtype}, {count})")

    @property
    def key(self) -> tuple[Any, int]:
        """What makes two types the same."""
        return self.dtype, self.count


@register_model(Lanes)
class _LanesModel(models.PrimitiveModel):  # type: ignore[misc, unused-ignore]
    def __init__(self, manager: Any, kind: Lanes) -> None:
        names = {types.boolean: ir.IntType(1), types.float32: ir.FloatType()}
        scalar = names.get(kind.dtype, ir.DoubleType())
        super().__init__(manager, kind, ir.VectorType(scalar, kind.count))


def _result(*kinds: Any) -> Lanes | None:
    """The type of a result, from those of its operands; None where they do not fit."""
    lanes = {kind for kind in kinds if isinstance(kind, Lanes) and kind.dtype != types.boolean}
    others = [kind for kind in kinds if not isinstance(kind, Lanes | types.Number)]
    return lanes.pop() if len(lanes) == 1 and not others else None


def _lowered(formula: Callable[..., Value]) -> Callable[..., Any]:
    """How a formula over values becomes the code of a call with lanes and plain numbers."""

    def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        def value_of(argument: Any, kind: Any) -> Value:
            if not isinstance(kind, Lanes):
                argument = context.cast(builder, argument, kind, types.float64)
            return Value(builder, argument)

        return formula(*map(value_of, arguments, signature.args)).llvm

    return lower


def _operator(symbol: Any, formula: Callable[..., Value], mask: bool = False) -> None:
    """Teach Numba an operator on lanes; a comparison's result is a mask."""

    @type_callable(symbol)
    def typer(context: Any) -> Callable[..., Any]:
        def typed(a: Any, b: Any = None) -> Lanes | None:
            kind = _result(a) if b is None else _result(a, b)
            return Lanes(types.boolean, kind.count) if kind and mask else kind

        return typed

    pairs = ((Lanes, Lanes), (Lanes, types.Number), (types.Number, Lanes))
    for pair in ((Lanes,),) if symbol is operator.neg else pairs:
        lower_builtin(symbol, *pair)(_lowered(formula))


for _symbol in (operator.add, operator.sub, operator.mul, operator.truediv, operator.neg):
    _operator(_symbol, _symbol)
for _symbol, _formula in (
    (operator.iadd, operator.add), (operator.isub, operator.sub), (operator.imul, operator.mul),
):  # fmt: skip
    _operator(_symbol, _formula)
for _symbol in (operator.lt, operator.le, operator.gt, operator.ge):
    _operator(_symbol, _symbol, mask=True)


def _function(formula: Callable[..., Value], arity: int) -> Any:
    """A function of lanes for kernels, made from a formula over values."""

    def one(context: Any, a: Any) -> Any:
        kind = _result(a)
        return kind and (kind(a), _lowered(formula))

    def two(context: Any, a: Any, b: Any) -> Any:
        kind = _result(a, b)
        return kind and (kind(a, b), _lowered(formula))

    def three(context: Any, a: Any, b: Any, c: Any) -> Any:
        kind = _result(a, b, c)
        return kind and (kind(a, b, c), _lowered(formula))

    return emitted((one, two, three)[arity - 1])


exp, tanh = _function(exponentials.exp, 1), _function(exponentials.tanh, 1)
sigmoid, log = _function(exponentials.sigmoid, 1), _function(exponentials.log, 1)
absolute, sqrt = _function(values.absolute, 1), _function(values.sqrt, 1)
copysign = _function(values.copysign, 2)
# The larger and the smaller of two; NaN in the first stays.
larger, smaller = _function(values.larger, 2), _function(values.smaller, 2)
# choose(mask, a, b): a where the mask holds, b elsewhere.
choose = _function(values.choose, 3)


def _width(context: Any, array: Any) -> Any:
    def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return ir.I64(register_lanes(array.dtype.bitwidth // 8))

    return types.intp(array), lower


# width(A): how many numbers of A's dtype a register holds, a constant of the compiled kernel.
width = emitted(_width)


def loader(count: int | None = None) -> Any:
    """Make `load(A, at)`: so many numbers from A[at] on; by default what a register holds."""

    def load(context: Any, array: Any, at: Any) -> Any:
        kind = Lanes(array.dtype, count or register_lanes(array.dtype.bitwidth // 8))

        def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            numbers = array_of(context, builder, array, arguments[0])
            return numbers.load(Value(builder, arguments[1]), kind.count).llvm

        return kind(array, types.intp), lower

    return emitted(load)


load = loader()


def _store(context: Any, array: Any, at: Any, lanes: Any) -> Any:
    def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        numbers = array_of(context, builder, array, arguments[0])
        numbers.store(Value(builder, arguments[2]), Value(builder, arguments[1]))
        return context.get_dummy_value()

    return types.void(array, types.intp, lanes), lower


# store(A, at, v): the lanes go to A[at] and on.
store = emitted(_store)


def _like(context: Any, lanes: Any, number: Any) -> Any:
    return lanes(lanes, number), _lowered(lambda value, number: value.like(number))


# like(v, x): x in all lanes, as many as v has.
like = emitted(_like)


def _first(context: Any, lanes: Any, count: Any) -> Any:
    def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return values.first_lanes(lanes.count, Value(builder, arguments[1])).llvm

    return Lanes(types.boolean, lanes.count)(lanes, types.intp), lower


# first(v, n): the mask of v's lanes 0 … n−1.
first = emitted(_first)


def _total(context: Any, lanes: Any) -> Any:
    return lanes.dtype(lanes), _lowered(values.total)


# total(v): the sum of all lanes, halves added to halves.
total = emitted(_total)


def _prefetch(context: Any, array: Any, at: Any) -> Any:
    def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        numbers = array_of(context, builder, array, arguments[0])
        emitting.prefetch(numbers, Value(builder, arguments[1]))
        return context.get_dummy_value()

    return types.void(array, types.intp), lower


# prefetch(A, at): have the processor bring the cache line of A[at], which is wanted soon.
prefetch = emitted(_prefetch)


def _flush(context: Any) -> Any:
    def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        before = read_mode(builder)
        write_mode(builder, builder.or_(before, ir.I64(FLUSH)))
        return before

    return types.int64(), lower


def _restore(context: Any, mode: Any) -> Any:
    def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        write_mode(builder, arguments[0])
        return context.get_dummy_value()

    return types.void(types.int64), lower


# flush(): from now on subnormal numbers are zeros; returns the mode of before, for restore(mode).
flush = emitted(_flush)
restore = emitted(_restore)
