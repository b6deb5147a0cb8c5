"""What each demo compiles, known beforehand, so that two processes can share the work.

`demos/engine/recipes.json` names every kernel that a demo calls with the types it is called with.
It is recorded by `tests/lab/record_recipes.py`. A recipe that is out of date costs time, nothing
else: whatever it misses is compiled when the demo runs.
"""

from __future__ import annotations

import importlib
import json
import signal
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from functools import cache
from multiprocessing import get_context
from multiprocessing.pool import Pool
from os import cpu_count
from pathlib import Path
from sys import platform
from typing import Any, Literal

import demos.engine

FILE = Path(demos.engine.__file__).parent / "recipes.json"
PROCESSES = 2

# Which kernels: those of a demo's first frames and steps, or of every choice of its knobs.
Extent = Literal["first", "all"]
# One kernel, as "module.function", and the types to compile it for, as text.
Task = tuple[str, str]


@cache
def _recipes() -> dict[str, dict[Extent, dict[str, list[list[Any]]]]]:
    recipes: dict[str, dict[Extent, dict[str, list[list[Any]]]]] = json.loads(
        FILE.read_text(encoding="utf-8")
    )
    return recipes


def tasks(names: Iterable[str], extent: Extent) -> list[Task]:
    """What these demos compile, each kernel once for its types; the longest come first."""
    found = {
        (kernel, json.dumps(types)): None
        for name in names
        for kernel, several in _recipes().get(name, {}).get(extent, {}).items()
        for types in several
    }
    # A kernel with many arguments has much code.
    return sorted(found, key=lambda task: len(task[1]), reverse=True)


def compile_all(tasks: Sequence[Task]) -> Iterator[str]:
    """Compile in two processes; yield a kernel's name when one is there."""
    if (cpu_count() or 1) < PROCESSES or len(tasks) < PROCESSES:
        yield from map(_compile, tasks)
        return
    with _pool() as pool:
        yield from pool.imap_unordered(_compile, tasks)


def _pool() -> Pool:
    """Two processes that end when this one does. A fork has imported already what it needs."""
    importlib.import_module("demos.engine.compiler")
    context = get_context("fork" if platform == "linux" else "spawn")
    return context.Pool(PROCESSES, _begin)


def _begin() -> None:
    """Prepare a process: Ctrl-C is for the one that shares out the work, which then ends it.

    A fork would also inherit what the program does when it is terminated: here that is to stop.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _compile(task: Task) -> str:
    kernel, types = task
    # A recipe may be out of date: the demo will then compile what it needs.
    with suppress(Exception):
        kernel_named(kernel).compile(json.loads(types))
    return kernel


def kernel_named(name: str) -> Any:
    """The `Kernel` of a name such as "training.run"."""
    module, _, function = name.rpartition(".")
    return getattr(importlib.import_module(f"demos.engine.{module}"), function)
