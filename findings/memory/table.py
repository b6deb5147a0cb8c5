"""Runs every schedule under every truth and prints the table of docs/memory.md.

`python -m findings.memory.table [LEARNERS] [SEED]`; 4 learners and seed 7 if not said. Without a
graphics card and in a few minutes of CPU time, nearly all of which are the fits.
"""

from __future__ import annotations

import sys
import time

import numpy as np

from findings.memory.arrays import Floats
from findings.memory.minds import MINDS
from findings.memory.schedules import Boxes, Fsrs, Policy, Tutor
from findings.memory.year import UNITS, Result, Year


def main(learners: int = 4, seed: int = 7) -> None:
    """Print a row for each truth as soon as it is there."""
    head = (
        "truth", "Anki's defaults", "tutor", "known/h, tutor / Anki", "boxes",
        "tutor, minutes used", "known, tutor - boxes",
    )  # fmt: skip
    print(f"| {' | '.join(head)} |\n|{' --- |' * len(head)}")
    started = time.process_time()
    for name in MINDS:
        print(f"| {name} | {' | '.join(_row(Year(MINDS[name][0], learners, seed)))} |", flush=True)
    print(f"\n{learners} learners, seed {seed}, {time.process_time() - started:.0f} s of CPU time")


def _row(year: Year) -> list[str]:
    many, none = year.learners, np.zeros(year.learners)
    anki, boxes = year.run(Fsrs(many, UNITS)), year.run(Boxes(many, UNITS))
    plain = year.run(Tutor(many, UNITS, Policy(), none))
    # What is left of the boxes' minutes, spread over the days after the course is through.
    before = plain.minutes - plain.later
    spare = np.maximum(boxes.minutes - before, 0) / np.maximum(plain.days, 1)
    filled = year.run(Tutor(many, UNITS, Policy(), spare))
    per_hour = np.log((plain.known / plain.minutes) / (anki.known / anki.minutes))
    low, high = _interval(per_hour)
    ratio = f"{np.exp(per_hour.mean()):.2f} ({np.exp(low):.2f} to {np.exp(high):.2f})"
    more = filled.known - boxes.known
    low, high = _interval(more)
    return [
        _told(anki), _told(plain), ratio, _told(boxes), _told(filled),
        f"{more.mean():+.1f} ({low:+.1f} to {high:+.1f})",
    ]  # fmt: skip


def _told(result: Result) -> str:
    return f"{result.known.mean():.0f} in {result.minutes.mean() / 60:.1f} h"


def _interval(values: Floats) -> tuple[float, float]:
    """The 95 % interval of a mean over learners."""
    half = 1.96 * values.std(ddof=1) / np.sqrt(len(values))
    return float(values.mean() - half), float(values.mean() + half)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
