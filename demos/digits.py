"""The digit reader: a small network learns to read handwriting drawn by a generator.

The default is the network whose parameters one counts by hand: 784-16-16-10, 13,002 of them.
"""

from __future__ import annotations

import os
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from textwrap import wrap

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
from demos.engine import digits, idx
from demos.engine.arrays import Ints
from demos.engine.cnn import Cnn
from demos.engine.mlp import Mlp
from demos.engine.optimizers import Optimizer
from demos.views import Bar, Bars, Curves, Floats, Frame, Grid, Raster, Role, Series, Text

SPEC = Spec(
    name="digits",
    title="Digit reader",
    kind="trainer",
    about="Train 784-16-16-10, all 13,002 parameters of it, to read synthetic handwriting.",
    topics=("image-classification", "parameter-counting", "softmax-classifier", "mlp"),
    knobs=(
        Choice(
            "model",
            "784-16-16-10",
            ("784-16-16-10", "784-10", "196-16-16-10", "196-10", "CNN"),
            about="layers; 784 pixels are 28 x 28, 196 are 14 x 14; CNN: two convolutions",
        ),
        Choice(
            "data",
            "synthetic",
            ("synthetic", "own", "both"),
            about="own: MNIST's files in your folder; both: learns synthetic ones, reads yours",
        ),
        Int("digits", 6000, 100, 6000, 100, about="training digits"),
        Int("shift", 0, 0, 3, about="moves the test digits by so many 14ths of their width"),
        Flag("permute", False, about="shuffles all pixels in the same way"),
        Real("learning_rate", 0.005, 0.0001, 1.0, log=True, about="of Adam"),
    ),
    predict=Ask(
        "Test digits then move by a seventh of their width. Accuracy loses",
        ("Next to nothing", "10 to 55 points", "More than 55 points"),
        judged=(
            "accuracy",
            "accuracy_moved",
        ),
    ),
    observe=Ask(
        "When did it learn most of what it could?",
        ("In the first quarter", "Evenly all along", "In the last quarter"),
    ),
    why=(
        "A dense layer gives each pixel its own weight: what it knows about a pixel in the middle "
        "tells it nothing about its neighbour.",
        "So a digit that moves meets weights that never saw it. Shuffle all pixels and such a "
        "network learns just as well: it never used that they lie side by side.",
        "Convolution shares its weights over all places, and falls far less.",
        "Real handwriting: put the files of MNIST (train-images-idx3-ubyte.gz and the like) into "
        "the folder mnist of your data folder, or name theirs in TUTOR_MNIST; choose data own.",
    ),
    dare=Dare("model", "CNN", "what does the same move cost convolutions?"),
    pace=5,
    steps=800,
    live=("shift", "learning_rate"),
    draws=True,
)

RECORD = 40
TEST, SEEN = 600, 300
# Half way between what convolutions lose under the shift and what dense layers lose.
FALL = 0.55
# A new digit is shown after so many steps, so that one can see the reading settle.
SHOWN_FOR = 40
# The environment variable that names the folder of the learner's own IDX files.
FOLDER = "TUTOR_MNIST"


@lru_cache(maxsize=1)  # 21 MB
def handwriting(n: int, side: int, seed: int) -> tuple[Floats, Ints]:
    """Images (n, side * side) and labels (n,), drawn once for each size and seed."""
    return digits.make(n, side, seed=seed)


@lru_cache(maxsize=1)
def of_others(folder: str, n: int, side: int, seed: int) -> tuple[Floats, Ints, str]:
    """n images (n, side * side) to learn and TEST to read from IDX files, labels, and whose.

    Raises ValueError that says why not.
    """
    if not folder:
        raise ValueError(f"{FOLDER} names no folder, and your data folder has no folder mnist")
    found = idx.sample(Path(folder), n, TEST, seed)
    small = digits.shrink(found.pixels.reshape(-1, digits.SIDE, digits.SIDE), side)
    whose = "real MNIST" if found.mnist else "your digits"
    return small.reshape(n + TEST, side * side), found.labels, whose


