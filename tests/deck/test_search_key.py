"""Folding: which spellings meet, and that it is stable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.deck.search_key import search_key


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Regularization", "regularisation"),
        ("Batch-Normalised", "batch normalized"),
        ("losses", "loss"),
        ("biases", "bias"),
        ("classes", "class"),
        ("entropies", "entropy"),
        ("epochs", "epoch"),
        ("sizes", "size"),
        ("noises", "noise"),
        ("softmaxes", "softmax"),
        ("Bézier", "bezier"),
        ("mini_batch", "mini-batch"),
        ("ＲｅＬＵ", "relu"),
    ],
)
def test_the_same(one: str, other: str) -> None:
    assert search_key(one) == search_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("loss", "los"), ("bias", "bia"), ("l1", "l2"), ("adam", "adagrad")]
)
def test_different(one: str, other: str) -> None:
    assert search_key(one) != search_key(other)


@given(st.text(max_size=30))
def test_case_makes_no_difference(text: str) -> None:
    assert search_key(text) == search_key(text.casefold())
    assert search_key(f"  {text} ") == search_key(text)
