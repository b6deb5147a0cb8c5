"""A number that is many numbers: the type in which the engine's kernels are written.

A processor adds or multiplies 4 to 16 numbers in one instruction, if they lie side by side in one
of its registers. `Lanes` is such a row of numbers, with + - * / and comparisons lane by lane; a
formula written for one number is then computed for all lanes at once. A value has a shape (rows,
lanes): one row is a vector, several rows are a tile, a tile of one lane is a column of scalars.
Shapes broadcast as in NumPy, so `column * vector` is the outer product, and

    tile += column(X, at, p, ROWS) * load(W, p * width)

is one step of a matrix product: the processor's fused multiply-add, ROWS · lanes times.

What is emitted is portable LLVM: AVX-512, AVX2, SSE2 or NEON come from it. There is no hope placed
in an auto-vectorizer, no loop over lanes, and no library call.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import llvmlite.binding as llvm
import numba
from llvmlite import ir
from numba.core import cgutils, types
from numba.core.datamodel import models
from numba.extending import lower_builtin, register_model, type_callable

from demos.engine.kernel import emitted

# A product and the sum that takes it up may become one instruction, rounded once. Nothing else
# may be reordered: a lane's bits depend neither on its neighbours nor on how many there are.
_FLAGS = ("contract",)
_INT = ir.IntType(64)


class Lanes(types.Type):  # type: ignore[misc, unused-ignore]
    """The type of rows · count numbers of one dtype (float32, float64; boolean for a mask)."""

    def __init__(self, dtype: Any, count: int, rows: int = 1) -> None:
        self.dtype, self.count, self.rows = dtype, count, rows
        super().__init__(name=f"Lanes({dtype}, {count}, {rows})")

    @property
    def key(self) -> tuple[Any, int, int]:
        """What makes two types the same."""
        return self.dtype, self.count, self.rows


@register_model(Lanes)
class _LanesModel(models.PrimitiveModel):  # type: ignore[misc, unused-ignore]
    def __init__(self, manager: Any, kind: Lanes) -> None:
        row = row_type(kind)
        super().__init__(manager, kind, row if kind.rows == 1 else ir.ArrayType(row, kind.rows))


def _scalar_type(dtype: Any) -> Any:
    if dtype == types.boolean:
        return ir.IntType(1)
    return ir.FloatType() if dtype == types.float32 else ir.DoubleType()


def row_type(kind: Lanes) -> Any:
    """LLVM's type of one row: a vector, or a scalar where there is one lane."""
    scalar = _scalar_type(kind.dtype)
    return scalar if kind.count == 1 else ir.VectorType(scalar, kind.count)


@cache
def register_bytes() -> int:
    """How many bytes one register of the processor holds that kernels are compiled for.

    LLVM is asked, by the code that it makes of one vector addition: zmm are the registers of
    AVX-512, ymm those of AVX.
    """
    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    config: Any = numba.config
    name = config.CPU_NAME or llvm.get_host_cpu_name()
    features = config.CPU_FEATURES
    if features is None:
        features = "" if config.CPU_NAME else llvm.get_host_cpu_features().flatten()
    vector = "<16 x float>"
    source = f"define {vector} @f({vector} %a) {{\n%b = fadd {vector} %a, %a\nret {vector} %b\n}}"
    machine = llvm.Target.from_default_triple().create_target_machine(cpu=name, features=features)
    code = machine.emit_assembly(llvm.parse_assembly(source))
    return 64 if "zmm" in code else 32 if "ymm" in code else 16


