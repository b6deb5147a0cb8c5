"""Marking: what is right, what is wrong and why, and what is asked again."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.deck.model import Card, Params, Wrong
from tutor.quiz.asking import make_question
from tutor.quiz.marking import give_up, mark
from tutor.quiz.question import Question
from tutor.quiz.terms import Terms
from tutor.quiz.verdict import Mark

from .cards import (
    CHOICE,
    CLOZE,
    GENERATED,
    MARKED_CARDS,
    MATCH,
    MULTI,
    ORDER,
    SHARE,
    TERM,
    TRUEFALSE,
    TYPED,
    numeric,
)

SEEDS = st.integers(0, 2**64 - 1)


def right_line(question: Question) -> str:
    """What a learner would write to be right."""
    return (
        question.labels
        or "; ".join(g.text.strip("*") for g in question.typed_gaps)
        or (question.expected)
    )


def verdict(card: Card, answer: str) -> str:
    return mark(make_question(card, 3, shuffle=False), answer).verdict


@pytest.mark.parametrize("card", MARKED_CARDS, ids=lambda card: card.id)
@given(SEEDS)
def test_the_right_answer_of_every_question_is_right(card: Card, seed: int) -> None:
    question = make_question(card, seed)
    assert mark(question, right_line(question)).right


@pytest.mark.parametrize("card", [GENERATED, SHARE], ids=lambda card: card.id)
@given(SEEDS)
def test_every_misconception_is_wrong_and_named(card: Card, seed: int) -> None:
    question = make_question(card, seed)
    assert len(question.slips) == 2
    for _, value in question.slips:
        marked = mark(question, repr(value))
        same = [name for name, other in question.slips if abs(other - value) <= 0.01 * abs(other)]
        assert marked.verdict == "wrong"
        assert marked.misconception in same
        assert marked.expected == question.expected


@given(SEEDS, st.integers(-(10**6), 10**6))
def test_another_number_is_wrong_without_a_name(seed: int, number: int) -> None:
    question = make_question(GENERATED, seed)
    known = {question.values["ans"], *(value for _, value in question.slips)}
    if number not in known:
        assert mark(question, str(number)).misconception is None
        assert mark(question, str(number)).verdict == "wrong"


@pytest.mark.parametrize(
    ("card", "answer", "expected"),
    [
        (numeric("13_002"), "13002", "right"),
        (numeric("13_002"), "13,002", "right"),
        (numeric("13_002"), "13.002", "right"),
        (numeric("13_002"), "13.003", "wrong"),
        (numeric("13_002"), "13001.9999", "wrong"),
        (numeric("13_002"), "a dozen thousands", "ask-again"),
        (numeric("0.731", 0.001), "0.732", "right"),
        (numeric("0.731", 0.001), "0,730", "right"),
        (numeric("0.731", 0.001), "0.7321", "wrong"),
        (numeric("0.731", 0.001), "73.1%", "right"),
        (numeric("0.731", 0.001), "731e-3", "right"),
        (numeric("1/3", 0.0005), "1/3", "right"),
        (numeric("1/3", 0.0005), "0.333", "right"),
        (numeric("200", 0.01, True), "198", "right"),
        (numeric("200", 0.01, True), "202", "right"),
        (numeric("200", 0.01, True), "203", "wrong"),
        (numeric("-200", 0.01, True), "−202", "right"),
        (numeric("73.1", 0.05, unit="%"), "73.1%", "right"),
        (numeric("73.1", 0.05, unit="%"), "73.1", "right"),
        (numeric("73.1", 0.05, unit="%"), "0.731", "ask-again"),
        (numeric("5", unit="px"), "5 px", "right"),
        (numeric("5", unit="px"), "5 em", "ask-again"),
        (numeric("", interval=("0.5", "2")), "0.5", "right"),
        (numeric("", interval=("0.5", "2")), "2", "right"),
        (numeric("", interval=("0.5", "2")), "2.0001", "wrong"),
        (numeric("", interval=("0.1", "0.3")), "30%", "right"),
        (numeric("", interval=("1_000", "2_000")), "1,500", "right"),
        (numeric("", interval=("1", "2")), "1,500", "right"),
    ],
)
def test_numbers(card: Card, answer: str, expected: str) -> None:
    assert verdict(card, answer) == expected


@pytest.mark.parametrize(
    ("card", "answer", "message"),
    [
        (numeric("585"), "64*9+9", "64*9+9 = 585"),
        (numeric("585"), "64*9", "64*9 = 576"),
        (numeric("585"), "585", ""),
        (numeric("13_002"), "13,002", ""),
        (numeric("13_002"), "13.002", "read as 13,002"),
        (numeric("1300.4", 0.01, True), "1,500", "wrong as 1,500 and as 1.5"),
        (numeric("5"), "6", ""),
    ],
)
def test_how_a_number_was_read(card: Card, answer: str, message: str) -> None:
    assert mark(make_question(card, 0), answer).message == message


def test_a_usual_reading_that_is_a_slip_is_asked_about() -> None:
    wrongs = (Wrong("lost a factor of a thousand", "ans / 1000"),)
    lost = numeric("@{ans}", params=Params((("ans", "int(1001, 1999)"),), (), wrongs))
    question = make_question(lost, 0)
    thousandth = f"{question.values['ans'] / 1000:.3f}"  # type: ignore[operator]
    marked = mark(question, thousandth)
    assert marked.verdict == "ask-again"
    assert f"as {thousandth} and as 1,{thousandth[2:]}" in marked.message
    assert mark(question, f"{thousandth}0").misconception == "lost a factor of a thousand"


def test_groups_that_are_none_are_asked_about() -> None:
    marked = mark(make_question(numeric("1_000_000"), 0), "1000,000")
    assert marked.message == "I cannot tell the groups of 1000,000. Do you mean 1,000,000?"
    assert verdict(numeric("1_000"), "1000,000") == "right"
    assert verdict(numeric("5"), "1000,000") == "wrong"


def test_no_cause_is_claimed_where_two_slips_give_one_number() -> None:
    wrongs = (Wrong("forgot to square", "2 * a"), Wrong("doubled", "a + a"), Wrong("none", "a"))
    twice = numeric("@{ans}", params=Params((("a", "int(3, 9)"), ("ans", "a ** 2")), (), wrongs))
    question = make_question(twice, 1)
    a = question.values["a"]
    marked = mark(question, f"{2 * a}")
    assert (marked.verdict, marked.misconception) == ("wrong", None)
    assert marked.message == "more than one slip gives this: forgot to square; doubled"
    assert mark(question, f"{a}").misconception == "none"


def test_numbers_are_drawn_again_until_the_slips_differ() -> None:
    wrongs = (Wrong("one", "a"), Wrong("other", "b"))
    params = Params((("a", "int(1, 3)"), ("b", "int(1, 3)"), ("ans", "a + b + 9")), (), wrongs)
    for seed in range(50):
        values = make_question(numeric("@{ans}", params=params), seed).values
        assert values["a"] != values["b"]


@given(
    st.decimals(-(10**6), 10**6, places=3).filter(bool),
    st.decimals("0.001", 1, places=3),
    st.decimals(-3, 3, places=4),
    st.booleans(),
)
def test_the_tolerance_is_the_border(
    value: Decimal, share: Decimal, off: Decimal, relative: bool
) -> None:
    band = share * abs(value) if relative else share
    given_ = value + off * band
    card = numeric(f"{value}", float(share), relative)
    # Written without a doubt: no three digits behind the only mark.
    marked = mark(make_question(card, 0), f"{given_:.9f}")
    assert marked.right == (abs(off) <= 1)


@given(st.integers(-(10**20), 10**20), st.integers(-(10**20), 10**20) | st.integers(-3, 3))
def test_whole_numbers_are_compared_exactly(value: int, off: int) -> None:
    assert mark(make_question(numeric(f"{value}"), 0), f"{value + off}").right == (off == 0)


@pytest.mark.parametrize(("value", "answer"), [("1e-13", "0"), ("0.0000001", "0.0000002")])
def test_a_small_value_is_no_zero(value: str, answer: str) -> None:
    assert verdict(numeric(value, 0.01, True), answer) == "wrong"
    assert verdict(numeric(value, 0.01, True), value) == "right"


@pytest.mark.parametrize("answer", ["b", "B", " b) ", "(b)", "b."])
def test_an_option_by_its_letter(answer: str) -> None:
    assert verdict(CHOICE, answer) == "right"


@pytest.mark.parametrize("answer", ["", "e", "ab", "2", "none", "bb?", "!", "0", "٢"])
def test_no_option(answer: str) -> None:
    # "2" could be the second option or the option that reads 2.
    assert verdict(CHOICE, answer) == "ask-again"


def test_a_wrong_option_says_why() -> None:
    marked = mark(make_question(CHOICE, 0, shuffle=False), "c")
    why = "That is both sides together."
    assert marked == Mark("wrong", expected="2", reason=why, picked=(2,))
    assert mark(make_question(CHOICE, 0, shuffle=False), "d").reason is None


@pytest.mark.parametrize("answer", ["a,b", "ab", "b a", "a, B", "1,2", "2 1", "a;b", "a) b)"])
def test_all_right_options(answer: str) -> None:
    assert verdict(MULTI, answer) == "right"


def test_several_options_are_all_or_nothing_and_say_what_was_right() -> None:
    question = make_question(MULTI, 0, shuffle=False)
    one_missing = mark(question, "a")
    assert one_missing.verdict == "wrong"
    assert one_missing.message == "1 of 2 right options chosen"
    assert one_missing.parts == (True, False, True, True)
    too_many = mark(question, "a,b,c,d")
    assert too_many.message == "2 of 2 right options chosen, and 2 that do not belong"
    assert too_many.reason == "Ten equal logits give 0.1 each.\nThe exponential is not."
    assert too_many.expected == "above zero; adds up to one"


@pytest.mark.parametrize("answer", ["t", "T", "true", "TRUE", "a", "a)", "1"])
def test_true(answer: str) -> None:
    assert verdict(TRUEFALSE, answer) == "right"


@pytest.mark.parametrize("answer", ["f", "False", "b", "2"])
def test_false(answer: str) -> None:
    marked = mark(make_question(TRUEFALSE, 0), answer)
    assert (marked.verdict, marked.reason) == ("wrong", "It does.")


@pytest.mark.parametrize("answer", ["yes", "c", "tf", "ab"])
def test_neither_true_nor_false(answer: str) -> None:
    assert verdict(TRUEFALSE, answer) == "ask-again"


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("relu", "right"),
        ("Rectified-Linear_Unit", "right"),
        ("sigmoid", "wrong"),
        ("rectified liner unit", "ask-again"),
        ("x" * 501, "ask-again"),
    ],
)
def test_typed(answer: str, expected: str) -> None:
    assert verdict(TYPED, answer) == expected


def test_a_near_miss_is_called_spelling() -> None:
    assert mark(make_question(TYPED, 0), "rectified liner unit").message == "almost: spelling"
    assert (
        mark(make_question(CLOZE, 0), "chain rule; wieghts").message == "almost: spelling (gap 2)"
    )


@pytest.mark.parametrize(
    ("answer", "expected", "parts"),
    [
        ("chain rule; weights", "right", (True, True)),
        ("Chain-Rule ;WEIGHTS", "right", (True, True)),
        ("chain rule; biases", "wrong", (True, False)),
        ("; weights", "wrong", (False, True)),
        ("chain rule", "ask-again", ()),
        ("chain rule; loss; weights", "ask-again", ()),
    ],
)
def test_gaps(answer: str, expected: str, parts: tuple[bool, ...]) -> None:
    marked = mark(make_question(CLOZE, 0), answer)
    assert (marked.verdict, marked.parts) == (expected, parts)


def test_one_gap_is_the_whole_line() -> None:
    assert mark(make_question(CLOZE, 0, gap=2), "weights").right
    assert mark(make_question(CLOZE, 0, gap=2), "the weight").right
    assert mark(make_question(CLOZE, 0, gap=2), "weights; biases").verdict == "wrong"


@given(SEEDS)
def test_order(seed: int) -> None:
    question = make_question(ORDER, seed)
    right = question.labels
    assert mark(question, right.replace(",", " ")).right
    assert mark(question, right.replace(",", "")).right
    assert mark(question, right.replace(",", " → ")).right
    assert mark(question, right.replace(",", ", then ")).right
    words = dict(zip("1234", ["one", "two", "three", "four"], strict=True))
    assert mark(question, " ".join(words[label] for label in right.split(","))).right
    places = dict(zip("1234", ["1st", "2nd", "3rd", "4th"], strict=True))
    assert mark(question, ", ".join(places[label] for label in right.split(","))).right
    swapped = ",".join([*right.split(",")[1::-1], *right.split(",")[2:]])
    marked = mark(question, swapped)
    assert (marked.verdict, marked.message) == ("wrong", "2 of 4 in their place")
    assert marked.parts == (False, False, True, True)


@pytest.mark.parametrize("answer", ["1,2,3", "1,2,3,5", "1,1,2,3", "a,b,c,d", "1,2,3,4,4"])
def test_no_order(answer: str) -> None:
    assert verdict(ORDER, answer) == "ask-again"


@given(SEEDS)
def test_match(seed: int) -> None:
    question = make_question(MATCH, seed)
    right = question.labels
    assert mark(question, right.upper()).right
    assert mark(question, " ".join(reversed(right.split(",")))).right
    assert mark(question, right.replace(",", "")).right
    assert mark(question, ", ".join(f"{pair[0]}: {pair[1]}" for pair in right.split(","))).right
    assert mark(question, "; ".join(f"{pair[0]} → {pair[1]}" for pair in right.split(","))).right
    a, b, c = (pair[1] for pair in right.split(","))
    marked = mark(question, f"1{b},2{a},3{c}")
    assert (marked.verdict, marked.parts) == ("wrong", (False, False, True))
    assert marked.message == "1 of 3 pairs right"


@pytest.mark.parametrize("answer", ["1a", "1a,2b", "1a,2b,3b", "1a,2b,4c", "1a,2b,3c,x", "abc"])
def test_no_match(answer: str) -> None:
    assert verdict(MATCH, answer) == "ask-again"


@pytest.mark.parametrize("card", MARKED_CARDS, ids=lambda card: card.id)
@given(SEEDS, st.text(max_size=20))
def test_any_text_gets_a_verdict(card: Card, seed: int, answer: str) -> None:
    marked = mark(make_question(card, seed), answer)
    assert (marked.verdict == "ask-again") <= bool(marked.message)


def test_i_do_not_know() -> None:
    assert give_up(make_question(TYPED, 0)) == Mark("wrong", expected="ReLU")


def test_a_term_is_not_marked() -> None:
    with pytest.raises(ValueError, match="own to judge"):
        mark(make_question(TERM, 0), "anything")


@pytest.mark.parametrize("card", MARKED_CARDS, ids=lambda card: card.id)
@given(SEEDS, st.text("0123456789.,+-*/^()%abctfesxαθ²½“’; \n", max_size=60))
def test_any_answer_gets_a_verdict(card: Card, seed: int, answer: str) -> None:
    marked = mark(make_question(card, seed), answer, Terms.of([("a b", "c")]))
    assert marked.verdict in {"right", "wrong", "ask-again"}
