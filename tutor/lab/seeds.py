"""On how many seeds a demo's verdicts hold, to stand beside those of a single run.

Either with the default knobs, as the sweep of `docs/seeds.md` recorded it in `demos/seeds.json`, or
with any knobs, as a crowd found it since the program was started.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from demos import catalog
from demos.base import Spec, Value

if TYPE_CHECKING:
    from demos.sweep import Row
    from tutor.lab.experiment import Turn

FILE = catalog.FOLDER / "seeds.json"
Setting = tuple[str, frozenset[tuple[str, Value]]]
_found: dict[Setting, Share] = {}


@dataclass(frozen=True, slots=True)
class Share:
    """Of so many seeds, how many hold."""

    hold: int
    of: int

    def beside(self, holds: bool) -> str:
        """What follows the word on a single run: "so do 97 of 100 seeds"."""
        word = "so do" if holds else "it holds on"
        return f"{word} {self.hold} of {self.of} seeds"


@cache
def recorded() -> dict[str, tuple[Share, ...]]:
    """For each demo in which chance plays a part a share for each verdict, with default knobs."""
    table: dict[str, dict[str, Any]] = json.loads(FILE.read_text(encoding="utf-8"))
    return {
        demo: tuple(Share(hold, found["runs"]) for hold in found["hold"])
        for demo, found in table.items()
    }


def of_each(
    spec: Spec, knobs: Mapping[str, Value], turns: Sequence[Turn], verdicts: int
) -> tuple[Share | None, ...]:
    """For each verdict of a run what was recorded; None for what was not, or not with such knobs.

    A run whose knobs were turned on the way is like no other.
    """
    known = recorded().get(spec.name, ())
    alike = dict(knobs) == spec.defaults() and not turns and len(known) == verdicts
    return known if alike else (None,) * verdicts


def of_all(spec: Spec, knobs: Mapping[str, Value], turns: Sequence[Turn]) -> Share | None:
    """On how many other seeds all verdicts held in a crowd with these knobs, if there was one."""
    return None if turns else _found.get(_setting(spec, knobs))


def keep(spec: Spec, knobs: Mapping[str, Value], others: Iterable[Row]) -> None:
    """Keep what a crowd found, for as long as the program runs."""
    holds = [row.holds for row in others]
    _found[_setting(spec, knobs)] = Share(sum(holds), len(holds))


def _setting(spec: Spec, knobs: Mapping[str, Value]) -> Setting:
    return spec.name, frozenset(knobs.items())
