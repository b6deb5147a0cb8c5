"""A text of two numbers is asked again, and never worked out by accident."""

from __future__ import annotations

import pytest

from tutor.deck.model import Numeric
from tutor.quiz.asking import make_question
from tutor.quiz.marking import mark
from tutor.quiz.number import read
from tutor.quiz.verdict import UnreadableError

from .cards import card


@pytest.mark.parametrize(
    ("text", "unit"),
    [("5$-10$", ""), ("$5-$10", ""), ("$5-10", ""), ("$5-10", "$"), ("5 € - 10 €", ""),
     ("5%-10%", ""), ("5%-10%", "%"), ("5-10 %", "%"), ("5k-10k", ""), ("1M–2M", "parameters"),
     ("5-10 MB", "MB"), ("5 ms - 10 ms", "ms"), ("1 layer - 3 layers", "layers"), ("5~10 ms", "ms"),
     ("5–10", ""), ("5 to 10", ""), ("5 ± 1", ""), ("(5,10)", ""), ("[0, 1]", ""), ("5..10", ""),
     ("5;10", ""), ("2024-11-28", ""), ("28.11.2024", ""), ("<5", ""), ("≥ 5", ""), ("5+", ""),
     ("at least 5", ""), ("5+-1", "")]
)  # fmt: skip
def test_a_range_a_pair_a_date_and_a_bound_are_asked_again(text: str, unit: str) -> None:
    with pytest.raises(UnreadableError, match="One number is asked for, not a"):
        read(text, unit=unit)


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [("64-9", "", 55), ("$10-$4", "", 6), ("100%-30%", "", 0.7), ("100% - 30%", "%", 70),
     ("10-4 MB", "MB", 6), ("10k-4k", "", 6000), ("(1,300)", "", 1300), ("1-2e-3", "", 0.998),
     ("1-2-3", "", -4), ("-3-5", "", -8), ("2e-3", "", 0.002), ("5$*2", "", 10)]
)  # fmt: skip
def test_a_difference_is_worked_out(text: str, unit: str, value: float) -> None:
    assert read(text, unit=unit).values[0] == value


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [("0.75 (75%)", "", 0.75), ("75% (= 0.75)", "%", 75), ("13,002 (13002)", "", 13002),
     ("55 (110/2)", "", 55), ("64*9+9 (585)", "", 585), ("55 (= 110/2)", "", 55),
     ("55 (110/2)", "MB", 55), ("2 (3+4)", "", 14), ("2(3)", "", 6), ("10 * (3+4)", "", 70),
     ("1,024 (2¹⁰)", "", 1024), ("2^10 (1024)", "", 1024), ("(1+2) (3)", "", 9)]
)  # fmt: skip
def test_a_number_in_brackets_is_said_again(text: str, unit: str, value: float) -> None:
    assert read(text, unit=unit).values[0] == value


def test_two_numbers_that_differ_are_asked_again() -> None:
    with pytest.raises(UnreadableError, match="Which of them"):
        read("75% (0.8)")


@pytest.mark.parametrize(
    ("text", "verdict"),
    [("5-10", "right"), ("3-8", "right"), ("5-11", "ask-again"), ("9-5", "wrong")],
)
def test_a_rising_difference_counts_and_is_else_asked_again(text: str, verdict: str) -> None:
    question = make_question(card("n", "numeric", Numeric("-5")), 0)
    found = mark(question, text)
    assert found.verdict == verdict
    assert verdict != "ask-again" or found.message == f"{text} is −6, or a range. Write one number."
