"""What a complete run proved, and what to try next, in a learner's words."""

from __future__ import annotations

from collections.abc import Mapping

from demos.base import Spec, Value, Verdict
from tutor.lab.knobs import shown_value
from tutor.text.numerals import numeral, written

# How a number stands to its limit; equality needs no word.
_RELATIONS = {"<": "below ", "<=": "at most ", ">": "above ", ">=": "at least ", "==": ""}


def measured(verdict: Verdict) -> str:
    """The number with its limit: "17, at most 131.1"; where it fails "140, not at most 131.1"."""
    value, limit = numeral(verdict.value), numeral(verdict.threshold)
    if verdict.relation == "==" and verdict.holds:
        return value
    word = _RELATIONS[verdict.relation]
    return f"{value}, {word}{limit}" if verdict.holds else f"{value}, not {word}{limit}"


def dare(spec: Spec, knobs: Mapping[str, Value]) -> str:
    """What to try after a run with these knobs; empty where there is nothing, or it was just that.

    "margin 0.02: how many updates now?"
    """
    if spec.dare is None or knobs.get(spec.dare.knob) == spec.dare.value:
        return ""
    name = spec.dare.knob.replace("_", " ")
    return f"{name} {written(shown_value(spec.dare.value))}: {spec.dare.question}"
