"""Sequences to learn from: sums to remember, rows of symbols to reorder, and a text to recite.

Each is a source of batches with its own generator, so that a copy of a run repeats them.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from demos.engine.arrays import Floats, Ints


class AddingProblem:
    """Numbers go by, two are marked; the answer at the end is the sum of the marked two.

    X (T, n, 2): a number from U(0, 1) and a mark, one in each half of the sequence; targets (n, 1).
    Always answering 1 costs 2 · 1/12 = 1/6, the variance of the sum.
    """

    BASELINE = 1.0 / 6.0

    def __init__(self, length: int = 30, batch: int = 32, seed: int = 0) -> None:
        self.length, self.batch = length, batch
        self.generator = np.random.default_rng((seed, 4))

    def next(self) -> tuple[Floats, Floats]:
        """Draw a batch."""
        X = np.zeros((self.length, self.batch, 2))
        X[:, :, 0] = self.generator.random((self.length, self.batch))
        half, rows = self.length // 2, np.arange(self.batch)
        first = self.generator.integers(0, half, self.batch)
        second = self.generator.integers(half, self.length, self.batch)
        X[first, rows, 1] = X[second, rows, 1] = 1.0
        return X, (X[first, rows, 0] + X[second, rows, 0])[:, None]


class Reorder:
    """A row of symbols to be reversed, shifted by one place (around), or sorted.

    X and the targets: symbols (n, length), each drawn independently.
    """

    TASKS = ("reverse", "shift", "sort")

    def __init__(
        self,
        task: str = "reverse",
        length: int = 8,
        symbols: int = 8,
        batch: int = 32,
        seed: int = 0,
    ) -> None:
        if task not in self.TASKS:
            raise ValueError(f"no task is named {task!r}; there are {', '.join(self.TASKS)}")
        self.task, self.length, self.symbols, self.batch = task, length, symbols, batch
        self.generator = np.random.default_rng((seed, 5))

    def next(self) -> tuple[Ints, Ints]:
        """Draw a batch."""
        X = self.generator.integers(0, self.symbols, (self.batch, self.length))
        return X, self.answer(X)

    def answer(self, X: NDArray[np.int64]) -> Ints:
        """What X (n, length) should become."""
        if self.task == "reverse":
            return X[:, ::-1].copy()
        return np.roll(X, 1, axis=1) if self.task == "shift" else np.sort(X, axis=1)


CORPUS = (
    "a network reads one letter and guesses the one to come. at first every guess is as good as "
    "another, so it babbles. each mistake moves the weights a little. soon it knows common pairs, "
    "then whole words, and in the end it has all this by heart."
)
ALPHABET = "".join(sorted(set(CORPUS)))


class Babble:
    """Windows of CORPUS: read a letter, guess the next one.

    X and the targets (T, n, 25): one-hot letters, the targets one letter later.
    """

    def __init__(self, length: int = 25, batch: int = 16, seed: int = 0) -> None:
        self.length, self.batch = length, batch
        self.generator = np.random.default_rng((seed, 6))

    def next(self) -> tuple[Floats, Floats]:
        """Draw a batch of windows from anywhere in the text."""
        start = self.generator.integers(0, len(CORPUS) - self.length, self.batch)
        letters = encode(CORPUS)[start + np.arange(self.length + 1)[:, None]]
        one_hot = np.eye(len(ALPHABET))[letters]
        return one_hot[:-1], one_hot[1:]


def encode(text: str) -> Ints:
    """Number the letters of a text by their place in ALPHABET. Raises ValueError for others."""
    return np.array([ALPHABET.index(letter) for letter in text], np.int64)


def decode(letters: Ints) -> str:
    """The text of such numbers (n,)."""
    return "".join(ALPHABET[letter] for letter in letters)


def known_share(*texts: str) -> float:
    """The share of whole words that stand in CORPUS; the last of each text may be cut off."""
    words = [word for text in texts for word in _words(text)[:-1]]
    return sum(word in WORDS for word in words) / max(1, len(words))


def _words(text: str) -> list[str]:
    return text.replace(".", " ").replace(",", " ").split()


WORDS = frozenset(_words(CORPUS))


def shown(letter: int) -> str:
    """Letter number `letter`, such that it can be seen."""
    return "space" if ALPHABET[letter] == " " else ALPHABET[letter]
