"""What many runs say: shares with Wilson's interval, means with Student's, differences in pairs."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import NormalDist, fmean, median, stdev
from typing import Any

from demos.sweep import Row
from tutor.lab.sweep.plan import Plan
from tutor.memory.stats import wilson

_Z = NormalDist().inv_cdf(0.975)
# A difference is found at 5 % in 80 of 100 trials with n = (z₀.₉₇₅ + z₀.₈)² (sd / mean)² pairs.
_POWER = (_Z + NormalDist().inv_cdf(0.8)) ** 2


@dataclass(frozen=True, slots=True)
class Cell:
    """The runs of one setting: of its finite numbers the mean, the median and the interval.

    low, high: 95 % interval of the mean; of a number that is only ever 0 or 1, Wilson's.
    median_seed: the run whose number is nearest to the median, the first of them.
    """

    runs: int
    finite: int
    holds: int
    mean: float
    median: float
    low: float
    high: float
    median_seed: int


@dataclass(frozen=True, slots=True)
class Difference:
    """Of pairs of runs, one on each side, that differ in one knob only: second less first.

    The cells of a seed share its luck, so that a seed counts once, with the mean of its cells:
    mean, deviation (of seeds) and the 95 % interval low to high are over seeds. positive: pairs.
    seeds_needed: for 80 % power; unpaired: the same a side without pairs.
    """

    pairs: int
    seeds: int
    mean: float
    deviation: float
    low: float
    high: float
    positive: int
    seeds_needed: int | None
    unpaired: int | None


def student(n: int) -> float:
    """The 97.5 % point of Student's t with n − 1 degrees of freedom (Hill 1970's expansion).

    Within 1 % from three numbers on; infinite for a single one, which has no interval.
    """
    if n < 2:
        return math.inf
    exact = {1: 12.706, 2: 4.303, 3: 3.182, 4: 2.776}
    if n - 1 in exact:
        return exact[n - 1]
    v, z = n - 1, _Z
    return (
        z + (z**3 + z) / (4 * v) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
    )  # fmt: skip


def number(row: Row, metric: str) -> float:
    """A row's number of that name; `holds` is 1 where all verdicts hold."""
    return float(row.holds) if metric == "holds" else row.measured.get(metric, math.nan)


def cell(rows: Sequence[Row], metric: str) -> Cell:
    """The runs of one setting together; numbers that are not finite are counted, not averaged."""
    pairs = [(number(row, metric), row.seed) for row in rows]
    good = [(value, seed) for value, seed in pairs if math.isfinite(value)]
    finite, holds = sum(row.finite for row in rows), sum(row.holds for row in rows)
    if not good:
        return Cell(len(rows), finite, holds, math.nan, math.nan, math.nan, math.nan, rows[0].seed)
    values = [value for value, _ in good]
    mean, middle = fmean(values), median(values)
    if set(values) <= {0.0, 1.0}:
        low, high = wilson(round(sum(values)), len(values))
    else:
        low, high = _of_mean(values)
    nearest = min(good, key=lambda pair: (abs(pair[0] - middle), pair[1]))[1]
    return Cell(len(rows), finite, holds, mean, middle, low, high, nearest)


def by_cell(plan: Plan, rows: Iterable[Row]) -> dict[tuple[Any, ...], list[Row]]:
    """Rows by the values of the swept knobs, in the plan's order; only cells that have rows."""
    found: dict[tuple[Any, ...], list[Row]] = {
        plan.key(settings, 0)[0]: [] for settings in plan.settings()
    }
    for row in rows:
        found[plan.key(row.knobs, 0)[0]].append(row)
    return {values: some for values, some in found.items() if some}


def difference(plan: Plan, rows: Iterable[Row], metric: str) -> Difference | None:
    """Second side less first of the compared knob, pair by pair over all cells and seeds.

    None where fewer than two seeds have a pair that is finite on both sides.
    """
    assert plan.compare is not None
    first, second = plan.compare.values
    sides: dict[Any, dict[Any, float]] = {}
    for row in rows:
        rest = row.seed, tuple(row.knobs[axis.knob] for axis in plan.axes)
        sides.setdefault(rest, {})[row.knobs[plan.compare.knob]] = number(row, metric)
    by_seed: dict[int, list[tuple[float, float]]] = {}
    for (seed, _), side in sides.items():
        pair = side.get(first, math.nan), side.get(second, math.nan)
        if all(map(math.isfinite, pair)):
            by_seed.setdefault(seed, []).append(pair)
    if len(by_seed) < 2:
        return None
    pairs = [pair for some in by_seed.values() for pair in some]
    before, after = ([fmean(pair[i] for pair in some) for some in by_seed.values()] for i in (0, 1))
    gains = [b - a for a, b in zip(before, after, strict=True)]
    mean, deviation = fmean(gains), stdev(gains)
    shares = {value for pair in pairs for value in pair} <= {0.0, 1.0}
    low, high = _between_shares(gains) if shares else _of_mean(gains)
    return Difference(
        len(pairs), len(gains), mean, deviation, low, high, sum(b > a for a, b in pairs),
        _needed(deviation**2, mean), _needed(stdev(before) ** 2 + stdev(after) ** 2, mean),
    )  # fmt: skip


def _of_mean(values: Sequence[float]) -> tuple[float, float]:
    """Student's interval; a single number has none, and its ends are infinite."""
    mean = fmean(values)
    if len(values) < 2:
        return -math.inf, math.inf
    half = student(len(values)) * stdev(values) / math.sqrt(len(values))
    return mean - half, mean + half


def _between_shares(gains: Sequence[float]) -> tuple[float, float]:
    """The interval of a mean of gains from -1 to 1 between paired shares (Agresti and Min 2005).

    Two pairs are added, half a pair for each way that two answers can turn out. So twenty pairs
    that are all alike do not claim that there is no difference at all.
    """
    n, total, squares = len(gains) + 2, sum(gains), sum(gain * gain for gain in gains) + 1.0
    middle = total / n
    half = _Z * math.sqrt((squares / n - middle * middle) / n)
    return max(-1.0, middle - half), min(1.0, middle + half)


def _needed(variance: float, mean: float) -> int | None:
    """None where no number of seeds is enough: there is no difference to be found."""
    return max(2, math.ceil(_POWER * variance / mean**2)) if mean else None
