"""A sweep from its plan to its summary: rows as they come, kept at once, nothing done twice."""

from __future__ import annotations

import dataclasses
import math
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from demos import catalog, sweep
from demos.base import DivergedError
from demos.sweep import Row
from tutor.errors import UsageError
from tutor.lab.headless import finite
from tutor.lab.sweep import engines, statistics
from tutor.lab.sweep.plan import Key, Member, Plan
from tutor.lab.sweep.rows import File

OnRows = Callable[[list[Row]], None]
# How much sooner sixteen networks in lanes are done than one after the other, about.
_CROWD = 12.0
_PROBE = 0.2


@dataclass
class Sweep:
    """A plan being carried out.

    no_card: why no card trains, where one might have. rows: all there are, those of an earlier try
    included. new: how many are of this one.
    """

    plan: Plan
    metric: str
    engine: str
    workers: int
    file: File | None = None
    cluster: str = ""
    no_card: str = ""
    rows: dict[Key, Row] = field(default_factory=dict)
    new: int = 0
    seconds: float = 0.0

    def run(self, on_rows: OnRows) -> None:
        """Do what is missing; `on_rows` hears each portion when it is kept."""
        began = time.perf_counter()
        together = engines.CARD_TOGETHER if self.engine == "cuda" else sweep.TOGETHER
        portions = self.plan.portions(self.rows, together)
        try:
            for found in self._work(portions):
                if self.file:
                    self.file.add(found)
                for row in found:
                    self.rows[self.plan.key(row.knobs, row.seed)] = row
                self.new += len(found)
                self.seconds = time.perf_counter() - began
                on_rows(found)
        finally:
            self.seconds = time.perf_counter() - began

    def _work(self, portions: Iterator[list[Member]]) -> Iterator[list[Row]]:
        if self.engine == "dask":
            from tutor.lab.sweep.cluster import in_cluster

            return in_cluster(self.plan, portions, self.cluster)
        work = {"processes": engines.in_processes, "cuda": engines.on_card}.get(
            self.engine, engines.in_threads
        )
        return work(self.plan, portions, self.workers)

    def left(self) -> float:
        """Seconds until all is done, by the pace so far; infinite before the first row."""
        missing = self.plan.runs - len(self.rows)
        return missing * self.seconds / self.new if self.new else math.inf

    def summary(self) -> dict[str, Any]:
        """What the rows say together, as plain data."""
        rows = list(self.rows.values())
        found: dict[str, Any] = {
            "demo": self.plan.spec.name,
            "runs": len(rows),
            "of": self.plan.runs,
            "finite": sum(row.finite for row in rows),
            "holds": sum(row.holds for row in rows),
            "metric": self.metric,
            "cells": list(self._cells(rows)),
            "compare": None,
            "engine": self.engine,
            "no_card": self.no_card or None,
            "seconds": round(self.seconds, 3),
        }
        if self.plan.compare:
            difference = statistics.difference(self.plan, rows, self.metric)
            numbers = dataclasses.asdict(difference) if difference else None
            found["compare"] = {
                "knob": self.plan.compare.knob, "values": list(self.plan.compare.values),
                "difference": numbers,
            }  # fmt: skip
        return found

    def _cells(self, rows: list[Row]) -> Iterator[dict[str, Any]]:
        names = [axis.knob for axis in self.plan.swept]
        for values, some in statistics.by_cell(self.plan, rows).items():
            cell = dataclasses.asdict(statistics.cell(some, self.metric))
            floats = finite({k: v for k, v in cell.items() if isinstance(v, float)})
            yield {"knobs": dict(zip(names, values, strict=True)), **cell, **floats}


def metric_of(plan: Plan, name: str | None) -> str:
    """The number that is told: as named, or the demo's own, or whether all verdicts hold.

    Raises UsageError, with those there are, before anything is run.
    """
    if not name:
        return plan.spec.deciding or "holds"
    if name == "holds" or name in (known := _numbers(plan, whole=False)):
        return name
    known = _numbers(plan, whole=True)
    if name in known:
        return name
    raise UsageError(
        "No such number", f"{plan.spec.name} measures no {name!r}.",
        f"There are: {', '.join(known)}, holds.",
    )  # fmt: skip


def _numbers(plan: Plan, whole: bool) -> list[str]:
    """The names that a run measures at its start, or at its end: some are only there then."""
    if whole:
        return list(sweep.alone(plan.spec.name, next(plan.settings()), 0).measured)
    run = catalog.run_class(plan.spec.name)(next(plan.settings()), 0)
    return list(run.measured())


def estimate(plan: Plan, workers: int) -> float:
    """About how many seconds a plan takes: from the first steps of one run, a fifth of a second."""
    run = catalog.run_class(plan.spec.name)(next(plan.settings()), 0)
    steps, done, began = plan.spec.steps, 0, time.perf_counter()
    try:
        run.step(1)  # compiles, perhaps
        began = time.perf_counter()
        while done < steps and time.perf_counter() - began < _PROBE:
            run.step(max(1, steps // 200))
            done += max(1, steps // 200)
    except DivergedError:
        pass
    each = (time.perf_counter() - began) * steps / max(done, 1)
    if sweep.has_crowd(plan.spec.name):
        each /= _CROWD
    return each * plan.runs / workers


def in_words(seconds: float) -> str:
    """How long something takes: minutes from 90 s on; `?` for what nobody knows yet."""
    if math.isinf(seconds):
        return "?"
    return f"{seconds / 60:.0f} min" if seconds > 90 else f"{seconds:.0f} s"


def start(
    plan: Plan, metric: str, engine: str, workers: int, kept: Path | None, cluster: str = "",
    no_card: str = "",
) -> Sweep:  # fmt: skip
    """A sweep with the rows that `kept`, a file, already has."""
    file = File(kept, plan) if kept else None
    rows = file.load() if file else {}
    return Sweep(plan, metric, engine, workers, file, cluster, no_card, rows)
