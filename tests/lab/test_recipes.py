"""What each demo compiles is known beforehand, and two processes compile it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from demos import catalog
from tests.lab.record_recipes import signature
from tutor.lab.compilation import recipes

# Runs all demos a little in one process, and prints each kernel that was called, with its types.
CALLED = """
import json
from demos import catalog
from tests.lab.record_recipes import called
from tutor.lab.compilation.kernels import run_a_little
for name in catalog.names():
    run_a_little(name, every_choice=False)
print(json.dumps(sorted(called())))
"""

# Compiles a demo's recipe, then runs it, and prints the kernels that were compiled only then.
MISSED = """
from numba.core import event
from tests.lab.record_recipes import make_listener
from tutor.lab.compilation import recipes
from tutor.lab.compilation import kernels
list(recipes.compile_all(recipes.levels(["gan"], "first")))
listener = make_listener()
with event.install_listener("numba:compile", listener):
    kernels.run_a_little("gan", every_choice=False)
print(sorted(listener.found))
"""

# Two processes compile one kernel, each for a type of its own; then it is called with both.
TWINS = """
import numpy as np
from numba.core import event
from demos.engine.activations import activate_all
from tests.lab.record_recipes import make_listener
from tutor.lab.compilation import recipes
types = [f"(int64, {t}[::1], float64, {t}[::1], {t}[::1])" for t in ("float64", "float32")]
done = list(recipes.compile_all([[("activations.activate_all", text) for text in types]]))
listener = make_listener()
with event.install_listener("numba:compile", listener):
    for dtype in (np.float64, np.float32):
        z, value, slope = np.ones((3, 16), dtype)
        activate_all(3, z, 0.0, value, slope)
        assert (value == 1).all()
print(len(done), listener.found)
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
        assert bool(recipes.levels([name], "first")) == catalog.has_kernels(name), name


def test_no_demo_starts_with_a_kernel_that_its_recipe_lacks() -> None:
    plan = recipes.levels(catalog.names(), "first")
    known = {task for tasks in plan for task in tasks}
    called = {(kernel, text) for kernel, text in json.loads(run(CALLED))}
    assert called - known == set(), "run python -m tests.lab.record_recipes"
    assert called, "the demos called no kernel at all"


def test_what_the_recipe_compiled_is_not_compiled_again(tmp_path: Path) -> None:
    assert run(MISSED, NUMBA_CACHE_DIR=str(tmp_path)) == "[]\n"
    assert list(tmp_path.rglob("*.nbc")), "nothing was kept"


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_compiling_that_is_ended_leaves_no_process_and_no_traceback(
    number: signal.Signals, tmp_path: Path
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
    child.send_signal(number)
    _, err = child.communicate(timeout=30)
    assert child.returncode != 0
    assert "Traceback" not in err
    with pytest.raises(ProcessLookupError):
        os.killpg(child.pid, 0)


def test_a_kernel_stands_once_for_its_types() -> None:
    plan = recipes.levels(["overfit", "dropout"], "all")
    flat = [task for tasks in plan for task in tasks]
    assert len(flat) == len(set(flat))
    assert [kernel for kernel, _ in flat].count("training.run") == 2, "in float64 and in float32"


def test_two_processes_keep_one_kernel_for_many_types(tmp_path: Path) -> None:
    assert run(TWINS, NUMBA_CACHE_DIR=str(tmp_path)) == "2 set()\n"


def test_a_recipe_that_is_out_of_date_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recipes, "cpu_count", lambda: 1)
    plan = [[("batches.deal", "(float64,)"), ("batches.deal", "(nonsense,)")]]
    assert list(recipes.compile_all(plan)) == ["batches.deal", "batches.deal"]


def test_types_are_written_as_numba_reads_them() -> None:
    import numpy as np
    from numba import typeof
    from numba.core import sigutils

    arrays = np.zeros((2, 3)), np.zeros(4, np.float32), np.zeros((3, 4))[:, 1:]
    types = tuple(map(typeof, (*arrays, (np.zeros(2), np.zeros(2)), 1, True, None)))
    normalize: Any = sigutils.normalize_signature
    assert normalize(signature(types))[0] == types
