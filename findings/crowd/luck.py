"""Whose luck is it: that of the examples, or that of the first weights? Of the overfit clinic.

A seed of `tutor sweep` draws both. Here each of some draws of examples is learnt from each of some
starts, the order of batches going with the examples.
"""

from __future__ import annotations

import numpy as np

from demos import overfit
from demos.engine.arrays import Floats
from demos.engine.crowd.crowd import Crowd

DRAWS, STARTS = 32, 16


def losses(draws: int, starts: int) -> Floats:
    """Test losses at the end (draws, starts), with the demo's defaults."""
    knobs = overfit.SPEC.defaults()
    runs = [overfit.Run(knobs, seed) for seed in range(max(draws, starts))]
    crowd = Crowd([run.net for run in runs[:draws] for _ in range(starts)], threads=2)
    crowd.theta = np.tile([run.net.theta for run in runs[:starts]], (draws, 1))
    crowd.step(overfit.SPEC.steps)
    shown = crowd.show(
        [run.test for run in runs[:draws]], np.repeat(np.arange(draws), starts).tolist()
    )
    return crowd.look(shown)[0].reshape(draws, starts)


def deviations(found: Floats) -> tuple[float, float]:
    """Standard deviations that the draws of examples make, and the starts, of (draws, starts).

    The variance between rows holds a share of that within them, which is taken off.
    """
    within = float(found.var(axis=1, ddof=1).mean())
    between = float(found.mean(axis=1).var(ddof=1)) - within / found.shape[1]
    return float(np.sqrt(max(between, 0.0))), float(np.sqrt(within))


def ratio() -> float:
    """How many times the starts' deviation of ln loss the examples' is.

    Logarithms, since losses go up by factors: a few draws are many times as bad as most.
    """
    of_data, of_starts = deviations(np.log(losses(DRAWS, STARTS)))
    return of_data / of_starts
