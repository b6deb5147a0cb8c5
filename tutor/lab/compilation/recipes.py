"""What each demo compiles, known beforehand, so that two processes can share the work.

`demos/engine/recipes.json` names every kernel that a demo calls with the types it is called with.
It is recorded by `tests/lab/record_recipes.py`. A recipe that is out of date costs time, nothing
else: whatever it misses is compiled when the demo runs.
"""

from __future__ import annotations

import importlib
import json
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, suppress
from functools import cache
from multiprocessing import get_context
from multiprocessing.pool import Pool
from os import cpu_count
from pathlib import Path
from sys import platform
from typing import Any, Literal

import demos.engine
from demos.engine.kernel_files import KernelFiles, NumbaError, normalize_signature

FILE = Path(demos.engine.__file__).parent / "recipes.json"
PROCESSES = 2

# Which kernels: those of a demo's first frames and steps, or of every choice of its knobs.
Extent = Literal["first", "all"]
# One kernel, as "module.function", and the types to compile it for.
Task = tuple[str, str]


@cache
def _recipes() -> dict[str, dict[Extent, list[list[list[str]]]]]:
    recipes: dict[str, dict[Extent, list[list[list[str]]]]] = json.loads(
        FILE.read_text(encoding="utf-8")
    )
    return recipes


def levels(names: Iterable[str], extent: Extent) -> list[list[Task]]:
    """The tasks of these demos, level by level: a kernel calls only kernels of lower levels."""
    tasks = {
        (kernel, signature): _levels()[kernel]
        for name in names
        for entries in _recipes().get(name, {}).get(extent, [])
        for kernel, *signatures in entries
        for signature in signatures
    }
    found: list[list[Task]] = [[] for _ in range(1 + max(tasks.values(), default=-1))]
    for task, level in tasks.items():
        found[level].append(task)
    return found


@cache
def _levels() -> dict[str, int]:
    """Each kernel's level: the highest of all recipes.

    A recipe puts it lower where what it calls had been compiled for something else before.
    """
    found: dict[str, int] = {}
    for recipe in _recipes().values():
        for rows in recipe.values():
            for level, entries in enumerate(rows):
                for kernel, *_ in entries:
                    found[kernel] = max(level, found.get(kernel, 0))
    return found


def compile_all(plan: Sequence[Sequence[Task]]) -> Iterator[str]:
    """Compile level by level in two processes; yield a kernel's name when one is there."""
    if (cpu_count() or 1) < PROCESSES:
        for tasks in plan:
            yield from map(_compile, tasks)
        return
    with _pool() as pool:
        for tasks in plan:
            yield from pool.imap_unordered(_compile, sorted(tasks, key=_size, reverse=True))


def _pool() -> Pool:
    """Two processes that end when this one does. A fork has Numba imported already."""
    context = get_context("fork" if platform == "linux" else "spawn")
    return context.Pool(PROCESSES, _begin, (context.Lock(),))


def _begin(lock: AbstractContextManager[object]) -> None:
    """Prepare a process: Ctrl-C is for the one that shares out the work, which then ends it.

    A fork would also inherit what the program does when it is terminated: here that is to stop.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    _save_in_turn(lock)


def _save_in_turn(lock: AbstractContextManager[object]) -> None:
    """Let this process and its twin write to Numba's cache one after the other.

    Numba numbers a kernel's files by what its index holds: two that save the same kernel for
    different types at once would take the same number.
    """
    file: Any = KernelFiles
    save = file.save

    def save_alone(self: object, key: object, data: object) -> None:
        with lock:
            save(self, key, data)

    file.save = save_alone


def _size(task: Task) -> int:
    """About how long a task takes: by its code's length, so that the longest are begun first."""
    return len(_dispatcher(task[0]).py_func.__code__.co_code)


def _compile(task: Task) -> str:
    kernel, signature = task
    # A recipe may be out of date: the demo will then compile what it needs.
    with suppress(NumbaError, TypeError, NameError):
        # Under Numba's types, not as text: a call looks for them on disk.
        _dispatcher(kernel).compile(_types(signature))
    return kernel


def _types(signature: str) -> Any:
    """Numba's types for "(float64[:, ::1], int64)"."""
    read: Callable[[str], tuple[Any, Any]] = normalize_signature
    return read(signature)[0]


def _dispatcher(kernel: str) -> Any:
    module, name = kernel.split(".")
    return getattr(importlib.import_module(f"demos.engine.{module}"), name)
