"""Wordings: what is folded together, what is a slip of the pen, and what is another word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.quiz.misspelling import distance, nearly
from tutor.quiz.wording import form, match, normalized, same

WORDS = st.text("abcdefghijklmnopqrstuvwxyz", min_size=1, max_size=12)


@pytest.mark.parametrize(
    "written",
    ["ReLU unit", "relu UNIT", "ReLU-unit", "relu_unit", "  relu   unit ", "relu\tunit",
     "relu–unit", "ｒｅｌｕ unit", "relu - unit", "reluunit", "relu units", "the ReLU unit",
     "“ReLU unit”", "ReLU unit.", "(relu unit)"],
)  # fmt: skip
def test_the_same_wording(written: str) -> None:
    assert same(written, ["rectified linear unit", "ReLU unit"])


@pytest.mark.parametrize("written", ["", "relu", "leaky relu unit", "unit relu", "ReLU6 unit"])
def test_another_wording(written: str) -> None:
    assert not same(written, ["ReLU unit"])


@pytest.mark.parametrize(
    ("right", "written", "reason"),
    [
        ("optimizer", "the optimizer", "the article"),
        ("epoch", "an epoch", "the article"),
        ("gradient of the loss", "gradient of loss", "the article"),
        ("optimizer", "optimiser", "British or American spelling"),
        ("behaviour", "behavior", "British or American spelling"),
        ("centred", "centered", "British or American spelling"),
        ("labelled data", "labeled data", "British or American spelling"),
        ("modelling", "modeling", "British or American spelling"),
        ("analogue", "analog", "British or American spelling"),
        ("analyse", "analyze", "British or American spelling"),
        ("defence", "defense", "British or American spelling"),
        ("bias", "biases", "singular or plural"),
        ("matrix", "matrices", "singular or plural"),
        ("analysis", "analyses", "singular or plural"),
        ("category", "categories", "singular or plural"),
        ("GAN", "GANs", "singular or plural"),
        ("optimizer", "optimisers", "British or American spelling, singular or plural"),
        ("naïve Bayes", "naive bayes", "accents or signs"),
        ("θ", "theta", "accents or signs"),
        ("theta", "Θ", "accents or signs"),
        ("ε-greedy", "epsilon greedy", "accents or signs"),
        ("β₁", "beta_1", "accents or signs"),
        ("bias and variance", "bias & variance", "accents or signs"),
        ("softmax", "soft max", "written together or apart"),
        ("auto-encoder", "autoencoder", "written together or apart"),
        ("one-hot", "onehot", "written together or apart"),
        ("noise level", "noiselevel", "written together or apart"),
        ("squared error", "a squared error", "the article"),
        ("three", "3", "numbers in words"),
        ("two layers", "2 layers", "numbers in words"),
        ("0.9", ".9", "the same number"),
        ("0.9", "0,90", "the same number"),
        ("0.9", "90%", "the same number"),
        ("50%", "0.5", "the same number"),
        ("50%", "50", "the same number"),
        ("1,000", "1000", "the same number"),
        ("10 ms", "10", "the same number"),
        ("ReLU", "the ReLU function", "“function” is understood"),
        ("tanh", "tanh activation function", "“activation function” is understood"),
        ("Adam", "Adam optimiser", "“optimiser” is understood"),
    ],
)
def test_what_counts_and_why(right: str, written: str, reason: str) -> None:
    found = match(written, [right])
    assert found is not None
    assert found.reasons == tuple(reason.split(", "))
    assert found.note(written) == f"“{written}” counts as “{right}”: {reason}"


@pytest.mark.parametrize(
    ("right", "written"),
    [
        ("SGD", "S.G.D."),
        ("SGD", "s. g. d."),
        ("don't", "don’t"),
        ("Bayes' theorem", "Bayes theorem"),
        ("Newton's method", "Newton method"),
        ("optimizer", '"optimizer"'),
        ("optimizer", "optimizer."),
        ("x²", "x^2"),
        ("x²", "x squared"),
        ("$\\theta$", "theta"),
        ("50%", "50 %"),
        ("ReLU", "`ReLU`"),
        ("η", "'η'"),
        ("η", "‘η’"),
        ("η", "‚η‘"),
        ("f'", "'f''"),
        ("f''", "f''"),
        ("O(n²)", "O(n**2)"),
        ("x²", "x ** 2"),
    ],
)
def test_what_counts_without_a_word(right: str, written: str) -> None:
    found = match(written, [right])
    assert found is not None
    assert found.note(written) == ""


@pytest.mark.parametrize(
    ("right", "written"),
    [
        ("rate", "rat"),
        ("plane", "plan"),
        ("four", "for"),
        ("loss", "los"),
        ("x²", "x2"),
        ("x", "'-x'"),
        ("f'", "'f'"),
        ("step", "step function"),
        ("ReLU", "leaky ReLU function"),
        ("10-20", "-10"),
        ("2D", "2"),
        ("0.9", "0.8"),
        ("0.9", "9"),
        ("input/output", "input"),
        ("asymmetric", "a symmetric"),
        ("RMS", "RM"),
        ("filling", "filing"),
    ],
)
def test_other_words_and_numbers_do_not_count(right: str, written: str) -> None:
    assert not same(written, [right])


@pytest.mark.parametrize(
    ("written", "right"),
    [
        ("sofmax", "softmax"),
        ("sotfmax", "softmax"),
        ("backpropogation", "backpropagation"),
        ("bakcpropogation", "backpropagation"),
        ("chain rul", "chain rule"),
        ("chian rulle", "chain rule"),
        ("normalistion", "normalization"),
        ("LTSM", "LSTM"),
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
        ("macro", "micro"),
        ("microaverage", "macroaverage"),
        ("discrimination", "discriminator"),
        ("estimation", "estimator"),
        ("BART", "BERT"),
        ("relo", "ReLU"),
        ("SiLU", "SELU"),
        ("softmax", "softmax"),
        ("", "softmax"),
        ("chain", "chain rule"),
    ],
)
def test_another_word_is_no_slip(written: str, right: str) -> None:
    assert not nearly(written, [right])


def test_a_known_word_is_no_slip() -> None:
    assert nearly("exploitation", ["exploration"])
    assert not nearly("exploitation", ["exploration"], {"exploitation"})


@given(st.text(max_size=60))
def test_the_form_of_a_text_is_the_form_of_itself(text: str) -> None:
    if form(text):
        assert same(text, [text])


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