def lanes_of(dtype: Any) -> int:
    """How many numbers of a Numba dtype one register holds."""
    return int(register_bytes() // (dtype.bitwidth // 8))


# Values by rows: every operation works on lists of LLVM vectors, one a row.


def split(builder: Any, value: Any, kind: Lanes) -> list[Any]:
    """The rows of a value, as LLVM values."""
    if kind.rows == 1:
        return [value]
    return [builder.extract_value(value, row) for row in range(kind.rows)]


def join(builder: Any, rows: Sequence[Any], kind: Lanes) -> Any:
    """Make a value of its rows."""
    if kind.rows == 1:
        return rows[0]
    result = ir.Constant(ir.ArrayType(row_type(kind), kind.rows), ir.Undefined)
    for i, row in enumerate(rows):
        result = builder.insert_value(result, row, i)
    return result


def splat(builder: Any, scalar: Any, count: int) -> Any:
    """A row with the same scalar in every lane."""
    if count == 1:
        return scalar
    vector = ir.VectorType(scalar.type, count)
    one = builder.insert_element(ir.Constant(vector, ir.Undefined), scalar, _INT(0))
    mask = ir.Constant(ir.VectorType(ir.IntType(32), count), [0] * count)
    return builder.shuffle_vector(one, ir.Constant(vector, ir.Undefined), mask)


def _spread(context: Any, builder: Any, value: Any, kind: Any, to: Any) -> list[Any]:
    """The rows of a value, or of a plain number, in the shape and the dtype of `to`."""
    if not isinstance(kind, Lanes):
        number = context.cast(builder, context.cast(builder, value, kind, types.float64),
                              types.float64, to.dtype)  # fmt: skip
        return [splat(builder, number, to.count)] * to.rows
    rows = split(builder, value, kind) * (to.rows if kind.rows == 1 else 1)
    return [splat(builder, row, to.count) if kind.count == 1 else row for row in rows]


def _broadcast(*kinds: Any) -> Lanes | None:
    """The type of a result, from the types of its operands; None if they do not fit."""
    lanes = [kind for kind in kinds if isinstance(kind, Lanes)]
    fits = all(isinstance(kind, Lanes | types.Number) for kind in kinds) and lanes
    if not fits or len({kind.dtype for kind in lanes}) > 1:
        return None
    count, rows = max(kind.count for kind in lanes), max(kind.rows for kind in lanes)
    if any(kind.count not in (1, count) or kind.rows not in (1, rows) for kind in lanes):
        return None
    return Lanes(lanes[0].dtype, count, rows)


def _mapped(emit: Callable[..., Any]) -> Callable[..., Any]:
    """Lower an operation that `emit(builder, *rows)` does for one row."""

    def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        shape = _broadcast(*signature.args)
        spread = [
            _spread(context, builder, value, kind, shape)
            for value, kind in zip(arguments, signature.args, strict=True)
        ]
        rows = [emit(builder, *row) for row in zip(*spread, strict=True)]
        return join(builder, rows, signature.return_type)

    return lower


def _operator(symbol: Any, emit: Callable[..., Any], dtype: Any = None) -> None:
    """Teach Numba an operator on lanes; `dtype` is that of the result where it is another."""

    @type_callable(symbol)  # type: ignore[untyped-decorator, unused-ignore]
    def typer(context: Any) -> Callable[..., Any]:
        def typed(a: Any, b: Any = None) -> Lanes | None:
            shape = _broadcast(a) if b is None else _broadcast(a, b)
            return shape and Lanes(dtype or shape.dtype, shape.count, shape.rows)

        return typed

    lower = _mapped(emit)
    if symbol is operator.neg:
        lower_builtin(symbol, Lanes)(lower)
        return
    for pair in ((Lanes, Lanes), (Lanes, types.Number), (types.Number, Lanes)):
        lower_builtin(symbol, *pair)(lower)


def _arithmetic(name: str) -> Callable[..., Any]:
    return lambda builder, *rows: getattr(builder, name)(*rows, flags=_FLAGS)


def _comparison(sign: str) -> Callable[..., Any]:
    return lambda builder, a, b: builder.fcmp_ordered(sign, a, b)


for _symbol, _name in (
    (operator.add, "fadd"), (operator.sub, "fsub"), (operator.mul, "fmul"),
    (operator.truediv, "fdiv"), (operator.iadd, "fadd"), (operator.isub, "fsub"),
    (operator.imul, "fmul"), (operator.neg, "fneg"),
):  # fmt: skip
    _operator(_symbol, _arithmetic(_name))
for _symbol, _sign in (
    (operator.lt, "<"), (operator.le, "<="), (operator.gt, ">"), (operator.ge, ">="),
    (operator.eq, "=="),
):  # fmt: skip
    _operator(_symbol, _comparison(_sign), types.boolean)  # NaN compares false


# Functions on lanes.


def _function(name: str, emit: Callable[..., Any]) -> Any:
    """A function of one or two lanes, lane by lane, as a Numba intrinsic."""

    def typed(context: Any, *kinds: Any) -> Any:
        shape = _broadcast(*kinds)
        return shape and (shape(*kinds), _mapped(emit))

    def one(context: Any, a: Any) -> Any:
        return typed(context, a)

    def two(context: Any, a: Any, b: Any) -> Any:
        return typed(context, a, b)

    function = one if name in ("absolute", "sqrt") else two
    function.__name__ = name
    return emitted(function)


def _math(name: str) -> Callable[..., Any]:
    """One of LLVM's own functions of a vector, such as llvm.sqrt.v8f64."""

    def emit(builder: Any, *rows: Any) -> Any:
        kind = rows[0].type
        function = ir.FunctionType(kind, [kind] * len(rows))
        return builder.call(declared(builder, function, f"llvm.{name}.{suffix(kind)}"), rows)

    return emit


def suffix(kind: Any) -> str:
    """How LLVM names the type of a row in its functions: v8f32, f64."""
    scalar = kind.element if isinstance(kind, ir.VectorType) else kind
    bits = "f32" if isinstance(scalar, ir.FloatType) else "f64"
    return f"v{kind.count}{bits}" if isinstance(kind, ir.VectorType) else bits


def declared(builder: Any, kind: Any, name: str) -> Any:
    """A function that LLVM knows by name, as the module being emitted sees it."""
    insert: Any = cgutils.get_or_insert_function
    return insert(builder.module, kind, name)


def _either(sign: str) -> Callable[..., Any]:
    return lambda builder, a, b: builder.select(builder.fcmp_unordered(sign, a, b), a, b)


absolute = _function("absolute", _math("fabs"))
sqrt = _function("sqrt", _math("sqrt"))
copysign = _function("copysign", _math("copysign"))
# The larger and the smaller of two. NaN in `a` stays; so clamp as larger(x, bound).
larger = _function("larger", _either(">"))
smaller = _function("smaller", _either("<"))


def _choose(context: Any, mask: Any, a: Any, b: Any) -> Any:
    shape = _broadcast(a, b)
    if shape is None or not isinstance(mask, Lanes):
        return None

    def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        masks = split(builder, arguments[0], mask)
        pairs = [_spread(context, builder, arguments[i], signature.args[i], shape) for i in (1, 2)]
        rows = [builder.select(m, x, y) for m, x, y in zip(masks, *pairs, strict=True)]
        return join(builder, rows, shape)

    return shape(mask, a, b), lower


# choose(mask, a, b): a where the mask holds, b elsewhere.
choose = emitted(_choose)


def _times_power(context: Any, a: Any, shifted: Any) -> Any:
    def emit(builder: Any, a: Any, shifted: Any) -> Any:
        scalar = a.type.element if isinstance(a.type, ir.VectorType) else a.type
        bits, fraction = (32, 23) if isinstance(scalar, ir.FloatType) else (64, 52)
        whole: Any = ir.IntType(bits)
        shift: Any = fraction
        if isinstance(a.type, ir.VectorType):
            whole, shift = ir.VectorType(whole, a.type.count), [fraction] * a.type.count
        power = builder.shl(builder.bitcast(shifted, whole), ir.Constant(whole, shift))
        return builder.bitcast(builder.add(builder.bitcast(a, whole), power), a.type)

    return a(a, shifted), _mapped(emit)


# times_power(a, k + BIG): a · 2^k for a whole k, by adding k to a's exponent. BIG = 1.5 · 2^52 (or
# 2^23) is so large that the sum's last bits are k itself, as an integer.
times_power = emitted(_times_power)


def _exponent(context: Any, a: Any) -> Any:
    def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        rows = []
        for row in split(builder, arguments[0], a):
            bits, fraction = (32, 23) if a.dtype == types.float32 else (64, 52)
            whole = ir.VectorType(ir.IntType(bits), a.count) if a.count > 1 else ir.IntType(bits)

            def constant(number: int, whole: Any = whole) -> Any:
                return ir.Constant(whole, [number] * a.count if a.count > 1 else number)

            root = 0x3F3504F3 if bits == 32 else 0x3FE6A09E667F3BCD  # √½
            moved = builder.sub(builder.bitcast(row, whole), constant(root))
            rows.append(builder.sitofp(builder.ashr(moved, constant(fraction)), row.type))
        return join(builder, rows, a)

    return a(a), lower


# exponent(a): the whole number k for which a · 2^−k lies in [√½, √2); a must be normal.
exponent = emitted(_exponent)
