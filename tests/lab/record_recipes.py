"""Records demos/engine/recipes.json: what each demo compiles, level by level.

Run it after a change to a kernel or to what a demo uses: python -m tests.lab.record_recipes
Each demo runs in a process and an empty cache of its own, so that all it compiles is seen.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from contextlib import ExitStack
from typing import Any

from demos import catalog


def main() -> None:
    """Write the recipe of every demo that has kernels."""
    from tutor.lab.compilation.recipes import FILE

    names = [name for name in catalog.names() if catalog.has_kernels(name)]
    recipes = {
        name: {extent: recorded(name, extent) for extent in ("first", "all")} for name in names
    }
    FILE.write_text(json.dumps(recipes, indent=1) + "\n", encoding="utf-8")


def recorded(name: str, extent: str) -> list[list[list[str]]]:
    """The kernels with their signatures that a demo compiles in a process of its own."""
    print(name, extent, flush=True)
    with tempfile.TemporaryDirectory() as cache:
        done = subprocess.run(
            [sys.executable, "-m", "tests.lab.record_recipes", name, extent],
            env=os.environ | {"NUMBA_CACHE_DIR": cache},
            stdout=subprocess.PIPE,
            check=True,
        )
    levels: list[list[list[str]]] = json.loads(done.stdout)
    return levels


def record(name: str, extent: str) -> list[list[list[str]]]:
    """Run a demo as compiling does, and note each kernel and how deep its calls go."""
    from numba.core import event

    from demos.engine.mlp import Mlp
    from tutor.lab.compilation.kernels import run_a_little

    listener = make_listener()
    with ExitStack() as stack:
        stack.enter_context(event.install_listener("numba:compile", listener))
        if extent == "all":
            stack.enter_context(Mlp.at_once())
        run_a_little(name, every_choice=extent == "all")
    return sorted_levels(listener.found)


def make_listener() -> Any:
    """Hears of every kernel that is compiled, and of those compiled for it."""
    from numba.core import event

    class Listener(event.Listener):
        def __init__(self) -> None:
            self.found: dict[tuple[str, str], int] = {}
            self.depths = [-1]

        def on_start(self, event: event.Event) -> None:
            self.depths.append(-1)

        def on_end(self, event: event.Event) -> None:
            dispatcher = event.data["dispatcher"]
            depth = self.depths.pop()
            if dispatcher.__module__.startswith("demos.engine") and is_kept(dispatcher):
                depth += 1
                key = kernel_name(dispatcher), signature(event.data["args"])
                self.found[key] = max(depth, self.found.get(key, 0))
            self.depths[-1] = max(self.depths[-1], depth)

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


def sorted_levels(found: dict[tuple[str, str], int]) -> list[list[list[str]]]:
    """Level by level, each kernel once with all its signatures."""
    level: dict[str, int] = {}
    signatures: dict[str, list[str]] = {}
    for (kernel, text), depth in sorted(found.items()):
        level[kernel] = max(depth, level.get(kernel, 0))
        signatures.setdefault(kernel, []).append(text)
    rows: list[list[list[str]]] = [[] for _ in range(1 + max(level.values()))]
    for kernel, at in level.items():
        rows[at].append([kernel, *signatures[kernel]])
    return rows


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(record(sys.argv[1], sys.argv[2])))
    else:
        main()
