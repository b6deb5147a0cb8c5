"""The file of results: one JSON line for each demo, setting and seed; the last one counts."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import cast

from demos.base import Verdict

FILE = Path(__file__).with_name("results.jsonl")
DIGITS = 7

Number = tuple[float | None, str, float]
Key = tuple[str, str, int]


@dataclass(frozen=True, slots=True)
class Result:
    """One run to its end.

    sources: a hash of the code that the demo was made of, see `fresh`.
    verdicts: for each, by its short name, the number (None: not finite), relation and threshold;
        none if the run diverged.
    """

    demo: str
    setting: str
    seed: int
    seconds: float
    sources: str
    verdicts: dict[str, Number]

    @property
    def at(self) -> Key:
        """What was run."""
        return self.demo, self.setting, self.seed

    def holds(self, key: str) -> bool:
        """Whether the run got so far as to be judged, and the verdict holds."""
        value, relation, threshold = self.verdicts.get(key, (None, "==", 0.0))
        return value is not None and Verdict("", value, relation, threshold).holds  # type: ignore[arg-type]


def rounded(number: float) -> float:
    """Seven digits: enough to tell on which side of a threshold it lies."""
    return float(f"{number:.{DIGITS}g}")


def line(result: Result) -> str:
    """A result as a line of the file."""
    return json.dumps(asdict(result), separators=(",", ":"), allow_nan=False) + "\n"


def load(file: Path) -> dict[Key, Result]:
    """All results, by what was run; a last line that was cut off is left out."""
    if not file.exists():
        return {}
    found = {}
    for text in file.read_text(encoding="utf-8").splitlines(keepends=True):
        if text.endswith("\n"):
            raw = json.loads(text)
            verdicts = {key: cast(Number, tuple(n)) for key, n in raw.pop("verdicts").items()}
            result = Result(**raw, verdicts=verdicts)
            found[result.at] = result
    return found


def save(file: Path, results: Iterable[Result]) -> None:
    """Write the file anew, in order, so that two sweeps of the same demos differ in little."""
    new = file.with_suffix(".new")
    ordered = sorted(results, key=lambda result: result.at)
    new.write_text("".join(map(line, ordered)), encoding="utf-8")
    new.replace(file)
