"""The students of `scaling`: of each width those of all runs and teachers at once."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from demos import scaling
from demos.crowds.herd import Cheap, Herd, Outcome
from demos.engine.crowd.crowd import Crowd
from demos.engine.optimizers import LEARNING_RATE

CHEAP: Cheap = {}
ALIKE = ("training_steps",)


def fill(herd: Herd[scaling.Run]) -> Iterator[Outcome]:
    """The outcome of each lane; only the losses at the end of each width are judged."""
    runs, points = herd.runs, scaling.POINTS
    lessons = [(X[points:], Y[points:]) for run in runs for X, Y in run.lessons]
    finite = np.ones(len(runs), np.bool_)
    for width in range(len(scaling.WIDTHS)):
        if width:
            for run in runs:
                run.next_students()
        students = [s for run in runs for s in run.students]
        crowd = Crowd(students, threads=herd.threads, stop=herd.stop)
        crowd.step(runs[0].per_round * scaling.DROP)
        settings = crowd.settings
        settings[:, LEARNING_RATE] /= 10.0
        crowd.settings = settings
        crowd.step(runs[0].per_round * (scaling.ROUNDS - scaling.DROP))
        loss, _ = crowd.look(crowd.show(lessons, range(len(lessons))))
        finite &= crowd.finite.reshape(len(runs), -1).all(axis=1)
        for run, losses in zip(runs, loss.reshape(len(runs), -1), strict=True):
            run.losses.append(math.exp(float(np.log(losses).mean())))
    for which in herd.of:
        yield Outcome.of(runs[which], bool(finite[which]))
