"""The pairs of networks of `batch-norm`: without and with it, from the same start."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from demos import batch_norm
from demos.crowds.herd import Cheap, Herd, Outcome
from demos.engine.optimizers import LEARNING_RATE

CHEAP: Cheap = {"learning_rate": LEARNING_RATE}
ALIKE = ("activation", "batch_size")
# After so many steps it is looked whether a plain network has diverged.
_STRIDE = 10


def fill(herd: Herd[batch_norm.Run]) -> Iterator[Outcome]:
    """The outcome of each lane; what batch norm makes of the last batch is the lab's own."""
    # Six layers deep float32 drifts far enough to be seen in the numbers.
    plain = herd.crowd(lambda run: run.plain, np.float64)
    normed = herd.crowd(lambda run: run.normed, np.float64)
    steps = batch_norm.SPEC.steps
    for begun in range(0, steps, _STRIDE):
        plain.step(min(_STRIDE, steps - begun))
    normed.step(steps - 1)
    before = normed.theta
    normed.step(1)
    rights = [
        crowd.look(herd.show(crowd, lambda run: (run.X, run.y)))[1].tolist()
        for crowd in (plain, normed)
    ]
    for lane, row in enumerate(zip(*rights, strict=True)):
        run = herd.runs[herd.of[lane]]
        run.history, run.lost = [row], None if plain.finite[lane] else steps
        rows = np.asarray(normed.rows(lane))
        run.normed.theta[:] = before[lane]
        run.normed.learn(run.X[rows], run.y[rows])
        yield Outcome.of(run, bool(normed.finite[lane]))
