"""One figure: digits with their thousands marks, decimal mark and exponent.

A figure is read with a point or with a comma as its decimal mark; whoever asks tries both, so
that 1,300 is one thousand three hundred and also one and three tenths.
"""

from __future__ import annotations

import re
from fractions import Fraction
from functools import cache

from tutor.quiz.verdict import UnreadableError

FIGURE = re.compile(
    r"[.,]?[0-9]+(?:(?:[.,_']| (?=[0-9]{3}(?![0-9])))[0-9]+)*[.,]?(?: ?[eE][+-]?[0-9]+(?![\w.]))?"
)
"""A figure in a text whose blanks, apostrophes and minus signs are the plain ones."""

DECIMAL_MARKS = ".,"
_MOST_DIGITS = 48
_FARTHEST = 300
_SEPARATORS = re.compile(r"[.,_' ]")


def value(figure: str, decimal: str) -> Fraction | None:
    """The number that `figure` is if `decimal` is the decimal mark; None if it cannot be that.

    Raises UnreadableError for one of too many digits or too large an exponent.
    """
    mantissa, _, exponent = figure.lower().partition("e")
    found = _pattern(decimal).fullmatch(mantissa.strip())
    if found is None:
        return None
    whole, part = (_SEPARATORS.sub("", found[name] or "") for name in ("whole", "part"))
    power = int(exponent[:6]) if exponent else 0
    if len(whole + part) > _MOST_DIGITS or len(exponent) > 6 or abs(power) > _FARTHEST:
        raise UnreadableError("That number is too large or too small to be read.")
    return Fraction(int(whole + part or "0")) * Fraction(10) ** (power - len(part))


def ungrouped(figure: str) -> int | None:
    """What `figure` would be if its marks were thousands marks although the groups are wrong."""
    groups = _SEPARATORS.split(figure)
    whole = len(set(_SEPARATORS.findall(figure))) == 1 and all(part.isdigit() for part in groups)
    if whole and len(groups[-1]) == 3 and groups[0][0] != "0" and len(figure) <= _MOST_DIGITS:
        return int("".join(groups))
    return None


@cache
def _pattern(decimal: str) -> re.Pattern[str]:
    """Groups of three, of two below the thousands in India, or of any size between underscores."""
    group = "," if decimal == "." else "."
    by_three = "|".join(rf"(?:{re.escape(mark)}[0-9]{{3}})+" for mark in f"{group} '")
    by_two = r"(?:,[0-9]{2})+,[0-9]{3}" if group == "," else "(?!)"
    whole = rf"[1-9][0-9]{{0,2}}(?:{by_three})|[1-9][0-9]?{by_two}|[0-9]+(?:_[0-9]+)*"
    part = r"[0-9]{3}(?:[ _][0-9]{3})+|[0-9]*"
    mark = re.escape(decimal)
    return re.compile(rf"(?=.*[0-9])(?P<whole>{whole})?(?:{mark}(?P<part>{part}))?")
