"""What is to be swept: axes as they are written, checked against the demo, counted before a run.

learning_rate=1e-3..1:log:24    init_scale=0.05..8:lin:20    activation=tanh,relu    units=8
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from demos import sweep
from demos.base import Int, Knob, Real, Spec, Value
from tutor.errors import KnobError, UsageError
from tutor.lab import knobs, link

MOST_CELLS, MOST_RUNS = 100_000, 10_000_000
# Cells of a seed that train side by side, and runs in one portion of work.
_CELLS = 256

Member = tuple[dict[str, Value], int]
# One run, as it is found again in a file: its cell (or both sides' one) and its seed.
Key = tuple[tuple[Value, ...], int]


@dataclass(frozen=True, slots=True)
class Axis:
    """A knob and the values that it takes, in their order."""

    knob: str
    values: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """A demo, its knobs, the axes that change some of them, and how many seeds a cell has."""

    spec: Spec
    base: Mapping[str, Value]
    axes: tuple[Axis, ...]
    seeds: int
    compare: Axis | None = None

    @property
    def swept(self) -> tuple[Axis, ...]:
        """All axes, the one that is compared last."""
        return (*self.axes, self.compare) if self.compare else self.axes

    @property
    def cells(self) -> int:
        """How many settings there are, with both sides of a comparison."""
        return math.prod(len(axis.values) for axis in self.swept)

    @property
    def runs(self) -> int:
        """How many runs that is."""
        return self.cells * self.seeds

    def settings(self) -> Iterator[dict[str, Value]]:
        """All knobs of each cell; the last axis changes fastest."""
        names = [axis.knob for axis in self.swept]
        for values in itertools.product(*(axis.values for axis in self.swept)):
            yield {**self.base, **dict(zip(names, values, strict=True))}

    def key(self, settings: Mapping[str, Value], seed: int) -> Key:
        """What tells a run of this plan from all others."""
        return tuple(settings[axis.knob] for axis in self.swept), seed

    def portions(
        self, done: Iterable[Key] = (), together: int = sweep.TOGETHER
    ) -> Iterator[list[Member]]:
        """The runs that are not done, in portions of work: settings of a seed side by side.

        together: how many runs are one portion, where they train together.
        """
        known = set(done)
        most = together if sweep.has_crowd(self.spec.name) else 1
        settings = list(self.settings())
        for begin in range(0, len(settings), _CELLS):
            some = settings[begin : begin + _CELLS]
            wide = max(1, most // len(some))
            for first in range(0, self.seeds, wide):
                seeds = range(first, min(first + wide, self.seeds))
                wanted = [
                    (dict(cell), seed)
                    for seed in seeds
                    for cell in some
                    if self.key(cell, seed) not in known
                ]
                for start in range(0, len(wanted), most):
                    yield wanted[start : start + most]


def make(
    demo: str, settings: Iterable[str], over: Sequence[str], seeds: int, compare: str = ""
) -> Plan:
    """Read a plan. Raises NotFoundError, KnobError, and UsageError for one that is too large."""
    spec = link.find(demo)
    axes = tuple(axis(spec, text) for text in over)
    against = axis(spec, compare) if compare else None
    if against and len(against.values) != 2:
        raise UsageError(
            "Two values are compared", f"{compare!r} has {_counted(len(against.values))}.",
            "Write KNOB=A,B, such as --compare drop_rate=0,0.5",
        )  # fmt: skip
    given = list(settings)
    plan = Plan(spec, knobs.parse(spec, given), axes, seeds, against)
    names = [axis.knob for axis in plan.swept]
    twice = sorted({name for name in names if names.count(name) > 1})
    if twice:
        raise UsageError("A knob is swept twice", f"{', '.join(twice)}.", "Name each knob once.")
    both = sorted({text.partition("=")[0] for text in given} & set(names))
    if both:
        raise UsageError(
            "A knob is set and swept", f"{', '.join(both)}.", "Leave one of the two out."
        )
    _count(plan)
    return plan


def _count(plan: Plan) -> None:
    if plan.seeds < 1:
        raise UsageError("No seeds", f"--seeds is {plan.seeds}.", "Give at least 1.")
    if plan.cells > MOST_CELLS or plan.runs > MOST_RUNS:
        raise UsageError(
            "Too many runs",
            f"{size(plan)} are {plan.runs:,} runs.",
            f"At most {MOST_CELLS:,} cells and {MOST_RUNS:,} runs: take fewer values.",
        )  # fmt: skip


def size(plan: Plan) -> str:
    """How many cells of how many seeds."""
    cells = "1 cell" if plan.cells == 1 else f"{plan.cells:,} cells"
    return f"{cells} of {plan.seeds:,} seed{'s' if plan.seeds > 1 else ''}"


def _counted(values: int) -> str:
    return "1 value" if values == 1 else f"{values:,} values"


def axis(spec: Spec, text: str) -> Axis:
    """Read `KNOB=A..B:log:N`, `KNOB=A..B:lin:N`, `KNOB=a,b,c` or `KNOB=a`. Raises KnobError."""
    name, equals, written = text.partition("=")
    if not equals or not written:
        raise KnobError("Not an axis", f"{text!r} has no values.", _FORMS)
    knob = knobs.knob_of(spec, name)
    raw = _between(knob, written) if ".." in written else written.split(",")
    values = [knobs.checked(knob, value) for value in raw]
    return Axis(name, tuple(dict.fromkeys(values)))


_FORMS = "Write KNOB=A..B:log:N, KNOB=A..B:lin:N, KNOB=a,b,c or KNOB=a."


def _between(knob: Knob, written: str) -> list[Value]:
    """N values from A to B, evenly spaced or evenly scaled; whole ones for a whole-number knob."""
    parts = written.split(":")
    ends = parts[0].split("..")
    if len(parts) != 3 or parts[1] not in ("lin", "log") or len(ends) != 2:
        raise KnobError("Not an axis", f"{written!r} cannot be read.", _FORMS)
    if not isinstance(knob, Int | Real):
        raise KnobError(
            "No numbers between", f"{knob.name} takes {knobs.range_of(knob)}.", "List its values."
        )
    try:
        low, high, count = float(ends[0]), float(ends[1]), int(parts[2])
    except ValueError:
        raise KnobError("Not an axis", f"{written!r} cannot be read.", _FORMS) from None
    if not 1 <= count <= MOST_CELLS:
        raise KnobError(
            "No such number of values", f"{count:,} of {knob.name}.", f"Take 1 to {MOST_CELLS:,}."
        )
    if parts[1] == "log" and not (low > 0.0 and high > 0.0):
        raise KnobError("No logarithm", f"{written!r} reaches 0.", "Begin above 0, or use lin.")
    for end in (low, high):
        knobs.checked(knob, end)
    if low > high:
        raise KnobError(
            "A range that runs backwards", f"{written!r} begins at its larger end.",
            f"Write {ends[1]}..{ends[0]}:{parts[1]}:{count}.",
        )  # fmt: skip
    values = spaced(low, high, count, parts[1] == "log")
    return [round(value) if isinstance(knob, Int) else _short(value) for value in values]


def spaced(low: float, high: float, count: int, log: bool) -> list[float]:
    """So many numbers from low to high: each as much more than the last, or as many times it."""
    if count == 1:
        return [low]
    shares = [i / (count - 1) for i in range(count)]
    if log:
        inner = [low * (high / low) ** share for share in shares]
    else:
        inner = [low + (high - low) * share for share in shares]
    return [low, *inner[1:-1], high]


def _short(value: float) -> float:
    """Eight digits are enough to tell cells apart, and can be read."""
    return float(f"{value:.8g}")
