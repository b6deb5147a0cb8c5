"""Reads the line after `=`: a number with tolerance and unit, an interval, or texts in quotes."""

from __future__ import annotations

import re

from tutor.deck import numbers
from tutor.deck.format import REFERENCE, REFERENCE_PATTERN
from tutor.deck.model import Numeric, Params, Tolerance, Typed
from tutor.deck.walker import ExprError

_NUMBER = f"(?:{REFERENCE_PATTERN}|{numbers.WRITTEN})"
_SIGN = r"(?:±|\+/-|\+-)"
_WORD = r"[^\W\d_][^\s\"|=\[\]]*|[%°µ€$£×/][^\s\"|=\[\]]*"
_UNIT = rf"(?:{_WORD})(?:\s+(?:[^\s\"|=\[\]±]+))?"
# Compiled by their first use: a session's first card may be of another kind, and they are long.
_VALUE = (
    rf"(?P<value>{_NUMBER})\s*(?P<before>{_UNIT})??\s*"
    rf"(?:{_SIGN}\s*(?P<amount>{numbers.WRITTEN})\s*(?P<percent>%)?)?\s*(?P<after>{_UNIT})?"
)
_INTERVAL = rf"\[\s*(?P<low>{_NUMBER})\s*,\s*(?P<high>{_NUMBER})\s*\]\s*(?P<unit>{_UNIT})?"
_TEXT = r'"([^"]+)"'
_TEXTS = re.compile(rf"{_TEXT}(?:\s*\|\s*{_TEXT})*")

LONGEST = 400
"""Characters of a number with all that belongs to it; the patterns above may not get more."""

EQUALS = re.compile(r"=(?!=)\s*(.+)")
"""A paragraph of one line that holds an answer; group 1 is what stands after the `=`."""


def answer(line: str, params: Params | None = None) -> Numeric | Typed:
    """The answer that `line` (without its `=`) states. Raises ExprError when there is none."""
    line = line.strip().replace("−", "-")
    if line.startswith('"'):
        return _typed(line)
    if len(line) > LONGEST:
        raise ExprError(f"`= {line[:60]}` is longer than {LONGEST} characters")
    if line.startswith("["):
        return _interval(line, params)
    match = re.fullmatch(_VALUE, line)
    if match is None or (match["before"] and match["after"]):
        raise ExprError(
            f'`= {line[:60]}` is neither a number (with ± tolerance and a unit) nor "text"'
        )
    amount = float(numbers.read(match["amount"])) if match["amount"] else 0.0
    relative = match["percent"] is not None
    tolerance = Tolerance(amount / 100 if relative else amount, relative)
    unit = match["before"] or match["after"] or ""
    return Numeric(_checked(match["value"]), tolerance, unit=unit.strip(), params=params)


def _typed(line: str) -> Typed:
    if not _TEXTS.fullmatch(line):
        raise ExprError('put each accepted text in double quotes, with | between: "a" | "b"')
    accepted = tuple(text.strip() for text in re.findall(_TEXT, line) if text.strip())
    if not accepted:
        raise ExprError("the accepted text is empty")
    return Typed(accepted)


def _interval(line: str, params: Params | None) -> Numeric:
    match = re.fullmatch(_INTERVAL, line)
    if match is None:
        raise ExprError(f"`= {line[:60]}` is no interval [low, high]")
    low, high = _checked(match["low"]), _checked(match["high"])
    drawn = REFERENCE.fullmatch(low) or REFERENCE.fullmatch(high)
    if not drawn and numbers.read(low) > numbers.read(high):
        raise ExprError(f"the interval [{low}, {high}] is empty")
    return Numeric("", interval=(low, high), unit=(match["unit"] or "").strip(), params=params)


def _checked(value: str) -> str:
    if not REFERENCE.fullmatch(value):
        numbers.read(value)
    return value
