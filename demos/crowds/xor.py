"""The networks of `xor`, all on the same four points."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from demos import xor
from demos.crowds.herd import Cheap, Herd, Outcome
from demos.engine.mlp import Mlp
from demos.engine.optimizers import LEARNING_RATE

CHEAP: Cheap = {"learning_rate": LEARNING_RATE, "init_scale": None}
ALIKE = ("hidden_units", "activation")


def net(run: xor.Run) -> Mlp:
    """The network that trains."""
    return run.net


def fill(herd: Herd[xor.Run]) -> Iterator[Outcome]:
    """The outcome of each lane."""
    crowd = herd.crowd(net)
    begun_at = np.array([herd.runs[which].init_scale for which in herd.of])
    crowd.theta *= (herd.values("init_scale") / begun_at)[:, None]  # the biases are 0
    points, quarter = crowd.show([(xor.X, xor.Y)]), xor.SPEC.steps // 4
    crowd.step(3 * quarter)
    before, _ = crowd.look(points)
    crowd.step(quarter)
    now, share = crowd.look(points)
    right = np.rint(share * len(xor.X))
    for lane in range(crowd.size):
        m = xor.numbers(int(right[lane]), float(before[lane]), float(now[lane]))
        finite = bool(crowd.finite[lane])
        yield Outcome(m, xor.judged(m) if finite else [], finite)
