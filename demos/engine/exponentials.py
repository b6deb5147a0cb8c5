"""eˣ and what is made of it, lane by lane: the one exp, tanh, sigmoid and log of the engine.

All begin with x = k ln 2 + r, |r| ≤ ½ ln 2, so that eˣ = 2ᵏ eʳ, and with

    eʳ = (g + r) / (g − r),   g = r coth(r/2) = 2 + r²/6 − r⁴/360 + …

since r coth(r/2) is even, few powers of r² are enough: two in float32, five in float64, with
coefficients that spread the error evenly (Chebyshev) in place of those of the series. tanh and
sigmoid put numerator and denominator to use as they are, and so divide only once.
"""

from __future__ import annotations

from typing import Any

from numba.core import types

from demos.engine.kernel import emitted, part
from demos.engine.vectors import (
    absolute,
    choose,
    copysign,
    exponent,
    larger,
    smaller,
    times_power,
)

_LOG2_E = 1.4426950408889634
_SCALE = 27.0 / 32.0
# BIG = 1.5 · 2^(fraction bits): x + BIG rounds x to a whole number, which are the sum's last bits.
# ln 2 in two parts, the first so short that k times it is exact. LEAST, MOST: arguments whose
# exponentials are still normal numbers.
_BIG64, _HIGH64, _LOW64 = 6755399441055744.0, 0.693147180369123816490, 1.90821492927058770002e-10
_BIG32, _HIGH32, _LOW32 = 12582912.0, 0.693145751953125, 1.42860682030941723212e-6


def _constants(double: float, single: float) -> Any:
    """A function of lanes that gives a constant, by their dtype."""

    def constant(context: Any, x: Any) -> Any:
        number = single if x.dtype == types.float32 else double

        def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
            return context.get_constant(types.float64, number)

        return types.float64(x), lower

    return emitted(constant)


_big = _constants(_BIG64, _BIG32)
_high = _constants(_HIGH64, _HIGH32)
_low = _constants(_LOW64, _LOW32)
_least = _constants(-708.0, -87.0)
_most = _constants(709.0, 88.0)


def _is_single(context: Any, x: Any) -> Any:
    value = x.dtype == types.float32

    def lower(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return context.get_constant(types.boolean, value)

    return types.boolean(x), lower


_single = emitted(_is_single)


@part
def _fraction(x: Any) -> Any:
    """Numerator and denominator of eˣ = 2ᵏ(g + r) / (g − r), for x from −708 (−87) to 709 (88).

    Both g and r are taken 27/32 times as large: the denominator then lies below 2, where numbers
    stand half as far apart, which takes a third off the error of tanh.
    """
    shifted = x * _LOG2_E + _big(x)
    k = shifted - _big(x)
    r = (x - k * _high(x) - k * _low(x)) * _SCALE
    s = r * r
    if _single(x):
        g = (-0.0046046174811798036 * s + 0.197530229562792) * s + 2.0 * _SCALE
    else:
        g = 1.9090111400060517e-07 * s - 5.430980892096692e-06
        g = (g * s + 0.00015466044616841408) * s - 0.004624407977405889
        g = (g * s + 0.19753086419752977) * s + 2.0 * _SCALE
    return times_power(g + r, shifted), g - r


@part
def exp(x: Any) -> Any:
    """eˣ to 2 units in the last place, from e^−708 to e^709 (float32: −87 to 88); NaN stays."""
    n, d = _fraction(smaller(larger(x, _least(x)), _most(x)))
    return n / d


@part
def tanh(x: Any) -> Any:
    """(1 − e) / (1 + e) with the sign of x, e = e^−2|x| = n/d, so (d − n) / (d + n)."""
    n, d = _fraction(larger(-2.0 * absolute(x), _least(x)))
    return copysign((d - n) / (d + n), x)


@part
def sigmoid(x: Any) -> Any:
    """1 / (1 + e^−x): with e = e^−|x| = n/d it is d / (d + n), or n / (d + n) below zero."""
    n, d = _fraction(larger(-absolute(x), _least(x)))
    return choose(x >= 0.0, d, n) / (d + n)


@part
def log(x: Any) -> Any:
    """ln x of a normal number above 0: x = 2ᵏm, ln m = 2 artanh f, f = (m − 1) / (m + 1).

    artanh f / f is a series in f², |f| < 0.172.
    """
    k = exponent(x)
    m = times_power(x, _big(x) - k)
    f = (m - 1.0) / (m + 1.0)
    s = f * f
    if _single(x):
        a = (0.29925789827444819768 * s + 0.39974799063558502337) * s
        a = (a + 0.66666815791946386046) * s
    else:
        a = 0.14811282960825951749 * s + 0.15312377698207131989
        a = (a * s + 0.18183637300887207333) * s + 0.22222196953337133638
        a = (a * s + 0.28571428761609723573) * s + 0.39999999999298065924
        a = (a * s + 0.6666666666666765264) * s
    value = k * _high(x) + (k * _low(x) + f * a + 2.0 * f)
    return choose(x < _infinity(x), value, x)


_infinity = _constants(float("inf"), float("inf"))
