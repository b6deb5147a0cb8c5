"""Numeric questions: their numbers drawn and put into the texts.

The number shown as the right answer always marks right: where its usual form is rounded beyond
the card's tolerance, more digits are shown.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tutor.deck.expr import Draw, accepts, draw
from tutor.deck.format import show, with_minus
from tutor.deck.model import Numeric
from tutor.deck.numbers import resolve
from tutor.deck.walker import Value
from tutor.quiz.number import Number, read
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
        integer=_integer(numeric, values),
        unit=numeric.unit,
        slips=drawn.wrongs,
        values=values,
    )


def _integer(numeric: Numeric, values: Mapping[str, Value]) -> bool:
    if numeric.interval is None:
        return _whole(resolve(numeric.value, values))
    ends = [resolve(end, values) for end in numeric.interval]
    # Between 1 and 2, "1,500" is not one thousand and a half.
    return all(map(_whole, ends)) and max(map(abs, ends)) >= 1000


def _whole(value: Number) -> bool:
    return isinstance(value, int) or value.is_integer()


def _expected(numeric: Numeric, values: Mapping[str, Value]) -> str:
    if numeric.interval:
        low, high = numeric.interval
        return f"{with_minus(show(low, values))} to {with_minus(show(high, values))}"
    shown = show(numeric.value, values)
    value = resolve(numeric.value, values)
    if _fits(shown, numeric, values):
        return with_minus(shown.replace("_", ","))
    return with_minus(f"{value:,}" if isinstance(value, int) else f"{value:.12g}")


def _fits(shown: str, numeric: Numeric, values: Mapping[str, Value]) -> bool:
    try:
        given = read(shown, integer=_integer(numeric, values), unit=numeric.unit)
    except UnreadableError:
        return False
    return accepts(numeric, given, values)
