"""FSRS-6, the model of memory behind the schedule: its log loss on reviews, and the gradient.

A card has a stability S (days until recall falls to 90 %) and a difficulty D in 1 … 10; 21 weights
w say how an answer G (1 Again, 2 Hard, 3 Good, 4 Easy) after t days changes them. Equations: the
wiki of github.com/open-spaced-repetition/awesome-fsrs, "The Algorithm". Lanes are cards.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from demos.engine.arrays import LINE, Floats, Ints
from demos.engine.emitting import Array, Slot, each
from demos.engine.exponentials import exp, log
from demos.engine.kernel import kernel_of
from demos.engine.values import (
    Value,
    absolute,
    choose,
    first_lanes,
    floor,
    larger,
    smaller,
    total,
    whole,
)

Weights = Sequence[Value]

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
_LN_09 = math.log(0.9)
# More lanes than this no register has.
_LANES = LINE // 8


@dataclass(frozen=True)
class Next:
    """A card's next stability or difficulty, and how it moves with what it was made of.

    by_s, by_d: its slopes by the S and D of before; by_w: by those weights that are in its formula.
    """

    value: Value
    by_s: Value
    by_d: Value
    by_w: dict[int, Value]

    def unless(self, mask: Value, other: Next) -> Next:
        """The other where the mask holds."""
        weights = self.by_w.keys() | other.by_w.keys()
        return Next(
            choose(mask, other.value, self.value),
            choose(mask, other.by_s, self.by_s),
            choose(mask, other.by_d, self.by_d),
            {i: choose(mask, other.by_w.get(i, 0.0), self.by_w.get(i, 0.0)) for i in weights},
        )

    def within(self, low: float, high: float) -> Next:
        """Kept between two bounds, beyond which it no longer moves."""
        free = (self.value > low) & (self.value < high)
        held = smaller(larger(self.value, low), high)
        return Next(
            held,
            choose(free, self.by_s, 0.0),
            choose(free, self.by_d, 0.0),
            {i: choose(free, slope, 0.0) for i, slope in self.by_w.items()},
        )


@dataclass(frozen=True)
class Recall:
    """The retrievability R, and its slopes ∂R/∂S and ∂R/∂w₂₀."""

    R: Value
    by_s: Value
    by_w20: Value


def raised(a: Value, b: Value) -> Value:
    """aᵇ of numbers a > 0, lane by lane."""
    return exp(b * log(a))


def retrievability(w: Weights, S: Value, t: Value) -> Recall:
    """R = (1 + f t / S)^−w₂₀ with f = 0.9^(−1/w₂₀) − 1, so that R(S) = 0.9."""
    power = exp(_LN_09 / -w[20])
    u = 1.0 + (power - 1.0) * t / S
    R = raised(u, -w[20])
    df = power * _LN_09 / (w[20] * w[20])
    by_s = R * w[20] / u * (power - 1.0) * t / (S * S)
    return Recall(R, by_s, -R * (log(u) + w[20] / u * t / S * df))


def begin(w: Weights, G: Value) -> tuple[Next, Next]:
    """The first answer: S = w_(G−1), D = w₄ − e^(w₅(G−1)) + 1, as nothing came before."""
    nothing = G.like(0.0)
    S, power = nothing, exp(w[5] * (G - 1.0))
    for i in range(4):
        S = choose(G.equals(i + 1), w[i], S)
    given = {i: choose(G.equals(i + 1), G.like(1.0), 0.0) for i in range(4)}
    by_w = {4: G.like(1.0), 5: -(G - 1.0) * power}
    D = Next(w[4] - power + 1.0, nothing, nothing, by_w)
    return Next(S, nothing, nothing, given), D.within(1.0, 10.0)


def answer(w: Weights, S: Value, D: Value, G: Value, t: Value, recall: Recall) -> tuple[Next, Next]:
    """A later answer G after t days, `recall` being the retrievability then: the next S and D.

    recalled  S' = S(1 + b e^w₈ (11 − D) S^−w₉ (e^((1−R)w₁₀) − 1)), b = w₁₅ if Hard, w₁₆ if Easy
    forgotten S' = min(w₁₁ D^−w₁₂ ((S+1)^w₁₃ − 1) e^((1−R)w₁₄), S / e^(w₁₇w₁₈))
    same day  S' = S k, k = e^(w₁₇(G−3+w₁₈)) S^−w₁₉, at least 1 unless Again
    """
    next_S = _recalled(w, S, D, G, recall)
    next_S = next_S.unless(G.equals(1.0), _forgotten(w, S, D, recall))
    next_S = next_S.unless(t.equals(0.0), _same_day(w, S, G))
    return next_S.within(_LEAST_S, _MOST_S), _difficulty(w, D, G)


def _recalled(w: Weights, S: Value, D: Value, G: Value, recall: Recall) -> Next:
    hard, easy = G.equals(2.0), G.equals(4.0)
    bonus = choose(hard, w[15], choose(easy, w[16], S.like(1.0)))
    missing = 1.0 - recall.R
    growth = exp(missing * w[10])
    base = exp(w[8]) * (11.0 - D) * raised(S, -w[9])
    rise = base * (growth - 1.0)
    by_R = -bonus * base * w[10] * growth
    return Next(
        S * (1.0 + bonus * rise),
        1.0 + bonus * rise * (1.0 - w[9]) + S * by_R * recall.by_s,
        -S * bonus * rise / (11.0 - D),
        {
            8: S * bonus * rise,
            9: -S * bonus * rise * log(S),
            10: S * bonus * base * missing * growth,
            15: choose(hard, S * rise, 0.0),
            16: choose(easy, S * rise, 0.0),
            20: S * by_R * recall.by_w20,
        },
    )


def _forgotten(w: Weights, S: Value, D: Value, recall: Recall) -> Next:
    missing = 1.0 - recall.R
    power = raised(S + 1.0, w[13])
    left = w[11] * raised(D, -w[12]) * (power - 1.0) * exp(missing * w[14])
    most = S * exp(-w[17] * w[18])
    free = Next(
        left,
        left * (w[13] * power / (S + 1.0) / (power - 1.0) - w[14] * recall.by_s),
        -w[12] * left / D,
        {
            11: left / w[11],
            12: -left * log(D),
            13: left * power * log(S + 1.0) / (power - 1.0),
            14: left * missing,
            20: -left * w[14] * recall.by_w20,
        },
    )
    held = Next(most, most / S, S.like(0.0), {17: -w[18] * most, 18: -w[17] * most})
    return free.unless(left >= most, held)


def _same_day(w: Weights, S: Value, G: Value) -> Next:
    k = exp(w[17] * (G - 3.0 + w[18])) * raised(S, -w[19])
    moved = Next(
        S * k,
        k * (1.0 - w[19]),
        S.like(0.0),
        {17: S * k * (G - 3.0 + w[18]), 18: S * k * w[17], 19: -S * k * log(S)},
    )
    return moved.unless((G >= 2.0) & (k <= 1.0), Next(S, S.like(1.0), S.like(0.0), {}))


def _difficulty(w: Weights, D: Value, G: Value) -> Next:
    """D' = D − w₆(G−3)(10−D)/9, then drawn back: w₇ D₀(4) + (1−w₇) D', within 1 … 10."""
    easy = exp(3.0 * w[5])
    moved = D - w[6] * (G - 3.0) * (10.0 - D) / 9.0
    return Next(
        w[7] * (w[4] - easy + 1.0) + (1.0 - w[7]) * moved,
        D.like(0.0),
        (1.0 - w[7]) * (1.0 + w[6] * (G - 3.0) / 9.0),
        {
            4: D.like(w[7]),
            5: D.like(-w[7] * 3.0 * easy),
            6: -(1.0 - w[7]) * (G - 3.0) * (10.0 - D) / 9.0,
            7: w[4] - easy + 1.0 - moved,
        },
    ).within(1.0, 10.0)


class Slopes:
    """∂S/∂w, ∂D/∂w and the loss's gradient for a block of cards: of each weight a row of lanes.

    room (3 · 21 · lanes,).
    """

    def __init__(self, room: Array, zero: Value) -> None:
        self.lanes = room.lanes
        self.zero, self.end = zero, zero + WEIGHTS * self.lanes
        self.of_S, self.of_D, self.of_loss = (room.at(self.end * part) for part in range(3))
        self._clear(self.of_loss)

    def begin(self, S: Next, D: Next) -> None:
        """Those after a first answer."""
        self._clear(self.of_S)
        self._clear(self.of_D)
        self._add(self.of_S, S.by_w)
        self._add(self.of_D, D.by_w)

    def follow(self, S: Next, D: Next) -> None:
        """Those after a later answer, by the chain rule."""
        with each(self.zero, self.end, self.lanes) as at:
            dS, dD = (numbers.load(at, self.lanes) for numbers in (self.of_S, self.of_D))
            self.of_S.store(S.by_s * dS + S.by_d * dD, at)
            self.of_D.store(D.by_d * dD, at)
        self._add(self.of_S, S.by_w)
        self._add(self.of_D, D.by_w)

    def lose(self, scored: Value, slope: Value, recall: Recall) -> None:
        """Add what the scored cards' losses, whose slopes by R are given, add to the gradient."""
        by_s = slope * recall.by_s
        with each(self.zero, self.end, self.lanes) as at:
            added = choose(scored, by_s * self.of_S.load(at, self.lanes), 0.0)
            self.of_loss.store(self.of_loss.load(at, self.lanes) + added, at)
        self._add(self.of_loss, {20: choose(scored, slope * recall.by_w20, 0.0)})

    def _clear(self, numbers: Array) -> None:
        with each(self.zero, self.end, self.lanes) as at:
            numbers.store(numbers.zero(self.lanes), at)

    def _add(self, numbers: Array, by_w: dict[int, Value]) -> None:
        for i, slope in by_w.items():
            at = self.zero + i * self.lanes
            numbers.store(numbers.load(at, self.lanes) + slope, at)


