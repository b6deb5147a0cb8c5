"""Values of machine code in the making: formulas that write down instructions as they are run.

A processor adds or multiplies 4 to 16 numbers in one instruction, if they lie side by side in one
of its registers. A `Value` is a number, or such a row of numbers, that a kernel will have when it
runs. Python's + - * / on it emit the instruction for all lanes, so that

    g = 0.1975 * s * s + 1.6875

reads as for one number, is executed once, while the kernel is compiled, and leaves two
multiplications and an addition behind. A plain number takes the other operand's type, a scalar is
spread over the lanes of a row. What is emitted is portable LLVM: AVX-512, AVX2, SSE2 or NEON come
from it. No hope is placed in an auto-vectorizer, and no library is called.
"""

from __future__ import annotations

from typing import Any

from demos.engine import ir

# A product and the sum that takes it up may become one instruction, rounded once. Nothing else
# may be reordered: a lane's bits depend neither on its neighbours nor on how many there are.
_FLAGS = ("contract",)

Number = int | float


class Value:
    """A scalar or a row of lanes: float32, float64, int64 or, from comparisons, true or false."""

    def __init__(self, builder: Any, llvm: Any) -> None:
        self.builder, self.llvm = builder, llvm

    @property
    def kind(self) -> Any:
        """LLVM's type of it."""
        return self.llvm.type

    @property
    def lanes(self) -> int:
        """How many numbers it is."""
        return int(self.kind.count) if isinstance(self.kind, ir.VectorType) else 1

    @property
    def scalar(self) -> Any:
        """LLVM's type of one lane."""
        return self.kind.element if isinstance(self.kind, ir.VectorType) else self.kind

    @property
    def single(self) -> bool:
        """Whether its numbers are float32."""
        return isinstance(self.scalar, ir.FloatType)

    def of(self, llvm: Any) -> Value:
        """Another value of the same code."""
        return Value(self.builder, llvm)

    def like(self, number: Number | Value) -> Value:
        """A number in this value's type, the same in all lanes."""
        if isinstance(number, Value):
            return self.of(spread(number, self))
        exact = int(number) if isinstance(self.scalar, ir.IntType) else float(number)
        vector = isinstance(self.kind, ir.VectorType)
        return self.of(ir.Constant(self.kind, [exact] * self.lanes if vector else exact))

    def __add__(self, other: Number | Value) -> Value:
        return _binary("add", self, other)

    def __sub__(self, other: Number | Value) -> Value:
        return _binary("sub", self, other)

    def __mul__(self, other: Number | Value) -> Value:
        return _binary("mul", self, other)

    def __truediv__(self, other: Number | Value) -> Value:
        """Of whole numbers, the whole part."""
        return _binary("div", self, other)

    def __radd__(self, other: Number) -> Value:
        return self.like(other) + self

    def __rsub__(self, other: Number) -> Value:
        return self.like(other) - self

    def __rmul__(self, other: Number) -> Value:
        return self.like(other) * self

    def __rtruediv__(self, other: Number) -> Value:
        return self.like(other) / self

    def __and__(self, other: Number | Value) -> Value:
        a, b = _alike(self, other)
        return self.of(self.builder.and_(a, b))

    def __or__(self, other: Value) -> Value:
        return self.of(self.builder.or_(self.llvm, other.llvm))

    def __xor__(self, other: Value) -> Value:
        return self.of(self.builder.xor(self.llvm, other.llvm))

    def __lshift__(self, bits: int) -> Value:
        return self.of(self.builder.shl(self.llvm, self.like(bits).llvm))

    def __rshift__(self, bits: int) -> Value:
        """Zeros come in from above."""
        return self.of(self.builder.lshr(self.llvm, self.like(bits).llvm))

    def __neg__(self) -> Value:
        if isinstance(self.scalar, ir.IntType):
            return 0 - self
        return self.of(self.builder.fneg(self.llvm, flags=_FLAGS))

    def __lt__(self, other: Number | Value) -> Value:
        return _compared("<", self, other)

    def __le__(self, other: Number | Value) -> Value:
        return _compared("<=", self, other)

    def __gt__(self, other: Number | Value) -> Value:
        return _compared(">", self, other)

    def __ge__(self, other: Number | Value) -> Value:
        return _compared(">=", self, other)

    def equals(self, other: Number | Value) -> Value:
        """Whether it is equal, lane by lane."""
        return _compared("==", self, other)


