"""Whether a graphics card trains as the processor does, and how fast: `python -m tools.card`.

Needs the extra `cuda` and a card of NVIDIA's; a minute. First every optimizer, activation and loss
is trained on both, and the largest difference of weights is told. Then the card's pace is measured:
from the difference of a long and a short call, so without bringing networks there and back, which
is told apart; beside it JAX's `vmap` of the gradient on the same card, where JAX for CUDA is
installed. `--check` leaves the pace out; with NUMBA_ENABLE_CUDASIM=1 Numba's simulator is checked.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import itertools
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from demos.engine import activations, datasets, losses, optimizers
from demos.engine.crowd import card
from demos.engine.crowd.crowd import Crowd
from demos.engine.mlp import Mlp
from demos.engine.optimizers import Optimizer
from tutor import paths

# The largest difference of any weight after so many steps that rounding explains.
BOUND, STEPS, NETWORKS = 2e-5, 5, 18
SETTINGS = {"clip": {"clip": 0.05}, "decay": {"weight_decay": 0.01}, "l1": {"l1": 0.02}}


@dataclass(frozen=True, slots=True)
class Case:
    """What networks are made of. one_seed: they share examples and batches, else none does."""

    optimizer: str
    activation: str
    loss: str
    extra: str
    one_seed: bool

    def nets(self) -> list[Mlp]:
        """Fed networks, alike but for their numbers."""
        return [self._net(i) for i in range(NETWORKS)]

    def _net(self, number: int) -> Mlp:
        seed = 5 if self.one_seed else number
        outputs = 1 if self.loss == "logistic" else 3
        X, y = datasets.make("spiral-3" if outputs == 3 else "circles", 12, noise=0.1, seed=seed)
        rate = 0.002 * (1 + number)
        rule = Optimizer(self.optimizer, rate, **SETTINGS.get(self.extra, {}))
        net = Mlp((2, 4, 3, outputs), self.activation, loss=self.loss, optimizer=rule, seed=seed)
        net.feed(X, y, batch=5)
        if self.extra == "frozen":
            net.freeze(1)
        return net


def cases() -> Iterator[Case]:
    """Every optimizer, activation, loss and extra at least once, not every pair of them."""
    extras = ("", "clip", "decay", "l1", "frozen")
    others = zip(
        itertools.cycle(activations.NAMES), itertools.cycle(losses.NAMES), itertools.cycle(extras),
        itertools.cycle((True, False)), strict=False,
    )  # fmt: skip
    for optimizer, (activation, loss, extra, one_seed) in zip(
        optimizers.NAMES, others, strict=False
    ):
        yield Case(
            optimizer, activation, loss, "l1" if optimizer == "proximal" else extra, one_seed
        )


def difference(case: Case) -> float:
    """The largest difference of a weight between card and lanes after a few steps in two calls."""
    crowds = Crowd(case.nets()), card.OnCard(case.nets())
    for crowd in crowds:
        crowd.step(2)
        crowd.step(STEPS - 2)
    if any((crowds[0].rows(i) != crowds[1].rows(i)).any() for i in range(NETWORKS)):
        raise AssertionError(f"{case}: other batches")
    return float(np.abs(crowds[0].theta - crowds[1].theta).max())


def check() -> bool:
    """Print what differs by how much; whether all of it is rounding."""
    good = True
    for case in cases():
        off = difference(case)
        good &= off <= BOUND
        words = f"{case.optimizer:9} {case.activation:11} {case.loss:14} {case.extra:7}"
        print(f"{words} {'one seed' if case.one_seed else 'own seeds':10} {off:.1e}", flush=True)
    return good


def timed(sizes: Sequence[int], networks: int, steps: int) -> None:
    """Print the card's pace for tanh networks with logistic loss, batch 10, and JAX's."""
    from tutor.lab import crowd_contenders

    X, y = datasets.make("circles", 200, noise=0.1, seed=1)
    net = Mlp(sizes, loss="logistic", optimizer=Optimizer("sgd", 0.05), dtype=np.float32, seed=1)
    net.feed(X, y, batch=10)
    began = time.perf_counter()
    crowd = card.OnCard(crowd_contenders.started(net, networks))
    made = time.perf_counter()
    crowd.step(1)
    first = time.perf_counter()
    print(f"{'-'.join(map(str, sizes))}, {networks:,} networks: made in {made - began:.1f} s, "
          f"first call {first - made:.1f} s")  # fmt: skip
    whole, pace = _pace(crowd.step, steps, networks * 10)
    print(f"  card {pace / 1e9:.1f} G samples/s, {whole:.2f} s for {steps:,} steps with transfers")
    try:
        peer = crowd_contenders.JaxOnCard(net, networks)
        for count in (steps, steps // 10):  # each length is compiled
            peer.train(count)
    except (ImportError, RuntimeError) as error:
        print(f"  JAX on the card: {str(error).splitlines()[0]}")
        return
    _, others = _pace(peer.train, steps, networks * 10)
    print(f"  JAX  {others / 1e9:.1f} G samples/s: the card is {pace / others:.1f} times as fast")


def _pace(train: Callable[[int], None], steps: int, samples: int) -> tuple[float, float]:
    """Seconds of a call of so many steps, and samples a second between that and a short one."""
    seconds: dict[int, float] = {}
    for count in (steps // 10, steps, steps // 10, steps):
        began = time.perf_counter()
        train(count)
        seconds[count] = min(seconds.get(count, 1e9), time.perf_counter() - began)
    short, long = seconds[steps // 10], seconds[steps]
    return long, samples * (steps - steps // 10) / (long - short)


def main() -> int:
    """Check, then measure; 1 where the card trains otherwise than the processor, 2 without one."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition(":")[0])
    parser.add_argument("--check", action="store_true", help="leave the pace out")
    options = parser.parse_args()
    paths.use_kernel_cache(paths.cache_dir())
    if why := card.missing():
        print(f"no card: {why}", file=sys.stderr)
        return 2
    packages = [p for p in ("numba", "numba-cuda", "numpy", "jax") if _version(p)]
    print(f"{card.name()}; {', '.join(f'{p} {_version(p)}' for p in packages)}")
    good = check()
    if not options.check and not card.simulated():
        timed((2, 8, 8, 1), 131_072, 5_000)
        timed((2, 4, 2, 1), 131_072, 10_000)
        timed((2, 8, 8, 1), 16_384, 5_000)
    return 0 if good else 1


def _version(package: str) -> str:
    try:
        return importlib.metadata.version(package)
    except importlib.metadata.PackageNotFoundError:
        return ""


if __name__ == "__main__":
    sys.exit(main())
