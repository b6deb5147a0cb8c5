"""Numbers written as words, up to ninety-nine, and the usual fractions."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import Final

_SMALL = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
]  # fmt: skip
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
DIGITS: Final = {word: number for number, word in enumerate(_SMALL)} | {
    word: 10 * number for number, word in enumerate(_TENS, 2)
}
"""The words that are one number each."""

_PARTS: Final = {"half": 2, "halves": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5,
                 "sixth": 6, "eighth": 8, "tenth": 10, "hundredth": 100}  # fmt: skip


def number_word(text: str) -> Fraction | None:
    """The number that `text` says in words, such as "twenty-one" or "two thirds", if it does."""
    words = re.split(r"[\s-]+", text.strip().casefold())
    if not words or len(words) > 3:
        return None
    part = _PARTS.get(words[-1]) or _PARTS.get(words[-1].removesuffix("s"))
    if part:
        top = Fraction(1) if words[:-1] in ([], ["a"], ["one"]) else _whole(words[:-1])
        return None if top is None else top / part
    return _whole(words)


def _whole(words: list[str]) -> Fraction | None:
    numbers = [DIGITS[word] for word in words if word in DIGITS]
    if len(numbers) != len(words) or not numbers:
        return None
    if len(numbers) == 1:
        return Fraction(numbers[0])
    tens, ones = numbers[0], numbers[1]
    fits = len(numbers) == 2 and tens % 10 == 0 and tens >= 20 and 0 < ones < 10
    return Fraction(tens + ones) if fits else None
