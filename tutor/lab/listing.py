"""The list of all demos as plain data; made without NumPy or Numba."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from demos import catalog
from demos.base import Cells, Choice, Flag, Int, Knob, Line, Real, Spec
from tutor.deck.facts import Allowed, DemoFacts


def demos() -> list[dict[str, Any]]:
    """All demos with their topics and knobs."""
    return [_spec_json(catalog.spec(name)) for name in catalog.names()]


def demo_facts() -> Mapping[str, DemoFacts]:
    """The knobs of every demo, for the linter of decks."""
    specs = (catalog.spec(name) for name in catalog.names())
    return {
        spec.name: DemoFacts({knob.name: _allowed(knob) for knob in spec.knobs}) for spec in specs
    }


def _allowed(knob: Knob) -> Allowed:
    match knob:
        case Int():
            return Allowed(knob.min, knob.max, whole=True)
        case Real():
            return Allowed(knob.min, knob.max)
        case Choice():
            return Allowed(choices=knob.choices)
        case Cells():
            return Allowed(knob.min, knob.max, side=knob.most)
        case Line():
            return Allowed(characters=knob.most)
        case Flag():
            return Allowed(choices=("on", "off", "true", "false", "yes", "no", "1", "0"))


def _spec_json(spec: Spec) -> dict[str, Any]:
    return {
        "name": spec.name,
        "title": spec.title,
        "kind": spec.kind,
        "topics": list(spec.topics),
        "knobs": [_knob_json(knob) for knob in spec.knobs],
    }


def _knob_json(knob: Knob) -> dict[str, Any]:
    low, high = (knob.min, knob.max) if isinstance(knob, Int | Real | Cells) else (None, None)
    return {
        "name": knob.name,
        "type": type(knob).__name__.lower(),
        "default": knob.default,
        "min": low,
        "max": high,
        "choices": list(knob.choices) if isinstance(knob, Choice) else None,
    }
