"""Byte-pair encoding, merge by merge, on a text that you type.

Every byte is a token at first. Each merge makes the most frequent pair of neighbours a new token; a
word that was never seen is cut by the same merges, in the order in which they were learnt.
"""

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise

import numpy as np

from demos.base import Answers, Ask, Dare, Flag, Knobs, Line, Spec, Value, Verdict
from demos.views import Bar, Bars, Curves, Frame, Series, Table, Text

SPEC = Spec(
    name="tokeniser",
    title="Tokeniser",
    kind="stepper",
    about="Type a text and watch its pieces grow: which pairs are merged, and what of a new word?",
    topics=("tokenisation",),
    knobs=(
        Line(
            "text",
            "a slow boat is slower than a new one; the newest boat is the fastest, faster than the "
            "old one; the old man is older than the coldest wind, and cold is colder than cool",
            about="what it learns from",
        ),
        Line("word", "slowest", 40, about="one to cut by what was learnt"),
        Flag("across_spaces", False, about="let a token reach into the next word"),
    ),
    predict=Ask(
        "The word stands nowhere in the text. How will it be cut?",
        ("Not at all: one token", "Into a few pieces", "Into single bytes"),
        judged=("pieces_of_the_word",),
    ),
    observe=Ask(
        "How many characters has a token of the text, on average, now?",
        ("Fewer than 2", "2 to 4", "More than 4"),
    ),
    why=(
        "The most frequent pair becomes one token, everywhere; then the pairs are counted anew. So "
        "common endings grow first, then whole words.",
        "No word is unknown: what was never merged stays as bytes. A new word is cut into the "
        "pieces that it shares with the text, such as an ending.",
        "A space goes with the word behind it and no token reaches across, or the tokeniser would "
        "learn whole phrases. Turn it on to see that.",
        "A letter such as é has two bytes, most emoji four: other scripts take more tokens until "
        "merges are learnt for them.",
    ),
    dare=Dare("word", "rhythm", "how is that one cut?"),
    pace=0.3,
    steps=30,
    live=("word",),
)  # fmt: skip

Pair = tuple[bytes, bytes]
Piece = list[bytes]
ROWS, PAIRS = 8, 6
_WORDS = re.compile(r" ?[^ ]+| +")


def pieces(text: str, across: bool = False) -> list[Piece]:
    """A text as single bytes, a list for each stretch within which pairs are merged."""
    stretches = [text] if across else _WORDS.findall(text)
    return [[bytes([byte]) for byte in stretch.encode("utf-8")] for stretch in stretches]


def counted(cut: list[Piece]) -> Counter[Pair]:
    """How often each pair of neighbours occurs, in the order of first occurrence."""
    return Counter(pair for piece in cut for pair in pairwise(piece))


def merged(piece: Piece, pair: Pair) -> Piece:
    """`piece` with each `pair` as one token, from the left."""
    found: Piece = []
    place = 0
    while place < len(piece):
        here = (piece[place], piece[place + 1]) if place + 1 < len(piece) else None
        found.append(pair[0] + pair[1] if here == pair else piece[place])
        place += 2 if here == pair else 1
    return found


