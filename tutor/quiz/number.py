"""Reads numbers as learners write them, with points, commas, spaces, fractions, percents, units.

Whatever else is written is asked again rather than marked wrong.
"""

from __future__ import annotations

import re
from decimal import Decimal, localcontext

from tutor.quiz.verdict import UnreadableError

Number = int | float

# Every mark that looks like a minus, a blank or a division bar, and the one we work with.
_SAME = str.maketrans(
    {"−": "-", "–": "-", "⁄": "/", "∕": "/", "\u00a0": " ", "\u2009": " ", "\u202f": " "}
)
_FIGURE = r"[0-9.,_ ]*[0-9][.,]?(?:[eE][+-]?[0-9]{1,4})?"
_WRITTEN = re.compile(
    rf"(?P<sign>[+-]?)\s*(?P<top>{_FIGURE})(?:\s*/\s*(?P<bottom>{_FIGURE}))?"
    r"\s*(?P<percent>%?)\s*(?P<unit>.*)"
)
_GROUPED = {mark: re.compile(rf"[1-9][0-9]{{0,2}}(?:\{mark}[0-9]{{3}})+") for mark in ",. _"}
_LONGEST = 64
_FARTHEST = 300


def read(text: str, *, integer: bool = False, unit: str = "") -> Number:
    """The number that `text` writes, with or without `unit`.

    integer: whether a comma may separate thousands; otherwise it is the decimal mark.
    Raises UnreadableError for text that is no number, or one with another unit.
    """
    text = text.translate(_SAME).strip()
    found = _WRITTEN.fullmatch(text) if len(text) <= _LONGEST else None
    if not found:
        raise UnreadableError(
            "That is not a number I can read. Write it like 1250, 0.25, 1/4 or 25%."
        )
    in_percent = unit.startswith("%")
    _check_unit(found["unit"], unit.removeprefix("%").strip())
    value = _figure(found["top"], integer)
    if found["bottom"]:
        value = _divide(value, _figure(found["bottom"], integer))
    if found["percent"] and not in_percent:
        value = _divide(value, Decimal(100))
    return _settle(value.copy_negate() if found["sign"] == "-" else value)


def _check_unit(written: str, unit: str) -> None:
    if not written or _same_unit(written, unit):
        return
    if unit:
        raise UnreadableError(f"The answer is in {unit}. Write it so, or just the number.")
    raise UnreadableError(f"I cannot read “{written}” in a number. Write just the number.")


def _same_unit(written: str, unit: str) -> bool:
    written = " ".join(written.split())
    # In a symbol a capital has a meaning of its own: Mb is not MB. A word is only a word.
    if len(unit) <= 2 or not unit[1:].islower():
        return written == unit
    return written.casefold().removesuffix("s") == unit.casefold().removesuffix("s")


def _figure(written: str, integer: bool) -> Decimal:
    mantissa, _, exponent = written.strip().lower().partition("e")
    return _tame(Decimal(f"{_digits(mantissa, integer)}e{exponent or 0}"))


def _digits(mantissa: str, integer: bool) -> str:
    """`mantissa` without thousands marks and with a point as its decimal mark."""
    if integer and _GROUPED[","].fullmatch(mantissa):
        return mantissa.replace(",", "")
    decimal = max(".,", key=mantissa.rfind)
    before, _, after = mantissa.partition(decimal)
    if mantissa.count(decimal) > 1:
        before, after = "", mantissa
    digits = f"{_ungrouped(before) or 0}.{after or 0}"
    if not digits.replace(".", "", 1).isdecimal():
        raise UnreadableError("I cannot tell where the decimals begin. Write it like 1250.5.")
    return digits


def _ungrouped(whole_part: str) -> str:
    for mark, grouped in _GROUPED.items():
        if grouped.fullmatch(whole_part):
            return whole_part.replace(mark, "")
    return whole_part


def _divide(top: Decimal, bottom: Decimal) -> Decimal:
    if not bottom:
        raise UnreadableError("A number divided by zero is not a number.")
    with localcontext(prec=40):
        return _tame(top / bottom)


def _tame(value: Decimal) -> Decimal:
    if value and abs(value.adjusted()) > _FARTHEST:
        raise UnreadableError("That number is too large or too small to be read.")
    return value


def _settle(value: Decimal) -> Number:
    return int(value) if value == value.to_integral_value() else float(value)
