"""Trains the networks of `tutor bench` as older processors would, beside another build's engine.

    python -m tools.measure_processors BASE [--names host haswell x86-64] [--rounds 3]
                                       [--networks mlp-784-16-16-10 ...]

BASE: the other build's folder, with its own .venv. Numba and the engine make code for the
processor that NUMBA_CPU_NAME names: haswell has AVX2 and no AVX-512, x86-64 neither. Numba would
add what this processor can do besides, and is told not to by NUMBA_CPU_FEATURES. The builds take
turns, each in a process of its own; samples a CPU second of one thread, the best of all turns.
Prints a line a network, and asserts nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
# Runs in either build: what it imports has been there since the first one.
TRAIN = """
import contextlib, json, sys, time
from demos.engine.mlp import Mlp
from tutor.lab import bench

def seconds(net, steps):
    began = time.process_time()
    net.step(steps)
    return time.process_time() - began

found = {}
with getattr(Mlp, "at_once", contextlib.nullcontext)():
    for config in bench.CONFIGS:
        if getattr(config, "networks", 1) == 1 and config.name in (sys.argv[1:] or [config.name]):
            net, steps = config.build(), 10
            while seconds(net, steps) < 0.05:
                steps *= 2
            best = min(seconds(net, steps) for _ in range(5))
            found[config.name] = steps * config.batch / best
print(json.dumps(found))
"""
THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS")


def speeds(build: Path, processor: str, kernels: Path, networks: list[str]) -> dict[str, float]:
    """Samples a CPU second of each network, by one process of a build."""
    env = {**os.environ, **dict.fromkeys(THREADS, "1"), "PYTHONPATH": str(build)}
    env["NUMBA_CACHE_DIR"] = str(kernels)
    if processor != "host":
        env |= {"NUMBA_CPU_NAME": processor, "NUMBA_CPU_FEATURES": ""}
    own = build / ".venv" / "bin" / "python"
    command = [str(own if own.exists() else sys.executable), "-c", TRAIN, *networks]
    done = subprocess.run(command, cwd=build, env=env, stdout=subprocess.PIPE, check=True)
    found: dict[str, float] = json.loads(done.stdout)
    return found


def best(rounds: list[dict[str, float]]) -> dict[str, float]:
    """The best of several rounds, network by network."""
    return {name: max(round[name] for round in rounds) for name in rounds[0]}


def main() -> None:
    """Print a table for each processor."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("base", type=Path)
    parser.add_argument("--names", nargs="+", default=["host", "haswell", "x86-64"])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--networks", nargs="+", default=[], help="all, if none is named")
    given = parser.parse_args()
    for processor in given.names:
        with tempfile.TemporaryDirectory() as folder:
            builds = [(given.base.resolve(), Path(folder, "base")), (HERE, Path(folder, "now"))]
            turns = [
                [speeds(build, processor, kernels, given.networks) for build, kernels in builds]
                for _ in range(given.rounds)
            ]
        before, now = (best(list(build)) for build in zip(*turns, strict=True))
        for name, speed in now.items():
            times = speed / before[name]
            print(f"{processor:<8} {name:<18} {before[name]:12,.0f} {speed:12,.0f} {times:6.2f}x")


if __name__ == "__main__":
    main()
