"""Records demos/engine/recipes.json: what each demo compiles.

Run it after a change to a kernel or to what a demo uses: python -m tests.lab.record_recipes
Each demo runs in a process of its own, so that all its kernels are seen and no others.
"""

from __future__ import annotations

import importlib
import json
import os
import pkgutil
import subprocess
import sys
import tempfile
from typing import Any

from demos import catalog


def main() -> None:
    """Write the recipe of every demo that has kernels."""
    from tutor.lab.compilation.recipes import FILE

    names = [name for name in catalog.names() if catalog.has_kernels(name)]
    with tempfile.TemporaryDirectory() as cache:
        recipes = {
            name: {extent: recorded(name, extent, cache) for extent in ("first", "all")}
            for name in names
        }
    FILE.write_text(json.dumps(recipes, indent=1) + "\n", encoding="utf-8")


def recorded(name: str, extent: str, cache: str) -> list[list[list[str]]]:
    """The kernels with their signatures that a demo calls in a process of its own."""
    print(name, extent, flush=True)
    done = subprocess.run(
        [sys.executable, "-m", "tests.lab.record_recipes", name, extent],
        env=os.environ | {"NUMBA_CACHE_DIR": cache},
        stdout=subprocess.PIPE,
        check=True,
    )
    levels: list[list[list[str]]] = json.loads(done.stdout)
    return levels


def record(name: str, extent: str) -> list[list[list[str]]]:
    """Run a demo as compiling does, and note its kernels. None calls another: one level."""
    from tutor.lab.compilation.kernels import run_a_little

    run_a_little(name, every_choice=extent == "all")
    found: dict[str, list[str]] = {}
    for kernel, text in sorted(called()):
        found.setdefault(kernel, []).append(text)
    return [[[kernel, *signatures] for kernel, signatures in found.items()]]


def called() -> set[tuple[str, str]]:
    """Every kernel that this process has called, with its types."""
    import demos.engine

    modules = [importlib.import_module(f"demos.engine.{module.name}")
               for module in pkgutil.iter_modules(demos.engine.__path__)]  # fmt: skip
    return {
        (kernel_name(thing), signature(types))
        for module in modules
        for thing in vars(module).values()
        if hasattr(thing, "signatures") and is_kept(thing)
        for types in thing.signatures
    }


def make_listener() -> Any:
    """Hears of every kernel that is compiled."""
    from numba.core import event

    class Listener(event.Listener):
        def __init__(self) -> None:
            self.found: set[tuple[str, str]] = set()

        def on_start(self, event: event.Event) -> None:
            pass

        def on_end(self, event: event.Event) -> None:
            dispatcher = event.data["dispatcher"]
            if dispatcher.__module__.startswith("demos.engine") and is_kept(dispatcher):
                self.found.add((kernel_name(dispatcher), signature(event.data["args"])))

    return Listener()


def is_kept(dispatcher: Any) -> bool:
    """Whether Numba keeps it on disk: a kernel, not a part of one."""
    return bool(dispatcher.stats.cache_path)


def kernel_name(dispatcher: Any) -> str:
    """As in "dense.forward"."""
    return f"{dispatcher.__module__.rpartition('.')[2]}.{dispatcher.__name__}"


def signature(args: tuple[Any, ...]) -> str:
    """The types of a call, as Numba reads them: (float64[:, ::1], int64)."""
    return f"({', '.join(map(written, args))})"


def written(kind: Any) -> str:
    """One type as Numba reads it."""
    from numba.core import types

    if isinstance(kind, types.Array):
        order = {"C": [":"] * (kind.ndim - 1) + ["::1"], "A": [":"] * kind.ndim}[kind.layout]
        return f"{kind.dtype}[{', '.join(order)}]"
    if isinstance(kind, types.BaseTuple):
        elements: Any = kind  # iterable, which Numba's annotations do not say
        return f"Tuple(({', '.join(map(written, elements))},))"
    return {"bool": "boolean"}.get(str(kind), str(kind))


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(record(sys.argv[1], sys.argv[2])))
    else:
        main()
