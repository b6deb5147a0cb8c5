"""What a card shows at each stage, made from the real parser, questions and marking."""

from __future__ import annotations

from itertools import permutations
from pathlib import Path

import pytest

from tests.ui.conftest import drawn
from tutor.deck.library import Library, load
from tutor.quiz.asking import make_question
from tutor.quiz.marking import mark
from tutor.quiz.question import Question
from tutor.ui.widgets.card_lines import View, card_lines

DECK = Path(__file__).parent / "decks" / "small.md"


@pytest.fixture(scope="module")
def library() -> Library:
    return load([DECK], None)


def shown(question: Question, view: View) -> str:
    return "\n".join(line.plain.rstrip() for line in card_lines(question, view, 72))


def test_the_front_shows_no_answer_and_no_options(library: Library) -> None:
    question = make_question(library.card("small/same-padding"), 1)
    front = shown(question, View())
    assert front == (
        "Which padding keeps a 5 × 5 kernel's output the size of its input, at\nstride 1?"
    )
    assert "1) " in shown(question, View(options=True))


def test_hints_come_one_by_one(library: Library) -> None:
    question = make_question(library.card("small/padding"), 1)
    assert "Hint" not in shown(question, View())
    one, two = shown(question, View(hints=1)), shown(question, View(hints=2))
    assert "Hint 1  What happens" in one and "corners" not in one
    assert "Hint 2  Think of the corners." in two


def test_the_answer_comes_with_note_and_reference_and_no_file(library: Library) -> None:
    text = shown(
        make_question(library.card("small/padding"), 1), View(revealed=True, demo="Convolution")
    )
    assert "Note    Zero padding names the values" in text
    assert "Ref     Dumoulin & Visin 2016" in text
    assert "Demo    Convolution" in text
    assert "small.md" not in text


def test_a_wrong_option_is_marked_with_its_reason_only(library: Library) -> None:
    question = make_question(library.card("small/same-padding"), 1)
    wrong = next(i for i, option in enumerate(question.options) if option.text == "4")
    letter = "abc"[wrong]
    view = View(options=True, chosen=frozenset({wrong}), revealed=True, mark=mark(question, letter))
    text = shown(question, view)
    assert f"✗ {wrong + 1}) 4" in text
    assert "That is k − 1: the total" in text
    assert "Keeps the size for a 3 × 3" not in text
    assert "✗  Wrong." in text


def test_revealed_unanswered_options_tell_all_reasons(library: Library) -> None:
    question = make_question(library.card("small/same-padding"), 1)
    text = shown(question, View(options=True, revealed=True))
    assert "Keeps the size for a 3 × 3" in text and "That is k − 1" in text
    assert "✓" in text


def test_a_slip_is_named(library: Library) -> None:
    question = make_question(library.card("small/dense-count"), 3)
    slip = str(drawn(question, "n_in") * drawn(question, "n_out"))
    view = View(revealed=True, answer=slip, mark=mark(question, slip))
    assert f"✗  Wrong.  {slip}: forgot the biases." in shown(question, view)


def test_the_way_to_the_number_is_shown_when_asked(library: Library) -> None:
    question = make_question(library.card("small/dense-count"), 3)
    answered = mark(question, question.expected)
    assert "Way     " not in shown(question, View(revealed=True, mark=answered))
    text = shown(question, View(revealed=True, mark=answered, worked=True))
    assert "ans = n_in × n_out + n_out" in text


def test_an_order_shows_each_place_judged(library: Library) -> None:
    question = make_question(library.card("small/step-order"), 1)
    right = ",".join(str(place + 1) for place in question.places)
    text = shown(question, View(revealed=True, mark=mark(question, right)))
    assert "✓  1. Forward pass" in text and "✓  4. Update" in text
    swapped = right.split(",")[::-1]
    text = shown(question, View(revealed=True, mark=mark(question, ",".join(swapped))))
    assert "✗  1. Update\n    right: Forward pass" in text and "0 of 4 in their place" in text


def test_no_cross_stands_before_what_is_right(library: Library) -> None:
    """Every order and every match of four: a cross only before my own wrong row, truth below it."""
    order = make_question(library.card("small/step-order"), 1)
    match = make_question(library.card("small/loss-task"), 1)
    for given in permutations(range(len(order.items))):
        answer = ",".join(str(at + 1) for at in given)
        text = shown(order, View(revealed=True, mark=mark(order, answer))).splitlines()
        for at, (mine, place) in enumerate(zip(given, order.places, strict=True), 1):
            sign = "✓" if mine == place else "✗"
            row = text.index(f" {sign}  {at}. {order.items[mine]}")
            assert mine == place or text[row + 1] == f"    right: {order.items[place]}"
    for given in permutations(range(len(match.lefts))):
        answer = ",".join(f"{left}{'abcdef'[right]}" for left, right in enumerate(given, 1))
        text = shown(match, View(revealed=True, mark=mark(match, answer))).splitlines()
        for left, mine, place in zip(match.lefts, given, match.pairs, strict=True):
            sign = "✓" if mine == place else "✗"
            row = text.index(f" {sign}  {left} → {match.rights[mine]}")
            assert mine == place or text[row + 1] == f"    right: {match.rights[place]}"


def test_a_match_stands_in_two_columns(library: Library) -> None:
    text = shown(make_question(library.card("small/loss-task"), 1), View())
    first = next(line for line in text.splitlines() if "1)" in line)
    assert "a)" in first and first.index("a)") > 30


def test_a_cloze_shows_its_gaps_open_then_closed(library: Library) -> None:
    question = make_question(library.card("small/chain-rule"), 1, gap=0)
    assert "[…]" in shown(question, View()) and "chain rule from" not in shown(question, View())
    assert "the chain rule from the loss" in shown(question, View(revealed=True))


@pytest.mark.parametrize("width", [30, 50, 72])
def test_nothing_is_wider_than_the_measure(library: Library, width: int) -> None:
    views = [View(), View(options=True, hints=2), View(options=True, hints=2, revealed=True)]
    for key in library.entries:
        question = make_question(library.card(key), 7)
        for view in views:
            assert all(line.cell_length <= width for line in card_lines(question, view, width))
