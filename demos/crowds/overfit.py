"""The networks of the overfit clinic: three losses every ten steps, the best weights kept."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from demos import overfit
from demos.crowds.herd import Cheap, Herd, Outcome, histories
from demos.engine.mlp import Mlp
from demos.engine.optimizers import LEARNING_RATE, WEIGHT_DECAY

CHEAP: Cheap = {"learning_rate": LEARNING_RATE, "l2": WEIGHT_DECAY, "patience": None}
ALIKE = ("points", "hidden_units")


def net(run: overfit.Run) -> Mlp:
    """The network that trains."""
    return run.net


def fill(herd: Herd[overfit.Run]) -> Iterator[Outcome]:
    """The outcome of each lane; one whose patience has run out keeps its best weights."""
    crowd = herd.crowd(net)
    train, validation, test = (
        herd.show(crowd, lambda run, split=split: getattr(run, split))  # type: ignore[misc]
        for split in ("train", "validation", "test")
    )
    patience = herd.values("patience")
    lowest, best_step = np.full(crowd.size, np.inf), np.zeros(crowd.size)
    best, stopped, looks = crowd.theta, np.zeros(crowd.size, np.bool_), []
    for step in range(0, overfit.SPEC.steps + 1, overfit.RECORD):
        if step:
            crowd.step(overfit.RECORD)
            stopped = (patience > 0) & (step - best_step >= patience)
            if stopped.any():
                crowd.theta = np.where(stopped[:, None], best, crowd.theta)
        looks.append(tuple(crowd.look(split)[0] for split in (train, validation, test)))
        better = ~stopped & (looks[-1][1] <= lowest)
        lowest[better], best_step[better] = looks[-1][1][better], step
        if better.any():
            best[better] = crowd.theta[better]
    for lane, (history, theta) in enumerate(zip(histories(looks), crowd.theta, strict=True)):
        run = herd.runs[herd.of[lane]]
        run.net.theta[:], run.history = theta, history
        run.best_step = int(best_step[lane])
        yield Outcome.of(run, bool(crowd.finite[lane]))
