"""The deep networks of `gradient-flow`; what each layer shows is looked at in the lab's own."""

from __future__ import annotations

from collections.abc import Iterator

from demos import gradient_flow
from demos.base import Knobs
from demos.crowds.herd import Cheap, Herd, Outcome
from demos.engine.mlp import Mlp
from demos.engine.optimizers import LEARNING_RATE

CHEAP: Cheap = {"learning_rate": LEARNING_RATE}
ALIKE = ("activation", "depth", "hidden_units", "residual")


def takes(knobs: Knobs) -> bool:
    """Networks with skips are no layers one after the other, and run alone."""
    return not knobs["residual"]


def fill(herd: Herd[gradient_flow.Run]) -> Iterator[Outcome]:
    """The outcome of each lane."""
    crowd = herd.crowd(net)
    for _ in range(0, gradient_flow.SPEC.steps, gradient_flow.RECORD):
        crowd.step(gradient_flow.RECORD)
    for lane, theta in enumerate(crowd.theta):
        run = herd.runs[herd.of[lane]]
        net(run).theta[:] = theta
        run.look()
        yield Outcome.of(run, bool(crowd.finite[lane]))


def net(run: gradient_flow.Run) -> Mlp:
    """The network that trains."""
    assert isinstance(run.net, Mlp)
    return run.net
