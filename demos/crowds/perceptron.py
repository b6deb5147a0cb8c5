"""The perceptrons of `perceptron`, all of which put a mistake right at once."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from demos import perceptron
from demos.base import Knobs
from demos.crowds.herd import Cheap, Herd, Outcome
from demos.engine.arrays import Ints

CHEAP: Cheap = {}
ALIKE = ("gate",)


def takes(knobs: Knobs) -> bool:
    """A new order for each round is drawn as the rounds come, and run alone."""
    return knobs["order"] == "fixed"


def fill(herd: Herd[perceptron.Run]) -> Iterator[Outcome]:
    """The outcome of each lane: a run goes on until no answer is wrong."""
    runs = herd.runs
    X, y = np.stack([run.X for run in runs]), np.stack([run.y for run in runs])
    w, every = np.zeros((len(runs), 3)), np.arange(len(runs))
    n, at = X.shape[1], np.zeros(len(runs), np.int64)
    for _ in range(perceptron.SPEC.steps):
        wrong = perceptron.answers(X, w) != y
        late: Ints = np.where(wrong, (np.arange(n) - at[:, None]) % n, n).min(axis=1)
        goes = late < n
        i = np.where(goes, (at + late) % n, 0)
        w = np.where(goes[:, None], perceptron.moved(w, X[every, i], y[every, i]), w)
        at = np.where(goes, i + 1, at)
        left = (perceptron.answers(X, w) != y).sum(axis=1)
        for run, j in ((runs[k], k) for k in np.flatnonzero(goes).tolist()):
            run.updates.append(perceptron.Update(X[j, i[j]], int(y[j, i[j]]), w[j]))
            run.wrong.append(int(left[j]))
        if not goes.any():
            break
    for which in herd.of:
        yield Outcome.of(runs[which])
