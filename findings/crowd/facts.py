"""The numbers that cards and lessons take from crowds, each with the sweep that gives it.

`python -m findings.crowd.facts` runs all of them, some minutes, and fails where one is off;
`--quick` runs those that take seconds.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from findings.crowd import luck
from tutor import paths
from tutor.lab.sweep import plan, running


@dataclass(frozen=True, slots=True)
class Fact:
    """A number of a sweep's summary: between `least` and `most`, as a card says it.

    measured: where it comes from no sweep, what gives it.
    """

    name: str
    demo: str
    told: Callable[[dict[str, Any]], float]
    least: float
    most: float
    settings: tuple[str, ...] = ()
    over: tuple[str, ...] = ()
    seeds: int = 512
    compare: str = ""
    metric: str | None = None
    quick: bool = True
    measured: Callable[[], float] | None = None


def mean(summary: dict[str, Any]) -> float:
    """The mean over the seeds of the only cell."""
    return float(summary["cells"][0]["mean"])


def spread(summary: dict[str, Any]) -> float:
    """How far the means of the cells lie apart."""
    means = [cell["mean"] for cell in summary["cells"]]
    return float(max(means) - min(means))


def positive(summary: dict[str, Any]) -> float:
    """The share of pairs in which the second side has more."""
    found = summary["compare"]["difference"]
    return float(found["positive"] / found["pairs"])


def needed(summary: dict[str, Any]) -> float:
    """Pairs of seeds for 80 % power."""
    return float(summary["compare"]["difference"]["seeds_needed"])


def unpaired(summary: dict[str, Any]) -> float:
    """Runs a side for the same without pairs."""
    return float(summary["compare"]["difference"]["unpaired"])


def mixed(summary: dict[str, Any]) -> float:
    """The share of cells in which a tenth to nine tenths of the seeds have it."""
    means = [cell["mean"] for cell in summary["cells"]]
    return float(sum(0.1 <= mean <= 0.9 for mean in means) / len(means))


FACTS = (
    Fact("2-2-1 tanh solves XOR from Xavier's start", "xor", mean, 0.66, 0.75),
    Fact("and no rate from 0.3 to 5 changes that by more than", "xor", spread, 0.0, 0.04,
         over=("learning_rate=0.3..5:log:5",)),
    Fact("from a start ten times smaller, in 2,000 steps", "xor", mean, 0.83, 0.93,
         ("init_scale=0.1",)),
    Fact("from a start ten times larger", "xor", mean, 0.10, 0.35, ("init_scale=10",)),
    Fact("with a third unit", "xor", mean, 0.96, 1.0, ("hidden_units=3",)),
    Fact("with two ReLU units", "xor", mean, 0.20, 0.32, ("activation=relu",)),
    Fact("with two sigmoid units", "xor", mean, 0.76, 0.92, ("activation=sigmoid",)),
    Fact("8 units have less test loss than 32 in so many pairs of seeds", "overfit",
         lambda summary: 1.0 - positive(summary), 0.90, 1.0, seeds=64,
         compare="hidden_units=32,8", metric="test_now", quick=False),
    Fact("but more test accuracy in only so many", "overfit", positive, 0.50, 0.80, seeds=64,
         compare="hidden_units=32,8", metric="test_accuracy", quick=False),
    Fact("that gain is seen with so many pairs of seeds", "overfit", needed, 15, 35, seeds=64,
         compare="hidden_units=32,8", metric="test_accuracy", quick=False),
    Fact("or with so many runs a side without pairs", "overfit", unpaired, 60, 120, seeds=64,
         compare="hidden_units=32,8", metric="test_accuracy", quick=False),
    Fact("so many cells of a map of rate by start are mixed", "xor", mixed, 0.65, 0.78, seeds=64,
         over=("learning_rate=0.01..5:log:12", "init_scale=0.05..8:log:10")),
    Fact("other examples move the clinic's test loss so many times as much as other starts",
         "overfit", mean, 1.5, 2.4, quick=False, measured=luck.ratio),
)  # fmt: skip


def found(fact: Fact) -> float:
    """Run a fact's sweep; its number."""
    if fact.measured is not None:
        return fact.measured()
    planned = plan.make(fact.demo, fact.settings, fact.over, fact.seeds, fact.compare)
    metric = fact.metric or planned.spec.deciding
    sweep = running.Sweep(planned, metric, "threads", 2)
    sweep.run(lambda rows: None)
    return fact.told(sweep.summary())


def main() -> int:
    """Print each fact with its number; 1 if any is off."""
    reader = argparse.ArgumentParser(description=__doc__)
    reader.add_argument("--quick", action="store_true")
    quick = reader.parse_args().quick
    paths.use_kernel_cache(paths.cache_dir())
    off = 0
    for fact in FACTS:
        if fact.quick or not quick:
            number = found(fact)
            fits = fact.least <= number <= fact.most
            off += not fits
            bounds = f"({fact.least:g} to {fact.most:g})"
            print(f"{'ok ' if fits else 'OFF'} {number:8.3f} {bounds:16} {fact.name}", flush=True)
    return 1 if off else 0


if __name__ == "__main__":
    sys.exit(main())
