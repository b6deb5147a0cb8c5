"""Tells a text of two numbers from one that is to be worked out: ranges, pairs, bounds, dates.

A hyphen is a minus in 64-9 and means "to" in $5-$10. Between rising numbers with a currency, a
percent sign, a scale or the unit it means "to", and without them it may: 5-10 is then asked again
unless its difference is the answer.
"""

from __future__ import annotations

import re
from functools import lru_cache

from tutor.quiz import figures
from tutor.quiz.arithmetic import SCALES
from tutor.quiz.verdict import UnreadableError

_CURRENCY = "[$€£¥₹₽₩¢]"
_FIGURE = figures.FIGURE.pattern
_HYPHENS = str.maketrans(dict.fromkeys("−–—‐‑‒﹣－~～", "-") | {"\u00a0": " ", "\u202f": " "})
# Whatever stands between, these are never a difference.
_SPAN = re.compile(r"[0-9][–—][0-9]|[0-9] +(?:to|bis|through|until) +[0-9]|±|\+/?-")
_DATE = re.compile(r"[0-9]{4}([-/.])[0-9]{1,2}\1[0-9]{1,2}|[0-9]{1,2}([-/.])[0-9]{1,2}\2[0-9]{4}")
_BOUND = re.compile(rf"(?:[<>≤≥≲≳]=?|(?:at (?:least|most)|(?:less|more) than|up to)\s)\s*{_FIGURE}"
                    rf"|{_FIGURE} ?\+")  # fmt: skip
_PAIR = re.compile(rf"[(\[{{]\s*-?{_FIGURE}\s*(?:[,;]|\.\.+)\s*-?{_FIGURE}\s*[)\]}}]"
                   rf"|{_FIGURE}\s*(?:\.\.\.?|…|;)\s*{_FIGURE}")  # fmt: skip
_THOUSANDS = re.compile(r"\([0-9]{1,3}(?:,[0-9]{3})+\)")
_RISING = re.compile(rf"({_FIGURE}) ?- ?({_FIGURE})")

RANGE = "One number is asked for, not a range."


def refuse(text: str, unit: str) -> None:
    """Raise UnreadableError for a text that is surely of more than one number, or of none."""
    text = " ".join(text.split())
    if _SPAN.search(text) or (_PAIR.fullmatch(text) and not _THOUSANDS.fullmatch(text)):
        raise UnreadableError(RANGE)
    if _DATE.fullmatch(text):
        raise UnreadableError("One number is asked for, not a date.")
    if _BOUND.fullmatch(text):
        raise UnreadableError("One number is asked for, not a bound.")
    found = _marked(unit).fullmatch(text.translate(_HYPHENS))
    if found and any(found.group("a", "b", "c", "d")) and _rises(found["low"], found["high"]):
        raise UnreadableError(RANGE)


def may_be_range(text: str) -> bool:
    """Whether a difference may be meant as a range: 5-10, but not 64-9 or 1-2-3."""
    found = _RISING.fullmatch(text)
    return found is not None and _rises(found[1], found[2])


def _rises(low: str, high: str) -> bool:
    ends = [figures.value(figure, ".") or figures.value(figure, ",") for figure in (low, high)]
    return ends[0] is not None and ends[1] is not None and ends[0] < ends[1]


@lru_cache(maxsize=64)
def _marked(unit: str) -> re.Pattern[str]:
    """Two figures with a hyphen between them, each with what may stand before and behind it."""
    words = sorted({unit, unit.removesuffix("s"), *SCALES} - {""}, key=len, reverse=True)
    behind = rf"{_CURRENCY}|[%‰]|(?:{'|'.join(map(re.escape, words))})(?![^\W\d_])"
    return re.compile(
        rf"(?P<a>{_CURRENCY})? ?(?P<low>{_FIGURE}) ?(?P<b>{behind})? ?- ?"
        rf"(?P<c>{_CURRENCY})? ?(?P<high>{_FIGURE}) ?(?P<d>{behind})?"
    )
