"""How fast the engine trains on this machine, beside plain NumPy and, where installed, PyTorch.

All start from the same weights and take the same batches, in turns and on one thread each, so that
speed is compared at the same loss: the first batch's, and the mean of the last round. Compile
times are those of a first start, with nothing cached.
"""

from __future__ import annotations

import copy
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from demos.engine import datasets, digits
from demos.engine.batches import Source
from demos.engine.cnn import Cnn
from demos.engine.mlp import Mlp
from demos.engine.optimizers import Optimizer
from demos.engine.recurrent import Recurrent
from demos.engine.sequences import AddingProblem
from tutor.lab import peer_numpy, peer_torch
from tutor.lab.peer_numpy import Step

ROUNDS = 3
SEED = 0

Network = Mlp | Cnn | Recurrent
Narrate = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Config:
    """One network with its data; a round is `steps` batches of `batch`."""

    name: str
    layers: str
    batch: int
    steps: int
    build: Callable[[], Network]


def _large() -> Network:
    """784-16-16-10 on 60,000 dense inputs whose classes a random teacher gave: epochs of 1,875."""
    generator = np.random.default_rng(SEED)
    X = generator.standard_normal((60_000, 784), np.float32)
    y = (X @ generator.normal(size=(784, 10)).astype(np.float32)).argmax(axis=1)
    net = Mlp(
        (784, 16, 16, 10), "relu", weights="he", dtype=np.float32, optimizer=_sgd(), seed=SEED
    )
    net.feed(X, y, 32)
    return net


def _small(*sizes: int) -> Network:
    X, y = datasets.make("circles", 500, seed=SEED)
    net = Mlp(sizes, "tanh", loss="logistic", optimizer=_sgd(), seed=SEED)
    net.feed(X, y, 10)
    return net


def _digits() -> Network:
    X, y = digits.make(6_000, 14, seed=SEED)
    net = Cnn((14, 14, 1), (8, 16), 10, optimizer=_sgd(), seed=SEED)
    net.feed(X, y, 32)
    return net


def _adding() -> Network:
    net = Recurrent("lstm", 2, 24, 1, optimizer=_sgd(), seed=SEED)
    net.feed(AddingProblem(30, 32, seed=SEED))
    return net


def _sgd() -> Optimizer:
    return Optimizer("sgd", 0.1)


CONFIGS = (
    Config("mlp-784-16-16-10", "784-16-16-10 relu", 32, 1875, _large),
    Config("mlp-2-4-2-1", "2-4-2-1 tanh", 10, 2000, lambda: _small(2, 4, 2, 1)),
    Config("mlp-2-8-8-8-1", "2-8-8-8-1 tanh", 10, 2000, lambda: _small(2, 8, 8, 8, 1)),
    Config("cnn-digits", "8c3-p-16c3-p-10 relu", 32, 100, _digits),
    Config("lstm-adding", "lstm 2-24-1, 30 steps", 32, 50, _adding),
)


def run(narrate: Narrate) -> dict[str, Any]:
    """Measure CONFIGS; `narrate` hears what is being done. The JSON of `tutor bench`."""
    with Mlp.at_once():
        return {"machine": machine(), "configs": [_measure(config, narrate) for config in CONFIGS]}


def machine() -> str:
    """The processor and the versions that the numbers depend on."""
    return (
        f"{_processor()}, {platform.system()}, Python {platform.python_version()}, "
        f"NumPy {np.__version__}, Numba {version('numba')}, one thread"
    )


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "") or platform.processor() or platform.machine()


def _measure(config: Config, narrate: Narrate) -> dict[str, Any]:
    net = config.build()
    fresh = copy.deepcopy(net)
    narrate(f"{config.name}: compiling")
    began = time.perf_counter()
    net.step(2)
    compile_s = time.perf_counter() - began
    rounds = _rounds(fresh, config.steps)
    seconds = dict.fromkeys(rounds, float("inf"))
    losses: dict[str, list[float]] = {name: [] for name in rounds}
    for turn in range(ROUNDS):
        for name, train in rounds.items():
            narrate(f"{config.name}: {name}, {turn + 1} of {ROUNDS}")
            began = time.perf_counter()
            losses[name] += train()
            seconds[name] = min(seconds[name], time.perf_counter() - began)
    speeds = {name: round(config.steps * config.batch / best) for name, best in seconds.items()}
    return _report(config, fresh, compile_s, speeds, losses)


def _rounds(net: Network, steps: int) -> dict[str, Callable[[], tuple[float, float]]]:
    """A round of each contender: it takes `steps` batches, tells its first and its mean loss."""
    source = net.source
    assert source is not None
    rounds = {"engine": lambda: _engine_round(net, steps)}
    for name, step in (("NumPy", peer_numpy.step_of(net)), ("PyTorch", peer_torch.step_of(net))):
        if step is not None:
            rounds[name] = _peer_round(step, copy.deepcopy(source), steps)
    return rounds


def _engine_round(net: Network, steps: int) -> tuple[float, float]:
    net.step(1)
    first = net.loss
    net.step(steps - 1)
    return first, (first + net.mean_loss * (steps - 1)) / steps


def _peer_round(step: Step, source: Source, steps: int) -> Callable[[], tuple[float, float]]:
    def train() -> tuple[float, float]:
        losses = [step(*source.next()) for _ in range(steps)]
        return losses[0], sum(losses) / steps

    return train


def _report(
    config: Config,
    net: Network,
    compile_s: float,
    speeds: dict[str, int],
    losses: dict[str, list[float]],
) -> dict[str, Any]:
    last = {name: round(values[-1], 6) for name, values in losses.items()}
    return {
        "name": config.name,
        "layers": config.layers,
        "batch": config.batch,
        "dtype": str(net.dtype),
        "optimizer": f"{net.optimizer.name} {net.optimizer.learning_rate:g}",
        "samples_per_s": speeds["engine"],
        "numpy_samples_per_s": speeds["NumPy"],
        "torch_samples_per_s": speeds.get("PyTorch"),
        "compile_s": round(compile_s, 3),
        "first_loss": round(losses["engine"][0], 6),
        "last_loss": last["engine"],
        "numpy_last_loss": last["NumPy"],
        "torch_last_loss": last.get("PyTorch"),
    }


def table(report: dict[str, Any]) -> str:
    """The report as a table for a terminal: speeds, and how many times each peer's they are."""
    rows = [("network", "samples/s", "NumPy", "", "PyTorch", "", "loss", "compile")]
    for config in report["configs"]:
        own = config["samples_per_s"]
        cells = [config["layers"], f"{own:,}"]
        for peer in (config["numpy_samples_per_s"], config["torch_samples_per_s"]):
            cells += [f"{peer:,}", f"×{own / peer:.1f}"] if peer else ["not installed", ""]
        loss = f"{config['first_loss']:.3f} → {config['last_loss']:.3f}"
        rows.append((*cells, loss, f"{config['compile_s']:.1f} s"))
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    lines = [
        "  ".join(
            cell.ljust(width) if i in (0, 6) else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    return "\n".join([report["machine"], "", *lines])
