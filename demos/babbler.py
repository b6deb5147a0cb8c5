"""The tiny babbler: a recurrent network reads 242 letters until it can recite them.

At each letter it guesses the next one. Its own guesses, fed back, are the text it babbles.
"""

from __future__ import annotations

import math

import numpy as np

from demos.base import Answers, Ask, Choice, Dare, Int, Knobs, Real, Spec, Value, Verdict, strides
from demos.engine.losses import probabilities
from demos.engine.optimizers import Optimizer
from demos.engine.recurrent import Recurrent
from demos.engine.sequences import (
    ALPHABET,
    CORPUS,
    Babble,
    decode,
    encode,
    known_share,
    shown,
)
from demos.views import Bar, Bars, Curves, Floats, Frame, Raster, Role, Series, Text

SPEC = Spec(
    name="babbler",
    title="Tiny babbler",
    kind="trainer",
    about="A small recurrent network learns a text letter by letter, and babbles meanwhile.",
    topics=("sequence-applications", "rnn", "gru", "cross-entropy", "pretrained-lms"),
    knobs=(
        Real("temperature", 0.7, 0.2, 2.0, 0.1, about="divides the logits before a draw"),
        Choice("cell", "GRU", ("RNN", "LSTM", "GRU"), about="what reads the letters"),
        Int("hidden_units", 48, 16, 64, 8, about="in the cell's state"),
        Real("learning_rate", 0.01, 0.0001, 1.0, log=True, about="of Adam"),
    ),
    predict=Ask(
        "25 letters, nothing learnt: how large is the loss (natural log)?",
        ("About 0.04", "About 1", "About 3.2", "About 25"),
        judged=("first_loss", "loss_of_knowing_nothing",),
    ),
    observe=Ask(
        "How many words of its last text stand in the text that it read?",
        ("Under a third", "One to two thirds", "More than two thirds"),
    ),
    why=(
        "Knowing nothing, it gives each of 25 letters 1/25; the loss is ln 25 = 3.22.",
        "First it learns which letters are frequent, then pairs, then words. With far more "
        "weights than letters to learn it ends by knowing the text by heart: this is memorising, "
        "and no sign that it understands anything.",
        "Temperature acts only when a letter is drawn. Low: the likeliest letter nearly always. "
        "High: unlikely letters get their chance, and words fall apart.",
    ),
    dare=Dare("temperature", 2.0, "how many of its words are still known ones?"),
    pace=3,
    steps=300,
    live=("temperature", "learning_rate"),
    slow=32,
)  # fmt: skip

LENGTH, BATCH, RECORD = 25, 16, 5
BABBLED = 150
UNKNOWN = math.log(len(ALPHABET))


