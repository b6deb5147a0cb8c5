"""How a language model chooses: temperature, top-k and top-p on the tiny babbler's own chances.

The logits are divided by T before softmax; top-k keeps the k likeliest letters, top-p the fewest
that reach p together; what is kept is rescaled to a sum of 1.
"""

from __future__ import annotations

import copy
from functools import cache

import numpy as np

from demos.base import Answers, Ask, Dare, Int, Knobs, Real, Spec, Value, Verdict
from demos.engine.arrays import Ints
from demos.engine.losses import probabilities
from demos.engine.optimizers import Optimizer
from demos.engine.recurrent import Recurrent
from demos.engine.sequences import ALPHABET, CORPUS, Babble, decode, known_share, shown
from demos.views import Bar, Bars, Curves, Floats, Frame, Role, Series, Text

SPEC = Spec(
    name="sampling",
    title="Choosing the next letter",
    kind="stepper",
    about="A half-trained babbler writes: what do temperature, top-k and top-p let through?",
    topics=("text-generation", "softmax", "pretrained-lms"),
    knobs=(
        Real("top_p", 0.9, 0.1, 1.0, 0.05, about="keep the fewest letters that reach it; 1: all"),
        Int("top_k", 25, 1, 25, about="keep so many letters; 25: all"),
        Real("temperature", 1.0, 0.1, 3.0, 0.1, about="divides the logits"),
    ),
    predict=Ask(
        "top-p 0.9: how many of 25 letters stay to choose from, on average?",
        ("Exactly 1", "Between 1 and 12", "22 or 23, nine tenths", "All 25"),
        judged=("kept_on_average",),
    ),
    observe=Ask(
        "Did the end of its text run in a circle?",
        ("No", "Yes, it repeats itself"),
    ),
    why=(
        "Top-p counts probability, not letters: the likeliest few reach 0.9 together. Where the "
        "network is sure one letter is enough, where it is not a dozen stay.",
        "What goes is the long tail: letters with hardly a chance each, but together a tenth. "
        "One of them spoils a word, and the network must go on from there.",
        "Top-k keeps as many letters everywhere. With 1 the likeliest is taken each time: the text "
        "soon comes back to where it was and goes round.",
        "Temperature comes first: above 1 it flattens the chances, so top-p keeps more letters.",
    ),
    dare=Dare("top_k", 1, "does the text run in a circle?"),
    steps=120,
    live=("temperature", "top_k", "top_p"),
)  # fmt: skip

LETTERS = len(ALPHABET)
TRAINING = 50
TEXTS = 8
TAIL, LONGEST_CIRCLE = 80, 60


@cache
def _trained(seed: int) -> Recurrent:
    """The babbler of a seed after a sixth of its training."""
    optimizer = Optimizer("adam", 0.01, clip=1.0)
    net = Recurrent("gru", LETTERS, 48, LETTERS, loss="cross_entropy", every_step=True,
                    optimizer=optimizer, seed=seed)  # fmt: skip
    net.feed(Babble(25, 16, seed))
    net.step(TRAINING)
    return net


