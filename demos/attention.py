"""The attention mirror: one head learns to write eight symbols backwards, and its map shows how.

Place i of the output has to look at place 8 - i + 1 of the input: the map becomes that diagonal.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from demos.base import (
    Answers,
    Ask,
    Choice,
    Dare,
    Flag,
    Int,
    Knobs,
    Real,
    Spec,
    Value,
    Verdict,
    strides,
)
from demos.engine.arrays import Ints
from demos.engine.attention import Attention
from demos.engine.optimizers import Optimizer
from demos.engine.sequences import Reorder
from demos.views import Curves, Floats, Frame, Grid, Series, Table

SPEC = Spec(
    name="attention",
    title="Attention mirror",
    kind="trainer",
    about="One head learns to reverse eight symbols: watch where each place looks.",
    topics=(
        "attention",
        "multi-head-self-attention",
        "positional-encoding",
        "transformer",
    ),
    knobs=(
        Choice("task", "reverse", ("reverse", "shift", "sort"), about="what to make of the row"),
        Int("length", 8, 4, 10, about="symbols in a row, drawn from 8"),
        Flag("positions", True, about="add a learnt vector for each place"),
        Flag("scale", True, about="divide q·k by the root of d"),
        Flag("causal_mask", False, about="a place sees only itself and what came before"),
        Real("learning_rate", 0.01, 0.0001, 1.0, log=True, about="of Adam"),
    ),
    predict=Ask(
        "With these knobs, how many symbols will be right at the end?",
        ("An eighth: pure guessing", "About a third", "About half", "Nearly all"),
        judged=("accuracy",),
    ),
    observe=Ask(
        "How much of a row's attention lay on the answer's place in the end?",
        ("Less than 1/4", "1/4 to 3/4", "More than 3/4"),
    ),
    why=(
        "Each place asks with a query and offers a key; softmax of their products is a row of the "
        "map. To reverse, place 1 must look at the last place, place 2 at the last but one.",
        "Without position vectors all places ask alike: the map stays even, and the head sees a "
        "bag of symbols. Naming the most frequent one is right about a third of the time.",
        "A causal mask hides what comes later. Half of the answers lie there.",
        "The product of two random vectors has variance d. Unscaled, long vectors give softmax "
        "nearly all its weight to one place, and its slope vanishes.",
    ),
    dare=Dare("positions", False, "how many symbols come out right?"),
    pace=1,
    steps=120,
    live=("learning_rate",),
    slow=8,
)

SYMBOLS, D, BATCH, RECORD = 8, 16, 32, 2
LETTERS = "ABCDEFGH"
TEST = 128


@lru_cache(maxsize=1)
def spreads() -> tuple[tuple[str, ...], ...]:
    """For random q and k of d numbers: variance of q.k, mean largest weight of 8, raw and scaled.

    The same 2,000 draws on every run; they belong to no seed.
    """
    rows = []
    generator = np.random.default_rng(0)
    for d in (4, 16, 64, 512):
        q, k = generator.normal(size=(250, 1, d)), generator.normal(size=(250, SYMBOLS, d))
        scores = (q * k).sum(axis=2)
        tops = [_top_weight(scores), _top_weight(scores / d**0.5)]
        rows.append((str(d), f"{scores.var():.1f}", *(f"{top:.3f}" for top in tops)))
    return tuple(rows)


def _top_weight(scores: Floats) -> float:
    """The mean over rows of the largest softmax weight."""
    return float(np.mean(1.0 / np.exp(scores - scores.max(axis=1, keepdims=True)).sum(axis=1)))


class Run:
    """Trains one head on fresh rows and looks every other step at 128 rows it never trains on."""

    def __init__(self, knobs: Knobs, seed: int) -> None:
        self.task, self.length = str(knobs["task"]), int(knobs["length"])
        optimizer = Optimizer("adam", float(knobs["learning_rate"]))
        self.net = Attention(
            SYMBOLS, self.length, D, positions=bool(knobs["positions"]),
            scaled=bool(knobs["scale"]), causal=bool(knobs["causal_mask"]),
            optimizer=optimizer, seed=seed,
        )  # fmt: skip
        self.net.feed(Reorder(self.task, self.length, SYMBOLS, BATCH, seed))
        test = Reorder(self.task, self.length, SYMBOLS, TEST, seed + 1_000_003)
        self.X, self.T = test.next()
        self.step_count = 0
        self.history: list[tuple[float, float]] = []
        self._record()

    def step(self, n: int) -> None:
        """Train `n` batches of 32 rows."""
        for stride in strides(self.step_count, n, RECORD):
            self.net.step(stride)
            self.step_count += stride
            if self.step_count % RECORD == 0:
                self._record()

    def _record(self) -> None:
        """Keep accuracy and the attention on the right place; the tape holds the test rows."""
        accuracy = self.net.accuracy(self.X, self.T)
        self.maps = self.net.A.copy()
        self.history.append((accuracy, self._mass(self.maps)))

    def _mass(self, maps: Floats) -> float:
        """The mean attention (n, places, places) on the place, or places, that hold the answer."""
        return float((maps * self._sources(self.X)).sum(axis=2).mean())

    def _sources(self, X: Ints) -> Floats:
        """1 where output place i finds its symbol at place j: (n, places, places) or (places, ..).

        For sorting any place that holds the symbol will do.
        """
        if self.task == "sort":
            symbols: Floats = (self.T[:, :, None] == X[:, None, :]).astype(float)
            return symbols
        eye = np.eye(self.length)
        return eye[::-1] if self.task == "reverse" else np.roll(eye, -1, axis=1)

    def set(self, name: str, value: Value) -> None:
        """Change the learning rate as the run goes on."""
        assert name == "learning_rate"
        self.net.optimizer.learning_rate = float(value)

    def frame(self) -> Frame:
        """The map of one row of symbols; that row and what is made of it; accuracy and mass."""
        logits = self.net.forward(self.X[:1])[0].copy()
        A = self.net.A[0].copy()
        Q, K = self.net.Q[0].copy(), self.net.K[0].copy()
        history = np.array(self.history).T
        steps = RECORD * np.arange(history.shape[1], dtype=float)
        accuracy = Series("accuracy", history[0], steps, "a")
        read, written = _letters(self.X[0]), _letters(logits.argmax(axis=1))
        scores = self.net.scale * Q @ K.T
        return Frame(
            picture=self._map(A),
            side=(
                self._rows(read, written, A),
                Curves(
                    "128 rows never trained on",
                    (accuracy, Series("on the right place", history[1], steps, "b")),
                    "step", y_range=(0.0, 1.0),
                ),
            ),
            extra=(
                Grid("scores, before softmax", scores, 1, -4.0, 4.0, signed=True,
                     row_labels=tuple(read), column_labels=tuple(read)),
                Table("random q, k: largest weight",
                      ("d", "var q·k", "raw", "scaled"), spreads()),
            ),
            formula=self._formula(A, scores),
            status=f"loss {self.net.loss:.3f}   accuracy {history[0, -1]:.2f}"
            if self.step_count else f"{self.net.theta.size:,} parameters",
            curve=accuracy,
        )  # fmt: skip

    def _map(self, A: Floats) -> Grid:
        places = tuple(str(i + 1) for i in range(self.length))
        title = f"who looks where (an even look: {1 / self.length:.3f})"
        return Grid(title, A, 2, row_labels=places, column_labels=places)

    def _rows(self, read: str, written: str, A: Floats) -> Table:
        right, top = _letters(self.T[0]), int(A[0].argmax())
        wrong = (i for i in range(self.length) if written[i] != right[i])
        places = tuple(str(i + 1) for i in range(self.length))
        rows = (("input", *read), ("output", *written), ("right", *right))
        title = f"place 1 looks at {top + 1} with {A[0, top]:.2f}"
        return Table(title, ("place", *places), rows, frozenset((1, i + 1) for i in wrong))

    def _formula(self, A: Floats, scores: Floats) -> str:
        top = int(A[0].argmax())
        root = rf"/\sqrt{{{D}}}" if self.net.scale < 1 else ""
        q_k = scores[0, top] / self.net.scale
        return (
            rf"A_{{1,{top + 1}}} = "
            rf"\frac{{e^{{{q_k:.2f}{root}}}}}{{\sum_j e^{{q \cdot k_j{root}}}}} = {A[0, top]:.3f}"
        )

    def measured(self) -> dict[str, float]:
        """Accuracy and when it came, attention on the right place, an even look, a guess."""
        accuracy, mass = self.history[-1]
        counts = np.array([np.bincount(row, minlength=SYMBOLS).max() for row in self.X])
        raw, scaled = (float(value) for value in spreads()[-1][2:])
        solved = [RECORD * i for i, (share, _) in enumerate(self.history) if share >= 0.9]
        return {
            "accuracy": accuracy,
            "steps_to_90_percent": float(solved[0]) if solved else math.inf,
            "mass_on_right_place": mass,
            "even_look": 1.0 / self.length,
            "most_frequent_symbol": float(counts.mean()) / self.length,
            "parameters": float(self.net.theta.size),
            "top_weight_512_raw": raw,
            "top_weight_512_scaled": scaled,
        }

    def verdicts(self) -> list[Verdict]:
        """It solves the task, by looking at the right place."""
        m = self.measured()
        advice = "Switch positions on and the causal mask off, and reverse or shift."
        return [
            Verdict("Symbols put right", m["accuracy"], ">=", 0.75, advice),
            Verdict("Attention on the right place", m["mass_on_right_place"], ">=", 0.74, advice),
        ]

    def answers(self) -> Answers:
        """Judged by the accuracy and by the attention on the right place."""
        m = self.measured()
        return Answers(
            sum(m["accuracy"] >= limit for limit in (0.22, 0.45, 0.75)),
            sum(m["mass_on_right_place"] >= limit for limit in (0.25, 0.75)),
        )


def _letters(symbols: Ints) -> str:
    return "".join(LETTERS[symbol] for symbol in symbols)
