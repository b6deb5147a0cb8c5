"""Questions: what a seed decides, and what is shown of each kind."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.deck.model import Card, Numeric, Order, Params
from tutor.quiz.asking import make_question
from tutor.quiz.marking import mark
from tutor.quiz.report import Item

from .cards import (
    CHOICE,
    CLOZE,
    FORMULA,
    GENERATED,
    MARKED_CARDS,
    MATCH,
    ORDER,
    TERM,
    TRUEFALSE,
    TYPED,
    card,
    numeric,
)

SEEDS = st.integers(0, 2**64 - 1)

ANOTHER_PROCESS = """
from tests.quiz.cards import MARKED_CARDS
from tutor.quiz.asking import make_question
for seed in (0, 1, 2**63 + 5):
    for card in MARKED_CARDS:
        q = make_question(card, seed)
        print(q.front, q.expected, q.options, q.items, q.rights, q.slips, q.values)
"""


def test_the_same_seed_asks_the_same_in_any_process() -> None:
    outputs = [
        subprocess.run(
            [sys.executable, "-c", ANOTHER_PROCESS],
            env={**os.environ, "PYTHONHASHSEED": seed},
            cwd=Path(__file__).parents[2],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert outputs[0] == outputs[1]
    assert len(outputs[0].splitlines()) == 3 * len(MARKED_CARDS)


@pytest.mark.parametrize("card", [CHOICE, ORDER, MATCH, GENERATED], ids=lambda card: card.id)
def test_another_seed_asks_otherwise(card: Card) -> None:
    shown = {repr(replace(make_question(card, seed), seed=0)) for seed in range(30)}
    assert len(shown) > 2


@given(SEEDS)
def test_shuffling_keeps_everything(seed: int) -> None:
    choice, order, match = (
        make_question(CHOICE, seed),
        make_question(ORDER, seed),
        make_question(MATCH, seed),
    )
    assert sorted(o.text for o in choice.options) == ["1", "2", "4", "none"]
    right = ["Forward pass", "Loss", "Backward pass", "Update"]
    assert [order.items[place] for place in order.places] == right
    assert list(order.items) != right
    paired = [(match.lefts[i], match.rights[p]) for i, p in enumerate(match.pairs)]
    assert tuple(paired) == MATCH.answer.pairs  # type: ignore[union-attr]
    assert match.pairs != (0, 1, 2)


@given(SEEDS)
def test_true_and_false_are_never_shuffled(seed: int) -> None:
    assert [option.text for option in make_question(TRUEFALSE, seed).options] == ["True", "False"]


def test_options_keep_their_order_when_asked_to() -> None:
    for seed in range(5):
        assert make_question(CHOICE, seed, shuffle=False).options == CHOICE.answer.options  # type: ignore[union-attr]


def test_a_cloze_opens_all_its_gaps() -> None:
    question = make_question(CLOZE, 0)
    assert question.key == "deck/cloze"
    assert question.body == ("Backpropagation applies the [1 …] from [formula] back to the [2 …].")
    assert question.expected == "chain rule; ℓ; weights"
    assert [gap.slug for gap in question.typed_gaps] == ["chain-rule", "weights"]


def test_a_cloze_opens_one_gap_and_shows_the_others() -> None:
    question = make_question(CLOZE, 0, gap=0)
    assert question.key == "deck/cloze/chain-rule"
    assert question.body == (r"Backpropagation applies the […] from $\ell$ back to the *weights*.")
    assert question.solution == (
        r"Backpropagation applies the ==chain rule== from $\ell$ back to the *weights*."
    )
    assert question.expected == "chain rule"


def test_a_formula_is_the_learners_to_judge() -> None:
    assert not make_question(FORMULA, 0).marked
    assert not make_question(CLOZE, 0, gap=1).marked
    assert not make_question(TERM, 0).marked
    assert all(make_question(card, 0).marked for card in MARKED_CARDS)


@given(SEEDS)
def test_drawn_numbers_stand_in_every_text(seed: int) -> None:
    question = make_question(GENERATED, seed)
    n_in, n_out, ans = (question.values[name] for name in ("n_in", "n_out", "ans"))
    assert question.front == (
        f"A dense layer has {n_in} inputs and {n_out} units. How many parameters?"
    )
    assert question.explanation == f"{n_in} × {n_out} weights and {n_out} biases."
    assert question.expected == f"{ans:,} parameters"
    assert question.generated
    assert question.worked() == (
        f"n_in = {n_in}",
        f"n_out = {n_out}",
        f"ans = n_in × n_out + n_out = {n_in} × {n_out} + {n_out} = {ans:,}",
    )


def test_fixed_numbers_have_no_other_draw() -> None:
    question = make_question(numeric("13_002", unit="parameters"), 0)
    assert not question.generated
    assert question.worked() == ()
    assert question.expected == "13,002 parameters"


def test_the_first_wording_is_the_one_shown() -> None:
    assert make_question(TYPED, 0).expected == "ReLU"


def test_an_interval_is_told_by_its_ends() -> None:
    question = make_question(numeric("", interval=("0.5", "2")), 0)
    assert question.expected == "0.5 to 2"
    assert (
        make_question(numeric("", interval=("1_000", "20000.5")), 0).expected == "1,000 to 20,000.5"
    )


def test_inline_text_is_never_taken_for_a_list() -> None:
    texts = ("+ 3", "- 3", "> 0.5", "# of units", "2. of them")
    question = make_question(card("signs", "order", Order(texts)), 0)
    assert question.expected == ", then ".join(texts)


BELOW_ZERO = card(
    "below",
    "numeric",
    Numeric("@{ans}", params=Params((("x", "int(-9, -2)"), ("ans", "2 * x + 1")))),
    front="What is 2x + 1 at x = @{x}?",
    explanation="2 · @{x:()} + 1, as in `f(@{x})`.",
)


def test_a_drawn_number_below_zero_has_a_minus_sign() -> None:
    question = make_question(BELOW_ZERO, 0)
    x, ans = abs(question.values["x"]), abs(question.values["ans"])  # type: ignore[arg-type]
    assert question.front == f"What is 2x + 1 at x = −{x}?"
    assert question.explanation == f"2 · (−{x}) + 1, as in `f(-{x})`."
    assert question.expected == f"−{ans}"
    assert question.worked()[1] == f"ans = 2 × x + 1 = 2 × (−{x}) + 1 = −{ans}"
    for sign in ("-", "−"):
        answer = f"{sign}{ans}"
        found = mark(question, answer)
        assert found.verdict == "right"
        told = Item.of(question, found, answer, 1.0, None).as_json()
        assert told["expected"] == f"-{ans}", "programs read a hyphen"


def test_a_written_number_below_zero_has_a_minus_sign() -> None:
    assert make_question(numeric("-0.5"), 0).expected == "−0.5"
    assert make_question(numeric("", interval=("-2", "1")), 0).expected == "−2 to 1"
