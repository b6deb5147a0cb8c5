"""What the results say of each verdict: how often it holds, and where its threshold stands."""

from __future__ import annotations

import math
import statistics
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from findings.seeds.cases import Case, Judged
from findings.seeds.results import Key, Result

# How far from 0.5 a threshold may stand between the two behaviours and still be called halfway.
FAR = 0.15


@dataclass(frozen=True, slots=True)
class Row:
    """One verdict of a case with its runs: rightly set, and wrongly set."""

    case: Case
    judged: Judged
    right_results: tuple[Result, ...]
    wrong_results: tuple[Result, ...]

    @property
    def runs(self) -> int:
        """How many seeds were run with the right setting."""
        return len(self.right_results)

    @property
    def seeds(self) -> list[int]:
        """The seeds of those."""
        return [result.seed for result in self.right_results]

    @property
    def failing(self) -> list[int]:
        """The seeds on which the verdict does not hold with the right setting."""
        return [r.seed for r in self.right_results if not r.holds(self.judged.key)]

    @property
    def wrong_runs(self) -> int:
        """How many seeds were run with the wrong setting."""
        return len(self.wrong_results)

    @property
    def wrong_fails(self) -> int:
        """On how many of them the verdict fails, as it must."""
        return sum(not r.holds(self.judged.key) for r in self.wrong_results)

    @property
    def right(self) -> list[float]:
        """The numbers with the right setting."""
        return self._numbers(self.right_results)

    @property
    def wrong(self) -> list[float]:
        """The numbers with the wrong setting."""
        return self._numbers(self.wrong_results)

    @property
    def lost(self) -> int:
        """How many wrong runs have no number, because they diverged."""
        return len(self.wrong_results) - len(self.wrong)

    def _numbers(self, runs: Iterable[Result]) -> list[float]:
        found = (run.verdicts.get(self.judged.key) for run in runs)
        return [n[0] for n in found if n is not None and n[0] is not None]

    @property
    def relation(self) -> str:
        """Of the number to the threshold, as a sign."""
        signs = {"<=": "≤", ">=": "≥", "==": "="}
        found = {r.verdicts[self.judged.key][1] for r in self.right_results if r.verdicts}
        return " ".join(signs.get(relation, relation) for relation in sorted(found))

    @property
    def thresholds(self) -> list[float]:
        """One for each run: a bound may depend on the data."""
        return [r.verdicts[self.judged.key][2] for r in self.right_results if r.verdicts]

    @property
    def ends(self) -> tuple[float, float] | None:
        """The wrong and the right median, on the scale on which halfway is measured."""
        if not self.right or not self.wrong or self.judged.scale == "border":
            return None
        apart = self.judged.apart
        wrong = statistics.median(self.wrong) if apart is None else apart
        right = statistics.median(self.right)
        if self.judged.scale == "linear":
            return wrong, right
        return (math.log(wrong), math.log(right)) if min(wrong, right) > 0 else None

    @property
    def halfway(self) -> float | None:
        """The number in the middle between the two behaviours."""
        if self.ends is None:
            return None
        middle = sum(self.ends) / 2
        return math.exp(middle) if self.judged.scale == "log" else middle

    @property
    def place(self) -> float | None:
        """Where the threshold stands: 0 at the wrong median, 1 at the right one."""
        if self.ends is None or self.ends[0] == self.ends[1]:
            return None
        threshold = statistics.median(self.thresholds)
        at = math.log(threshold) if self.judged.scale == "log" else threshold
        return (at - self.ends[0]) / (self.ends[1] - self.ends[0])

    @property
    def far(self) -> bool:
        """Whether the threshold stands away from halfway."""
        return self.place is not None and abs(self.place - 0.5) > FAR


def rows_of(cases: Iterable[Case], found: Mapping[Key, Result]) -> list[Row]:
    """A row for each verdict of each case that was run."""
    runs: dict[tuple[str, str | None], list[Result]] = {}
    for result in sorted(found.values(), key=lambda result: result.at):
        runs.setdefault((result.demo, result.setting), []).append(result)
    return [
        Row(case, judged, tuple(right), tuple(runs.get((case.demo, judged.wrong), ())))
        for case in cases
        for judged in case.verdicts
        if (right := runs.get((case.demo, case.right)))
    ]