class Run:
    """The text in tokens, and the merges so far; a merge a step, while a pair occurs twice."""

    def __init__(self, knobs: Knobs, seed: int) -> None:
        self.text, self.word = str(knobs["text"]), str(knobs["word"])
        self.across = bool(knobs["across_spaces"])
        self.cut = pieces(self.text, self.across)
        self.size = len(self.text.encode("utf-8"))
        self.merges: list[tuple[Pair, int]] = []
        self.tokens = [self.size]
        self.step_count = 0

    def step(self, n: int) -> None:
        """Merge the most frequent pair, `n` times; of several, the one that comes first."""
        for _ in range(n):
            best = counted(self.cut).most_common(1)
            if best and best[0][1] > 1:
                self.merges.append(best[0])
                self.cut = [merged(piece, best[0][0]) for piece in self.cut]
            self.tokens.append(sum(map(len, self.cut)))
            self.step_count += 1

    def set(self, name: str, value: Value) -> None:
        """Cut another word by the same merges."""
        assert name == "word"
        self.word = str(value)

    def encoded(self, word: str) -> list[bytes]:
        """A word in tokens, with the space before it, by the merges so far in their order."""
        cut = pieces(f" {word}", self.across)
        for pair, _ in self.merges:
            cut = [merged(piece, pair) for piece in cut]
        return [token for piece in cut for token in piece]

    def frame(self) -> Frame:
        """The text in tokens; the word; the merges and the pairs; tokens over merges."""
        count = Series("tokens", np.array(self.tokens, dtype=float))
        tokens = [token for piece in self.cut for token in piece]
        return Frame(
            picture=Text(
                f"{len(tokens)} tokens",
                (
                    (barred(tokens), "accent"),
                    ("", "text"),
                    ("a word by these merges:", "quiet"),
                    (barred(self.encoded(self.word)), "good"),
                ),
            ),
            side=(self._table(), self._pairs()),
            extra=(Curves("tokens of the text", (count,), "merge", y_range=(0.0, self.size)),),
            formula=self._formula(len(tokens)),
            status=f"merges {len(self.merges)}   vocabulary {256 + len(self.merges)}",
            curve=count,
        )

    def _table(self) -> Table:
        """The newest merges on top."""
        newest = list(enumerate(self.merges, 1))[::-1][:ROWS]
        rows = [(str(i), f"{shown(a)}|{shown(b)}", str(times)) for i, ((a, b), times) in newest]
        rows += [("", "", "")] * (ROWS - len(rows))
        return Table("merges, the newest on top", ("", "pair", "times"), tuple(rows))

    def _pairs(self) -> Bars:
        """The most frequent pairs now: the first is merged next."""
        common = counted(self.cut).most_common(PAIRS)
        most = float(max([times for _, times in common], default=1))
        bars = tuple(
            Bar(f"{shown(a)}|{shown(b)}", float(times), str(times), "accent" if i == 0 else "quiet")
            for i, ((a, b), times) in enumerate(common)
        )
        return Bars("pairs now", bars, 0.0, most)

    def _formula(self, tokens: int) -> str:
        vocabulary = rf"V = 256 + {len(self.merges)} = {256 + len(self.merges)}"
        ratio = rf"\frac{{{self.size}}}{{{tokens}}} = {self.size / tokens:.2f}"
        return rf"{vocabulary},\quad \frac{{\mathrm{{bytes}}}}{{\mathrm{{tokens}}}} = {ratio}"

    def measured(self) -> dict[str, float]:
        """Tokens, characters a token, how the word is cut, and what joining them loses."""
        joined = b"".join(token for piece in self.cut for token in piece)
        word = self.encoded(self.word)
        return {
            "tokens": float(self.tokens[-1]),
            "bytes": float(self.size),
            "tokens_a_byte": self.tokens[-1] / self.size,
            "characters_a_token": len(self.text) / self.tokens[-1],
            "merges": float(len(self.merges)),
            "pieces_of_the_word": float(len(word)),
            "pieces_a_byte_of_the_word": len(word) / (1 + len(self.word.encode("utf-8"))),
            "joined_differs": float(joined.decode("utf-8") != self.text),
        }

    def verdicts(self) -> list[Verdict]:
        """The text gets shorter, a new word shares its pieces, and nothing is lost."""
        m = self.measured()
        return [
            Verdict(
                "Tokens of the text, as a share of its bytes", m["tokens_a_byte"], "<=", 0.68,
                "Nothing occurs twice: take a longer text, or one that repeats itself.",
            ),
            Verdict(
                "Pieces of the word, as a share of its bytes", m["pieces_a_byte_of_the_word"], "<=",
                0.63, "It shares no pieces with the text: take a word more like it.",
            ),
            Verdict("Joined again, the text differs (1: yes)", m["joined_differs"], "==", 0.0),
        ]  # fmt: skip

    def answers(self) -> Answers:
        """Judged by the pieces of the word, and by the length of a token of the text."""
        m = self.measured()
        cut, whole = m["pieces_of_the_word"], 1 + len(self.word.encode("utf-8"))
        predicted = 0 if cut == 1 else 2 if cut == whole else 1
        return Answers(predicted, sum(m["characters_a_token"] >= least for least in (2, 4)))


def shown(token: bytes) -> str:
    """A token in letters; a byte that is no whole character as <C3>, a space as _."""
    try:
        return token.decode("utf-8").replace(" ", "_")
    except UnicodeDecodeError:
        return "".join(f"<{byte:02X}>" for byte in token)


def barred(tokens: list[bytes]) -> str:
    """Tokens with a bar between them."""
    return "|".join(map(shown, tokens))
