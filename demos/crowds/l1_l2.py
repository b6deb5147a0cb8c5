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
    for _ in range(l1_l2.SPEC.steps):
        w = one.moved(w, (w[:, None] @ products)[:, 0] - matches, strength)
    for run, found in zip(runs, w, strict=True):
        run.w = found
        yield Outcome.of(run)
