"""Reads numbers as a deck's author writes them: 13_002, 13,002, 0.731, 7.31e-1, 1/3, 73.1%.

Answers typed by learners are read more generously, by the quiz.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from tutor.deck.format import REFERENCE
from tutor.deck.walker import ExprError, Value, number

_PLAIN = r"[+-]?(?:\d{1,3}(?:,\d{3})+|\d+(?:_\d+)*|(?=\.\d))(?:\.\d+)?(?:[eE][+-]?\d{1,3})?"
WRITTEN = rf"(?:{_PLAIN})(?:/\d+(?:\.\d+)?)?"
"""A regular expression for a number as written, after `−` became `-`."""

_WRITTEN = re.compile(WRITTEN)
_LONGEST = 300


def read(text: str) -> int | float:
    """The number that `text` is. Raises ExprError for anything else."""
    text = text.strip().replace("−", "-")
    if len(text) > _LONGEST or not _WRITTEN.fullmatch(text):
        raise ExprError(f"`{text[:40]}` is not a number")
    top, _, bottom = text.replace(",", "").replace("_", "").partition("/")
    value = _plain(top)
    if bottom:
        if float(bottom) == 0:
            raise ExprError(f"`{text}` divides by zero")
        value = value / float(bottom)
    if not math.isfinite(value):
        raise ExprError(f"`{text}` is too large")
    return value


def resolve(text: str, values: Mapping[str, Value]) -> int | float:
    """The number of a card's `value`: as written, or the drawn one that `@{name}` refers to."""
    match = REFERENCE.fullmatch(text.strip()) if "@" in text else None
    if match is None:
        return read(text)
    if match[1] not in values:
        raise ExprError(f"@{{{match[1]}}} is not defined")
    return number(values[match[1]])


def _plain(text: str) -> int | float:
    return float(text) if re.search("[.eE]", text) else int(text)
