"""A row of the table: who was asked what, how to ask it again, and what was answered then."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

# Answers are recorded with six digits; those that were drawn at random agree to this share only.
EXACT, DRAWN = 1e-4, 0.08
# What rounding leaves of a zero.
NOTHING = 1e-8


@dataclass(frozen=True, slots=True)
class Row:
    """`ask()` gave `recorded`: a number, a word, a truth, None, or a list of such."""

    framework: str
    question: str
    ask: Callable[[], Any]
    recorded: Any
    drawn: bool = False

    def difference(self) -> str:
        """What is told of a row that is answered in another way now; nothing if it agrees."""
        try:
            seen = self.ask()
        except Exception as error:
            seen = f"{type(error).__name__}: {error}".splitlines()[0]
        if same(seen, self.recorded, DRAWN if self.drawn else EXACT):
            return ""
        return f"{self.framework}: {self.question}: recorded {self.recorded}, now {seen}"


def same(seen: Any, recorded: Any, share: float) -> bool:
    """Whether two answers agree, numbers to this share, lists place by place."""
    if isinstance(recorded, Mapping):
        return isinstance(seen, Mapping) and all(
            key in seen and same(seen[key], value, share) for key, value in recorded.items()
        )
    if isinstance(recorded, (list, tuple)):
        return isinstance(seen, Sequence) and _same_lists(seen, recorded, share)
    if isinstance(recorded, (bool, str)) or recorded is None:
        return bool(seen == recorded)
    if not isinstance(seen, (int, float)):
        return False
    if math.isnan(recorded):
        return math.isnan(seen)
    return math.isclose(seen, recorded, rel_tol=share, abs_tol=NOTHING)


def _same_lists(seen: Sequence[Any], recorded: Sequence[Any], share: float) -> bool:
    if isinstance(seen, str) or len(seen) != len(recorded):
        return False
    return all(same(one, other, share) for one, other in zip(seen, recorded, strict=True))


def compare(rows: Iterable[Row]) -> tuple[int, list[str]]:
    """How many rows were asked, and a line for each that is answered in another way."""
    lines = [row.difference() for row in rows]
    return len(lines), [line for line in lines if line]


def error_of(ask: Callable[[], Any]) -> str:
    """The name of the error that this raises, or "none"."""
    try:
        ask()
    except Exception as error:
        return type(error).__name__
    return "none"
