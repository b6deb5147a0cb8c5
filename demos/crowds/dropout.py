"""The pairs of networks of `dropout`: without and with units dropped, from the same start."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from demos import dropout
from demos.crowds.herd import Cheap, Herd, Outcome

CHEAP: Cheap = {}
ALIKE = ("digits",)


def fill(herd: Herd[dropout.Run]) -> Iterator[Outcome]:
    """The outcome of each lane; only the accuracies of the end are judged."""
    rights = []
    finite = np.ones(len(herd.of), np.bool_)
    for crowd in (herd.crowd(lambda run: run.plain), herd.crowd(lambda run: run.dropped)):
        crowd.step(dropout.SPEC.steps)
        finite &= crowd.finite
        for split in ("train", "test"):
            shown = herd.show(crowd, lambda run: getattr(run, split))  # noqa: B023
            rights.append(crowd.look(shown)[1].tolist())
    for lane, row in enumerate(zip(*rights, strict=True)):
        run = herd.runs[herd.of[lane]]
        train, test, dropped_train, dropped_test = row
        run.history = [(train, test, dropped_train, dropped_test)]
        yield Outcome.of(run, bool(finite[lane]))
