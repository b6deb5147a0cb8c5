"""Wordings: what is folded together, what is a slip of the pen, and what is another word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.quiz.wording import distance, nearly, normalized, same

WORDS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12)


@pytest.mark.parametrize(
    "written",
    ["ReLU unit", "relu UNIT", "ReLU-unit", "relu_unit", "  relu   unit ", "relu\tunit",
     "relu–unit", "ｒｅｌｕ unit", "relu - unit"],
)  # fmt: skip
def test_the_same_wording(written: str) -> None:
    assert same(written, ["rectified linear unit", "ReLU unit"])


@pytest.mark.parametrize("written", ["", "relu", "reluunit", "relu units", "leaky relu unit"])
def test_another_wording(written: str) -> None:
    assert not same(written, ["ReLU unit"])


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("sofmax", "softmax"),
        ("sotfmax", "softmax"),
        ("soft max", "softmax"),
        ("backpropogation", "backpropagation"),
        ("bakcpropogation", "backpropagation"),
        ("chain rul", "chain rule"),
        ("chian rulle", "chain rule"),
        ("normalisation", "normalization"),
    ],
)
def test_a_slip_is_asked_again(written: str, right: str) -> None:
    assert nearly(written, [right])
    assert not same(written, [right])


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("max", "min"),
        ("L2", "L1"),
        ("layer2", "layer1"),
        ("decreases", "increases"),
        ("unsupervised", "supervised"),
        ("decoder", "encoder"),
        ("underfitting", "overfitting"),
        ("minimisation", "maximisation"),
        ("covariance", "variance"),
        ("interclass", "intraclass"),
        ("softmax", "softmax"),
        ("", "softmax"),
        ("chain", "chain rule"),
    ],
)
def test_another_word_is_no_slip(written: str, right: str) -> None:
    assert not nearly(written, [right])


@given(st.text(max_size=60))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert normalized(normalized(text)) == normalized(text)


@given(st.lists(WORDS, min_size=1, max_size=4), st.data())
def test_joints_and_case_make_no_difference(words: list[str], data: st.DataObject) -> None:
    joint = st.text(" -_", min_size=1, max_size=3)
    written = words[0] + "".join(data.draw(joint) + word for word in words[1:])
    assert same(data.draw(st.sampled_from([written, written.upper()])), [" ".join(words)])


@given(WORDS, st.integers(0, 11), st.sampled_from("abcxyz"))
def test_one_letter_put_in_is_a_distance_of_one(word: str, place: int, letter: str) -> None:
    longer = word[:place] + letter + word[place:]
    assert distance(word, longer) == distance(longer, word) == 1
    assert distance(word, word) == 0


@given(WORDS, WORDS, WORDS)
def test_distance_is_bounded_and_symmetric(a: str, b: str, c: str) -> None:
    assert distance(a, b) == distance(b, a) <= max(len(a), len(b))
    assert distance(a, b) >= abs(len(a) - len(b))
    assert distance(a + c, b + c) <= distance(a, b)
