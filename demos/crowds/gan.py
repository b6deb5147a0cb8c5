"""The pairs of `gan`, all of a herd turn by turn; samples are counted every 25 turns."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from demos import gan
from demos.crowds.herd import Cheap, Herd, Outcome
from demos.engine.arrays import Floats
from demos.engine.crowd.duel import Duel
from demos.engine.optimizers import LEARNING_RATE

CHEAP: Cheap = {"generator_rate": None, "discriminator_rate": None}
ALIKE = ("preset", "loss", "discriminator_steps", "hidden_units")


def fill(herd: Herd[gan.Run]) -> Iterator[Outcome]:
    """The outcome of each lane; one that diverged keeps what it was counted before."""
    runs = herd.runs
    for run in runs:  # a crowd asks what its networks are fed, though here nothing is dealt
        run.generator.feed(np.zeros((gan.BATCH, gan.NOISE)), np.zeros((gan.BATCH, 2)), gan.BATCH)
        run.discriminator.feed(np.zeros((gan.BATCH, 2)), np.zeros((gan.BATCH, 1)), gan.BATCH)
    # In single precision the two would part from the lab's after some hundred turns.
    sides = [
        herd.crowd(net, np.float64)
        for net in (lambda run: run.generator, lambda run: run.discriminator)
    ]
    rates = gan.PRESETS[str(runs[0].knobs["preset"])]
    for side, name, rate in zip(sides, CHEAP, rates, strict=False):
        settings = side.settings
        settings[:, LEARNING_RATE] = rate * herd.values(name)
        side.settings = settings
    duel, of = Duel(sides[0], sides[1], gan.BATCH, runs[0].minimax), np.array(herd.of)
    noise = herd.show(sides[0], lambda run: (run.noise, np.zeros((gan.SAMPLES, 2))))
    histories = [list(runs[which].history) for which in herd.of]
    for _ in range(0, gan.SPEC.steps, gan.RECORD):
        losses = duel.step(*_drawn(runs), of)
        finite = sides[0].finite
        for lane, points in enumerate(sides[0].answers(noise)):
            if finite[lane]:
                found = (2.0 * float(losses[lane]), math.nan, *gan.near(points))
                histories[lane].append(found)
    for lane, history in enumerate(histories):
        run = runs[herd.of[lane]]
        run.history = history
        yield Outcome.of(run, bool(sides[0].finite[lane]))


def _drawn(runs: list[gan.Run]) -> tuple[Floats, Floats]:
    """The numbers of the next 25 turns of each run, as the run itself would draw them."""
    turns = [[run.drawn() for _ in range(gan.RECORD)] for run in runs]
    noise = np.array([[noise for noise, _ in some] for some in turns])
    return noise, np.array([[real for _, real in some] for some in turns])
