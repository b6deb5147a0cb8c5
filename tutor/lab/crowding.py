"""The thread behind the crowd page: other seeds of one run, then a map over two knobs.

Rows are only ever added, by this thread; the page reads them and the `version`, which rises.
"""

from __future__ import annotations

import math
import threading
import time
import traceback
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from demos import sweep
from demos.base import Choice, Flag, Int, Knob, Real, Spec, StoppedError, Value
from demos.sweep import Row
from tutor.lab import seeds
from tutor.lab.sweep import engines
from tutor.lab.sweep.plan import Member, spaced
from tutor.lab.sweep.statistics import Cell, cell, number

OTHERS = 100
FIRST_SEEDS, MOST_SEEDS = 8, 256
# Runs that train together are done in portions of whole blocks, each for so many seconds, so that
# the page hears of them soon.
_BLOCK, _MOMENT = 16, 0.2


@dataclass(frozen=True, slots=True)
class Axes:
    """Two knobs with their values: rows of the map from below, columns from the left."""

    down: Knob
    across: Knob
    rows: tuple[Value, ...]
    columns: tuple[Value, ...]


Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Work:
    """A portion of runs: other seeds, or cells of a map, whose places they have."""

    members: list[Member]
    places: Sequence[Place] = ()
    axes: Axes | None = None


class Crowding:
    """Runs of a demo beside the learner's own, trained in a thread of its own.

    others: rows of seeds 0 to 100 but the learner's; own: the learner's row. cells: rows by place
    on the map, (row, column). is_share: every number so far is 0 or 1. seeds: how many a cell shall
    have. error: why it stopped, if it did.
    """

    def __init__(
        self, spec: Spec, knobs: Mapping[str, Value], seed: int, shape: tuple[int, int], held: Knob
    ) -> None:
        self.spec, self.knobs, self.seed, self.shape = spec, dict(knobs), seed, shape
        self.metric = spec.deciding or "holds"
        self.own: Row | None = None
        self.others: list[Row] = []
        self.cells: dict[Place, list[Row]] = {}
        self.seeds, self.version, self.runs, self.busy, self.error = FIRST_SEEDS, 0, 0, True, ""
        self.seconds = 0.0
        self.is_share = True
        self._told: dict[Place, Cell] = {}
        self._choices = pairs_of(spec, held)
        self._chosen = 0
        self.axes = self._axes()
        self._mapped, self._from = False, self.here()
        self._pace = 0.0  # seconds a run
        self._wake, self._stopping = threading.Event(), threading.Event()
        self._threads = engines.workers(None)
        self._thread = threading.Thread(target=self._live, name="crowd", daemon=True)

    def start(self) -> None:
        """Begin with the other seeds."""
        self._thread.start()

    def stop(self) -> None:
        """End after the portion that is under way."""
        self._stopping.set()
        self._wake.set()

    def more(self) -> None:
        """Twice as many seeds in every cell."""
        self.seeds = min(MOST_SEEDS, 2 * self.seeds)
        self._wake.set()

    def turn(self, direction: int) -> None:
        """Another pair of knobs, and its map from the start."""
        if len(self._choices) > 1:
            self._chosen = (self._chosen + direction) % len(self._choices)
            self.axes, self.seeds = self._axes(), FIRST_SEEDS
            self.cells, self._told, self._from = {}, {}, self.here()
            self.version += 1
            self._wake.set()

    def _axes(self) -> Axes | None:
        if not self._choices:
            return None
        down, across = self._choices[self._chosen]
        rows, columns = self.shape
        own = self.knobs[down.name], self.knobs[across.name]
        return Axes(
            down, across, _through(own[0], values_of(down, rows)),
            _through(own[1], values_of(across, columns)),
        )  # fmt: skip

    def here(self) -> Place:
        """The cell nearest to the learner's own run."""
        if self.axes is None:
            return 0, 0
        knobs = (self.axes.down, self.axes.rows), (self.axes.across, self.axes.columns)
        row, column = (_nearest(values, self.knobs[knob.name]) for knob, values in knobs)
        return row, column

    def settings(self, place: Place) -> dict[str, Value]:
        """All knobs of a cell."""
        assert self.axes is not None
        changed = {
            self.axes.down.name: self.axes.rows[place[0]],
            self.axes.across.name: self.axes.columns[place[1]],
        }
        return {**self.knobs, **changed}

    def numbers(self, rows: Sequence[Row]) -> list[float]:
        """The number that is told, of each row."""
        return [number(row, self.metric) for row in rows]

    def told(self, place: Place) -> Cell | None:
        """What the runs of a cell say together; None while there are none."""
        rows, known = self.cells.get(place), self._told.get(place)
        if not rows:
            return None
        if known is None or known.runs != len(rows):
            known = self._told[place] = cell(list(rows), self.metric)
        return known

    def look_at(self, mapped: bool, place: Place) -> None:
        """Which is wanted first: the map, from this cell on, or the other seeds."""
        self._mapped, self._from = mapped, place
        self._wake.set()

    def _live(self) -> None:
        try:
            while not self._stopping.is_set():
                while (work := self._next()) is not None:
                    self._measure(work)
                self.busy = False
                self.version += 1
                self._wake.wait()
                self._wake.clear()
                self.busy = True
        except StoppedError:
            self.busy = False
        except Exception:
            self.error, self.busy = traceback.format_exc(limit=-2), False
            self.version += 1

    def _measure(self, work: Work) -> None:
        """Do a portion; one of a map that was left meanwhile is dropped."""

        def stop() -> bool:
            return self._stopping.is_set() or (bool(work.places) and work.axes is not self.axes)

        began = time.perf_counter()
        try:
            rows = sweep.measure(self.spec.name, work.members, threads=self._threads, stop=stop)
        except StoppedError:
            if self._stopping.is_set():
                raise
            return
        spent = time.perf_counter() - began
        self.seconds += spent
        if self._stopping.is_set():
            raise StoppedError
        if self.runs:  # the first portion may have compiled
            self._pace = spent / len(rows)
        self._take(rows, work.places, work.axes)

    def _take(self, rows: list[Row], places: Sequence[Place], axes: Axes | None) -> None:
        if places and axes is self.axes:
            for row, place in zip(rows, places, strict=True):
                self.cells.setdefault(place, []).append(row)
        elif not places:
            for row in rows:
                if row.seed == self.seed:
                    self.own = row
                else:
                    self.others.append(row)
            seeds.keep(self.spec, self.knobs, self.others)
        self.is_share &= {n for n in self.numbers(rows) if math.isfinite(n)} <= {0.0, 1.0}
        self.runs += len(rows)
        self.version += 1

    def _next(self) -> Work | None:
        """What is missing and most wanted; None once all is there."""
        if self._mapped:
            return self._next_cells() or self._next_others()
        return self._next_others() or self._next_cells()

    def _portion(self) -> int:
        """So many runs that they take a moment, in whole blocks where they train together."""
        if not sweep.has_crowd(self.spec.name):
            return 1
        fitting = int(_MOMENT / self._pace) if self._pace else 0
        return max(_BLOCK, fitting - fitting % _BLOCK)

    def _next_others(self) -> Work | None:
        """The learner's own run, then other seeds."""
        known = {row.seed for row in self.others}
        if self.own is not None:
            known.add(self.seed)
        wanted = [self.seed, *(seed for seed in range(OTHERS + 1) if seed != self.seed)]
        missing = [seed for seed in wanted[: OTHERS + 1] if seed not in known]
        some = missing[: self._portion()]
        return Work([(dict(self.knobs), seed) for seed in some]) if some else None

    def _next_cells(self) -> Work | None:
        """Cells that have fewest seeds, one seed more, from the cell in hand outwards.

        So the map is there coarsely first, and cells of a seed train side by side.
        """
        axes, (row, column) = self.axes, self._from
        if axes is None:
            return None
        places = [(r, c) for r in range(len(axes.rows)) for c in range(len(axes.columns))]
        counts = {place: len(self.cells.get(place, ())) for place in places}
        seed = min(counts.values())
        if seed >= self.seeds:
            return None
        fewest = [place for place in places if counts[place] == seed]
        fewest.sort(key=lambda place: max(abs(place[0] - row), abs(place[1] - column)))
        some = fewest[: self._portion()]
        return Work([(self.settings(place), seed) for place in some], some, axes)


