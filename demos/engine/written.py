"""Formulas over `Value` as Python source, one number at a time, as a graphics card's threads work.

`values` and `emitting` tell a builder of LLVM's what to write down. A `Writer` is told the same and
writes Python, a line an instruction: so one formula serves the processor's registers and a card.
The source wants these names: float32, float64, int32 (NumPy's types), INF, math, and
as_int and as_float, which take a float32's 32 bits for an int32, and back.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from typing import Any

from demos.engine import ir
from demos.engine.emitting import Array
from demos.engine.values import Value

SINGLE, DOUBLE, TRUTH = ir.FloatType(), ir.DoubleType(), ir.IntType(1)
_CASTS = {"float": "float32", "double": "float64", "i32": "int32"}
_SIGNS = {"fadd": "+", "fsub": "-", "fmul": "*", "fdiv": "/", "add": "+", "sub": "-", "mul": "*",
          "sdiv": "//", "shl": "<<", "ashr": ">>", "and_": "&", "or_": "|"}  # fmt: skip
_OPPOSITE = {"<": ">=", ">": "<=", "<=": ">", ">=": "<"}
# LLVM's own functions by their names up to the type.
_KNOWN = {"llvm.sqrt": "math.sqrt", "llvm.fabs": "abs", "llvm.copysign": "math.copysign",
          "llvm.pow": "math.pow"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Word:
    """A number by its name in the source."""

    name: str
    type: Any


@dataclass(frozen=True, slots=True)
class Place:
    """Where a number lies: a variable, or a row of an array's."""

    base: str
    type: Any  # a pointer to the number's type
    at: str = ""

    @property
    def name(self) -> str:
        """The variable, or the row of the array."""
        return f"{self.base}[{self.at}]" if self.at else self.base


class Writer:
    """Takes the place of LLVM's builder for scalars; `lines` are what it wrote.

    Operations are those of `llvmlite.ir.IRBuilder` by name, as far as formulas use them.
    """

    def __init__(self) -> None:
        self.lines: list[str] = []
        self.module = ir.Module()
        self._indent, self._names = 1, 0

    def line(self, text: str) -> None:
        """Write a line where we are."""
        self.lines.append("    " * self._indent + text)

    def value(self, text: str, kind: Any) -> Value:
        """An expression as a number of that type."""
        return Value(self, self._named(text, kind))

    def array(self, name: str, kind: Any, size: int = 4) -> Array:
        """An array that the source knows by name."""
        return Array(self, Place(name, kind.as_pointer(), "0"), size)

    def whole(self, number: int) -> Value:
        """A whole number that is known now."""
        return Value(self, ir.I64(number))

    @contextmanager
    def within(self, head: str) -> Iterator[None]:
        """Indent what is written below a head."""
        self.line(head)
        self._indent += 1
        before = len(self.lines)
        yield
        if len(self.lines) == before:
            self.line("pass")
        self._indent -= 1

    # -- what `emitting` calls ------------------------------------------------------------------

    @contextmanager
    def counted(self, first: Any, end: Any, step: int) -> Iterator[Word]:
        """A loop over whole numbers."""
        index = Word(self._name("i"), ir.I64)
        span = ", ".join((text(first), text(end), str(step)))
        with self.within(f"for {index.name} in range({span}):"):
            yield index

    @contextmanager
    def if_then(self, condition: Any) -> Iterator[None]:
        """A branch."""
        with self.within(f"if {text(condition)}:"):
            yield

    def goto_entry_block(self) -> Any:
        """Python's variables need no room."""
        return nullcontext()

    def alloca(self, kind: Any) -> Place:
        """A variable."""
        return Place(self._name("s"), kind.as_pointer())

    def gep(self, place: Place, steps: Sequence[Any]) -> Place:
        """So many numbers further on."""
        (more,) = map(text, steps)
        at = more if place.at == "0" else place.at if more == "0" else f"{place.at} + {more}"
        return Place(place.base, place.type, at)

    def load(self, place: Place, align: int = 0) -> Word:
        """What lies there now."""
        return self._named(place.name, place.type.pointee)

    def store(self, number: Any, place: Place, align: int = 0) -> None:
        """Change it."""
        self.line(f"{place.name} = {text(number)}")

    # -- what `values` calls --------------------------------------------------------------------

    def __getattr__(self, name: str) -> Any:
        """The operations that have a sign."""
        sign = _SIGNS.get(name)
        if sign is None:
            raise AttributeError(name)

        def operation(x: Any, y: Any, flags: object = ()) -> Word:
            found = f"{text(x)} {sign} {text(y)}"
            return self._named(_cast(found, x.type) if _is_short(x.type) else found, x.type)

        return operation

    def fneg(self, x: Any, flags: object = ()) -> Word:
        """−x"""
        return self._named(f"-{text(x)}", x.type)

    def fcmp_ordered(self, sign: str, x: Any, y: Any) -> Word:
        """NaN compares false."""
        return self._named(f"{text(x)} {sign} {text(y)}", TRUTH)

    icmp_signed = fcmp_ordered

    def fcmp_unordered(self, sign: str, x: Any, y: Any) -> Word:
        """NaN compares true."""
        return self._named(f"not ({text(x)} {_OPPOSITE[sign]} {text(y)})", TRUTH)

    def select(self, mask: Any, x: Any, y: Any) -> Word:
        """x where the mask holds, else y."""
        return self._named(f"{text(x)} if {text(mask)} else {text(y)}", x.type)

    def sitofp(self, x: Any, kind: Any) -> Word:
        """A whole number as a float."""
        return self._named(_cast(text(x), kind), kind)

    fptrunc = fpext = sitofp

    def bitcast(self, x: Any, kind: Any) -> Word:
        """The bits of a float32 as an int32, and back."""
        function = "as_int" if isinstance(kind, ir.IntType) else "as_float"
        return self._named(f"{function}({text(x)})", kind)

    def call(self, function: Any, arguments: Sequence[Any]) -> Word:
        """One of LLVM's own functions."""
        name = _KNOWN[function.name.rpartition(".")[0]]
        kind = function.function_type.return_type
        return self._named(_cast(f"{name}({', '.join(map(text, arguments))})", kind), kind)

    def _named(self, text: str, kind: Any) -> Word:
        word = Word(self._name("v"), kind)
        self.line(f"{word.name} = {text}")
        return word

    def _name(self, letter: str) -> str:
        self._names += 1
        return f"{letter}{self._names}"


def _is_short(kind: Any) -> bool:
    """Whether Python's operators would leave the type: those on int32 give int64."""
    return isinstance(kind, ir.IntType) and kind.width == 32


def _cast(text: str, kind: Any) -> str:
    return f"{_CASTS[str(kind)]}({text})"


def text(x: Any) -> str:
    """A number in the source: its name, or a constant in its type."""
    if isinstance(x, Word):
        return x.name
    if str(x.type) == "i64":
        return str(x.constant)
    number = x.constant if isinstance(x.type, ir.IntType) else float(x.constant)
    plain = repr(number) if math.isfinite(number) else "INF" if number > 0 else "-INF"
    return plain if str(x.type) == "double" else _cast(plain, x.type)
