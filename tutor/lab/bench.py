"""How fast the engine trains on this machine, beside NumPy and, where installed, its frameworks.

All start from the same weights and take the same batches, so that speed is compared at the same
loss: the first batch's, and the mean of the first round. Then they take turns, a moment each, and
the median turn counts: by the CPU time of one thread, and by the clock. Beside it stands what the
machine's own matrix product does with the shapes of the same layers. Compile times are those of a
first start, with nothing cached.
"""

from __future__ import annotations

import os
import platform
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import numpy as np

from demos.engine import datasets, digits
from demos.engine.cnn import Cnn
from demos.engine.mlp import Mlp
from demos.engine.optimizers import Optimizer
from demos.engine.recurrent import Recurrent
from demos.engine.sequences import AddingProblem
from tutor.lab import crowd_contenders, peer_torch
from tutor.lab.contenders import NAMES, Contender, Network, contenders

# So many turns of so many seconds of CPU time for each contender.
TURNS, TURN = 5, 0.05
# Who has used so many seconds takes no further turn: some need more for one than others for all.
ENOUGH = 1.0
# So many networks train at once where they do.
CROWD = 256
SEED = 0
PACKAGES = ("numba", "numpy", "torch", "jax", "scikit-learn")

Narrate = Callable[[str], None]
Train = Callable[[int], object]


@dataclass(frozen=True, slots=True)
class Config:
    """One network with its data; the losses compared are those of `steps` batches of `batch`.

    networks: of more than one, so many are trained at once, and the losses compared are those on
    all examples, before the first round and after it.
    """

    name: str
    layers: str
    batch: int
    steps: int
    build: Callable[[], Network]
    networks: int = 1


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


def _member(sizes: tuple[int, ...], activation: str, batch: int) -> Network:
    """A network of which a crowd is made."""
    X, y = datasets.make("circles", 500, seed=SEED)
    wide = sizes[-1] > 1
    net = Mlp(sizes, activation, loss="cross_entropy" if wide else "logistic", optimizer=_sgd(),
              weights="he" if activation == "relu" else "xavier", dtype=np.float32,
              seed=SEED)  # fmt: skip
    net.feed(X, y, batch)
    return net


def _sgd() -> Optimizer:
    return Optimizer("sgd", 0.1)


CONFIGS = (
    Config("mlp-784-16-16-10", "784-16-16-10 relu", 32, 200, _large),
    Config("mlp-2-4-2-1", "2-4-2-1 tanh", 10, 500, lambda: _small(2, 4, 2, 1)),
    Config("mlp-2-8-8-8-1", "2-8-8-8-1 tanh", 10, 500, lambda: _small(2, 8, 8, 8, 1)),
    Config("cnn-digits", "8c3-p-16c3-p-10 relu", 32, 25, _digits),
    Config("lstm-adding", "lstm 2-24-1, 30 steps", 32, 20, _adding),
    *(
        Config(
            f"crowd-{'-'.join(map(str, sizes))}",
            f"{CROWD} of {'-'.join(map(str, sizes))} {name}",
            batch, 50, partial(_member, sizes, name, batch), CROWD,
        )
        for sizes, name, batch in (
            ((2, 4, 2, 1), "tanh", 10), ((2, 8, 8, 1), "tanh", 10), ((2, 32, 32, 2), "relu", 32),
        )
    ),
)  # fmt: skip


def run(narrate: Narrate) -> dict[str, Any]:
    """Measure CONFIGS; `narrate` hears what is being done. The JSON of `tutor bench`."""
    found = [_measure(config, narrate) for config in CONFIGS]
    return {
        "machine": machine(),
        "threads": peer_torch.threads(),
        "versions": versions(),
        "configs": found,
    }


def machine() -> str:
    """The processor, and how much of it there is."""
    return (
        f"{_processor()}, {os.cpu_count()} CPUs, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}"
    )


def versions() -> dict[str, str | None]:
    """The versions that the numbers depend on; None for what is not installed."""
    return {name: _version(name) for name in PACKAGES}


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, "") or platform.processor() or platform.machine()


def _measure(config: Config, narrate: Narrate) -> dict[str, Any]:
    net = config.build()
    narrate(f"{config.name}: compiling")
    began = time.perf_counter()
    if config.networks > 1:
        assert isinstance(net, Mlp)
        crowd_contenders.Engine(net, 1).train(1)
        compile_s = time.perf_counter() - began
        crowds = crowd_contenders.contenders(net, config.networks)
        taking_part = {name: _both_losses(crowd) for name, crowd in crowds.items()}
        trains: dict[str, Train] = {name: crowd.train for name, crowd in crowds.items()}
    else:
        _compile(net)
        compile_s = time.perf_counter() - began
        taking_part = contenders(net)
        trains = {**taking_part}
    losses = {}
    for name, train in taking_part.items():
        narrate(f"{config.name}: {name}, first round")
        losses[name] = train(config.steps)
    speeds: dict[str, list[tuple[float, float]]] = {name: [] for name in taking_part}
    spent = dict.fromkeys(trains, 0.0)
    for turn in range(TURNS):
        narrate(f"{config.name}: turn {turn + 1} of {TURNS}")
        for name, work in trains.items():
            if spent[name] < ENOUGH:
                began = time.process_time()
                speeds[name].append(_speed(work, config))
                spent[name] += time.process_time() - began
    return _report(config, net, compile_s, speeds, losses)