def moved(images: Floats, by: int) -> Floats:
    """Images (n, side * side) with the ink `by` 14ths of the width further right."""
    side = round(images.shape[1] ** 0.5)
    shifted = np.roll(images.reshape(-1, side, side), by * side // 14, axis=2)
    return shifted.reshape(images.shape)


def network(model: str, learning_rate: float, seed: int) -> Mlp | Cnn:
    """The network of the knob `model`: sizes of layers, or "CNN" for 8 and 16 kernels of 3 x 3."""
    optimizer = Optimizer("adam", learning_rate)
    if model == "CNN":
        return Cnn((14, 14, 1), (8, 16), 10, optimizer=optimizer, seed=seed)
    sizes = tuple(int(size) for size in model.split("-"))
    return Mlp(sizes, "relu", weights="he", optimizer=optimizer, dtype=np.float32, seed=seed)


def counted(model: str) -> int:
    """The parameters of a model, as one counts them by hand."""
    if model == "CNN":
        return 8 * (9 + 1) + 16 * (9 * 8 + 1) + 10 * (3 * 3 * 16 + 1)
    return sum(n_in * n_out + n_out for n_in, n_out in pairwise(map(int, model.split("-"))))


class Run:
    """Trains one network and reads 600 digits that it has never seen every 40 steps."""

    def __init__(self, knobs: Knobs, seed: int) -> None:
        self.model, n = str(knobs["model"]), int(knobs["digits"])
        self.side = 28 if self.model.startswith("784") else 14
        X, y = handwriting(n + TEST, self.side, seed)
        self.whose, self.refusal = "", ""
        if knobs["data"] != "synthetic":
            try:
                given, digit, self.whose = of_others(os.environ.get(FOLDER, ""), n, self.side, seed)
                cut = n if knobs["data"] == "both" else 0
                X, y = np.concatenate([X[:cut], given[cut:]]), np.append(y[:cut], digit[cut:])
            except ValueError as error:
                self.refusal = str(error)
        order = np.random.default_rng(seed).permutation(X.shape[1]) if knobs["permute"] else None
        # A slice of all pixels leaves the images where they lie; 19 MB are not copied.
        self.order = slice(None) if order is None else order
        self.images, self.labels = X[n:], y[n:]
        self.seen = X[: min(n, SEEN), self.order], y[: min(n, SEEN)]
        self.shift = int(knobs["shift"])
        self.net = network(self.model, float(knobs["learning_rate"]), seed)
        self.net.feed(X[:n, self.order], y[:n], batch=32)
        self.drawn: Floats | None = None
        self.step_count = 0
        self.history: list[tuple[float, float]] = []
        self._record()

    def step(self, n: int) -> None:
        """Train `n` mini-batches of 32 digits."""
        for stride in strides(self.step_count, n, RECORD):
            self.net.step(stride)
            self.step_count += stride
            if self.step_count % RECORD == 0:
                self._record()

    def _record(self) -> None:
        self._read()
        right = float(np.mean(self.p.argmax(axis=1) == self.labels))
        self.history.append((self.net.accuracy(*self.seen), right))

    def _read(self) -> None:
        """What the network makes of every test digit now: probabilities p (600, 10)."""
        self.p = self.net.probabilities(self.test(self.shift))

    def test(self, shift: int) -> Floats:
        """The test digits (600, pixels) as the network sees them, moved by `shift`."""
        return moved(self.images, shift)[:, self.order]

    def set(self, name: str, value: Value) -> None:
        """Move the test digits, or change the learning rate, as the run goes on."""
        if name == "shift":
            self.shift = int(value)
            self._read()
        else:
            self.net.optimizer.learning_rate = float(value)

    def draw(self, image: Floats | None) -> None:
        """Read a drawing, prepared as the digits of the generator are."""
        if image is None:
            self.drawn = None
        else:
            seen = digits.shrink(digits.centred(image)[None], self.side)
            self.drawn = seen.reshape(-1)[self.order]

    def _shown(self) -> tuple[str, Floats, int]:
        """What is read now: its title, its pixels, its label (-1: nobody knows)."""
        if self.drawn is not None:
            return "your drawing, as it is seen", self.drawn, -1
        which = self.step_count // SHOWN_FOR % TEST
        label = int(self.labels[which])
        title = f"{self.whose or 'a test digit'}: {label}"
        return title, moved(self.images[which : which + 1], self.shift)[0, self.order], label

    def frame(self) -> Frame:
        """One test digit and what the network makes of it; accuracy; errors and confusion."""
        title, image, label = self._shown()
        p = self.net.probabilities(image[None])[0]
        reading = f"reads {p.argmax()}" + (f", is {label}" if label >= 0 else "")
        accuracy = np.array(self.history).T
        steps = RECORD * np.arange(accuracy.shape[1], dtype=float)
        seen = Series("training digits", accuracy[0], steps, "a")
        test = Series("test digits", accuracy[1], steps, "b")
        return Frame(
            picture=Raster(title, image.reshape(self.side, self.side)),
            side=(
                _bars(p, label), *self._refused(),
                Curves("accuracy", (seen, test), "step", y_range=(0.0, 1.0)),
            ),
            extra=(*self._kernels(), self._errors(), self._confusion()),
            formula=self._formula(),
            status=f"{reading}   accuracy {accuracy[1, -1]:.3f}",
            curve=test,
        )  # fmt: skip

    def _refused(self) -> tuple[Text, ...]:
        """Why the learner's own files are not read, if they are not."""
        if not self.refusal:
            return ()
        lines: list[tuple[str, Role]] = [(line, "bad") for line in wrap(self.refusal, 34)]
        return (Text("synthetic digits, because", tuple(lines)),)

    def _kernels(self) -> tuple[Raster, ...]:
        """The eight kernels of the first convolution; a dense network has none."""
        if not isinstance(self.net, Cnn):
            return ()
        gaps = (0, 0), (0, 1), (0, 1)
        kernels = np.pad(self.net.kernels(0).reshape(8, 3, 3), gaps, constant_values=np.nan)
        tiles = _tiled(kernels, 4)[:-1, :-1]
        return (Raster("the first kernels", tiles, -1.0, 1.0, signed=True),)

    def _errors(self) -> Raster:
        """The six misread digits of which the network was most sure."""
        read = self.p.argmax(axis=1)
        wrong = np.flatnonzero(read != self.labels)
        worst = wrong[np.argsort(-self.p[wrong].max(axis=1))][:6]
        words = " ".join(f"{self.labels[i]}>{read[i]}" for i in worst)
        tiles = np.zeros((6, self.side, self.side))
        tiles[: len(worst)] = self.images[worst].reshape(-1, self.side, self.side)
        return Raster(f"misread {words}", _tiled(tiles, 3))

    def _confusion(self) -> Grid:
        counts = np.zeros((10, 10))
        np.add.at(counts, (self.labels, self.p.argmax(axis=1)), 1)
        names = tuple("0123456789")
        return Grid(
            "digit down, read across", counts, 0, 0.0, float(counts.max()),
            row_labels=names, column_labels=names,
        )  # fmt: skip

    def _formula(self) -> str:
        held = self.net.theta.size
        if self.model == "CNN":
            return rf"8\cdot 10 + 16\cdot 73 + 10\cdot 145 = {held}"
        pairs = pairwise(self.model.split("-"))
        terms = " + ".join(rf"{n_out}\cdot {int(n_in) + 1}" for n_in, n_out in pairs)
        return rf"{terms} = {held}"

    def measured(self) -> dict[str, float]:
        """Parameters, accuracy on test digits where they are and two places on, and its growth."""
        accuracy = [test for _, test in self.history]
        quarter = len(accuracy) // 4
        gain = accuracy[-1] - accuracy[0]
        per_gain = 1.0 / gain if gain > 0 else 0.0
        return {
            "parameters": float(self.net.theta.size),
            "own_digits": float(bool(self.whose)),
            "accuracy": self.net.accuracy(self.test(0), self.labels),
            "accuracy_moved": self.net.accuracy(self.test(2), self.labels),
            "training_accuracy": self.history[-1][0],
            "gain_in_first_quarter": (accuracy[quarter] - accuracy[0]) * per_gain,
            "gain_in_last_quarter": (accuracy[-1] - accuracy[-1 - quarter]) * per_gain,
        }

    def verdicts(self) -> list[Verdict]:
        """It reads, it has as many parameters as one counts, and it cannot bear a shift."""
        m = self.measured()
        fall = m["accuracy"] - m["accuracy_moved"]
        return [
            Verdict(
                f"Accuracy on {TEST} digits never seen", m["accuracy"], ">=", 0.8,
                "Give it more digits of the kind that it is to read, or a rate near 0.005.",
            ),
            Verdict("Parameters held", m["parameters"], "==", float(counted(self.model))),
            Verdict(
                "Accuracy lost when digits move by a seventh", fall, ">=", FALL,
                "Convolutions bear it better; and who has learnt little has little to lose.",
            ),
        ]  # fmt: skip

    def answers(self) -> Answers:
        """Judged by the accuracy lost under the shift and by when accuracy grew."""
        m = self.measured()
        fall = m["accuracy"] - m["accuracy_moved"]
        early, late = m["gain_in_first_quarter"], m["gain_in_last_quarter"]
        return Answers(
            sum(fall > limit for limit in (0.1, FALL)), 0 if early > 0.5 else 2 if late > 0.5 else 1
        )


def _bars(p: Floats, label: int) -> Bars:
    def bar(digit: int) -> Bar:
        role: Role = "good" if digit == label else "accent"
        return Bar(str(digit), float(p[digit]), f"{p[digit]:.2f}", role)

    return Bars("p(digit)", tuple(bar(digit) for digit in range(10)))


def _tiled(tiles: Floats, across: int) -> Floats:
    """Small pictures (n, height, width) as one, `across` of them in a row."""
    rows = [np.hstack(list(tiles[i : i + across])) for i in range(0, len(tiles), across)]
    return np.vstack(rows)