def pairs_of(spec: Spec, held: Knob) -> list[tuple[Knob, Knob]]:
    """Pairs of knobs for a map, the most telling first: the rate with the start, or what is held.

    A map needs two knobs with values in order, or words.
    """
    able = [knob for knob in spec.knobs if isinstance(knob, Int | Real | Choice | Flag)]
    first = next((knob for knob in able if knob.name == "learning_rate"), None)
    second = next((knob for knob in able if knob.name == "init_scale"), None)
    if first is None:
        first = held if held in able else next(iter(able), None)
    pairs: list[tuple[Knob, Knob]] = []
    if first is not None:
        others = [knob for knob in able if knob is not first]
        wanted = second or (held if held is not first and held in able else None)
        others.sort(key=lambda knob: knob is not wanted)
        pairs += [(first, other) for other in others]
    return pairs


def values_of(knob: Knob, count: int) -> tuple[Value, ...]:
    """At most `count` values of a knob, from its least to its greatest."""
    match knob:
        case Choice():
            return knob.choices[:count]
        case Flag():
            return (False, True)
        case Int():
            steps = spaced(0.0, float((knob.max - knob.min) // knob.step), count, log=False)
            return tuple(dict.fromkeys(knob.min + round(step) * knob.step for step in steps))
        case Real():
            numbers = spaced(knob.min, knob.max, count, knob.log)
            inner = [float(f"{value:.3g}") for value in numbers[1:-1]]
            return tuple(dict.fromkeys([knob.min, *inner, knob.max]))
    return (knob.default,)


def _through(own: Value, values: tuple[Value, ...]) -> tuple[Value, ...]:
    """The values, the one nearest to the learner's own replaced by it: a cell is their run's."""
    if own in values or isinstance(own, str):
        return values
    nearest = _nearest(values, own)
    return (*values[:nearest], own, *values[nearest + 1 :])


def _nearest(values: Sequence[Value], value: Value) -> int:
    """The place of the value nearest to another; numbers above 0 by their ratio."""
    if value in values or isinstance(value, str):
        return values.index(value) if value in values else 0
    numbers = [float(v) for v in values]
    if min(numbers) > 0.0 < float(value):
        return min(range(len(numbers)), key=lambda i: max(numbers[i] / float(value),
                                                          float(value) / numbers[i]))  # fmt: skip
    return min(range(len(numbers)), key=lambda i: abs(numbers[i] - float(value)))
