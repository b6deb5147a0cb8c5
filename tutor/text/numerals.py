"""Numbers as a reader expects them, in one notation on every screen: −0.5, 13,002, 1.9·10⁻⁶.

`written` and `in_formula` turn what a program prints (-0.5, 13002, 1.9e-06) into that; they may
meet their own result again and leave it as it is.
"""

from __future__ import annotations

import math
import re
from functools import lru_cache

_SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
# Compiled by their first use: every start reads this module, and few write a number before the end.
# 1.9e-06; not the e of a word, nor a letter's place in a code such as 3fe12.
_POWER = r"(?<![\w.])(\d+(?:\.\d+)?)[eE]([+-]?)0*(\d{1,3})(?![\w.])"
# A hyphen before a digit is a minus unless it joins two words or numbers, as in 784-16-16-10.
_MINUS = r"(?<![\w.)\]-])-(?=\.?\d)"
# Four digits or more before the point; not in a code, a range or a chain of sizes.
_LONG = r"(?<![\w.,\-])\d{4,}(?=(?:\.\d+)?(?![\w\-]|[.,]\d))"
# In LaTeX a comma may part two arguments; in braces it is a part of the number.
_LATEX_LONG = r"(?<![\w.,{}\\\-]|\d)\d{4,}(?=(?:\.\d+)?(?![\w]|[.,]\d))"
# Beyond this a count is written with a power of ten.
_MOST = 1e7
_MOST_DIGITS = 15  # of a whole number that is typed
_LEAST = 1e-3


def plural(count: int, word: str) -> str:
    """`1 card`, `2 cards`."""
    return f"{count:,} {word}" if count == 1 else f"{count:,} {word}s"


@lru_cache(maxsize=4096)
def written(text: str) -> str:
    """`text` with its numbers in this notation."""
    text = re.sub(
        _POWER, lambda found: _plain(found) or f"{_times(found, '·')}10{_exponent(found)}", text
    )
    text = re.sub(_MINUS, "−", text)
    return re.sub(_LONG, lambda found: f"{int(found[0]):,}", text)


@lru_cache(maxsize=256)
def in_formula(latex: str) -> str:
    """A formula in LaTeX with its numbers in this notation."""
    power = "{}10^{{{}}}"
    latex = re.sub(
        _POWER,
        lambda found: _plain(found) or power.format(_times(found, r"\cdot "), _signed(found)),
        latex,
    )
    return re.sub(_LATEX_LONG, lambda found: f"{int(found[0]):,}".replace(",", "{,}"), latex)


def numeral(value: float, digits: int = 4) -> str:
    """`value` to so many significant digits; a count of up to seven digits in full."""
    if not math.isfinite(value):
        return "–" if math.isnan(value) else "∞" if value > 0 else "−∞"
    size = abs(value)
    if size < _MOST and float(value).is_integer():
        return f"{value:,.0f}".replace("-", "−")
    mantissa, _, exponent = f"{value:.{digits - 1}e}".partition("e")
    if _LEAST <= abs(float(f"{mantissa}e{exponent}")) < _MOST:
        text = f"{value:,.{max(0, digits - 1 - int(exponent))}f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return text.replace("-", "−")
    mantissa = mantissa.rstrip("0").rstrip(".") if "." in mantissa else mantissa
    return written(f"{mantissa}e{exponent}")


def whole_number(text: str) -> int | None:
    """The whole number from 0 up that is typed as `text`; None for anything else.

    `²` is a digit that no number is made of, and Python reads no number of thousands of digits.
    """
    return int(text) if text.isdecimal() and len(text) <= _MOST_DIGITS else None


def _plain(found: re.Match[str]) -> str:
    """The number where no power of ten is wanted: 0 is 0, and 10⁰ is 1; else nothing."""
    if not float(found[1]):
        return "0"
    return "" if int(found[3]) else found[1]


def _times(found: re.Match[str], sign: str) -> str:
    """What stands before the ten: nothing for a plain power of it."""
    return "" if found[1] == "1" else f"{found[1]}{sign}"


def _signed(found: re.Match[str]) -> str:
    return ("-" if found[2] == "-" else "") + found[3]


def _exponent(found: re.Match[str]) -> str:
    return _signed(found).translate(_SUPERSCRIPTS)
