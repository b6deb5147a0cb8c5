"""The processor that kernels are compiled for: which one it is, and whether shipped code fits it.

`NUMBA_CPU_NAME` and `NUMBA_CPU_FEATURES` name another one, as for Numba.
"""

from __future__ import annotations

import os
import platform
from functools import cache
from itertools import takewhile
from pathlib import Path
from typing import Any

# What the kernels of a wheel are compiled for, on each kind of machine, and the names that Linux
# has for the instructions which it takes.
BASELINES = {
    "x86_64": ("x86-64-v3", "avx2 bmi1 bmi2 f16c fma abm movbe"),
    "aarch64": ("generic", "asimd"),
}
_NAME, _FEATURES = "NUMBA_CPU_NAME", "NUMBA_CPU_FEATURES"
_TOLD = {"vendor_id", "cpu family", "model", "model name", "flags",
         "Features", "CPU implementer", "CPU part", "CPU variant"}  # fmt: skip


def identity() -> str:
    """What tells this processor from others for which code would be another.

    Linux is read, not LLVM asked: a program that only looks what is there needs no compiler.
    """
    name = os.environ.get(_NAME)
    if name:
        return f"{platform.machine()} {name} {os.environ.get(_FEATURES, '')}".strip()
    told = sorted(f"{key}={value}" for key, value in _facts().items())
    return " ".join([platform.machine(), os.environ.get(_FEATURES, ""), *told])


def baseline() -> dict[str, str]:
    """The environment in which a wheel's kernels are compiled here; none is shipped if empty."""
    name, _ = BASELINES.get(platform.machine(), ("", ""))
    return {_NAME: name, _FEATURES: ""} if name else {}


def shipped_identity() -> str:
    """`identity` as the wheel's kernels have it, if this processor runs them; else nothing."""
    name, needed = BASELINES.get(platform.machine(), ("", ""))
    facts = _facts()
    here = (facts.get("flags") or facts.get("Features", "")).split()
    fits = name and not os.environ.get(_NAME) and not os.environ.get(_FEATURES)
    return f"{platform.machine()} {name}" if fits and set(needed.split()) <= set(here) else ""


@cache
def _facts() -> dict[str, str]:
    """What Linux tells of the first processor; what Python knows of it elsewhere."""
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return {"model": platform.processor()}
    first = takewhile(str.strip, lines)  # processors are parted by blank lines
    pairs = (line.partition(":") for line in first if ":" in line)
    return {key.strip(): value.strip() for key, _, value in pairs if key.strip() in _TOLD}


@cache
def machine() -> Any:
    """LLVM's idea of the processor, which turns its code into machine code."""
    import llvmlite.binding as llvm

    llvm.initialize_native_target()
    llvm.initialize_native_asmprinter()
    name, features = os.environ.get(_NAME), os.environ.get(_FEATURES)
    if features is None:
        features = "" if name else llvm.get_host_cpu_features().flatten()
    return llvm.Target.from_default_triple().create_target_machine(
        cpu=name or llvm.get_host_cpu_name(), features=features, opt=3,
        reloc="pic", codemodel="small",
    )  # fmt: skip


@cache
def register_bytes() -> int:
    """How many bytes one register of the processor holds that kernels are compiled for.

    LLVM is asked, by the code that it makes of one vector addition: zmm are the registers of
    AVX-512, ymm those of AVX.
    """
    import llvmlite.binding as llvm

    vector = "<16 x float>"
    source = f"define {vector} @f({vector} %a) {{\n%b = fadd {vector} %a, %a\nret {vector} %b\n}}"
    code = machine().emit_assembly(llvm.parse_assembly(source))
    return 64 if "zmm" in code else 32 if "ymm" in code else 16


def register_lanes(size: int) -> int:
    """How many numbers of so many bytes a register holds."""
    return register_bytes() // size
