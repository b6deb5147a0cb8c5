"""Many runs of a demo: by its crowd where it has one, else one after the other.

A row says which knobs and seed, what was measured, whether all numbers stayed finite, and whether
every verdict holds. It is plain data, so that it may come from another process or machine.
"""

from __future__ import annotations

import importlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from demos import catalog
from demos.base import DivergedError, Knobs, Stop, StoppedError, Value, strides

CROWDS = Path(__file__).resolve().parent / "crowds"
# Runs that train together at most: enough to keep threads busy, few enough to hear of soon.
TOGETHER = 1024
# How often on its way a run that may be stopped asks whether it is.
_HEEDS = 100


@dataclass(frozen=True, slots=True)
class Row:
    """One run at its end."""

    knobs: dict[str, Value]
    seed: int
    measured: dict[str, float]
    finite: bool
    holds: bool


def has_crowd(demo: str) -> bool:
    """Whether the runs of a demo can train together."""
    return (CROWDS / catalog.source(demo).name).is_file()


def measure(
    demo: str, members: Sequence[tuple[Knobs, int]], *, threads: int = 1, together: bool = True,
    on_card: bool = False, stop: Stop | None = None,
) -> list[Row]:  # fmt: skip
    """Run each of `members`, knobs (all of them) and a seed, to its end; rows in their order.

    together: by the demo's crowd, where it has one and takes such knobs. on_card: networks of it
    that a graphics card takes are trained there. stop: asked a few times a second; where it says
    so, all is left with StoppedError.
    """
    recipe = _recipe(demo) if together and has_crowd(demo) else None
    rows: dict[int, Row] = {}
    if recipe is not None:
        takes = getattr(recipe, "takes", None)
        chosen = [i for i, (knobs, _) in enumerate(members) if takes is None or takes(knobs)]
        rows |= dict(_together(demo, recipe, members, chosen, threads, on_card, stop))
    for i, (knobs, seed) in enumerate(members):
        if i not in rows:
            rows[i] = alone(demo, knobs, seed, stop)
    return [rows[i] for i in range(len(members))]


def alone(demo: str, knobs: Knobs, seed: int, stop: Stop | None = None) -> Row:
    """One run to its end, as in the lab. `stop` as in `measure`."""
    from demos.crowds.herd import Outcome

    run = catalog.run_class(demo)(knobs, seed)
    finite, steps = True, catalog.spec(demo).steps
    try:
        for stride in strides(0, steps, steps if stop is None else max(1, steps // _HEEDS)):
            run.step(stride)
            if stop is not None and stop():
                raise StoppedError
    except DivergedError:
        finite = False
    return _row(knobs, seed, Outcome.of(run, finite))


def no_card(demo: str, settings: Sequence[Knobs]) -> str:
    """Why a graphics card trains no networks with these settings, in a few words; else nothing."""
    from demos.engine.crowd import card

    if not has_crowd(demo):
        return f"the runs of {demo} do not train together"
    if why := card.missing():
        return why
    net = getattr(_recipe(demo), "net", None)
    if net is None:
        return f"{demo} trains more than a network of dense layers"
    nets = (net(catalog.run_class(demo)(knobs, 0)) for knobs in settings)
    return next(filter(None, map(card.refusal, nets)), "")


def _recipe(demo: str) -> ModuleType:
    return importlib.import_module(f"demos.crowds.{catalog.source(demo).stem}")


def _together(
    demo: str, recipe: ModuleType, members: Sequence[tuple[Knobs, int]], chosen: Sequence[int],
    threads: int, on_card: bool, stop: Stop | None,
) -> Iterator[tuple[int, Row]]:  # fmt: skip
    from demos.crowds.herd import herds

    make = getattr(recipe, "make", None) or catalog.run_class(demo)
    some = [members[i] for i in chosen]
    for herd in herds(some, make, recipe.CHEAP, recipe.ALIKE, threads, on_card, stop):
        for at, (knobs, seed), found in zip(herd.at, herd.members, recipe.fill(herd), strict=True):
            yield chosen[at], _row(knobs, seed, found)


def _row(knobs: Knobs, seed: int, found: object) -> Row:
    from demos.crowds.herd import Outcome

    assert isinstance(found, Outcome)
    holds = found.finite and all(verdict.holds for verdict in found.verdicts)
    return Row(dict(knobs), seed, found.measured, found.finite, holds)
