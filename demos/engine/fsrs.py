"""FSRS-6, the model of memory behind the schedule: its log loss on reviews, and the gradient.

A card has a stability S (days until recall falls to 90 %) and a difficulty D in 1 … 10; 21 weights
w say how an answer G (1 Again, 2 Hard, 3 Good, 4 Easy) after t days changes them. Equations: the
wiki of github.com/open-spaced-repetition/awesome-fsrs, "The Algorithm".
"""

from __future__ import annotations

import math

import numpy as np

from demos.engine.arrays import Floats, Ints
from demos.engine.kernel import kernel, part

WEIGHTS = 21
DEFAULTS = np.array(
    [0.212, 1.2931, 2.3065, 8.2956, 6.4133, 0.8334, 3.0194, 0.001, 1.8722, 0.1666, 0.796,
     1.4835, 0.0614, 0.2629, 1.6483, 0.6014, 1.8729, 0.5425, 0.0912, 0.0658, 0.1542]
)  # fmt: skip
# How far each weight usually lies from its default, over many learners.
DEVIATIONS = np.array(
    [6.43, 9.66, 17.58, 27.85, 0.57, 0.28, 0.6, 0.12, 0.39, 0.18, 0.33,
     0.3, 0.09, 0.16, 0.57, 0.25, 1.03, 0.31, 0.32, 0.14, 0.27]
)  # fmt: skip
LOWEST = np.array([0.001] * 4 + [1, 0.001, 0.001, 0.001, 0, 0, 0.001, 0.001, 0.001, 0.001]
                  + [0, 0, 1, 0, 0, 0.01, 0.1])  # fmt: skip
HIGHEST = np.array([100.0] * 4 + [10, 4, 4, 0.75, 4.5, 0.8, 3.5, 5, 0.25, 0.9]
                   + [4, 1, 6, 2, 2, 0.8, 0.8])  # fmt: skip
_LEAST_S, _MOST_S = 0.001, 36500.0


@part
def retrievability(w: Floats, S: float, t: float) -> float:
    """R = (1 + f t / S)^−w₂₀ with f = 0.9^(−1/w₂₀) − 1, so that R(S) = 0.9."""
    return float((1.0 + (0.9 ** (-1.0 / w[20]) - 1.0) * t / S) ** -w[20])


@part
def _recall_slopes(w: Floats, S: float, t: float) -> tuple[float, float]:
    """∂R/∂S and ∂R/∂w₂₀."""
    power = 0.9 ** (-1.0 / w[20])
    u = 1.0 + (power - 1.0) * t / S
    R = u ** -w[20]
    dS = R * w[20] / u * (power - 1.0) * t / S**2
    df = power * math.log(0.9) / w[20] ** 2
    return dS, -R * (math.log(u) + w[20] / u * t / S * df)


@part
def begin(w: Floats, G: int, dS: Floats, dD: Floats) -> tuple[float, float]:
    """The first answer: S = w_(G−1), D = w₄ − e^(w₅(G−1)) + 1; ∂S/∂w, ∂D/∂w (21,) into dS, dD."""
    dS[:] = 0.0
    dD[:] = 0.0
    dS[G - 1] = 1.0
    power = math.exp(w[5] * (G - 1))
    D = w[4] - power + 1.0
    if 1.0 < D < 10.0:
        dD[4] = 1.0
        dD[5] = -(G - 1) * power
    return w[G - 1], min(max(D, 1.0), 10.0)


@part
def answer(
    w: Floats, S: float, D: float, G: int, t: float, dS: Floats, dD: Floats
) -> tuple[float, float]:
    """A later answer G after t days: the next S and D; dS, dD (21,) follow by the chain rule.

    recalled  S' = S(1 + b e^w₈ (11 − D) S^−w₉ (e^((1−R)w₁₀) − 1)), b = w₁₅ if Hard, w₁₆ if Easy
    forgotten S' = min(w₁₁ D^−w₁₂ ((S+1)^w₁₃ − 1) e^((1−R)w₁₄), S / e^(w₁₇w₁₈))
    same day  S' = S k, k = e^(w₁₇(G−3+w₁₈)) S^−w₁₉, at least 1 unless Again
    """
    if t == 0.0:
        next_S = _same_day(w, S, G, dS)
    elif G == 1:
        next_S = _forgotten(w, S, D, t, dS, dD)
    else:
        next_S = _recalled(w, S, D, G, t, dS, dD)
    if not _LEAST_S < next_S < _MOST_S:
        dS[:] = 0.0
    return min(max(next_S, _LEAST_S), _MOST_S), _difficulty(w, D, G, dD)


