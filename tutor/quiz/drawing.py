"""Numeric questions: their numbers drawn and put into the texts.

The number shown as the right answer always marks right: where its usual form is rounded beyond
the card's tolerance, more digits are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tutor.deck.expr import Draw, accepts, draw
from tutor.deck.format import grouped, show, with_minus
from tutor.deck.model import Numeric
from tutor.deck.numbers import resolve
from tutor.deck.walker import Value
from tutor.quiz.number import read
from tutor.quiz.question import Question
from tutor.quiz.verdict import UnreadableError


def numeric_question(bare: Question, numeric: Numeric) -> Question:
    """`bare` with its numbers drawn by its seed. Raises ExprError if they cannot be drawn."""
    drawn = draw(numeric.params, bare.seed, numeric) if numeric.params else Draw({})
    values = drawn.values
    expected = f"{_expected(numeric, values)} {numeric.unit}".strip()
    return replace(
        bare,
        front=show(bare.front, values),
        explanation=show(bare.explanation, values),
        hints=tuple(show(hint, values) for hint in bare.hints),
        expected=expected,
        solution=expected,
        unit=numeric.unit,
        slips=drawn.wrongs,
        values=values,
    )


def _expected(numeric: Numeric, values: Mapping[str, Value]) -> str:
    if numeric.interval:
        low, high = (with_minus(_shown(end, values)) for end in numeric.interval)
        return f"{low} to {high}"
    shown = _shown(numeric.value, values)
    value = resolve(numeric.value, values)
    if _fits(shown, numeric, values):
        return with_minus(shown)
    return with_minus(f"{value:,}" if isinstance(value, int) else f"{value:.12g}")


def _shown(value: str, values: Mapping[str, Value]) -> str:
    return grouped(show(value, values))


def _fits(shown: str, numeric: Numeric, values: Mapping[str, Value]) -> bool:
    try:
        reading = read(shown, unit=numeric.unit)
    except UnreadableError:
        return False
    # As it is usually read, so that nobody takes 0.123 for a whole number.
    return accepts(numeric, reading.values[0], values)
