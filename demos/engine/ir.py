"""LLVM's types and constants as `llvmlite.ir` has them, imported when the first of them is used.

Formulas become code only where a kernel is compiled: a program whose kernels lie ready reads them
without llvmlite. `I32` and `I64` are whole numbers of so many bits.
"""

from __future__ import annotations

from typing import Any

_WHOLE = {"I32": 32, "I64": 64}


def __getattr__(name: str) -> Any:
    from llvmlite import ir

    found = ir.IntType(_WHOLE[name]) if name in _WHOLE else getattr(ir, name)
    globals()[name] = found
    return found
