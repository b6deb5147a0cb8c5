"""From LLVM's code to machine code that can be kept; LLVM's own way to place it in memory."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import llvmlite.binding as llvm

from demos.engine import ir, processor
from demos.engine.argument_types import Type
from demos.engine.entry import entry

# A kernel may call these: the C library's, which every program has. LLVM makes its own of some.
_KNOWN = frozenset(
    {"memcpy", "memset", "memmove"}
    | {f"{name}{size}" for name in ("exp", "log", "pow", "sin", "cos", "tan", "tanh", "floor",
                                    "ceil", "sqrt", "hypot", "exp2", "log2", "log10", "log1p",
                                    "expm1", "fmod", "rint", "round", "trunc", "cbrt", "erf",
                                    "atan", "atan2") for size in ("", "f")}
)  # fmt: skip


def emitted(name: str, types: Sequence[Type], emit: Callable[..., Any]) -> bytes:
    """Machine code of a kernel that `emit` writes down, with the entry `name`."""
    module = _module(name, types, emit)
    return machine_code(module, name, search=False)


def _module(name: str, types: Sequence[Type], emit: Callable[..., Any]) -> Any:
    """LLVM's module with the entry of a kernel."""
    module = ir.Module(name)
    module.triple = llvm.get_process_triple()
    module.data_layout = str(processor.machine().target_data)
    entry(module, name, types, emit)
    return llvm.parse_assembly(str(module))


def linked(name: str, types: Sequence[Type], emit: Callable[..., Any], code: Any) -> bytes:
    """Machine code of an entry that calls a function of the module `code`."""
    module = _module(name, types, emit)
    module.link_in(code, preserve=True)
    return machine_code(module, name, search=True)


def machine_code(module: Any, name: str, search: bool) -> bytes:
    """Optimise and translate a module of which only the function `name` is called.

    search: whether to look hard for what can be made faster, as in loops that could work on
    several numbers at once. Kernels that are emitted are as they should be: for them it takes half
    of the time, and loops that it unrolls make small networks a tenth slower.
    Raises TypeError for code that calls what a program does not have everywhere, such as Numba's
    own way to make arrays.
    """
    for function in module.functions:
        if not function.is_declaration and function.name != name:
            function.linkage = "internal"
    machine = processor.machine()
    options = llvm.create_pipeline_tuning_options(speed_level=3 if search else 1)
    options.loop_vectorization = options.slp_vectorization = options.loop_unrolling = search
    passes = llvm.create_pass_builder(machine, options)
    passes.getModulePassManager().run(module, passes)
    called = {f.name for f in module.functions if f.is_declaration}
    foreign = {one for one in called - _KNOWN if not one.startswith("llvm.")}
    if foreign:
        raise TypeError(
            f"a kernel can't call {', '.join(sorted(foreign))}: arrays are made outside"
        )
    return bytes(machine.emit_object(module))


@cache
def _engine() -> Any:
    """What gives machine code a place in memory."""
    return llvm.create_mcjit_compiler(llvm.parse_assembly(""), processor.machine())


def placed(name: str, code: bytes) -> int:
    """Put an object file into memory, and return the address of the function `name`."""
    engine = _engine()
    engine.add_object_file(llvm.ObjectFileRef.from_data(code))
    engine.finalize_object()
    return int(engine.get_function_address(name))
