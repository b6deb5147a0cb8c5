"""The runs of one demo that train together: as few of them as can be, and their crowds.

A run is made for every seed and every setting that changes its networks' shape, data or start.
Knobs that are only numbers to the optimizer are set lane by lane.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
from numpy.typing import ArrayLike

from demos.base import Knobs, Run, Stop, Verdict
from demos.engine.arrays import Floats
from demos.engine.crowd import card
from demos.engine.crowd.crowd import Crowd, Shown
from demos.engine.crowd.lines import LANES
from demos.engine.mlp import Mlp

R = TypeVar("R")
Member = tuple[Knobs, int]  # knobs and seed
# Knobs that need no run of their own, by their place among an optimizer's settings; None: `fill`
# sees to it.
Cheap = Mapping[str, int | None]
# From so many members of a seed on they share its data and batches, in blocks of their own.
_MANY = 6


@dataclass(frozen=True, slots=True)
class Outcome:
    """A run's end: its numbers, its verdicts, and whether it stayed finite (else no verdicts)."""

    measured: dict[str, float]
    verdicts: list[Verdict]
    finite: bool

    @staticmethod
    def of(run: Run, finite: bool = True) -> Outcome:
        """What a complete run says of itself."""
        return Outcome(run.measured(), run.verdicts() if finite else [], finite)


class Herd(Generic[R]):
    """Members in the order of their lanes, and the distinct runs that they begin as.

    of: for each lane which run; at: which of the members that were given it is. Lanes beyond the
    members repeat one, so that a block has one seed.
    """

    def __init__(
        self, members: Sequence[Member], at: Sequence[int], make: Callable[[Knobs, int], R],
        cheap: Cheap, threads: int, on_card: bool = False, stop: Stop | None = None,
    ) -> None:  # fmt: skip
        self.at, self.threads, self._cheap, self._on_card = list(at), threads, cheap, on_card
        self.stop = stop
        self.members = [members[i] for i in self.at]
        known: dict[Hashable, int] = {}
        self.runs: list[R] = []
        self.of: list[int] = []
        for knobs, seed in self.members:
            key = _key(knobs, cheap), seed
            if key not in known:
                known[key] = len(self.runs)
                self.runs.append(make(knobs, seed))
            self.of.append(known[key])

    def crowd(self, net: Callable[[R], Mlp], dtype: Any = np.float32) -> Crowd:
        """A crowd of one network of each member's run, each by its own cheap knobs."""
        nets = [net(run) for run in self.runs]
        fits = self._on_card and dtype == np.float32 and not card.refusal(nets[0])
        kind = card.OnCard if fits else Crowd
        crowd = kind([nets[which] for which in self.of], dtype, self.threads, self.stop)
        settings = crowd.settings
        for name, place in self._cheap.items():
            if place is not None:
                settings[:, place] = self.values(name)
        crowd.settings = settings
        return crowd

    def values(self, name: str) -> Floats:
        """A knob of each lane, as numbers (lanes,)."""
        return np.array([float(knobs[name]) for knobs, _ in self.members])

    def show(self, crowd: Crowd, data: Callable[[R], tuple[ArrayLike, ArrayLike]]) -> Shown:
        """Inputs and labels of every run, for its own members to be looked at."""
        return crowd.show([data(run) for run in self.runs], self.of)


def herds(
    members: Sequence[Member], make: Callable[[Knobs, int], R], cheap: Cheap, alike: Sequence[str],
    threads: int, on_card: bool = False, stop: Stop | None = None,
) -> Iterator[Herd[R]]:  # fmt: skip
    """Members as herds of networks of one shape: those with the same values of knobs `alike`.

    on_card: whether those that a graphics card takes are trained there.
    """
    groups: dict[Hashable, list[int]] = defaultdict(list)
    for i, (knobs, _) in enumerate(members):
        groups[tuple(knobs[name] for name in alike)].append(i)
    for group in groups.values():
        yield Herd(members, _laid(members, group, cheap), make, cheap, threads, on_card, stop)


def _laid(members: Sequence[Member], group: Sequence[int], cheap: Cheap) -> list[int]:
    """The members of a group in the order of lanes: those of one start side by side, if many."""
    starts: dict[Hashable, list[int]] = defaultdict(list)
    for i in group:
        knobs, seed = members[i]
        starts[_key(knobs, cheap), seed].append(i)
    if len(group) < _MANY * len(starts):
        return list(group)
    return [i for some in starts.values() for i in (*some, *[some[-1]] * (-len(some) % LANES))]


def _key(knobs: Knobs, cheap: Cheap) -> Hashable:
    return tuple((name, value) for name, value in knobs.items() if name not in cheap)


def histories(looks: Sequence[Sequence[Floats]]) -> list[list[tuple[Any, ...]]]:
    """Looks, each some arrays (lanes,), as a list of tuples of numbers for each lane."""
    table = np.array(looks)  # (looks, numbers, lanes)
    return [[tuple(row) for row in lane] for lane in np.moveaxis(table, -1, 0).tolist()]
