"""A demo run to its end without a screen: its numbers and verdicts as plain data.

For one machine and one seed the numbers are always the same; only `seconds` differs.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Mapping
from typing import Any

from demos.base import Verdict
from tutor.lab import knobs, link
from tutor.lab.experiment import Experiment


def run(name: str, settings: Iterable[str] = (), seed: int = 0) -> dict[str, Any]:
    """Run a demo until it is complete and report it. Raises NotFoundError, KnobError."""
    return report(*finished(name, settings, seed))


def finished(name: str, settings: Iterable[str] = (), seed: int = 0) -> tuple[Experiment, float]:
    """A demo run until it is complete, and the seconds that took. Raises as `run` does."""
    experiment = Experiment(name, knobs.parse(link.find(name), settings), seed)
    began = time.perf_counter()
    experiment.advance(experiment.remaining)
    return experiment, time.perf_counter() - began


def report(experiment: Experiment, seconds: float) -> dict[str, Any]:
    """The numbers and the verdicts of a run.

    `diverged` is null, or the step, the place and the knob to turn back; a run that diverged has
    the numbers of its last finite state and no verdicts.
    """
    result, diverged = experiment.result, experiment.diverged
    return {
        "demo": experiment.spec.name,
        "seed": experiment.seed,
        "knobs": experiment.knobs,
        "steps": experiment.step,
        "seconds": round(seconds, 3),
        "measured": finite(result.measured if result else experiment.run.measured()),
        "verdicts": [verdict_json(verdict) for verdict in result.verdicts] if result else [],
        "diverged": diverged and {
            "step": diverged.step, "where": diverged.where,
            "knob": diverged.knob, "advice": diverged.advice,
        },
    }  # fmt: skip


def finite(numbers: Mapping[str, float]) -> dict[str, float | None]:
    """The same numbers, null where JSON has no word for one (infinite, not a number)."""
    return {name: value if math.isfinite(value) else None for name, value in numbers.items()}


def verdict_json(verdict: Verdict) -> dict[str, Any]:
    """A verdict with its number, its threshold and whether it holds."""
    return {
        "claim": verdict.claim,
        "value": verdict.value,
        "relation": verdict.relation,
        "threshold": verdict.threshold,
        "holds": verdict.holds,
    }
