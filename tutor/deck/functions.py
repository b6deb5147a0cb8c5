"""The functions that expressions of decks may call, meaning what their names mean in the field.

A wrong argument raises one of Python's own errors; the walker turns it into words.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from types import MappingProxyType
from typing import Any


def sigmoid(x: float) -> float:
    """The logistic function, without overflow for large negative x."""
    if x >= 0:
        return 1 / (1 + math.exp(-x))
    e = math.exp(x)
    return e / (1 + e)


def softmax(*logits: Any) -> list[float]:
    """Probabilities of one list of logits, or of logits given one by one."""
    values = _items(logits)
    highest = max(values)
    exps = [math.exp(z - highest) for z in values]
    total = math.fsum(exps)
    return [e / total for e in exps]


def index(items: list[Any], item: Any) -> int:
    """The place of the first `item` in `items`, counted from 0."""
    return items.index(item)


def total(*items: Any) -> Any:
    """The sum of one list, or of values given one by one; exact for whole numbers."""
    return sum(_items(items))


def _round(x: float, digits: int = 0) -> float:
    """`x` rounded to `digits` decimals (half to even), a whole number without digits."""
    if not -15 <= digits <= 15:
        raise ValueError(f"round() to {digits} digits")
    return round(x, digits) if digits else round(x)


def _items(values: tuple[Any, ...]) -> Any:
    if len(values) == 1 and isinstance(values[0], list):
        return values[0]
    return values


FUNCTIONS: MappingProxyType[str, Callable[..., Any]] = MappingProxyType(
    {
        "min": lambda *values: min(_items(values)),
        "max": lambda *values: max(_items(values)),
        "abs": abs,
        "sum": total,
        "len": len,
        "round": _round,
        "sqrt": math.sqrt,
        "exp": math.exp,
        "log": math.log,
        "log2": math.log2,
        "log10": math.log10,
        "floor": math.floor,
        "ceil": math.ceil,
        "tanh": math.tanh,
        "sigmoid": sigmoid,
        "softmax": softmax,
        "index": index,
    }
)
