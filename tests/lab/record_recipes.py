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
from collections.abc import Callable, Iterator
from typing import Any

from demos import catalog
from demos.base import Choice, Spec, Value
from tutor.lab.experiment import Experiment

# They import Numba, and have no kernels.
STEPS = 2
BY_NUMBA = {"intrinsics", "numba_code", "vectors"}


def main() -> None:
    """Write the recipe of every demo that has kernels."""
    from tutor.lab.compilation.recipes import FILE

    names = [name for name in catalog.names() if catalog.has_kernels(name)]
    with tempfile.TemporaryDirectory() as cache:
        recipes = {
            name: {extent: recorded(name, extent, cache) for extent in ("first", "all")}
            for name in names
        }
    FILE.write_text(written(recipes), encoding="utf-8")


def written(recipes: dict[str, Any]) -> str:
    """The recipes as JSON, a kernel with its types a line."""
    return _object(recipes, "", lambda demo: _object(demo, " ", lambda some: _object(some, "  ")))


def _object(found: dict[str, Any], indent: str, write: Callable[[Any], str] = json.dumps) -> str:
    lines = (f"{indent} {json.dumps(key)}: {write(value)}" for key, value in found.items())
    return "{\n" + ",\n".join(lines) + f"\n{indent}}}" + ("" if indent else "\n")


def recorded(name: str, extent: str, cache: str) -> dict[str, list[list[Any]]]:
    """The kernels with the types that a demo calls them with, in a process of its own."""
    print(name, extent, flush=True)
    done = subprocess.run(
        [sys.executable, "-m", "tests.lab.record_recipes", name, extent],
        env=os.environ | {"NUMBA_CACHE_DIR": cache},
        stdout=subprocess.PIPE,
        check=True,
    )
    kernels: dict[str, list[list[Any]]] = json.loads(done.stdout)
    return kernels


def record(name: str, extent: str) -> dict[str, list[list[Any]]]:
    """Run a demo a little, and note its kernels."""
    run_a_little(name, every_choice=extent == "all")
    found: dict[str, list[list[Any]]] = {}
    for kernel, types in sorted(called()):
        found.setdefault(kernel, []).append(json.loads(types))
    return found


def run_a_little(name: str, every_choice: bool) -> None:
    """Take a demo through its first steps, with its defaults or with every choice of its knobs."""
    for knobs in _variants(catalog.spec(name), every_choice):
        experiment = Experiment(name, knobs)
        experiment.advance(STEPS)
        experiment.frame()


def _variants(spec: Spec, every_choice: bool) -> Iterator[dict[str, Value]]:
    """The defaults, and each other choice of each `Choice` knob: they may use other kernels."""
    yield spec.defaults()
    for knob in spec.knobs if every_choice else ():
        if isinstance(knob, Choice):
            for choice in knob.choices:
                if choice != knob.default:
                    yield {**spec.defaults(), knob.name: choice}


def called() -> set[tuple[str, str]]:
    """Every kernel that this process has called, with its types."""
    import demos.engine
    from demos.engine.kernel import Kernel

    modules = [importlib.import_module(module.name)
               for module in pkgutil.walk_packages(demos.engine.__path__, "demos.engine.")
               if module.name.rpartition(".")[2] not in BY_NUMBA]  # fmt: skip
    return {
        (thing.name, types)
        for module in modules
        for thing in vars(module).values()
        if isinstance(thing, Kernel)
        for types in thing.loaded
    }


if __name__ == "__main__":
    if len(sys.argv) == 3:
        print(json.dumps(record(sys.argv[1], sys.argv[2])))
    else:
        main()