def _both_losses(crowd: crowd_contenders.Contender) -> Contender:
    """The losses on all examples before and after training."""

    def train(steps: int) -> tuple[float, float]:
        before = crowd.loss()
        crowd.train(steps)
        return before, crowd.loss()

    return train


def _compile(net: Network) -> None:
    """Have the kernels of a network compiled, without a step of training."""
    assert net.source is not None
    net.learn(*net.source.next())


def _speed(train: Train, config: Config) -> tuple[float, float]:
    """Samples a second of CPU time, and of the clock's: as many rounds as fill a turn."""
    began, cpu_began, rounds = time.perf_counter(), time.process_time(), 0
    while True:
        train(config.steps)
        rounds += 1
        cpu = time.process_time() - cpu_began
        if cpu > TURN:
            samples = rounds * config.steps * config.batch * config.networks
            return samples / cpu, samples / (time.perf_counter() - began)


def _report(
    config: Config,
    net: Network,
    compile_s: float,
    speeds: dict[str, list[tuple[float, float]]],
    losses: dict[str, tuple[float, float]],
) -> dict[str, Any]:
    report: dict[str, Any] = {
        "name": config.name,
        "layers": config.layers,
        "batch": config.batch,
        "dtype": str(net.dtype),
        "optimizer": f"{net.optimizer.name} {net.optimizer.learning_rate:g}",
        "compile_s": round(compile_s, 3),
        "first_loss": round(losses["engine"][0], 6),
    }
    for name in NAMES:
        prefix = "" if name == "engine" else f"{name}_"
        turns = speeds.get(name)
        report[f"{prefix}samples_per_s"] = _median(turns, 0)
        report[f"{prefix}samples_per_s_wall"] = _median(turns, 1)
        report[f"{prefix}mean_loss"] = round(losses[name][1], 6) if turns else None
    if isinstance(net, Mlp) and config.networks == 1:
        report |= gemm_share(net, config.batch, report["samples_per_s"])
    return report


def _median(turns: list[tuple[float, float]] | None, which: int) -> int | None:
    return round(statistics.median(turn[which] for turn in turns)) if turns else None


def gemm_share(net: Mlp, batch: int, samples_per_s: float) -> dict[str, float]:
    """The engine's floating-point operations a second, and those of the machine's own product.

    A layer needs X Wᵀ, Dᵀ X and, but for the first, D W, each 2 · batch · inputs · outputs.
    """
    operations = seconds = 0.0
    for layer in range(net.depth):
        W = net.weights(layer).copy()
        X, D = np.ones((batch, W.shape[1]), net.dtype), np.ones((batch, W.shape[0]), net.dtype)
        products = [(X, W.T), (D.T, X), *([(D, W)] if layer else [])]
        for a, b in products:
            operations += 2.0 * batch * W.size
            seconds += _product_seconds(a, b)
    own = operations / batch * samples_per_s
    return {
        "gflops": round(own / 1e9, 4),
        "gemm_gflops": round(operations / seconds / 1e9, 4),
        "share_of_gemm": round(own * seconds / operations, 3),
    }


def _product_seconds(a: Any, b: Any) -> float:
    """The CPU time of one matrix product: the median of some turns of many."""
    out = a @ b
    # Some 20 ms a turn: a small product is all overhead, of about a microsecond.
    repeats = min(20_000, max(10, int(2e7 / (2.0 * out.size * a.shape[1]))))
    turns = []
    for _ in range(TURNS):
        cpu = time.process_time()
        for _ in range(repeats):
            np.matmul(a, b, out=out)
        turns.append((time.process_time() - cpu) / repeats)
    return max(statistics.median(turns), 1e-9)


def table(report: dict[str, Any]) -> str:
    """The report as a table for a terminal: speeds, and how many times each peer's they are."""
    peers = [name for name in NAMES if name != "engine"]
    rows = [("network", "samples/s", *(cell for name in peers for cell in (name, "")), "of gemm",
             "loss", "compile")]  # fmt: skip
    for config in report["configs"]:
        own = config["samples_per_s"]
        cells = [config["layers"], f"{own:,}"]
        for name in peers:
            speed = config.get(f"{name}_samples_per_s")
            cells += [f"{speed:,}", f"×{own / speed:.1f}"] if speed else ["-", ""]
        share = config.get("share_of_gemm")
        cells.append(f"{share:.0%}" if share else "")
        loss = f"{config['first_loss']:.3f} → {config['mean_loss']:.3f}"
        rows.append((*cells, loss, f"{config['compile_s']:.1f} s"))
    words = ", ".join(f"{name} {found}" for name, found in report["versions"].items() if found)
    threads = "1 thread" if report["threads"] == 1 else f"{report['threads']} threads"
    head = [report["machine"], words, f"samples a second of CPU time, {threads}", ""]
    return "\n".join([*head, *_columns(rows)])


def _columns(rows: list[tuple[str, ...]]) -> list[str]:
    """Rows as lines with columns of one width; the first and the losses stand left."""
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    left = 0, len(widths) - 2
    return [
        "  ".join(
            cell.ljust(width) if i in left else cell.rjust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
