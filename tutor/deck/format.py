"""Shows drawn numbers inside card text: `@{x}` and `@{x:.3f}`.

Also tells which names a text refers to, so that the linter finds undefined ones.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Mapping

from tutor.deck.walker import ExprError, Value

REFERENCE_PATTERN = r"@\{\s*[^\W\d]\w*\s*(?::[^{}]*)?\}"
REFERENCE = re.compile(r"@\{\s*([^\W\d]\w*)\s*(?::([^{}]*))?\}")
_SPEC = re.compile(r"\+?,?(?:\.\d{1,2})?[dfeg%]?")
_TICKS = re.compile("`+")
_WHOLE = re.compile(r"([+-]?)([1-9][0-9_,]*)((?:\.[0-9]*)?)")
MINUS = "−"


def show(template: str, values: Mapping[str, Value]) -> str:
    """`template` with every `@{name}` and `@{name:format}` filled in.

    Without a format an integer has a comma every three digits, another number 4 significant
    digits; `()` puts a negative number into brackets, for the middle of a formula. The sign of a
    negative number is the minus sign of the text around it; in code it is a hyphen. Raises
    ExprError for an undefined name and for an unknown format.
    """
    code = _code_spans(template)

    def fill(match: re.Match[str]) -> str:
        name, spec = match[1], match[2] or ""
        if name not in values:
            raise ExprError(f"@{{{name}}} is not defined")
        text = shown(values[name], spec.strip())
        span = bisect_right(code, (match.start(),)) - 1
        in_code = span >= 0 and match.start() < code[span][1]
        return text.replace(MINUS, "-") if in_code else text

    return REFERENCE.sub(fill, template)


def _code_spans(template: str) -> list[tuple[int, int]]:
    """Where code stands: from a run of backticks to the next run of the same length."""
    runs = [found.span() for found in _TICKS.finditer(template)]
    following: dict[int, int] = {}
    closes = [0] * len(runs)
    for i in range(len(runs) - 1, -1, -1):
        length = runs[i][1] - runs[i][0]
        closes[i] = following.get(length, i)
        following[length] = i
    spans, i = [], 0
    while i < len(runs):
        if closes[i] > i:
            spans.append((runs[i][0], runs[closes[i]][1]))
        i = closes[i] + 1
    return spans


def named(template: str) -> str:
    """`template` with the names of its numbers, as long as none are drawn."""
    return REFERENCE.sub(r"\1", template)


def references(template: str) -> list[str]:
    """The names that `template` refers to, in order, repeated ones too."""
    return [match[1] for match in REFERENCE.finditer(template)]


def shown(value: Value, spec: str = "") -> str:
    """One value as text. Raises ExprError when `spec` is unknown or does not fit the value."""
    if spec == "()":
        text = shown(value)
        return f"({text})" if text.startswith(MINUS) else text
    if not _SPEC.fullmatch(spec):
        raise ExprError(f"`{spec}` is no number format; try .3f, +d or %")
    if isinstance(value, list):
        return ", ".join(shown(item, spec) for item in value)
    if isinstance(value, str | bool):
        return str(value)
    if spec in {"%", "+%"}:
        sign = "+" if spec == "+%" and value >= 0 else ""
        return f"{sign}{shown(value * 100)}%"
    return with_minus(_formatted(value, spec) if spec else significant(value))


def with_minus(text: str) -> str:
    """A number as text, with a minus sign where it starts with a hyphen."""
    return f"{MINUS}{text[1:]}" if text.startswith("-") else text


def _formatted(value: float, spec: str) -> str:
    if spec.endswith("d"):
        value = _whole(value, spec)
        spec = spec if "," in spec else spec.replace("d", ",d")
    try:
        return format(value, spec)
    except (ValueError, OverflowError) as error:
        raise ExprError(f"`{spec}`: {error}") from None


def _whole(value: float, spec: str) -> int:
    if value % 1:
        raise ExprError(f"`{spec}` is for whole numbers, not {value}")
    return int(value)


def significant(value: float, digits: int = 4) -> str:
    """A whole number in full with thousands; another with `digits` significant digits.

    A power of ten is used for a float below 0.0001 and from 10^15 on.
    """
    if isinstance(value, int) or (value.is_integer() and abs(value) < 1e15):
        return f"{int(value):,}"
    text = f"{value:.{digits}g}"
    if "e" not in text:
        whole, point, part = text.partition(".")
        return f"{float(whole):,.0f}{point}{part}" if abs(value) >= 1000 else text
    return f"{float(text):,.0f}" if 1e-4 <= abs(value) < 1e15 else text


def grouped(written: str) -> str:
    """A number as a deck writes it, its whole part in groups of three: 13_002 becomes 13,002.

    Four digits without a mark stay as they are: they may be a year.
    """
    found = _WHOLE.fullmatch(written)
    if found is None:
        return written
    sign, whole, rest = found.groups()
    marked = "_" in whole or "," in whole
    digits = whole.replace("_", "").replace(",", "")
    return f"{sign}{int(digits):,}{rest}" if marked or len(digits) > 4 else written
