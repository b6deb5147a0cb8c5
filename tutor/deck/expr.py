"""The numbers of generated cards: expressions, and draws that a seed repeats in any process.

`draw` is what a quiz calls; `evaluate` is what `check` comments use.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations

from tutor.deck import numbers
from tutor.deck.functions import FUNCTIONS
from tutor.deck.model import NOISE, Numeric, Params
from tutor.deck.walker import DomainError, ExprError, Function, Steps, Value, evaluate, number

__all__ = ["DomainError", "Draw", "ExprError", "Value", "accepts", "draw", "evaluate", "seed_of"]

MAX_TRIES = 1_000
# How many draws are tried for one whose misconceptions all give different numbers.
APART_TRIES = 20
MAX_DRAW_STEPS = 200_000


@dataclass(frozen=True, slots=True)
class Draw:
    """One instance of a `params` block: every name's value, and each misconception's number."""

    values: Mapping[str, Value]
    wrongs: tuple[tuple[str, int | float], ...] = ()


def seed_of(key: str, review: int) -> int:
    """A seed of 64 bits made of a card's key and its review's number; the same everywhere."""
    digest = hashlib.blake2b(f"{key}\x00{review}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big")


def draw(params: Params, seed: int, answer: Numeric | None = None) -> Draw:
    """Draw until every requirement holds and no misconception gives `answer` too.

    Then a few times more if two misconceptions give one number: a wrong answer should have one
    cause. Raises ExprError when an expression is broken, and after 1,000 tries, or 200,000 steps
    of all tries together, in vain.
    """
    functions = FUNCTIONS | _draws(random.Random(seed))
    steps = Steps(MAX_DRAW_STEPS)
    fallback: Draw | None = None
    refused = ""
    for attempt in range(MAX_TRIES):
        if fallback and attempt >= APART_TRIES:
            break
        try:
            drawn, refused = _attempt(params, functions, answer, steps)
        except DomainError as error:
            drawn, refused = None, str(error)
        if drawn and _apart(drawn, answer):
            return drawn
        fallback = fallback or drawn
    if fallback:
        return fallback
    raise ExprError(f"{MAX_TRIES:,} draws in vain: {refused}")


def _apart(drawn: Draw, answer: Numeric | None) -> bool:
    """Whether no answer could come from two of the misconceptions."""
    if answer is None or len(drawn.wrongs) < 2:
        return True
    near = answer.tolerance.accepts
    pairs = combinations(dict.fromkeys(drawn.wrongs), 2)
    return not any(near(a, b) or near(b, a) for (one, a), (other, b) in pairs if one != other)


def accepts(answer: Numeric, given: float, values: Mapping[str, Value]) -> bool:
    """Whether `given` is right for `answer` with these drawn values; float noise is forgiven."""
    if answer.interval:
        low, high = (numbers.resolve(end, values) for end in answer.interval)
        return low - _noise(low) <= given <= high + _noise(high)
    return answer.tolerance.accepts(numbers.resolve(answer.value, values), given)


def _noise(end: float) -> float:
    return NOISE * abs(end) if isinstance(end, float) else 0


def _attempt(
    params: Params, functions: Mapping[str, Function], answer: Numeric | None, steps: Steps
) -> tuple[Draw | None, str]:
    """One try: the draw, or None and why it was refused."""
    values: dict[str, Value] = {}
    for name, expr in params.assignments:
        values[name] = evaluate(expr, values, functions, steps)
    for expr in params.requires:
        if not evaluate(expr, values, steps=steps):
            return None, f"`require {expr}` is false"
    wrongs = _wrongs(params, values, steps)
    for name, value in wrongs:
        if answer is not None and accepts(answer, value, values):
            return None, f'wrong "{name}" gives the right answer'
    return Draw(values, wrongs), ""


def _wrongs(
    params: Params, values: Mapping[str, Value], steps: Steps
) -> tuple[tuple[str, int | float], ...]:
    """The misconceptions with their numbers; one that gives a word does not apply to the draw."""
    found = ((wrong.name, evaluate(wrong.expr, values, steps=steps)) for wrong in params.wrongs)
    return tuple((name, number(value)) for name, value in found if not isinstance(value, str))


def _draws(rng: random.Random) -> dict[str, Function]:
    """The three draws. They use only `rng.random()`, whose sequence Python keeps for good."""

    def whole(low: int, high: int) -> int:
        if not (isinstance(low, int) and isinstance(high, int) and low <= high):
            raise ExprError(f"int({low}, {high}) needs two whole numbers in rising order")
        return low + int(rng.random() * (high - low + 1))

    def real(low: float, high: float, digits: int = 2) -> float:
        if not low < high:
            raise ExprError(f"real({low}, {high}) needs two numbers in rising order")
        return round(low + rng.random() * (high - low), digits)

    def pick(*options: Value) -> Value:
        if not options:
            raise ExprError("pick() needs something to pick from")
        return _one(options, rng)

    return {"int": whole, "real": real, "pick": pick}


def _one(options: Sequence[Value], rng: random.Random) -> Value:
    return options[int(rng.random() * len(options))]