class Block:
    """As many cards as a register has lanes; those after the last card repeat it, uncounted.

    starts (cards + 1,): where each card's reviews begin.
    """

    def __init__(self, starts: Array, card: Value, lanes: int) -> None:
        cards = starts.length - 1
        block = [choose(card + k < cards, card + k, cards - 1) for k in range(lanes)]
        self.first = [starts.load(one) for one in block]
        self.last = [starts.load(one + 1) - 1 for one in block]
        counts = starts.gather([one + 1 for one in block]) - starts.gather(block)
        self.counts = choose(first_lanes(lanes, cards - card), counts, 0)

    def reviews(self, i: Value) -> tuple[list[Value], Value]:
        """Where each card's review number i stands, or its last one; and which cards have one."""
        pairs = zip(self.first, self.last, strict=True)
        places = [choose(one + i < last, one + i, last) for one, last in pairs]
        return places, self.counts > i

    def most(self) -> Value:
        """How many reviews the longest of them has."""
        longest = self.first[0] * 0
        for first, last in zip(self.first, self.last, strict=True):
            count = last - first + 1
            longest = choose(longest < count, count, longest)
        return longest


def _weights(w: Array, zero: Value) -> Weights:
    return [w.load(zero + i) for i in range(WEIGHTS)]


def _loss(
    w: Array, starts: Array, ratings: Array, days: Array, shares: Array, gradient: Array,
    room: Array,
) -> Value:  # fmt: skip
    lanes, cards = w.lanes, starts.length - 1
    weights, slopes = _weights(w, cards * 0), Slopes(room, cards * 0)
    loss, weight = Slot(w.zero(lanes)), Slot(w.zero(lanes))
    with each(0, cards, lanes) as card:
        block = Block(starts, card, lanes)
        S, D = begin(weights, w.zero(lanes).like(ratings.gather(block.first)))
        slopes.begin(S, D)
        now = Slot(S.value), Slot(D.value)
        with each(1, block.most()) as i:
            places, there = block.reviews(i)
            t, share = days.gather(places), shares.gather(places)
            G, (S_now, D_now) = t.like(ratings.gather(places)), (state.get() for state in now)
            recall = retrievability(weights, S_now, t)
            scored = there & (t > 0.0)
            R = smaller(larger(recall.R, 1e-9), 1.0 - 1e-9)
            seen = choose(G > 1.0, R, R - 1.0)
            loss.set(loss.get() - choose(scored, share * log(absolute(seen)), 0.0))
            weight.set(weight.get() + choose(scored, share, 0.0))
            slopes.lose(scored, -share / seen, recall)
            S, D = answer(weights, S_now, D_now, G, t, recall)
            slopes.follow(S, D)
            for state, after in zip(now, (S, D), strict=True):
                state.set(after.value)
    scale = 1.0 / larger(total(weight.get()), 1e-300)
    with each(0, gradient.length) as j:
        gradient.store(total(slopes.of_loss.load(j * lanes, lanes)) * scale, j)
    return total(loss.get()) * scale


