"""Who takes part in the benchmark: the engine and, where installed, the frameworks beside it.

A contender takes so many steps on the same batches, from the same weights, and tells its first
loss and the mean of all.
"""

from __future__ import annotations

import copy
from collections.abc import Callable

from demos.engine.batches import Source
from demos.engine.cnn import Cnn
from demos.engine.mlp import Mlp
from demos.engine.recurrent import Recurrent
from tutor.lab import peer_jax, peer_numpy, peer_sklearn, peer_torch
from tutor.lab.peer_numpy import Step

Network = Mlp | Cnn | Recurrent
Contender = Callable[[int], tuple[float, float]]

# name in the report: how it makes one step, or many, from the network that the engine trains.
_BY_STEP: dict[str, Callable[[Network], Step | None]] = {
    "numpy": peer_numpy.step_of,
    "torch": peer_torch.step_of,
    "sklearn": peer_sklearn.step_of,
}
NAMES = ("engine", *_BY_STEP, "jax")


def contenders(net: Network) -> dict[str, Contender]:
    """Those that are installed and have this kind of network; the engine is first."""
    source = net.source
    assert source is not None
    found: dict[str, Contender] = {"engine": _engine(copy.deepcopy(net))}
    for name, make in _BY_STEP.items():
        step = make(net)
        if step is not None:
            found[name] = _stepped(step, copy.deepcopy(source))
    many = peer_jax.steps_of(net)
    if many is not None:
        found["jax"] = many
    return found


def _engine(net: Network) -> Contender:
    def train(steps: int) -> tuple[float, float]:
        net.step(1)
        first = net.loss
        if steps == 1:
            return first, first
        net.step(steps - 1)
        return first, (first + net.mean_loss * (steps - 1)) / steps

    return train


def _stepped(step: Step, source: Source) -> Contender:
    def train(steps: int) -> tuple[float, float]:
        losses = [step(*source.next()) for _ in range(steps)]
        return losses[0], sum(losses) / steps

    return train
