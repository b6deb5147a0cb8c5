"""What each demo compiles, known beforehand, so that two processes can share the work.

`demos/engine/recipes.json` names every kernel that a demo calls with the types it is called with.
It is recorded by `tests/lab/record_recipes.py`. A recipe that is out of date costs time, nothing
else: whatever it misses is compiled when the demo runs.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache
from multiprocessing import get_context
from multiprocessing.pool import Pool
from os import cpu_count
from pathlib import Path
from sys import platform
from typing import Any, Literal

from numba.core.errors import NumbaError
from numba.core.sigutils import normalize_signature

import demos.engine

FILE = Path(demos.engine.__file__).parent / "recipes.json"
PROCESSES = 2

# Which kernels: those of a demo's first frames and steps, or of every choice of its knobs.
Extent = Literal["first", "all"]
# One kernel, as "module.function", with the signatures to compile it for.
Task = tuple[str, tuple[str, ...]]


@cache
def _recipes() -> dict[str, dict[Extent, list[list[list[str]]]]]:
    recipes: dict[str, dict[Extent, list[list[list[str]]]]] = json.loads(
        FILE.read_text(encoding="utf-8")
    )
    return recipes


def levels(names: Iterable[str], extent: Extent) -> list[list[Task]]:
    """The tasks of these demos, level by level: a kernel calls only kernels of lower levels.

    A kernel's signatures stay together in one task, since Numba's index of a kernel must not be
    written by two processes at once.
    """
    merged: dict[str, tuple[int, dict[str, None]]] = {}
    for name in names:
        for level, entries in enumerate(_recipes().get(name, {}).get(extent, [])):
            for kernel, *signatures in entries:
                lowest, known = merged.get(kernel, (level, {}))
                merged[kernel] = max(lowest, level), known | dict.fromkeys(signatures)
    found: list[list[Task]] = [
        [] for _ in range(1 + max((at for at, _ in merged.values()), default=-1))
    ]
    for kernel, (level, known) in merged.items():
        found[level].append((kernel, tuple(known)))
    return found


def compile_all(plan: Sequence[Sequence[Task]]) -> Iterator[str]:
    """Compile level by level in two processes; yield each kernel's name when it is there."""
    if (cpu_count() or 1) < PROCESSES:
        for tasks in plan:
            yield from map(_compile, tasks)
        return
    with _pool() as pool:
        for tasks in plan:
            yield from pool.imap_unordered(_compile, sorted(tasks, key=_size, reverse=True))


def _pool() -> Pool:
    """Two processes that end when this one does. A fork has Numba imported already."""
    return get_context("fork" if platform == "linux" else "spawn").Pool(PROCESSES)


def _size(task: Task) -> int:
    """About how long a task takes: by its code's length, so that the longest are begun first."""
    kernel, signatures = task
    return len(signatures) * len(_dispatcher(kernel).py_func.__code__.co_code)


def _compile(task: Task) -> str:
    kernel, signatures = task
    for signature in signatures:
        try:
            # Under Numba's types, not as text: a call looks for them on disk.
            _dispatcher(kernel).compile(_types(signature))
        except (NumbaError, TypeError, NameError):
            continue  # an old recipe; the demo will compile what it needs
    return kernel


def _types(signature: str) -> Any:
    """Numba's types for "(float64[:, ::1], int64)"."""
    read: Callable[[str], tuple[Any, Any]] = normalize_signature
    return read(signature)[0]


def _dispatcher(kernel: str) -> Any:
    module, name = kernel.split(".")
    return getattr(importlib.import_module(f"demos.engine.{module}"), name)