@part
def _recalled(w: Floats, S: float, D: float, G: int, t: float, dS: Floats, dD: Floats) -> float:
    R = retrievability(w, S, t)
    R_S, R_20 = _recall_slopes(w, S, t)
    bonus = w[15] if G == 2 else w[16] if G == 4 else 1.0
    growth = math.exp((1.0 - R) * w[10])
    base = math.exp(w[8]) * (11.0 - D) * S ** -w[9]
    rise = base * (growth - 1.0)
    by_R = -bonus * base * w[10] * growth
    by_S = 1.0 + bonus * rise * (1.0 - w[9]) + S * by_R * R_S
    by_D = -S * bonus * rise / (11.0 - D)
    for i in range(WEIGHTS):
        dS[i] = by_S * dS[i] + by_D * dD[i]
    dS[20] += S * by_R * R_20
    dS[8] += S * bonus * rise
    dS[9] -= S * bonus * rise * math.log(S)
    dS[10] += S * bonus * base * (1.0 - R) * growth
    if G == 2:
        dS[15] += S * rise
    elif G == 4:
        dS[16] += S * rise
    return float(S * (1.0 + bonus * rise))


@part
def _forgotten(w: Floats, S: float, D: float, t: float, dS: Floats, dD: Floats) -> float:
    R = retrievability(w, S, t)
    R_S, R_20 = _recall_slopes(w, S, t)
    power = (S + 1.0) ** w[13]
    left = w[11] * D ** -w[12] * (power - 1.0) * math.exp((1.0 - R) * w[14])
    most = S * math.exp(-w[17] * w[18])
    if left >= most:
        for i in range(WEIGHTS):
            dS[i] *= most / S
        dS[17] -= w[18] * most
        dS[18] -= w[17] * most
        return float(most)
    by_S = left * (w[13] * power / (S + 1.0) / (power - 1.0) - w[14] * R_S)
    by_D = -w[12] * left / D
    for i in range(WEIGHTS):
        dS[i] = by_S * dS[i] + by_D * dD[i]
    dS[20] -= left * w[14] * R_20
    dS[11] += left / w[11]
    dS[12] -= left * math.log(D)
    dS[13] += left * power * math.log(S + 1.0) / (power - 1.0)
    dS[14] += left * (1.0 - R)
    return float(left)


@part
def _same_day(w: Floats, S: float, G: int, dS: Floats) -> float:
    k = math.exp(w[17] * (G - 3 + w[18])) * S ** -w[19]
    if G >= 2 and k <= 1.0:
        return S
    for i in range(WEIGHTS):
        dS[i] *= k * (1.0 - w[19])
    dS[17] += S * k * (G - 3 + w[18])
    dS[18] += S * k * w[17]
    dS[19] -= S * k * math.log(S)
    return float(S * k)


@part
def _difficulty(w: Floats, D: float, G: int, dD: Floats) -> float:
    """D' = D − w₆(G−3)(10−D)/9, then drawn back: w₇ D₀(4) + (1−w₇) D', within 1 … 10."""
    easy = math.exp(3.0 * w[5])
    moved = D - w[6] * (G - 3) * (10.0 - D) / 9.0
    next_D = w[7] * (w[4] - easy + 1.0) + (1.0 - w[7]) * moved
    for i in range(WEIGHTS):
        dD[i] *= (1.0 - w[7]) * (1.0 + w[6] * (G - 3) / 9.0)
    dD[6] -= (1.0 - w[7]) * (G - 3) * (10.0 - D) / 9.0
    dD[7] += w[4] - easy + 1.0 - moved
    dD[4] += w[7]
    dD[5] -= w[7] * 3.0 * easy
    if not 1.0 < next_D < 10.0:
        dD[:] = 0.0
    return min(max(float(next_D), 1.0), 10.0)


