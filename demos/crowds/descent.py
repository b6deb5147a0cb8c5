"""The walks of `descent`: all of them take each step at once, as rows of one array."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from demos import descent
from demos.crowds.herd import Cheap, Herd, Outcome

CHEAP: Cheap = {"learning_rate": None, "scaling": None}
ALIKE = ()


def fill(herd: Herd[descent.Run]) -> Iterator[Outcome]:
    """The outcome of each lane; one that flew away stays where it was before."""
    bowls, rates = [], []
    for which, (knobs, _) in zip(herd.of, herd.members, strict=True):
        run = herd.runs[which]
        run.take(knobs)
        bowls.append(run.bowl)
        rates.append(run.rate)
    hessian, best = (
        np.stack([getattr(bowl, name) for bowl in bowls]) for name in ("hessian", "best")
    )
    lowest, rate = np.array([bowl.lowest for bowl in bowls]), np.array(rates)
    w, first = np.zeros_like(best), np.array([bowl.loss(np.zeros(3)) for bowl in bowls])
    losses, runs = first.copy(), np.ones(len(bowls), np.bool_)
    for _ in range(descent.SPEC.steps):
        w = np.where(runs[:, None], descent.moved(w, rate, hessian, best), w)
        away = (w - best)[:, None]
        found = lowest + (away @ hessian @ away.swapaxes(1, 2))[:, 0, 0] / 2.0
        runs &= found <= descent.FAR * first
        losses = np.where(runs, found, losses)
    for lane, (which, (knobs, _)) in enumerate(zip(herd.of, herd.members, strict=True)):
        run = herd.runs[which]
        run.take(knobs)
        run.losses = [float(first[lane]), float(losses[lane])]
        yield Outcome.of(run, bool(runs[lane]))
