"""What each demo compiles is known beforehand, and two processes compile it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from demos import catalog
from tutor.lab.compilation import recipes

# Runs all demos a little in one process, and prints each kernel that was called, with its types.
CALLED = """
import json
from demos import catalog
from tests.lab.record_recipes import called, run_a_little
for name in catalog.names():
    run_a_little(name, every_choice=False)
print(json.dumps(sorted(called())))
"""

# Compiles a demo's recipe, then runs it, and prints the kernels that were compiled only then.
MISSED = """
import sys
from demos.engine.kernel import Kernel
from tests.lab.record_recipes import run_a_little
from tutor.lab.compilation import recipes
list(recipes.compile_all(recipes.tasks(["gan"], "first")))
missed = []
Kernel.compile = lambda kernel, types: missed.append(kernel.name)
run_a_little("gan", every_choice=False)
print(missed, "numba" in sys.modules)
"""

# Two processes compile one kernel, each for a type of its own; then it is called with both.
TWINS = """
import json
import numpy as np
from demos.engine.activations import activate_all
from demos.engine.kernel import Kernel
from tutor.lab.compilation import recipes
types = [["int", f"{t}:1", "float", f"{t}:1", f"{t}:1"] for t in ("f8", "f4")]
done = list(recipes.compile_all([("activations.activate_all", json.dumps(one)) for one in types]))
missed = []
Kernel.compile = lambda kernel, types: missed.append(kernel.name)
for dtype in (np.float64, np.float32):
    z, value, slope = np.ones((3, 16), dtype)
    activate_all(3, z, 0.0, value, slope)
    assert (value == 1).all()
print(len(done), missed)
"""


def run(code: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_every_demo_with_kernels_has_a_recipe() -> None:
    for name in catalog.names():
        assert bool(recipes.tasks([name], "first")) == catalog.has_kernels(name), name


def test_no_demo_starts_with_a_kernel_that_its_recipe_lacks() -> None:
    known = set(recipes.tasks(catalog.names(), "first"))
    called = {(kernel, text) for kernel, text in json.loads(run(CALLED))}
    assert called - known == set(), "run python -m tests.lab.record_recipes"
    assert called, "the demos called no kernel at all"


def test_what_the_recipe_compiled_is_not_compiled_again(tmp_path: Path) -> None:
    assert run(MISSED, NUMBA_CACHE_DIR=str(tmp_path)) == "[] False\n"
    assert list(tmp_path.glob("*.kernel")), "nothing was kept"


@pytest.mark.parametrize("send", [os.kill, os.killpg])
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_compiling_that_is_ended_leaves_no_process_and_no_traceback(
    number: signal.Signals, send: Callable[[int, int], None], tmp_path: Path
) -> None:
    child = subprocess.Popen(
        [sys.executable, "-m", "tutor", "warm", "--first", "gan"],
        env=os.environ | {"NUMBA_CACHE_DIR": str(tmp_path)},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        process_group=0,
    )
    assert child.stdout is not None
    while not child.stdout.readline().startswith("1/"):
        assert child.poll() is None
    send(child.pid, number)
    _, err = child.communicate(timeout=30)
    assert child.returncode != 0
    assert "Traceback" not in err
    with pytest.raises(ProcessLookupError):
        os.killpg(child.pid, 0)


@pytest.mark.parametrize("ended", [1, 2])
def test_what_is_left_is_compiled_where_a_process_is_ended(
    ended: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = os.getpid()
    fatal = [("fatal", "")] * ended

    def compiled(task: recipes.Task) -> str:
        if task in fatal and os.getpid() != here:
            os.kill(os.getpid(), signal.SIGKILL)
        return task[0]

    monkeypatch.setattr(recipes, "_compile", compiled)
    left = [(f"{at}", "") for at in range(9)]
    assert sorted(recipes.compile_all([*fatal, *left])) == [name for name, _ in left]


def test_a_kernel_stands_once_for_its_types() -> None:
    flat = recipes.tasks(["overfit", "dropout"], "all")
    assert len(flat) == len(set(flat))
    assert [kernel for kernel, _ in flat].count("training.run") == 2, "in float64 and in float32"


def test_two_processes_keep_one_kernel_for_many_types(tmp_path: Path) -> None:
    assert run(TWINS, NUMBA_CACHE_DIR=str(tmp_path)) == "2 []\n"


def test_a_recipe_that_is_out_of_date_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recipes, "cpu_count", lambda: 1)
    plan = [("batches.deal", '["f8:1"]'), ("batches.deal", '["nonsense"]')]
    assert list(recipes.compile_all(plan)) == ["batches.deal", "batches.deal"]
