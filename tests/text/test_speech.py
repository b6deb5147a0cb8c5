"""Formulas in words: nothing is lost, no two sound alike, and all can be taken apart again."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.text.hearing import heard, written
from tutor.text.alphabets import ACCENTS
from tutor.text.commands import COMMANDS
from tutor.text.formula import Accent, Atom, Fence, Frac, Grid, Node, Root, Row, Script
from tutor.text.math import inline, spoken
from tutor.text.sign_words import words_of
from tutor.text.speech import speech
from tutor.text.speech_words import RESERVED
from tutor.text.symbols import CHARACTERS, SYMBOLS, Kind

FORMULAS = (Path(__file__).parent / "formulas.txt").read_text("utf-8").splitlines()
USUAL = (Path(__file__).parent / "usual.txt").read_text("utf-8").splitlines()

# Pairs of formulas that differ in one place: grouping, a sign, a font, a fence, a size.
NEAR = [
    line.split("\t")
    for line in (Path(__file__).parent / "near.txt").read_text("utf-8").splitlines()
]

GOLDEN = {
    r"x": "x",
    r"W": "capital W",
    r"\Sigma": "capital Sigma",
    r"12{,}960": "12,960",
    r"\mu=.9": "mu equals point 9",
    r"\epsilon=10^{-8}": "epsilon equals 10 to the minus 8",
    r"1\times10^{-4}": "1 times 10 to the minus 4",
    r"2^{10}=1024": "2 to the 10 equals 1024",
    r"T>1": "capital T greater than 1",
    r"T<1": "capital T less than 1",
    r"\nabla f": "nabla f",
    r"\lVert w\rVert_2^2": "norm of w end norm sub 2 squared",
    r"g/|g|": "g slash absolute value of g end absolute value",
    r"|x|^2 + |y|": "absolute value of x end absolute value squared"
    " plus absolute value of y end absolute value",
    r"p(y|x)": "p open y given x close",
    r"\{x \mid x>0\}": "open brace x such that x greater than 0 close brace",
    r"a\odot b": "a elementwise times b",
    r"\hat m_t": "m hat sub t",
    r"\overline{ab}": "wide overline a b end overline",
    r"w_{t-1}": "w subscript t minus 1 end sub",
    r"x_{-1}": "x sub minus 1",
    r"x_i^{n+1}": "x sub i to the power n plus 1 end power",
    r"{x^2}^3": "group x squared end group cubed",
    r"f''(x)": "f double prime open x close",
    r"W^\top W^T": "capital W transposed capital W to the capital T",
    r"-\frac12": "minus fraction 1 over 2 end fraction",
    r"x = \frac12": "x equals 1 over 2",
    r"2\frac12": "2 fraction 1 over 2 end fraction",
    r"\frac{m}{1-\beta_1^t}": "fraction m over 1 minus beta sub 1 to the t end fraction",
    r"\sqrt x \sqrt{y+z}": "square root x square root of y plus z end root",
    r"\sqrt[3]{x}": "root of degree 3 of x end root",
    r"\sum_{i=1}^n x_i": "sum from i equals 1 to n of x sub i",
    r"\sum_i x_i": "sum over i of x sub i",
    r"\int_0^1 f": "integral from 0 to 1 of f",
    r"\lim_{n\to\infty} a_n": "limit as n goes to infinity of a sub n",
    r"\operatorname*{argmin}_\theta L": "argmin across theta of capital L",
    r"\log_2 n": "log base 2 n",
    r"\binom{n}{k}": "binomial n choose k end binomial",
    r"\begin{pmatrix}1&2\\3&4\end{pmatrix}": "open matrix 1 next 2 next row 3 next 4"
    " end matrix close",
    r"\begin{cases}x&x>0\\0&\text{otherwise}\end{cases}": "cases x when x greater than 0"
    " next case 0 otherwise end cases",
    r"\begin{aligned}a&=b\\&=c\end{aligned}": "lines a equals b next line equals c end lines",
    r"\underbrace{Wx+b}_{\text{logits}}": "underbrace capital W x plus b end underbrace"
    " with label below logits end label",
    r"x \xrightarrow{d} y": "x goes to with label above d end label y",
    r"n_{\text{sum of all}}": "n sub text sum of all end text",
    r"\mathbb{E}[x], \mathbf W, \mathcal L": "blackboard capital E open bracket x close bracket"
    " comma bold capital W comma script capital L",
    r"20\,4": "20 followed by 4",
    r"]0,1[": "closing bracket 0 comma 1 opening bracket",
    r"\frac{a": "backslash frac opening brace a",
}  # fmt: skip


@pytest.mark.parametrize("latex", GOLDEN)
def test_golden(latex: str) -> None:
    assert spoken(latex) == GOLDEN[latex].replace("backslash", "reverse solidus")


def test_every_sign_and_command_has_words_of_its_own() -> None:
    signs = {text for text, kind in [*SYMBOLS.values(), *CHARACTERS.values()] if kind != "space"}
    said: dict[str, str] = {}
    for sign in sorted(signs):
        words = speech(Atom(sign))
        assert words.isascii() and words.replace(" ", "").isalnum(), (sign, words)
        assert said.setdefault(words, sign) == sign, words
    for name in ACCENTS:
        assert spoken(rf"\{name}{{x}}").startswith("x ")
    for name, command in COMMANDS.items():
        given_to = "".join("*" if letter == "s" else "{x}" for letter in command.arguments)
        assert spoken(rf"\{name}{given_to}").isascii(), name


def test_no_sign_is_two_others() -> None:
    """The words of a sign are never those of several, nor of a sign and of text."""
    phrases = {
        tuple(words_of(text).lower().split()) for text, _ in SYMBOLS.values() if text.strip()
    }

    def parts(words: tuple[str, ...]) -> bool:
        heads = (words[:n] for n in range(1, len(words) + 1))
        return not words or any(
            (head in phrases or (len(head) == 1 and head[0] not in RESERVED))
            and parts(words[len(head) :])
            for head in heads
        )

    assert parts(("less", "than", "alpha", "loss"))
    for phrase in phrases:
        for length in range(1, len(phrase)):
            assert phrase[:length] not in phrases or not parts(phrase[length:]), phrase


@pytest.mark.parametrize("latex", [*FORMULAS, *USUAL])
def test_what_is_written_is_said_in_ascii(latex: str) -> None:
    said = spoken(latex)
    assert said.isascii() and "  " not in said and said == said.strip() and said


def test_what_differs_in_one_place_is_said_unlike() -> None:
    said: dict[str, str] = {}
    for latex in itertools.chain.from_iterable(NEAR):
        line = inline(latex).replace(" ", "")
        assert said.setdefault(spoken(latex), line) == line, latex
    assert all(spoken(one) != spoken(other) for one, other in NEAR)


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=30))
@example("0߀")
@example("12{,}٣٤٥")
def test_anything_is_said_in_ascii(latex: str) -> None:
    assert spoken(latex).isascii()


def test_where_lines_differ_speech_does() -> None:
    """Every way to put two things together, two deep."""
    one = r"\sqrt{%s}|\hat{%s}|\overline{%s}|-%s|(%s)|%s'|\log %s|\lvert %s\rvert"
    two = (
        r"{%s}^{%s}|{%s}_{%s}|\frac{%s}{%s}|\overset{%s}{%s}|\underset{%s}{%s}|%s+%s|%s %s|%s=%s|"
        r"\binom{%s}{%s}|\begin{cases}%s&%s\end{cases}|\begin{matrix}%s\\%s\end{matrix}|%s,%s|"
        r"\sum_{%s}%s|\sqrt[%s]{%s}|\log_{%s}%s|\log^{%s}{%s}|\int_{%s}^{%s}|\max_{%s}{%s}"
    )

    def built(parts: Sequence[str]) -> list[str]:
        pairs = list(itertools.product(parts, parts))
        return [shape % part for shape in one.split("|") for part in parts] + [
            shape % pair for shape in two.split("|") for pair in pairs
        ]

    shallow = ["a", "b", "2", *built(["a", "b", "2"])]
    print("seed 7")
    said: dict[str, tuple[str, str]] = {}
    for latex in [*shallow, *built(random.Random(7).sample(shallow, 25))]:
        line = inline(latex).replace(" ", "")
        if line == latex.replace(" ", "") and "\\" in line:
            continue  # two scripts on one base
        first, other = said.setdefault(spoken(latex), (line, latex))
        assert first == line, (latex, other, spoken(latex))
    assert len(said) > 5_000


# -- trees ----------------------------------------------------------------------------------------

LETTERS = [Atom(letter) for letter in "abxyzAXαβθ"]
NUMBERS = [Atom(number) for number in ("1", "2", "20", "0.5", "960")]
WORDS = [Atom(word) for word in ("loss", "in", "ReLU", "max", "log", "sum", "end", "word over")]
OPERATORS: list[tuple[str, Kind]] = [
    ("+", "bin"), ("−", "bin"), ("·", "bin"), ("⊙", "bin"), ("=", "rel"), ("<", "rel"),
    ("≤", "rel"), ("→", "rel"), ("∈", "rel"), ("∼", "rel"), ("∀", "ord"), (",", "punct"),
]  # fmt: skip
LEAVES = st.sampled_from([*LETTERS, *NUMBERS, *WORDS, *(Atom(*op) for op in OPERATORS)])
BIGS = [Atom(sign, "big", limits=True) for sign in "∑∏⋃"] + [
    Atom("∫", "big"), Atom("lim", "name", limits=True), Atom("max", "name", limits=True)
]  # fmt: skip
FENCE_PAIRS = [("(", ")"), ("[", "]"), ("{", "}"), ("⟨", "⟩"), ("⌊", "⌋"), ("⌈", "⌉"),
               ("|", "|"), ("‖", "‖"), ("", "|")]  # fmt: skip


def _above(inner: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    rows = st.lists(inner, min_size=0, max_size=4).map(lambda items: Row(tuple(items)))
    part = inner | rows
    cells = st.lists(st.lists(part, min_size=1, max_size=2).map(tuple), min_size=1, max_size=3)
    grids = cells.map(lambda found: Grid(tuple(found), "center"))
    accents = st.sampled_from(["hat", "bar", "tilde", "vec", "dot", "underbrace"])
    return st.one_of(
        st.builds(Frac, part, part),
        st.builds(Root, part),
        st.builds(Root, part, part),
        st.builds(Script, inner, part, st.none() | part),
        st.builds(Script, part, st.none(), part),
        st.builds(Script, st.just(Atom("log", "name")), part, st.none() | part),
        st.builds(Script, st.sampled_from(BIGS), part, st.none() | part, st.just(True)),
        st.builds(Accent, accents, part),
        st.tuples(st.sampled_from(FENCE_PAIRS), part).map(
            lambda given: Fence(given[0][0], given[1], given[0][1])
        ),
        grids,
        cells.map(lambda found: Fence("{", Grid(tuple(found), "left"), "")),
        st.lists(part, min_size=2, max_size=3).map(
            lambda found: Grid(tuple((each,) for each in found), "equations")
        ),
        st.tuples(part, part).map(lambda two: Fence("(", Frac(*two, rule=False), ")")),
        rows,
    )


TREES = st.recursive(LEAVES, _above, max_leaves=14)


@settings(max_examples=400, deadline=None)
@given(TREES)
def test_what_was_said_can_be_taken_apart_again(tree: Node) -> None:
    said = speech(tree)
    assert said.isascii()
    assert heard(said) == written(tree), said


def test_the_listener_hears_another_formula_where_an_end_is_missing() -> None:
    """The test above can fail."""
    assert heard("x sub i plus 1") != heard("x subscript i plus 1 end sub")
    assert heard("square root x square root y plus z end root") != heard(
        "square root x square root of y plus z end root"
    )


def test_long_formulas_are_said() -> None:
    assert spoken("{" * 3000 + "}" * 3000).isascii()
    assert words_of("\u0301") and words_of("\U000f0000")
