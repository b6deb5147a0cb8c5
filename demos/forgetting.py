"""Forgetting: fit the scheduler's 21 weights to a learner's reviews and watch the curves bend.

loss = (sum of -ln p(answer) + lambda sum ((w - default) / deviation)^2) / scored reviews, by Adam
on all reviews at once. The learner is made up, or a file of one's own reviews is lent.
"""

from __future__ import annotations

import math

import numpy as np

from demos import base
from demos.base import (
    Answers,
    Ask,
    Choice,
    Dare,
    DivergedError,
    Int,
    Knobs,
    Real,
    Spec,
    Value,
    Verdict,
)
from demos.engine import fsrs
from demos.engine.arrays import Ints
from demos.engine.optimizers import Optimizer
from demos.views import Bar, Bars, Curves, Floats, Frame, Series, Table

SPEC = Spec(
    name="forgetting",
    title="Forgetting: fitted to you",
    kind="trainer",
    about="Fit the model behind the schedule to a learner's answers; forgetting curves bend.",
    topics=("gradient-descent", "adam", "cross-entropy", "l2-regularization", "data-splits"),
    knobs=(
        Choice("learner", "synthetic", ("synthetic", "own"), about="own: the reviews in your log"),
        Choice("memory", "weak", ("weak", "average", "strong"), about="of the synthetic learner"),
        Int("cards", 400, 50, 1000, 50, about="that the synthetic learner has reviewed 8 times"),
        Real("regularization", 1.0, 0.0, 10.0, 0.5, about="pull of each weight to its default"),
        Real("learning_rate", 0.04, 0.001, 1.0, log=True, about="of Adam"),
    ),
    predict=Ask(
        "Recall 10 days after a first 'Good': where will the fit put it?",
        ("Below the default", "Within 3 points of it", "Above it"),
        judged=("recall_after_10_days",),
    ),
    observe=Ask(
        "What did the fit do to the loss on cards that it had not seen?",
        ("It rose, or stayed", "It fell by up to 2 %", "It fell by more than 2 %"),
    ),
    why=(
        "The model foretells for each review how probably you recall. Each answer says how good "
        "that was: cross-entropy, with one answer in place of a class.",
        "Its gradient passes through every earlier review of a card, since each changed the "
        "stability: backpropagation through time, here by carrying dS/dw forward.",
        "A weight about which the reviews say little stays near its default: that is the L2 pull.",
        "Cards that were held back tell whether it learnt the learner or only these reviews.",
    ),
    dare=Dare("memory", "strong", "where will the fit put recall now?"),
    pace=2,
    steps=150,
    live=("learning_rate",),
    slow=16,
)

REVIEWS, HELD_OUT = 8, 1000
DAYS = np.linspace(0.0, 60.0, 61)
GOOD = 3
# How a synthetic memory differs from the default: factor of the initial stabilities, decay, w8.
MEMORIES = {"weak": (0.35, 0.30, -0.4), "average": (1.0, 0.1542, 0.0), "strong": (3.0, 0.12, 0.4)}


class Log:
    """Reviews of some cards as plain arrays: starts (cards + 1,), ratings and days (n,)."""

    def __init__(self, starts: Ints, ratings: Ints, days: Floats) -> None:
        self.starts, self.ratings, self.days = starts, ratings, days
        self.shares = np.ones(len(days))
        later = np.ones(len(days), bool)
        later[starts[:-1]] = False
        self.scored = int(np.count_nonzero(later & (days > 0)))

    def loss(self, w: Floats, gradient: Floats | None = None) -> float:
        """The mean log loss under weights w (21,); its gradient into `gradient` (21,)."""
        room = np.empty(fsrs.WEIGHTS) if gradient is None else gradient
        return float(fsrs.log_loss(w, self.starts, self.ratings, self.days, self.shares, room))

    def split(self, every: int) -> tuple[Log, Log]:
        """All cards but each `every`-th, and those."""
        cards = np.arange(len(self.starts) - 1)
        held = cards % every == every - 1
        return self._of(cards[~held]), self._of(cards[held])

    def _of(self, cards: Ints) -> Log:
        sizes = np.diff(self.starts)[cards]
        rows = [np.arange(self.starts[card], self.starts[card + 1]) for card in cards]
        kept = np.concatenate(rows) if rows else np.zeros(0, np.int64)
        return Log(np.concatenate([[0], np.cumsum(sizes)]), self.ratings[kept], self.days[kept])


def truth(memory: str) -> Floats:
    """The weights (21,) of a synthetic learner."""
    factor, decay, growth = MEMORIES[memory]
    w = fsrs.DEFAULTS.copy()
    w[:4] *= factor
    w[20], w[8] = decay, w[8] + growth
    return w


