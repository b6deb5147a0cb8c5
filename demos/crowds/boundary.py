"""The networks of the boundary lab, looked at every twenty steps as in the lab."""

from __future__ import annotations

from collections.abc import Iterator

from demos import boundary
from demos.crowds.herd import Cheap, Herd, Outcome, histories
from demos.engine.mlp import Mlp
from demos.engine.optimizers import LEARNING_RATE

CHEAP: Cheap = {"learning_rate": LEARNING_RATE}
ALIKE = ("data", "units", "layers", "activation", "features")


def net(run: boundary.Run) -> Mlp:
    """The network that trains."""
    return run.net


def fill(herd: Herd[boundary.Run]) -> Iterator[Outcome]:
    """The outcome of each lane."""
    crowd = herd.crowd(net)
    train = herd.show(crowd, lambda run: (run.seen(run.X), run.y))
    held_out = herd.show(crowd, lambda run: (run.seen(run.held_out[0]), run.held_out[1]))
    looks = []
    for step in range(0, boundary.SPEC.steps + 1, boundary.RECORD):
        if step:
            crowd.step(boundary.RECORD)
        loss, right = crowd.look(train)
        looks.append((loss, crowd.look(held_out)[0], right))
    for lane, (history, theta) in enumerate(zip(histories(looks), crowd.theta, strict=True)):
        run = herd.runs[herd.of[lane]]
        run.net.theta[:], run.history = theta, history
        yield Outcome.of(run, bool(crowd.finite[lane]))
