"""Numbers for pictures: from values to places and levels, and how numbers are written.

What is not finite has no place; it is told apart here and painted as a gap everywhere. NumPy's
warnings about it are off while `paint` runs.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from demos.views import Floats
from tutor.plot.palette import LEVELS
from tutor.text.numerals import numeral

Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]


def heights(values: Floats, lo: float, hi: float, signed: bool) -> Floats:
    """How far up a ramp each value is, 0 to `LEVELS` - 1, and -1 for what is not finite."""
    if signed:
        hi = max(abs(lo), abs(hi))
        lo = -hi
    if not 0 < hi - lo < math.inf:
        lo, hi = (lo - 0.5, lo + 0.5) if math.isfinite(lo) else (0.0, 1.0)
    parts = (np.asarray(values, dtype=float) - lo) / (hi - lo)
    return np.where(np.isfinite(parts), np.clip(parts, 0.0, 1.0) * (LEVELS - 1), -1.0)


def levels(values: Floats, lo: float, hi: float, signed: bool) -> Ints:
    """The nearest level of a ramp for each value, and -1 for what is not finite."""
    return np.rint(heights(values, lo, hi, signed)).astype(np.intp)


@dataclass(frozen=True, slots=True)
class Axis:
    """From data to dots: `lo` goes to dot 0, `hi` to dot `dots` - 1. `log`: both are logarithms."""

    lo: float
    hi: float
    dots: int
    log: bool = False

    def places(self, values: Floats) -> tuple[Ints, Bools]:
        """The dot of each value, and whether it has one."""
        data = np.log10(values) if self.log else np.asarray(values, dtype=float)
        places = (data - self.lo) / (self.hi - self.lo) * (self.dots - 1)
        inside = np.isfinite(places) & (places > -0.5) & (places < self.dots - 0.5)
        return np.rint(np.where(inside, places, 0.0)).astype(np.intp), inside

    def number(self, part: float) -> str:
        """The value at `part` of the axis, 0 to 1, in words."""
        value = self.lo + part * (self.hi - self.lo)
        return number(10.0 ** min(max(value, -300.0), 300.0) if self.log else value)


def axis(values: Floats, dots: int, log: bool, given: tuple[float, float] | None = None) -> Axis:
    """An axis over all finite values, or over the range that is given."""
    data = np.asarray(given if given is not None else values, dtype=float).ravel()
    data = np.log10(data) if log else data
    # Beyond this a difference of two numbers may overflow.
    data = data[np.isfinite(data) & (np.abs(data) < 1e300)]
    lo, hi = (float(data.min()), float(data.max())) if data.size else (0.0, 1.0)
    if hi - lo <= 1e-12 * max(abs(lo), abs(hi)):
        room = 0.5 * abs(hi) or 0.5
        lo, hi = lo - room, hi + room
    return Axis(lo, hi, max(2, dots), log)


def number(value: float, digits: int = 3) -> str:
    """`value` to a few significant digits, with a true minus and powers of ten."""
    return numeral(value, digits) if math.isfinite(value) else "–"


def fixed(value: float, digits: int) -> str:
    """`value` with `digits` decimals and a true minus; no minus zero."""
    if not math.isfinite(value):
        return "–"
    text = f"{value:.{digits}f}" if abs(value) < 1e6 else number(value)
    return text.lstrip("-") if not text.strip("-0.") else text.replace("-", "−")