def synthetic(w: Floats, cards: int, generator: np.random.Generator) -> Log:
    """What a learner of memory w answers to 8 reviews a card, planned for an average memory."""
    starts = REVIEWS * np.arange(cards + 1)
    ratings, days = np.zeros(starts[-1], np.int64), np.zeros(starts[-1])
    lots = generator.random((len(days), 3))
    fsrs.learn(w, fsrs.DEFAULTS, lots, REVIEWS, ratings, days)
    return Log(starts, ratings, days)


def own() -> Log | None:
    """The reviews lent as "reviews", in the order of answering; None if there are too few.

    The file has arrays card (n,) of card numbers, rating (n,) 1 to 4, days (n,) since the card's
    review before (0 for its first). Raises ValueError for anything else in it.
    """
    path = base.lent.get("reviews")
    if path is None or not path.is_file():
        return None
    with np.load(path, allow_pickle=False) as arrays:
        card, rating, days = (arrays[name] for name in ("card", "rating", "days"))
    if not (card.ndim == 1 and card.shape == rating.shape == days.shape):
        raise ValueError("card, rating and days must be as long as each other")
    if len(card) and not (rating.min() >= 1 and rating.max() <= 4 and days.min() >= 0):
        raise ValueError("ratings are 1 to 4, days are not negative")
    order = np.argsort(card, kind="stable")
    starts = np.flatnonzero(np.diff(card[order], prepend=np.nan))
    log = Log(
        np.concatenate([starts, [len(card)]]).astype(np.int64),
        rating[order].astype(np.int64), days[order].astype(float),
    )  # fmt: skip
    return log if len(starts) >= 10 and log.scored >= 64 else None


