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
from contextlib import ExitStack, contextmanager, suppress
from functools import cache
from itertools import islice
from multiprocessing import get_context
from multiprocessing.connection import Connection, wait
from os import cpu_count
from pathlib import Path
from sys import platform
from typing import Any, Literal

import demos.engine
from tutor import children

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
    """Compile in two processes; yield a kernel's name when one is there.

    The processes share no lock, so whichever of them is ended, nobody waits for it for ever.
    """
    rest = iter(tasks)
    if (cpu_count() or 1) >= PROCESSES <= len(tasks):
        with ExitStack() as ends:
            workers = [ends.enter_context(_worker()) for _ in range(PROCESSES)]
            busy = []
            for worker, task in zip(workers, rest, strict=False):
                worker.send(task)
                busy.append(worker)
            while busy:
                ready = wait(busy)
                for worker in [each for each in busy if each in ready]:
                    busy.remove(worker)
                    # Of a process that was ended the demo compiles what is missing.
                    with suppress(EOFError, OSError):
                        yield worker.recv()
                        for task in islice(rest, 1):
                            worker.send(task)
                            busy.append(worker)
    yield from map(_compile, rest)


@contextmanager
def _worker() -> Iterator[Connection]:
    """The way to a process that compiles what it is sent; it ends with this block."""
    # A fork has imported already what it needs.
    importlib.import_module("demos.engine.compiler")
    context = get_context("fork") if platform == "linux" else get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_work, args=(theirs,), daemon=True)
    with children.given(children.SAFE_PATH):
        process.start()
    theirs.close()
    try:
        yield ours
    finally:
        process.kill()
        process.join()
        ours.close()


def _work(tasks: Connection) -> None:
    """Compile one task after the other, and say when it is done.

    Ctrl-C is for the process that shares out the work, which then ends this one. A fork would also
    inherit what the program does when it is terminated: here that is to stop.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    with suppress(EOFError):
        while True:
            tasks.send(_compile(tasks.recv()))


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
