"""The networks of `transfer`: the bodies of all runs learn at once, then each way's networks."""

from __future__ import annotations

from collections.abc import Iterator

from demos import transfer
from demos.base import Knobs
from demos.crowds.herd import Cheap, Herd, Outcome
from demos.engine.crowd.crowd import Crowd

CHEAP: Cheap = {"mode": None}  # which network is drawn
ALIKE = ("labels_per_arm", "source")


def make(knobs: Knobs, seed: int) -> transfer.Run:
    """A run whose bodies have not learnt yet."""
    return transfer.Run(knobs, seed, learnt=False)


def fill(herd: Herd[transfer.Run]) -> Iterator[Outcome]:
    """The outcome of each lane; only the accuracies of the end are judged."""
    runs, tasks = herd.runs, [task for run in herd.runs for task in run.tasks]
    bodies = Crowd([task.body for task in tasks], threads=herd.threads)
    bodies.step(transfer.SOURCE_STEPS)
    for task, theta in zip(tasks, bodies.theta, strict=True):
        task.body.theta[:] = theta
    for run in runs:
        run.begin()
    found: dict[str, list[float]] = {}
    finite = bodies.finite
    for mode in transfer.RATES:
        crowd = Crowd([task.nets[mode] for task in tasks], threads=herd.threads)
        crowd.step(transfer.SPEC.steps)
        for task, theta in zip(tasks, crowd.theta, strict=True):
            task.nets[mode].theta[:] = theta
        _, right = crowd.look(crowd.show([task.test for task in tasks], range(len(tasks))))
        found[mode] = right.reshape(len(runs), -1).mean(axis=1).tolist()
        finite &= crowd.finite
    whole = [bool(some.all()) for some in finite.reshape(len(runs), -1)]
    for number, run in enumerate(runs):
        run.history.append({mode: right[number] for mode, right in found.items()})
    for which in herd.of:
        yield Outcome.of(runs[which], whole[which])
