"""What code is made of besides values: arrays, loops, branches, and how wide a register is."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from demos.engine import ir
from demos.engine.processor import register_lanes
from demos.engine.values import Value, declared, spread


class Array:
    """The numbers of an array in a row; `at` counts them, and may lie anywhere.

    Nothing is checked: a load reads as many numbers as it is told to, so that the array must go
    on for so long. Rows that begin at 64 bytes are read fastest. shape: as NumPy has it.
    """

    def __init__(self, builder: Any, data: Any, size: int, shape: Sequence[Value] = ()) -> None:
        self.builder, self.data, self.size, self.shape = builder, data, size, shape
        self.scalar = data.type.pointee

    @property
    def length(self) -> Value:
        """The length of its first axis."""
        return self.shape[0]

    @property
    def lanes(self) -> int:
        """How many of its numbers a register holds."""
        return register_lanes(self.size)

    def at(self, start: Value) -> Array:
        """What lies from number `start` on."""
        return Array(self.builder, self.pointer(start), self.size)

    def either(self, mask: Value, other: Array) -> Array:
        """This array where the mask holds, else the other."""
        data = self.builder.select(mask.llvm, self.data, other.data)
        return Array(self.builder, data, self.size)

    def first(self) -> Value:
        """A[0]"""
        return self.load(Value(self.builder, ir.I64(0)))

    def set_first(self, value: Value) -> None:
        """Change A[0]."""
        self.store(value, Value(self.builder, ir.I64(0)))

    def pointer(self, at: Value) -> Any:
        """Where number `at` lies."""
        return self.builder.gep(self.data, [at.llvm])

    def load(self, at: Value, lanes: int = 1) -> Value:
        """So many numbers from A[at] on."""
        place = self.pointer(at)
        if lanes > 1:
            place = self.builder.bitcast(place, ir.VectorType(self.scalar, lanes).as_pointer())
        return Value(self.builder, self.builder.load(place, align=self.size))

    def store(self, value: Value, at: Value) -> None:
        """Put a number, or a row of them, to A[at] and on, in the array's type."""
        value = value.of(spread(value, self.zero(value.lanes)))
        place = self.pointer(at)
        if value.lanes > 1:
            place = self.builder.bitcast(place, value.kind.as_pointer())
        self.builder.store(value.llvm, place, align=self.size)

    def gather(self, places: list[Value]) -> Value:
        """One number for each place, lane by lane."""
        row = ir.Constant(ir.VectorType(self.scalar, len(places)), ir.Undefined)
        for lane, place in enumerate(places):
            row = self.builder.insert_element(row, self.load(place).llvm, ir.I32(lane))
        return Value(self.builder, row)

    def scatter(self, value: Value, places: list[Value]) -> None:
        """Put each lane to its place; one that several lanes share is left to the first of them."""
        for lane in reversed(range(value.lanes)):
            number = self.builder.extract_element(value.llvm, ir.I32(lane))
            self.store(Value(self.builder, number), places[lane])

    def zero(self, lanes: int) -> Value:
        """A row of zeros of the array's type."""
        exact = 0 if isinstance(self.scalar, ir.IntType) else 0.0
        if lanes == 1:
            return Value(self.builder, ir.Constant(self.scalar, exact))
        return Value(self.builder, ir.Constant(ir.VectorType(self.scalar, lanes), [exact] * lanes))


def prefetch(numbers: Array, at: Value) -> None:
    """Have the processor bring the cache line of A[at], which is wanted soon."""
    builder, byte = numbers.builder, ir.IntType(8).as_pointer()
    kind = ir.FunctionType(ir.VoidType(), [byte, ir.I32, ir.I32, ir.I32])
    place = builder.bitcast(numbers.pointer(at), byte)
    read, near, data = ir.I32(0), ir.I32(3), ir.I32(1)
    builder.call(declared(builder, kind, "llvm.prefetch.p0"), [place, read, near, data])


class Slot:
    """A value that changes from step to step of a loop; LLVM keeps it in a register."""

    def __init__(self, value: Value) -> None:
        self.builder = value.builder
        # In the function's first block, so that a loop does not make room again and again.
        with value.builder.goto_entry_block():
            self.place = value.builder.alloca(value.kind)
        self.set(value)

    def set(self, value: Value) -> None:
        """Change it."""
        self.builder.store(value.llvm, self.place)

    def get(self) -> Value:
        """What it is now."""
        return Value(self.builder, self.builder.load(self.place))


@contextmanager
def each(start: int | Value, stop: Value, step: int = 1) -> Iterator[Value]:
    """A loop, as in `with each(0, n) as i`: for i in range(start, stop, step)."""
    first = start if isinstance(start, Value) else stop.like(start)
    if hasattr(stop.builder, "counted"):  # it writes a language that has loops of its own
        with stop.builder.counted(first.llvm, stop.llvm, step) as counter:
            yield Value(stop.builder, counter)
        return
    builder, before = stop.builder, stop.builder.basic_block
    head, body, end = map(builder.append_basic_block, ("each", "each.body", "each.end"))
    builder.branch(head)
    builder.position_at_end(head)
    index = builder.phi(ir.I64)
    builder.cbranch(builder.icmp_signed("<", index, stop.llvm), body, end)
    builder.position_at_end(body)
    yield Value(builder, index)
    index.add_incoming(first.llvm, before)
    index.add_incoming(builder.add(index, ir.I64(step)), builder.basic_block)
    builder.branch(head)
    builder.position_at_end(end)


@contextmanager
def when(condition: Value) -> Iterator[None]:
    """A branch: what is within happens where the condition holds."""
    with condition.builder.if_then(condition.llvm):
        yield


def outlined(emit: Callable[..., None]) -> Callable[..., None]:
    """Emit a function's code once a module and types, and a call wherever it is used again."""

    def call(*operands: Value | Array) -> None:
        builder = operands[0].builder
        passed = [x.data if isinstance(x, Array) else x.llvm for x in operands]
        kinds = [x.type for x in passed]
        name = ".".join(["tutor", emit.__name__, *(str(kind) for kind in kinds)])
        function = builder.module.globals.get(name)
        if function is None:
            function = ir.Function(builder.module, ir.FunctionType(ir.VoidType(), kinds), name)
            function.linkage = "internal"
            function.attributes.add("noinline")
            inner = ir.IRBuilder(function.append_basic_block("entry"))
            emit(*(_inside(inner, x, y) for x, y in zip(operands, function.args, strict=True)))
            inner.ret_void()
        builder.call(function, passed)

    return call


def _inside(builder: Any, operand: Value | Array, argument: Any) -> Value | Array:
    """An operand as the outlined function has it."""
    if isinstance(operand, Array):
        return Array(builder, argument, operand.size)
    return Value(builder, argument)