def log_loss(
    w: Floats, starts: Ints, ratings: Ints, days: Floats, shares: Floats, gradient: Floats
) -> float:
    """The mean of −ln R where recalled and −ln(1 − R) where not; its gradient into (21,).

    starts (cards + 1,): where each card's reviews begin in ratings, days, shares (n,). days: since
    the card's last review; a review counts by its share if it is neither the first nor of the
    same day.
    """
    dS, dD = np.empty((2, WEIGHTS))
    return _log_loss(w, starts, ratings, days, shares, gradient, dS, dD)


@kernel
def _log_loss(
    w: Floats, starts: Ints, ratings: Ints, days: Floats, shares: Floats, gradient: Floats,
    dS: Floats, dD: Floats,
) -> float:  # fmt: skip
    """As `log_loss`; dS, dD (21,) are room to work in."""
    gradient[:] = 0.0
    total, weight = 0.0, 0.0
    for card in range(starts.size - 1):
        first = starts[card]
        S, D = begin(w, ratings[first], dS, dD)
        for i in range(first + 1, starts[card + 1]):
            t, G = days[i], ratings[i]
            if t > 0.0:
                R = min(max(retrievability(w, S, t), 1e-9), 1.0 - 1e-9)
                R_S, R_20 = _recall_slopes(w, S, t)
                recalled = 1.0 if G > 1 else 0.0
                total -= shares[i] * math.log(R if G > 1 else 1.0 - R)
                slope = shares[i] * (R - recalled) / (R * (1.0 - R))
                for j in range(WEIGHTS):
                    gradient[j] += slope * R_S * dS[j]
                gradient[20] += slope * R_20
                weight += shares[i]
            S, D = answer(w, S, D, G, t, dS, dD)
    scale = 1.0 / max(weight, 1e-300)
    for j in range(WEIGHTS):
        gradient[j] *= scale
    return total * scale


def learn(
    truth: Floats, planned: Floats, lots: Floats, starts: Ints, ratings: Ints, days: Floats
) -> None:
    """Fill ratings and days (n,) with what a learner whose memory is `truth` would answer.

    lots (n, 3) from U(0, 1) decide about recall, grade and lateness. A review is due when
    `planned`, the weights of the schedule, foretell 90 %; it comes after half to twice that time,
    but after 1 to 365 days.
    """
    dS, dD, unused = np.empty((3, WEIGHTS))
    _learn(truth, planned, lots, starts, ratings, days, dS, dD, unused)


@kernel
def _learn(
    truth: Floats, planned: Floats, lots: Floats, starts: Ints, ratings: Ints, days: Floats,
    dS: Floats, dD: Floats, unused: Floats,
) -> None:  # fmt: skip
    """As `learn`; dS, dD, unused (21,) are room to work in."""
    for card in range(starts.size - 1):
        S = D = plan_S = plan_D = 1.0
        for i in range(starts[card], starts[card + 1]):
            first = i == starts[card]
            t = 0.0
            if not first:
                late = math.floor(plan_S * 2.0 ** (2.0 * lots[i, 2] - 1.0) + 0.5)
                t = min(max(1.0, late), 365.0)
            known = lots[i, 0] < (0.7 if first else retrievability(truth, S, t))
            G = (2 if lots[i, 1] < 0.15 else 3 if lots[i, 1] < 0.9 else 4) if known else 1
            if first:
                S, D = begin(truth, G, dS, dD)
                plan_S, plan_D = begin(planned, G, dS, unused)
            else:
                S, D = answer(truth, S, D, G, t, dS, dD)
                plan_S, plan_D = answer(planned, plan_S, plan_D, G, t, dS, unused)
            ratings[i], days[i] = G, t