class Run:
    """Eight texts with the cut, and the same eight draws without one; a letter each a step."""

    def __init__(self, knobs: Knobs, seed: int) -> None:
        self.temperature = float(knobs["temperature"])
        self.top_k, self.top_p = int(knobs["top_k"]), float(knobs["top_p"])
        self.net = copy.deepcopy(_trained(seed))
        self.chance = np.random.default_rng((seed, 7))
        rows = 2 * TEXTS
        self.read: Floats = np.zeros((SPEC.steps + 1, rows, LETTERS))
        self.read[0, :, ALPHABET.index(CORPUS[0])] = 1.0
        self.written: Ints = np.zeros((SPEC.steps, rows), np.int64)
        self.kept: list[float] = []
        self.tail: list[float] = []
        self.step_count = 0
        self.p: Floats = self._chances()

    def _chances(self) -> Floats:
        """The chances (rows, letters) of the next letter of each text, before any cut."""
        logits = self.net.forward(self.read[:-1]).reshape(SPEC.steps, -1, LETTERS)
        return probabilities(logits[min(self.step_count, SPEC.steps - 1)] / self.temperature)

    def step(self, n: int) -> None:
        """Append `n` letters to each text."""
        for _ in range(min(n, SPEC.steps - self.step_count)):
            p = self.p.copy()
            p[:TEXTS] = cut(p[:TEXTS], self.top_k, self.top_p)
            self.kept.append(float(np.count_nonzero(p[:TEXTS], axis=1).mean()))
            letters = drawn(p, np.tile(self.chance.random(TEXTS), 2))
            free = np.arange(TEXTS, 2 * TEXTS)
            left_out = cut(p[free], self.top_k, self.top_p)[free - TEXTS, letters[free]] == 0
            self.tail.append(float(left_out.mean()))
            self.written[self.step_count] = letters
            self.step_count += 1
            self.read[self.step_count, np.arange(len(letters)), letters] = 1.0
            self.p = self._chances()

    def set(self, name: str, value: Value) -> None:
        """Choose otherwise from the next letter on."""
        if name == "top_k":
            self.top_k = int(value)
        elif name == "top_p":
            self.top_p = float(value)
        else:
            self.temperature = float(value)
            self.p = self._chances()

    def text(self, row: int) -> str:
        """A text so far; the first TEXTS rows are those with the cut."""
        return CORPUS[0] + decode(self.written[: self.step_count, row])

    def frame(self) -> Frame:
        """Both texts; the chances of the next letter and which of them stay; how many stayed."""
        kept = np.array(self.kept)
        t = np.arange(1, len(kept) + 1, dtype=float)
        series = Series("kept", kept, t)
        return Frame(
            picture=self._page(),
            side=(self._bars(), Curves("letters that stay, mean of 8 texts", (series,), "letter",
                                       y_range=(0.0, float(LETTERS)))),
            extra=(self._words(),),
            formula=self._formula(),
            status=f"letters {self.step_count}"
            + (f"   kept {kept.mean():.2f} on average" if self.kept else ""),
            curve=series,
        )  # fmt: skip

    def _page(self) -> Text:
        how = f"T {self.temperature:g}, top-k {self.top_k}, top-p {self.top_p:g}"
        lines: tuple[tuple[str, Role], ...] = (
            (self.text(0), "accent"),
            ("", "text"),
            ("the same draws, nothing cut off:", "quiet"),
            (self.text(TEXTS), "text"),
        )
        return Text(how, lines)

    def _bars(self) -> Bars:
        """The likeliest letters after the first text, with what the cut leaves of each."""
        p = self.p[0]
        after = cut(self.p[:1], self.top_k, self.top_p)[0] if self.step_count else p
        bars = tuple(
            Bar(shown(int(i)), float(p[i]), _told(p[i], after[i]),
                "accent" if after[i] else "quiet")
            for i in np.argsort(-p)[:6]
        )  # fmt: skip
        return Bars(f"after '{self.text(0)[-10:]}'", bars)

    def _words(self) -> Bars:
        """The share of known words, with and without a cut; nothing before the first ones."""
        shares = self._known() if self.step_count else (0.0, 0.0)
        told = [f"{share:.2f}" if self.step_count else "?" for share in shares]
        return Bars(
            "words that stand in what it read",
            (Bar("cut", shares[0], told[0]), Bar("uncut", shares[1], told[1], "quiet")),
        )

    def _formula(self) -> str:
        """The likeliest letter's chance, rescaled by what stays."""
        p = self.p[0]
        if not self.step_count:
            return r"p_i = \frac{e^{z_i/T}}{\sum_j e^{z_j/T}}"
        left = float(p[cut(self.p[:1], self.top_k, self.top_p)[0] > 0].sum())
        return rf"p'_1 = \frac{{{p.max():.3f}}}{{{left:.3f}}} = {p.max() / left:.3f}"

    def _known(self) -> tuple[float, float]:
        """The share of known words in the texts with the cut, and in those without."""
        shares = [known_share(*map(self.text, rows))
                  for rows in (range(TEXTS), range(TEXTS, 2 * TEXTS))]  # fmt: skip
        return shares[0], shares[1]

    def measured(self) -> dict[str, float]:
        """Letters that stayed, those drawn from the tail, known words, the text's circle."""
        known, uncut = self._known()
        after = cut(self.p[:TEXTS], self.top_k, self.top_p)
        return {
            "kept_on_average": float(np.mean(self.kept)) if self.kept else float(LETTERS),
            "known_words": known,
            "known_words_uncut": uncut,
            "from_the_tail": float(np.mean(self.tail)) if self.tail else 0.0,
            "sum_error": float(np.abs(after.sum(axis=1) - 1.0).max()),
            "circle": float(circle(self.text(0))),
        }

    def verdicts(self) -> list[Verdict]:
        """Few letters carry most of the chance, and without a cut the others are drawn too."""
        m = self.measured()
        return [
            Verdict(
                "Letters of 25 that stay, on average", m["kept_on_average"], "<=", 14.0,
                "Nothing is cut off: turn top-p below 1.",
            ),
            Verdict(
                "Nothing cut off, share of letters from the tail", m["from_the_tail"], ">=", 0.04,
                "There is no tail: turn top-p to 0.9.",
            ),
            Verdict("What stays adds up to 1 (difference)", m["sum_error"], "<=", 1e-12),
        ]  # fmt: skip

    def answers(self) -> Answers:
        """Judged by how many letters stayed, and by the end of the first text."""
        m = self.measured()
        kept = m["kept_on_average"]
        return Answers(sum(kept > limit for limit in (1.0, 12.0, 24.0)), int(m["circle"] > 0))


def cut(p: Floats, top_k: int, top_p: float) -> Floats:
    """Probabilities p (rows, letters) without what top-k and top-p leave out, rescaled.

    Top-p keeps the fewest letters that reach it, and so always one (Holtzman et al. 2020).
    """
    order = np.argsort(-p, axis=1, kind="stable")
    ranked = np.take_along_axis(p, order, axis=1)
    before = np.cumsum(ranked, axis=1) - ranked
    stays = (before < top_p) | (top_p >= 1.0)
    stays[:, top_k:] = False
    stays[:, 0] = True
    kept = np.zeros_like(p)
    np.put_along_axis(kept, order, np.where(stays, ranked, 0.0), axis=1)
    rescaled: Floats = kept / kept.sum(axis=1, keepdims=True)
    return rescaled


def drawn(p: Floats, draws: Floats) -> Ints:
    """One letter a row of p (rows, letters), decided by draws (rows,) from U(0, 1)."""
    below = np.cumsum(p, axis=1) <= draws[:, None]
    last = LETTERS - 1 - np.argmax(p[:, ::-1] > 0, axis=1)
    letters: Ints = np.minimum(below.sum(axis=1), last)
    return letters


def circle(text: str) -> int:
    """The length of the circle in which the end of a text runs; 0: in none."""
    tail = text[-TAIL:]
    if len(tail) < TAIL:
        return 0
    return next((n for n in range(1, LONGEST_CIRCLE + 1) if tail[n:] == tail[:-n]), 0)


def _told(before: float, after: float) -> str:
    return f"{before:.2f}" if before == after else f"{before:.2f} → {after:.2f}"
