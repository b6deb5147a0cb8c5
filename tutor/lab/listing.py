"""The list of all demos as plain data; made without NumPy or Numba."""

from __future__ import annotations

from typing import Any

from demos import catalog
from demos.base import Cells, Choice, Int, Knob, Real, Spec


def demos() -> list[dict[str, Any]]:
    """All demos with their topics and knobs."""
    return [_spec_json(catalog.spec(name)) for name in catalog.names()]


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
