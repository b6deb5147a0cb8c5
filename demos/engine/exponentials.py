"""eˣ and what is made of it, lane by lane: the one exp, tanh, sigmoid and log of the engine.

All begin with x = k ln 2 + r, |r| ≤ ½ ln 2, so that eˣ = 2ᵏ eʳ, and with

    eʳ = (g + r) / (g − r),   g = r coth(r/2) = 2 + r²/6 − r⁴/360 + …

Since r coth(r/2) is even, few powers of r² are enough: two in float32, five in float64, with
coefficients that spread the error evenly (Chebyshev) in place of those of the series. tanh and
sigmoid put numerator and denominator to use as they are, and so divide only once.

These are formulas over `Value`; `vectors` has them for kernels.
"""

from __future__ import annotations

from demos.engine.values import (
    Value,
    absolute,
    choose,
    copysign,
    exponent,
    larger,
    smaller,
    times_power,
)

_LOG2_E = 1.4426950408889634
# x + BIG rounds x to a whole number. ln 2 in two parts, the first so short that k times it is
# exact. LEAST and MOST are arguments whose exponentials are normal numbers. (float64, float32)
_BIG = 6755399441055744.0, 12582912.0
_LN2_HIGH = 0.693147180369123816490, 0.693145751953125
_LN2_LOW = 1.90821492927058770002e-10, 1.42860682030941723212e-6
_LEAST, _MOST = (-708.0, -87.0), (709.0, 88.0)
# g and the series of artanh f / f in f², from the highest power down. (float64, float32)
_SCALE = 27.0 / 32.0
_G = (
    (1.9090111400060517e-07, -5.430980892096692e-06, 0.00015466044616841408,
     -0.004624407977405889, 0.19753086419752977, 2.0 * _SCALE),
    (-0.0046046174811798036, 0.197530229562792, 2.0 * _SCALE),
)  # fmt: skip
_ARTANH = (
    (0.14811282960825951749, 0.15312377698207131989, 0.18183637300887207333,
     0.22222196953337133638, 0.28571428761609723573, 0.39999999999298065924,
     0.6666666666666765264),
    (0.29925789827444819768, 0.39974799063558502337, 0.66666815791945386046),
)  # fmt: skip


def _polynomial(coefficients: tuple[float, ...], s: Value) -> Value:
    """c₀sⁿ + c₁sⁿ⁻¹ + … + cₙ by Horner's rule."""
    value = s.like(coefficients[0])
    for c in coefficients[1:]:
        value = value * s + c
    return value


def _fraction(x: Value) -> tuple[Value, Value]:
    """Numerator and denominator of eˣ = 2ᵏ(g + r) / (g − r), for x from LEAST to MOST.

    Both g and r are taken 27/32 times as large: the denominator then lies below 2, where numbers
    stand half as far apart, which takes a quarter off the error of tanh.
    """
    p = x.single
    shifted = x * _LOG2_E + _BIG[p]
    k = shifted - _BIG[p]
    r = (x - k * _LN2_HIGH[p] - k * _LN2_LOW[p]) * _SCALE
    g = _polynomial(_G[p], r * r)
    return times_power(g + r, shifted), g - r


def exp(x: Value) -> Value:
    """eˣ to 2 units in the last place, up to e^709 (float32: 88); NaN stays.

    Below e^−708 (−87), where numbers are no longer normal, it is 0.
    """
    least = _LEAST[x.single]
    n, d = _fraction(smaller(larger(x, least), _MOST[x.single]))
    return choose(x < least, 0.0, n / d)


def tanh(x: Value) -> Value:
    """(1 − e) / (1 + e) with the sign of x, e = e^−2|x| = n/d, so (d − n) / (d + n).

    The error is below 2.2e-16 (float32: 1.2e-7), as a difference.
    """
    n, d = _fraction(larger(-2.0 * absolute(x), _LEAST[x.single]))
    return copysign((d - n) / (d + n), x)


def sigmoid(x: Value) -> Value:
    """1 / (1 + e^−x): with e = e^−|x| = n/d it is d / (d + n), or n / (d + n) below zero.

    The error is below 1.8e-16 (float32: 1e-7), as a difference.
    """
    n, d = _fraction(larger(-absolute(x), _LEAST[x.single]))
    return choose(x >= 0.0, d, n) / (d + n)


def log(x: Value) -> Value:
    """ln x of a normal number above 0: x = 2ᵏm, ln m = 2 artanh f, f = (m − 1) / (m + 1)."""
    p = x.single
    k = exponent(x)
    m = times_power(x, _BIG[p] - k)
    f = (m - 1.0) / (m + 1.0)
    s = f * f
    value = k * _LN2_HIGH[p] + (k * _LN2_LOW[p] + f * (_polynomial(_ARTANH[p], s) * s) + 2.0 * f)
    return choose(x < float("inf"), value, x)