@kernel_of(_loss)
def _log_loss(
    w: Floats, starts: Ints, ratings: Ints, days: Floats, shares: Floats, gradient: Floats,
    room: Floats,
) -> float:  # fmt: skip
    """As `log_loss`; room (3 · 21 · 8,) to work in."""


def log_loss(
    w: Floats, starts: Ints, ratings: Ints, days: Floats, shares: Floats, gradient: Floats
) -> float:
    """The mean of −ln R where recalled and −ln(1 − R) where not; its gradient into (21,).

    starts (cards + 1,): where each card's reviews begin in ratings, days, shares (n,). days: since
    the card's last review; a review counts by its share if it is neither the first nor of the
    same day.
    """
    room = np.empty(3 * WEIGHTS * _LANES)
    return _log_loss(w, starts, ratings, days, shares, gradient, room)


def _answers(
    truth: Array, planned: Array, lots: Array, reviews: Value, ratings: Array, days: Array
) -> None:
    lanes, cards = truth.lanes, days.length / reviews
    memories = [_weights(w, cards * 0) for w in (truth, planned)]
    with each(0, cards, lanes) as card:
        first = [choose(card + k < cards, card + k, cards - 1) * reviews for k in range(lanes)]
        states = [(Slot(days.zero(lanes) + 1.0), Slot(days.zero(lanes) + 1.0)) for _ in memories]
        with each(0, reviews) as i:
            places, begins = [one + i for one in first], i.equals(0)
            recalled, graded, late = (lots.gather([p * 3 + k for p in places]) for k in range(3))
            planned_S = states[1][0].get()
            t = choose(begins, 0.0, _waited(planned_S, late))
            recall = retrievability(memories[0], states[0][0].get(), t)
            G = _grade(recalled < choose(begins, 0.7, recall.R), graded)
            for w, state in zip(memories, states, strict=True):
                _move(w, state, G, t, begins)
            ratings.scatter(whole(G), places)
            days.scatter(t, places)