def spread(value: Value, to: Value) -> Any:
    """A value in the type of another: a scalar in all its lanes, an integer as a float."""
    builder, number = value.builder, value.llvm
    if value.scalar != to.scalar:
        kind = to.scalar if value.lanes == 1 else ir.VectorType(to.scalar, value.lanes)
        if isinstance(value.scalar, ir.IntType):
            number = builder.sitofp(number, kind)
        elif isinstance(to.scalar, ir.FloatType):
            number = builder.fptrunc(number, kind)
        else:
            number = builder.fpext(number, kind)
    if value.lanes == to.lanes:
        return number
    vector = ir.VectorType(number.type, to.lanes)
    one = builder.insert_element(ir.Constant(vector, ir.Undefined), number, ir.I64(0))
    mask = ir.Constant(ir.VectorType(ir.I32, to.lanes), [0] * to.lanes)
    return builder.shuffle_vector(one, ir.Constant(vector, ir.Undefined), mask)


def _alike(a: Value, b: Number | Value) -> tuple[Any, Any]:
    """Two operands in one type: that of the row; of two scalars int64, float64, float32 the last.

    So settings, which are float64, take the type of the numbers that they meet.
    """
    if not isinstance(b, Value):
        return a.llvm, a.like(b).llvm
    order = ir.IntType, ir.DoubleType, ir.FloatType
    rank = [(value.lanes, order.index(type(value.scalar))) for value in (a, b)]
    return (spread(a, b), b.llvm) if rank[1] > rank[0] else (a.llvm, spread(b, a))


def _binary(name: str, a: Value, b: Number | Value) -> Value:
    x, y = _alike(a, b)
    if isinstance(_element(x.type), ir.IntType):
        return a.of(getattr(a.builder, "sdiv" if name == "div" else name)(x, y))
    return a.of(getattr(a.builder, f"f{name}")(x, y, flags=_FLAGS))


def _element(kind: Any) -> Any:
    return kind.element if isinstance(kind, ir.VectorType) else kind


def _compared(sign: str, a: Value, b: Number | Value) -> Value:
    """Lane by lane; NaN compares false."""
    x, y = _alike(a, b)
    if isinstance(_element(x.type), ir.IntType):
        return a.of(a.builder.icmp_signed(sign, x, y))
    return a.of(a.builder.fcmp_ordered(sign, x, y))


def choose(mask: Value, a: Number | Value, b: Number | Value) -> Value:
    """`a` where the mask holds, `b` elsewhere. One of the two may be a plain number."""
    if isinstance(a, Value):
        x, y = _alike(a, b)
    else:
        assert isinstance(b, Value), "two plain numbers have no type"
        y, x = _alike(b, a)
    return mask.of(mask.builder.select(mask.llvm, x, y))


def larger(a: Value, b: Number | Value) -> Value:
    """The larger of the two; NaN in `a` stays, so a clamp is larger(x, bound)."""
    x, y = _alike(a, b)
    return a.of(a.builder.select(a.builder.fcmp_unordered(">", x, y), x, y))


def smaller(a: Value, b: Number | Value) -> Value:
    """The smaller of the two; NaN in `a` stays."""
    x, y = _alike(a, b)
    return a.of(a.builder.select(a.builder.fcmp_unordered("<", x, y), x, y))


def absolute(a: Value) -> Value:
    """|a|"""
    return _known("fabs", a)


def sqrt(a: Value) -> Value:
    """√a, rounded as IEEE demands."""
    return _known("sqrt", a)


def floor(a: Value) -> Value:
    """The largest whole number that is not above `a`, as a float."""
    return _known("floor", a)


def copysign(a: Value, b: Value) -> Value:
    """|a| with the sign of b."""
    return _known("copysign", a, b)


def power(a: Value, b: Value) -> Value:
    """aᵇ of two scalars, by the C library."""
    return _known("pow", a, b)


