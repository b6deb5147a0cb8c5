"""The linear models of `l1-l2`: all of them take each step at once, as rows of one array."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from demos import l1_l2
from demos.crowds.herd import Cheap, Herd, Outcome

CHEAP: Cheap = {"strength": None}
ALIKE = ("penalty", "method")


def fill(herd: Herd[l1_l2.Run]) -> Iterator[Outcome]:
    """The outcome of each lane."""
    runs = [herd.runs[which] for which in herd.of]
    products = np.stack([run.products for run in runs])
    matches, w = np.stack([run.matches for run in runs]), np.stack([run.w for run in runs])
    one, strength = herd.runs[0], herd.values("strength")[:, None]
    l1, l2 = (strength * (one.penalty != other) for other in ("L2", "L1"))
    for _ in range(l1_l2.SPEC.steps):
        gradient = (w[:, None] @ products)[:, 0] - matches + 2.0 * l2 * w
        if one.method == "subgradient":
            w = w - l1_l2.RATE * (gradient + l1 * np.sign(w))
        else:
            w = l1_l2.soften(w - l1_l2.RATE * gradient, l1_l2.RATE * l1)
    for run, found in zip(runs, w, strict=True):
        run.w = found
        yield Outcome.of(run)