def _waited(planned_S: Value, late: Value) -> Value:
    """Half to twice the planned days, whole, 1 to 365."""
    days = floor(planned_S * exp(math.log(2.0) * (2.0 * late - 1.0)) + 0.5)
    return smaller(larger(days, 1.0), 365.0)


def _grade(known: Value, lot: Value) -> Value:
    """Again where it is not known; else Hard, Good or Easy by lot."""
    better = choose(lot < 0.15, 2.0, choose(lot < 0.9, 3.0, lot.like(4.0)))
    return choose(known, better, 1.0)


def _move(w: Weights, state: tuple[Slot, Slot], G: Value, t: Value, begins: Value) -> None:
    """Take a memory's S and D past an answer."""
    S, D = (one.get() for one in state)
    firsts, later = begin(w, G), answer(w, S, D, G, t, retrievability(w, S, t))
    for slot, first, after in zip(state, firsts, later, strict=True):
        slot.set(choose(begins, first.value, after.value))


@kernel_of(_answers)
def learn(
    truth: Floats, planned: Floats, lots: Floats, reviews: int, ratings: Ints, days: Floats
) -> None:
    """Fill ratings and days (n,) with what a learner whose memory is `truth` would answer.

    Each card has so many `reviews`, one after the other. lots (n, 3) from U(0, 1) decide about
    recall, grade and lateness. A review is due when `planned`, the weights of the schedule,
    foretell 90 %; it comes after half to twice that time, but after 1 to 365 days.
    """