def _known(name: str, *arguments: Value) -> Value:
    """Call one of LLVM's own functions, such as llvm.sqrt.v8f64."""
    kind = arguments[0].kind
    function = ir.FunctionType(kind, [kind] * len(arguments))
    builder = arguments[0].builder
    found = declared(builder, function, f"llvm.{name}.{suffix(kind)}")
    return arguments[0].of(builder.call(found, [argument.llvm for argument in arguments]))


def suffix(kind: Any) -> str:
    """How LLVM names a type in its functions: v8f32, f64."""
    bits = "f32" if isinstance(_element(kind), ir.FloatType) else "f64"
    return f"v{kind.count}{bits}" if isinstance(kind, ir.VectorType) else bits


def declared(builder: Any, kind: Any, name: str) -> Any:
    """A function that LLVM knows by name, as the module being emitted sees it."""
    return builder.module.globals.get(name) or ir.Function(builder.module, kind, name)


def total(a: Value) -> Value:
    """The sum of all lanes, halves added to halves."""
    kind = ir.FunctionType(a.scalar, [a.scalar, a.kind])
    function = declared(a.builder, kind, f"llvm.vector.reduce.fadd.{suffix(a.kind)}")
    zero = ir.Constant(a.scalar, 0.0)
    return a.of(a.builder.call(function, [zero, a.llvm], fastmath=("reassoc",)))


def as_double(a: Value) -> Value:
    """Whole numbers as float64."""
    double = ir.DoubleType()
    kind = double if a.lanes == 1 else ir.VectorType(double, a.lanes)
    return a.of(a.builder.sitofp(a.llvm, kind))


def is_finite(a: Value) -> Value:
    """Whether a scalar is neither infinite nor NaN."""
    return absolute(a) < float("inf")


def whole(a: Value) -> Value:
    """Floats as whole numbers, rounded towards zero."""
    kind = ir.I64 if a.lanes == 1 else ir.VectorType(ir.I64, a.lanes)
    return a.of(a.builder.fptosi(a.llvm, kind))


def fraction_of(a: Value) -> Value:
    """The top 53 of 64 bits as a number in [0, 1), float64."""
    return a.of(a.builder.uitofp((a >> 11).llvm, ir.DoubleType())) * 2.0**-53


def in_order(first: Value, lanes: int) -> Value:
    """The whole numbers first, first + 1, … in the lanes of a row."""
    order = ir.Constant(ir.VectorType(ir.I64, lanes), list(range(lanes)))
    return first.of(order) + first


def first_lanes(lanes: int, count: Value) -> Value:
    """The mask of the lanes 0 … count − 1."""
    return in_order(count.like(0), lanes) < count


def times_power(a: Value, shifted: Value) -> Value:
    """a · 2^k for a whole k, given k + 1.5 · 2^52 (float32: 2^23): k is added to the exponent.

    That sum is so large that its last bits are k itself, as an integer.
    """
    whole, fraction = _bits(a)
    builder = a.builder
    power = builder.shl(builder.bitcast(shifted.llvm, whole), _all(whole, fraction))
    return a.of(builder.bitcast(builder.add(builder.bitcast(a.llvm, whole), power), a.kind))


def exponent(a: Value) -> Value:
    """The whole number k for which a · 2^−k lies in [√½, √2); `a` must be a normal number."""
    whole, fraction = _bits(a)
    builder, root = a.builder, 0x3F3504F3 if a.single else 0x3FE6A09E667F3BCD  # √½
    moved = builder.sub(builder.bitcast(a.llvm, whole), _all(whole, root))
    return a.of(builder.sitofp(builder.ashr(moved, _all(whole, fraction)), a.kind))


def _bits(a: Value) -> tuple[Any, int]:
    """The integer type of a float's bits, and how many of them are its fraction."""
    whole = ir.I32 if a.single else ir.I64
    whole = ir.VectorType(whole, a.lanes) if isinstance(a.kind, ir.VectorType) else whole
    return whole, 23 if a.single else 52


def _all(kind: Any, number: int) -> Any:
    return ir.Constant(kind, [number] * kind.count if isinstance(kind, ir.VectorType) else number)