class Run:
    """Adam on all training reviews at once, from the default weights."""

    def __init__(self, knobs: Knobs, seed: int) -> None:
        lent = own() if knobs["learner"] == "own" else None
        self.own, self.truth = lent is not None, truth(str(knobs["memory"]))
        self.missing = knobs["learner"] == "own" and lent is None
        if lent is not None:
            self.train, self.unseen = lent.split(5)
        else:
            generator = np.random.default_rng((seed, 12))
            self.train = synthetic(self.truth, int(knobs["cards"]), generator)
            self.unseen = synthetic(self.truth, HELD_OUT, generator)
        self.pull = float(knobs["regularization"]) / max(1, self.train.scored)
        self.w = fsrs.DEFAULTS.copy()
        self.optimizer = Optimizer("adam", float(knobs["learning_rate"]))
        self.optimizer.start(fsrs.WEIGHTS)
        self.step_count = 0
        self.slopes = np.empty(fsrs.WEIGHTS)
        self.history: list[tuple[float, float]] = [self._losses()]

    def _losses(self) -> tuple[float, float]:
        """Both losses of now; the first one's gradient is kept for the next step."""
        return self.train.loss(self.w, self.slopes), self.unseen.loss(self.w)

    def step(self, n: int) -> None:
        """Take `n` steps, each along the gradient of all reviews; weights stay in their range."""
        for _ in range(n):
            pull = 2.0 * self.pull * (self.w - fsrs.DEFAULTS) / fsrs.DEVIATIONS**2
            gradient = self.slopes + pull
            before = self.w.copy()
            self.optimizer.step(self.w, gradient)
            np.clip(self.w, fsrs.LOWEST, fsrs.HIGHEST, out=self.w)
            losses = self._losses()
            if not all(map(math.isfinite, losses)):
                self.w[:] = before
                self._losses()
                advice = "The steps jump over the valley; divide it by 3."
                raise DivergedError(self.step_count, "the weights", "learning_rate", advice)
            self.history.append(losses)
            self.step_count += 1

    def set(self, name: str, value: Value) -> None:
        """Change the learning rate as the run goes on."""
        assert name == "learning_rate"
        self.optimizer.learning_rate = float(value)

    def frame(self) -> Frame:
        """Forgetting curves after a first Good; losses; initial stabilities; every weight."""
        losses = np.array(self.history).T
        unseen = Series("cards held back", losses[1], role="b")
        S, decay = self.w[GOOD - 1], self.w[20]
        f = 0.9 ** (-1.0 / decay) - 1.0
        return Frame(
            picture=self._curves(),
            side=(
                Curves(
                    "log loss", (Series("training", losses[0], role="a"), unseen), "step",
                    levels=((self.unseen.loss(self.truth), "truth"),) if self._opened else (),
                ),
                self._stabilities(),
            ),
            extra=(self._weights(), self._calibration()),
            formula=rf"R(t) = (1 + {f:.3g}\,t/{S:.3g})^{{-{decay:.3f}}},\ "
            rf"R(10) = {recall(self.w, 10.0):.3f}",
            status="under 64 reviews of your own: synthetic" if self.missing
            else f"{self.train.scored} reviews   loss {losses[1, -1]:.4f}",
            curve=unseen,
        )  # fmt: skip

    @property
    def _opened(self) -> bool:
        """Whether the synthetic learner's true memory may be seen: it tells where a fit ends."""
        return not self.own and self.step_count > 0

    def _curves(self) -> Curves:
        """Recall over days after the first answer: default, fitted, true, and as counted."""
        series = [
            Series("default", recall(fsrs.DEFAULTS, DAYS), DAYS, "quiet"),
            Series("fitted", recall(self.w, DAYS), DAYS, "accent"),
        ]
        if not self.own:
            hidden = np.full(len(DAYS), np.nan)
            true = recall(self.truth, DAYS) if self._opened else hidden
            series.append(Series("true", true, DAYS, "good"))
        days, shares = counted(self.train)
        shares = shares if self.own or self._opened else np.full(len(days), np.nan)
        series.append(Series("counted", shares, days, "text", dots=True))
        return Curves(
            "recall after a first 'Good'", tuple(series), "days", y_range=(0.0, 1.0)
        )  # fmt: skip

    def _stabilities(self) -> Table:
        columns = ("first answer", "default", "fitted", *(() if self.own else ("true",)))
        vectors = [fsrs.DEFAULTS, self.w, *([] if self.own else [self.truth])]
        rows = tuple(
            (name, *(f"{vector[i]:.2f}" if self._seen(vector) else "?" for vector in vectors))
            for i, name in enumerate(("Again", "Hard", "Good", "Easy"))
        )
        return Table("days until recall is 90 %", columns, rows)

    def _seen(self, vector: Floats) -> bool:
        return vector is not self.truth or self._opened

    def _weights(self) -> Bars:
        """How far each weight has moved, in usual deviations."""
        moved = (self.w - fsrs.DEFAULTS) / fsrs.DEVIATIONS
        reach = max(1.0, float(np.abs(moved).max()))
        bars = (Bar(f"w{i}", float(m), f"{self.w[i]:.3f}") for i, m in enumerate(moved))
        return Bars("weights, and how far moved", tuple(bars), -reach, reach)

    def _calibration(self) -> Table:
        """Losses of the default, of the fit and of the truth on both parts."""
        vectors = {"default": fsrs.DEFAULTS, "fitted": self.w}
        logs = self.train, self.unseen
        if not self.own:
            vectors["true"] = self.truth
        rows = tuple(
            (name, *(f"{log.loss(w):.4f}" if self._seen(w) else "?" for log in logs))
            for name, w in vectors.items()
        )
        return Table("log loss", ("weights", "training", "held back"), rows)

    def measured(self) -> dict[str, float]:
        """Losses before and after on both parts, and what part of the avoidable loss is gone."""
        (train, before), (train_now, now) = self.history[0], self.history[-1]
        found = {
            "reviews": float(self.train.scored),
            "training_before": train,
            "training_now": train_now,
            "held_back_before": before,
            "held_back_now": now,
            "fell_by": 1.0 - now / before,
            "recall_after_10_days": float(recall(self.w, 10.0)),
        }
        if not self.own:
            best = self.unseen.loss(self.truth)
            found["held_back_truth"] = best
            found["avoidable_removed"] = (before - now) / max(before - best, 1e-4)
        return found

    def verdicts(self) -> list[Verdict]:
        """The loss on cards held back fell: by half of what is avoidable where that is known."""
        m = self.measured()
        advice = "Give it more cards, or a learner whose memory is not the average one."
        if self.own:
            return [Verdict("Loss on your cards held back fell by", m["fell_by"], ">", 0.0, advice)]
        return [
            Verdict("Loss on 1,000 cards held back fell by", m["fell_by"], ">=", 0.02, advice),
            Verdict("Avoidable part of it removed", m["avoidable_removed"], ">=", 0.5, advice),
        ]

    def answers(self) -> Answers:
        """Judged by the recall after ten days and by the loss on the cards held back."""
        m = self.measured()
        shift = m["recall_after_10_days"] - float(recall(fsrs.DEFAULTS, 10.0))
        return Answers(
            0 if shift < -0.03 else 2 if shift > 0.03 else 1,
            sum(m["fell_by"] > limit for limit in (0.0, 0.02)),
        )


def recall(w: Floats, days: Floats | float) -> Floats:
    """Recall so many days after a first answer Good: (1 + f t / S)^-w20, S = w2."""
    f = 0.9 ** (-1.0 / w[20]) - 1.0
    curve: Floats = (1.0 + f * np.asarray(days) / w[GOOD - 1]) ** -w[20]
    return curve


def counted(log: Log) -> tuple[Floats, Floats]:
    """Share recalled at the second review after a first Good, by days; 20 reviews or more each."""
    second = log.starts[:-1][np.diff(log.starts) > 1] + 1
    second = second[(log.ratings[second - 1] == GOOD) & (log.days[second] > 0)]
    days, recalled = log.days[second], log.ratings[second] > 1
    lengths = sorted(set(days.tolist()))
    kept = [t for t in lengths if t <= DAYS[-1] and np.count_nonzero(days == t) >= 20]
    return np.array(kept), np.array([float(recalled[days == t].mean()) for t in kept])
