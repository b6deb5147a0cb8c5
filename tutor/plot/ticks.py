"""Round numbers for axes: 0, 0.5, 1 and not 0.458, 2.61."""

from __future__ import annotations

import math
from collections.abc import Callable

from tutor.plot.scale import Axis
from tutor.text.numerals import numeral

_ROUND = (5.0, 2.0, 1.0)
# Enough digits for steps of 1, 2 and 5.
_DIGITS = 6
# What comes in whole numbers: there is no half step.
_COUNTED = frozenset({"step", "steps", "epoch", "epochs", "update", "updates"})


def ticks(axis: Axis, most: int) -> list[float]:
    """Round values on an axis, rising: up to `most`, or a few more rather than less than two."""
    lo, hi = min(axis.lo, axis.hi), max(axis.lo, axis.hi)
    if not axis.log:
        return _even(lo, hi, most)
    lo, hi = max(lo, -300.0), min(hi, 300.0)
    decades = _even(math.ceil(lo), math.floor(hi), most) if hi - lo >= 1 else []
    powers = [10.0**k for k in decades if k == round(k) and lo <= k <= hi]
    if len(powers) >= 2:
        return powers
    between = _between(lo, hi)
    return between if 2 <= len(between) <= most else _even(10.0**lo, 10.0**hi, most)


def _between(lo: float, hi: float) -> list[float]:
    """1, 2 and 5 times powers of ten from 10**lo to 10**hi."""
    exponents = range(math.floor(lo), math.ceil(hi) + 1)
    values = [factor * 10.0**k for k in exponents for factor in (1.0, 2.0, 5.0)]
    return [value for value in values if lo <= math.log10(value) <= hi]


def _even(lo: float, hi: float, most: int) -> list[float]:
    """Multiples of 1, 2 or 5 times a power of ten, the finest of which `most` find room."""
    span = hi - lo
    if not 0 < span < math.inf:
        return [lo] if math.isfinite(lo) else []
    best: list[float] = []
    for exponent in range(math.floor(math.log10(span)) + 1, math.floor(math.log10(span)) - 3, -1):
        for factor in _ROUND:
            step = factor * 10.0**exponent
            first, last = math.ceil(lo / step - 1e-9), math.floor(hi / step + 1e-9)
            if last - first + 1 > most and len(best) >= 2:
                return best
            best = [float(f"{k * step:.12g}") + 0.0 for k in range(first, last + 1)]
    return best


def word(value: float) -> str:
    """A tick as it is written."""
    return numeral(value, _DIGITS)


def laid_out(
    axis: Axis, label: str, width: int, place: Callable[[float, int], int]
) -> tuple[list[tuple[int, str]], tuple[int, int]]:
    """Ticks of a horizontal axis as (column, word), and the (column, cells) free for its label.

    place: the first cell of a word of so many cells at a value. As many ticks as leave room for
    the label, and two at least.
    """
    most = max(2, min(7, width // 10))
    found: tuple[list[tuple[int, str]], tuple[int, int]] = ([], (0, width))
    for count in range(most, 1, -1):
        values = [v for v in ticks(axis, count) if label not in _COUNTED or v.is_integer()]
        words = [(place(value, len(word(value))), word(value)) for value in values]
        words = _apart(words)
        found = words, _widest_gap(words, width)
        if not label or found[1][1] >= len(label):
            break
    return found


def _apart(words: list[tuple[int, str]]) -> list[tuple[int, str]]:
    """The words that do not touch the one before."""
    kept: list[tuple[int, str]] = []
    for x, text in words:
        if not kept or x > kept[-1][0] + len(kept[-1][1]):
            kept.append((x, text))
    return kept


def _widest_gap(words: list[tuple[int, str]], width: int) -> tuple[int, int]:
    """Where most cells are free between the words, a blank kept at each side."""
    ends = [0, *(x + len(text) + 1 for x, text in words)]
    starts = [*(x - 1 for x, _ in words), width]
    start, cells = max(
        ((end, start - end) for end, start in zip(ends, starts, strict=True)),
        key=lambda gap: gap[1],
    )
    return start, max(0, cells)