class Run:
    """Trains a network that guesses at every step, and lets it babble."""

    def __init__(self, knobs: Knobs, seed: int) -> None:
        self.seed, self.temperature = seed, float(knobs["temperature"])
        optimizer = Optimizer("adam", float(knobs["learning_rate"]), clip=1.0)
        letters = len(ALPHABET)
        self.net = Recurrent(
            str(knobs["cell"]).lower(), letters, int(knobs["hidden_units"]), letters,
            loss="cross_entropy", every_step=True, optimizer=optimizer, seed=seed,
        )  # fmt: skip
        self.net.feed(Babble(LENGTH, BATCH, seed))
        self.step_count = 0
        self.history: list[float] = []
        self._record()

    def step(self, n: int) -> None:
        """Train `n` batches of 16 windows of 25 letters."""
        for stride in strides(self.step_count, n, RECORD):
            self.net.step(stride)
            self.step_count += stride
            if self.step_count % RECORD == 0:
                self._record()

    def _record(self) -> None:
        """Keep the loss over the whole text, read from its beginning."""
        letters = encode(CORPUS)
        one_hot = np.eye(len(ALPHABET))[letters]
        scores = self.net.forward(one_hot[:-1, None])
        p = probabilities(scores)[np.arange(len(letters) - 1), letters[1:]]
        self.history.append(float(-np.log(p).mean()))

    def set(self, name: str, value: Value) -> None:
        """Change the temperature or the learning rate as the run goes on."""
        if name == "temperature":
            self.temperature = float(value)
        else:
            self.net.optimizer.learning_rate = float(value)

    def babble(self, temperature: float) -> tuple[str, Floats, Floats]:
        """A text of 150 letters, the states (letters, H) behind it, and p of the next letter.

        The draws depend on the seed and the step only, so looking changes nothing.
        """
        draws = np.random.default_rng((self.seed, self.step_count)).random(BABBLED)
        first = ALPHABET.index(CORPUS[0])
        drawn, states, logits = self.net.recite(first, draws, temperature)
        return decode(drawn), states, probabilities(logits / temperature)

    def frame(self) -> Frame:
        """What it babbles now; the loss; the next letter's chances; its state under the text."""
        text, states, p = self.babble(self.temperature)
        begun = self.step_count > 0  # the first loss is what the prediction asks for
        history = np.array(self.history if begun else [np.nan])
        loss = Series("loss", history, RECORD * np.arange(len(history)) * 1.0)
        now = f"{self.history[-1]:.3f}" if begun else "?"
        chances = np.argsort(-p)[:6]
        return Frame(
            picture=self._page(text),
            side=(
                Curves(
                    "loss a letter", (loss,), "step", y_range=(0.0, 3.5),
                    levels=((UNKNOWN, "ln 25"),) if begun else (),
                ),
                Bars(f"after '{text[-12:]}' comes", tuple(
                    Bar(shown(int(i)), float(p[i]), f"{p[i]:.2f}") for i in chances
                )),
            ),
            extra=(
                Raster("units, letter by letter", states[:40].T, -1.0, 1.0, signed=True),
                self._temperatures(),
            ),
            formula=self._formula(),
            status=f"loss {now}   known words {known_share(text):.0%}",
            curve=loss,
        )  # fmt: skip

    def _formula(self) -> str:
        """The loss beside that of knowing nothing, once there has been a step."""
        if not self.step_count:
            return r"L = -\frac{1}{n}\sum_t \ln p_t"
        loss = self.history[-1]
        likely = rf"L = {loss:.3f},\ e^{{-L}} = {math.exp(-loss):.3f}"
        return rf"{likely},\ \ln {len(ALPHABET)} = {UNKNOWN:.3f}"

    def _page(self, text: str) -> Text:
        """The babble, then the start of the text that it reads."""
        done: Role = "good" if known_share(text) > 0.9 else "accent"
        return Text(
            f"it babbles at temperature {self.temperature:g}",
            ((text, done), ("", "text"), ("it reads:", "quiet"), (CORPUS, "quiet")),
        )

    def _temperatures(self) -> Text:
        lines: list[tuple[str, Role]] = []
        for temperature in (0.2, 0.7, 2.0):
            text = self.babble(temperature)[0][:60]
            lines += [(f"T = {temperature:g}", "quiet"), (text, "text")]
        return Text("three temperatures", tuple(lines))

    def measured(self) -> dict[str, float]:
        """The loss at the start and now, and the share of known words at three temperatures."""
        shares = {f"known_words_at_{t:g}": known_share(self.babble(t)[0]) for t in (0.2, 0.7, 2.0)}
        return {
            "loss_of_knowing_nothing": UNKNOWN,
            "first_loss": self.history[0],
            "loss": self.history[-1],
            "known_words": known_share(self.babble(self.temperature)[0]),
            **shares,
        }

    def verdicts(self) -> list[Verdict]:
        """It starts at ln 25 and comes to know the text; heat makes it stammer."""
        m = self.measured()
        heat = m["known_words_at_0.2"] - m["known_words_at_2"]
        return [
            Verdict(
                "Loss a letter: it knows the text by heart", m["loss"], "<", 1.4,
                "Take a learning rate near 0.01 and 32 units or more.",
            ),
            Verdict(
                "Its first loss is ln 25 (difference)", abs(m["first_loss"] - UNKNOWN), "<", 0.2,
            ),
            Verdict(
                "Known words lost between temperature 0.2 and 2", heat, ">=", 0.3,
                "It has learnt too little to lose anything.",
            ),
        ]  # fmt: skip

    def answers(self) -> Answers:
        """Judged by the first loss and by the words of its last text."""
        m = self.measured()
        return Answers(
            sum(m["first_loss"] > limit for limit in (0.5, 2.0, 10.0)),
            sum(m["known_words"] > limit for limit in (1 / 3, 2 / 3)),
        )
