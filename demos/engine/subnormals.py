"""Have the processor take numbers too small to be normal for zero, while a kernel trains.

Below 1.2e-38 (float32) or 2.2e-308 (float64) a number is subnormal: it has fewer digits, and many
processors need a hundred times as long for it. Adam's memory of units that no longer learn fades
through that range. Bits of the floating-point control register, MXCSR on x86-64 and FPCR on
aarch64, turn such numbers into zeros. The register belongs to the thread, so that whoever sets it
puts it back.
"""

from __future__ import annotations

import platform
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from demos.engine import ir
from demos.engine.values import declared

_X86 = platform.machine().lower() in {"x86_64", "amd64"}
_ARM = platform.machine().lower() in {"aarch64", "arm64"}
# MXCSR: bit 15 flushes results, bit 6 reads subnormals as zero. FPCR: bit 24 does both.
FLUSH = (1 << 15 | 1 << 6) if _X86 else 1 << 24


def _call(builder: Any, name: str, result: Any, *arguments: Any) -> Any:
    kind = ir.FunctionType(result, [argument.type for argument in arguments])
    function = declared(builder, kind, name)
    return builder.call(function, arguments)


def _as_bytes(builder: Any, place: Any) -> Any:
    return builder.bitcast(place, ir.IntType(8).as_pointer())


def read_mode(builder: Any) -> Any:
    """The bits of the control register."""
    if _X86:
        place = builder.alloca(ir.I32)
        _call(builder, "llvm.x86.sse.stmxcsr", ir.VoidType(), _as_bytes(builder, place))
        return builder.zext(builder.load(place), ir.I64)
    return _call(builder, "llvm.aarch64.get.fpcr", ir.I64) if _ARM else ir.I64(0)


def write_mode(builder: Any, value: Any) -> None:
    """Change the bits of the control register."""
    if _X86:
        place = builder.alloca(ir.I32)
        builder.store(builder.trunc(value, ir.I32), place)
        _call(builder, "llvm.x86.sse.ldmxcsr", ir.VoidType(), _as_bytes(builder, place))
    elif _ARM:
        _call(builder, "llvm.aarch64.set.fpcr", ir.VoidType(), value)


@contextmanager
def flushed(builder: Any) -> Iterator[None]:
    """Within this, code is emitted that runs without subnormal numbers."""
    before = read_mode(builder)
    write_mode(builder, builder.or_(before, ir.I64(FLUSH)))
    yield
    write_mode(builder, before)
