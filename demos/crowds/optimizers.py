"""The races of `optimizers`: sixteen racers of one rule to a block, each on its own surface's turn.

Without noise nothing in a race is random: a map over its knobs is what a crowd is for.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from demos import optimizers
from demos.base import Knobs
from demos.crowds.herd import Cheap, Herd, Outcome
from demos.engine.arrays import Aligned, Floats
from demos.engine.crowd.lines import LANES, Lines
from demos.engine.emitting import Array, Slot, each, when
from demos.engine.kernel import kernel_of
from demos.engine.optimizers import BETA1, BETA2, NAMES, moved
from demos.engine.values import Value, absolute, choose, sqrt

CHEAP: Cheap = dict.fromkeys(("angle", "learning_rate", "beta", "start_y"))
ALIKE = ("surface",)
SURFACES = tuple(optimizers.GOALS)


def takes(knobs: Knobs) -> bool:
    """Noise is drawn as the racers go, and those that are there no longer draw: it runs alone."""
    return not knobs["noise"]


def _race(
    rule: Value, surface: Value, steps: Value, begin: Value, end: Value, place: Array,
    memory: Array, settings: Array, turns: Array, found: Array,
) -> None:  # fmt: skip
    zero = steps * 0
    with each(begin, end) as block:
        P, T, found_here = (Lines(x).at(block * 2) for x in (place, turns, found))
        memories, own = Lines(memory).at(block * 4), Lines(settings).at(block * 7)
        chosen = [own.load(zero + i) for i in range(7)]
        turn = T.load(zero), T.load(zero + 1)
        powers = [Slot(P.zero() + 1.0), Slot(P.zero() + 1.0)]
        with each(0, steps) as step:
            here = [P.load(zero), P.load(zero + 1)]
            slopes = [Slot(P.zero()), Slot(P.zero())]
            for number, name in enumerate(SURFACES):
                with when(surface.equals(number)):
                    for slot, g in zip(slopes, optimizers.slope(name, turn, *here), strict=True):
                        slot.set(g)
            for power, beta in zip(powers, (BETA1, BETA2), strict=True):
                power.set(power.get() * chosen[beta])
            warm = [1.0 - power.get() for power in powers]
            there = [Slot(p) for p in here]
            for name in optimizers.RULES:
                known = NAMES.index(name)
                with when(rule.equals(known)):
                    for i, (p, g) in enumerate(zip(here, slopes, strict=True)):
                        m, v = memories.load(zero + i), memories.load(zero + 2 + i)
                        new = moved(known, p, g.get(), m, v, chosen, warm[0], sqrt(warm[1]))
                        there[i].set(new[0])
                        memories.store(new[2], zero + i)
                        memories.store(new[3], zero + 2 + i)
            _settle(P, found_here, surface, step, here, [slot.get() for slot in there])


def _settle(
    P: Lines, found: Lines, surface: Value, step: Value, here: list[Value], there: list[Value]
) -> None:
    """Move those that are under way, and note at which step they arrived, or were lost."""
    zero, one = step * 0, P.zero() + 1.0
    arrived, lost = found.load(zero), found.load(zero + 1)
    goes = (arrived + lost).equals(0.0)
    inside = (absolute(there[0]) <= optimizers.FAR) & (absolute(there[1]) <= optimizers.FAR)
    now = one * (step + 1)
    for i in range(2):
        P.store(choose(goes & inside, there[i], here[i]), zero + i)
    close = Slot(P.zero())
    for number, name in enumerate(SURFACES):
        with when(surface.equals(number)):
            if name in optimizers.CLOSE:
                x, y = (p - goal for p, goal in zip(there, optimizers.GOALS[name], strict=True))
                near = sqrt(x * x + y * y) < optimizers.CLOSE[name]
            else:
                near = absolute(there[1]) >= optimizers.LEFT
            close.set(choose(near, one, 0.0))
    found.store(choose(goes & inside & (close.get() > 0.0), now, arrived), zero)
    found.store(choose(goes, choose(inside, lost, now), lost), zero + 1)


@kernel_of(_race)
def race(
    rule: int, surface: int, steps: int, begin: int, end: int, place: Floats, memory: Floats,
    settings: Floats, turns: Floats, found: Floats,
) -> None:  # fmt: skip
    """Have blocks begin … end − 1 of racers of one rule take `steps` steps on one surface.

    place (blocks, 2, 16): x and y. memory (blocks, 4, 16): m and v of each. settings (blocks, 7,
    16): as in `Optimizer`. turns (blocks, 2, 16): cosine and sine of the ravine's angle. found
    (blocks, 2, 16): the step of arrival, and the one that led out of all bounds; 0: none.
    """


def fill(herd: Herd[optimizers.Run]) -> Iterator[Outcome]:
    """The outcome of each lane; where one racer is lost all stop."""
    lanes = [optimizers.Run(knobs, seed) for knobs, seed in herd.members]
    surface = SURFACES.index(lanes[0].surface.name)
    found = [_raced(lanes, which, surface) for which in range(len(optimizers.RULES))]
    for lane, run in enumerate(lanes):
        steps = [(int(some[0, lane]), int(some[1, lane])) for some in found]
        lost = min((late for _, late in steps if late), default=0)
        run.step_count = lost - 1 if lost else optimizers.SPEC.steps
        for racer, (arrived, _) in zip(run.racers, steps, strict=True):
            racer.arrived = arrived if arrived <= run.step_count else 0
        yield Outcome.of(run, not lost)


def _raced(runs: list[optimizers.Run], which: int, surface: int) -> Floats:
    """At which step racer number `which` of each run arrived, and was lost (2, runs)."""
    racers = [run.racers[which] for run in runs]
    turns = [run.surface.turn[:, 0] for run in runs]
    columns = (
        [racer.p for racer in racers], [np.zeros(4)] * len(runs),
        [racer.optimizer.settings for racer in racers], turns, [np.zeros(2)] * len(runs),
    )  # fmt: skip
    blocks = -(-len(runs) // LANES)
    arrays = [_lanes(np.array(column), blocks) for column in columns]
    rule, steps = racers[0].optimizer.code, optimizers.SPEC.steps
    race(rule, surface, steps, 0, blocks, *arrays)
    return np.swapaxes(arrays[-1], 0, 1).reshape(2, -1)[:, : len(runs)]


def _lanes(rows: Floats, blocks: int) -> Floats:
    """Rows (runs, numbers) as (blocks, numbers, 16); the last one fills up."""
    padded = np.concatenate([rows, np.repeat(rows[-1:], blocks * LANES - len(rows), axis=0)])
    shaped = np.swapaxes(padded.reshape(blocks, LANES, -1), 1, 2)
    room: Floats = Aligned([shaped.size], np.float64).arrays[0][: shaped.size]
    room = room.reshape(shaped.shape)
    room[:] = shaped
    return room
