"""Numbers written as words: two thousand five hundred, one and a half, two thirds."""

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

_SCALES: Final = {"thousand": 1_000, "million": 10**6, "billion": 10**9, "trillion": 10**12}
_PARTS: Final = {"half": 2, "halve": 2, "third": 3, "quarter": 4, "fourth": 4, "fifth": 5,
                 "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
                 "hundredth": 100, "thousandth": 1_000, "millionth": 10**6}  # fmt: skip
_MOST_WORDS = 16


def number_word(text: str) -> Fraction | None:
    """The number that `text` says in words, such as "twenty-one" or "two thirds", if it does."""
    words = re.split(r"[\s-]+", text.strip().casefold())
    if not words or len(words) > _MOST_WORDS:
        return None
    if part := _PARTS.get(words[-1].removesuffix("s")):
        return _with_part(words[:-1], part)
    return _whole(words)


def _with_part(words: list[str], part: int) -> Fraction | None:
    """What stands before a half or a third: "two", "a", "one and a" or nothing."""
    if words in ([], ["a"], ["one"]):
        return Fraction(1, part)
    if "and" not in words:
        top = _whole(words)
        return None if top is None else top / part
    at = words.index("and")
    whole, share = _whole(words[:at]), _with_part(words[at + 1 :], part)
    return None if whole is None or share is None or share >= 1 else whole + share


def _whole(words: list[str]) -> Fraction | None:
    """The cardinal number of `words`; None for words in an order that no number has."""
    total, group, last = 0, 0, 10**15
    for at, word in enumerate(words):
        if word in DIGITS and _fits(DIGITS[word], group, at):
            group += DIGITS[word]
        elif word in {"a", "one"} and at == 0 and len(words) > 1:
            group = 1
        elif word == "hundred" and 0 < group < 100:
            group *= 100
        elif word in _SCALES and group > 0 and _SCALES[word] < last:
            last = _SCALES[word]
            total, group = total + group * last, 0
        elif word != "and" or not 0 < at < len(words) - 1:
            return None
    return Fraction(total + group) if words else None


def _fits(number: int, group: int, at: int) -> bool:
    """Whether a word may follow: a ten after hundreds, a digit after a ten, nought alone."""
    if number == 0:
        return at == 0
    free = 100 if number >= 10 else 10
    return group % free == 0 and group % 100 != 10
