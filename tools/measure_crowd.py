"""How fast crowds train: beside another build's engine one after the other, and beside frameworks.

    python -m tools.measure_crowd OTHER [--peers PYTHON] [--rounds N] [--map]

OTHER is the root of the other build, with its `.venv`; PYTHON an interpreter that has PyTorch and
JAX, and what this program needs. All work in processes of their own and take turns, a moment of
CPU time each; the ratios are medians of those of each round. --map instead times a map of circles,
16 by 20 cells of 16 seeds, 2,000 batches, in threads: warm, and by a first start that compiles.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parents[1]
ONE_THREAD = {
    "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1",
    "XLA_FLAGS": "--xla_cpu_multi_thread_eigen=false intra_op_parallelism_threads=1",
}  # fmt: skip

# What each process is: it says "ready", then for each line read a number of samples a CPU second.
ALONE = """
import sys, time
import numpy as np
from demos.engine import datasets
from demos.engine.mlp import Mlp
from demos.engine.optimizers import Optimizer
NETS = {}
for i, (sizes, name, batch) in enumerate((((2, 4, 2, 1), "tanh", 10), ((2, 8, 8, 1), "tanh", 10),
                                          ((2, 32, 32, 2), "relu", 32))):
    X, y = datasets.make("circles", 500, seed=0)
    for dtype in ("float32", "float64"):
        net = Mlp(sizes, name, loss="cross_entropy" if sizes[-1] > 1 else "logistic",
                  weights="he" if name == "relu" else "xavier", dtype=np.dtype(dtype).type,
                  optimizer=Optimizer("sgd", 0.1), seed=0)
        net.feed(X, y, batch)
        net.step(500)
        NETS[i, dtype] = net, batch
CASES = list(NETS) * 4
def turn(which, name):
    net, batch = NETS[which, name]
    net.step(500)
    return 500 * batch
"""
TOGETHER = """
import sys, time
from tutor import paths
from tutor.lab import bench, crowd_contenders
paths.use_kernel_cache(paths.cache_dir())
CROWDS = [config for config in bench.CONFIGS if config.networks > 1]
FOUND = [crowd_contenders.contenders(c.build(), c.networks) for c in CROWDS]
for crowds, config in zip(FOUND, CROWDS):
    for crowd in crowds.values():
        crowd.train(config.steps)
CASES = [(i, name) for i, found in enumerate(FOUND) for name in found]
def turn(which, name):
    config = CROWDS[which]
    FOUND[which][name].train(config.steps)
    return config.steps * config.batch * config.networks
"""
# A program may compile in a thread of its own at first, which counts as its CPU time: nothing is
# told before two moments in a row are alike, for each case.
LOOP = """
def moment(which, name):
    began, done = time.process_time(), 0
    while time.process_time() - began < 0.15:
        done += turn(which, name)
    return done / (time.process_time() - began)
for case in CASES:
    last, now = 0.0, moment(*case)
    while not 0.8 < last / now < 1.25:
        last, now = now, moment(*case)
print("ready", flush=True)
for line in sys.stdin:
    which, name = line.split()
    print(moment(int(which), name), flush=True)
"""
MAP = """
import sys, time
import numpy as np
from tutor import paths
from demos.engine import datasets
from demos.engine.crowd.crowd import Crowd
from demos.engine.mlp import Mlp
from demos.engine.optimizers import LEARNING_RATE, Optimizer
paths.use_kernel_cache(paths.cache_dir())
began, cpu = time.perf_counter(), time.process_time()
nets = []
for seed in range(16):
    net = Mlp((2, 3, 2), "tanh", optimizer=Optimizer("sgd", 0.1), seed=seed, dtype=np.float32)
    net.feed(*datasets.make("circles", 256, seed=seed), batch=10)
    nets += [net] * 320
crowd = Crowd(nets, threads=int(sys.argv[1]))
settings, theta = crowd.settings, crowd.theta
settings[:, LEARNING_RATE] = np.tile(np.repeat(np.geomspace(0.01, 3.0, 16), 20), 16)
theta *= np.tile(np.geomspace(0.05, 8.0, 20), 256)[:, None]
crowd.settings, crowd.theta = settings, theta
crowd.step(2_000)
crowd.look(crowd.show([datasets.make("circles", 256, seed=99)]))
print(time.perf_counter() - began, time.process_time() - cpu)
"""
NAMES = ("2-4-2-1 tanh, batch 10", "2-8-8-1 tanh, batch 10", "2-32-32-2 relu, batch 32")


class Racer:
    """A process that trains when it is asked to."""

    def __init__(self, python: str, root: Path, code: str) -> None:
        environment = {**os.environ, **ONE_THREAD, "PYTHONPATH": str(root)}
        self.process = subprocess.Popen(
            [python, "-c", code + LOOP], cwd=root, env=environment, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self._read()

    def _read(self) -> str:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line:
            raise SystemExit("a process that was to train has ended")
        return line

    def speed(self, which: int, name: str) -> float:
        """Samples a second of CPU time, for a moment."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{which} {name}\n")
        self.process.stdin.flush()
        return float(self._read())


def race(other: Path, peers: str, rounds: int) -> None:
    """Take turns and tell."""
    crowd = Racer(sys.executable, ROOT, TOGETHER)
    alone = Racer(str(other / ".venv" / "bin" / "python"), other, ALONE)
    rivals = [(alone, "float32"), (alone, "float64"), (crowd, "numpy")]
    if peers:
        framework = Racer(peers, ROOT, TOGETHER)
        rivals += [(framework, "torch"), (framework, "jax")]
    for which, network in enumerate(NAMES):
        own, ratios = [], dict[str, list[float]]()
        for _ in range(rounds):
            own.append(crowd.speed(which, "engine"))
            for racer, name in rivals:
                ratios.setdefault(name, []).append(own[-1] / racer.speed(which, name))
        told = ", ".join(f"{name} {statistics.median(some):.1f}" for name, some in ratios.items())
        print(f"{network}: {statistics.median(own) / 1e6:.1f} M samples/s; times {told}")
    for racer in {id(racer): racer for racer, _ in (*rivals, (crowd, ""))}.values():
        racer.process.terminate()


def time_map(rounds: int) -> None:
    """Seconds of the clock and of the CPU: a first start with nothing compiled, then warm ones."""
    threads = str(len(os.sched_getaffinity(0)))
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": folder}
        for start in range(rounds + 1):
            began = time.perf_counter()
            done = subprocess.run(
                [sys.executable, "-c", MAP, threads], env=environment, cwd=ROOT, text=True,
                check=True, capture_output=True,
            )  # fmt: skip
            wall, cpu = map(float, done.stdout.split())
            word = "warm" if start else "first ever"
            whole = time.perf_counter() - began
            print(f"{word}: {wall:.2f} s, {cpu:.2f} CPU s, {threads} threads "
                  f"({whole:.2f} s with Python's start)")  # fmt: skip


def main() -> None:
    """Read the command line."""
    reader = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    reader.add_argument("other", type=Path, nargs="?")
    reader.add_argument("--peers", default="", metavar="PYTHON")
    reader.add_argument("--rounds", type=int, default=7)
    reader.add_argument("--map", action="store_true")
    options = reader.parse_args()
    if options.map:
        time_map(options.rounds)
    elif options.other is None:
        reader.error("name the root of another build, or --map")
    else:
        race(options.other.resolve(), options.peers, options.rounds)


if __name__ == "__main__":
    main()
