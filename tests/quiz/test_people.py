"""Answers that people gave and that were refused, taken for misspellings or marked wrong."""

from __future__ import annotations

import pytest

from tutor.deck.model import Card
from tutor.deck.parse import parse_text
from tutor.quiz.asking import make_question
from tutor.quiz.marking import mark
from tutor.quiz.terms import Terms

TERMS = Terms.of([])


def card(line: str) -> Card:
    parsed = parse_text(f"## How much is it?\n<!-- card id=row -->\n{line}\n", "page.md")
    assert [problem for problem in parsed.problems if problem.level == "error"] == []
    return parsed.cards[0]


@pytest.mark.parametrize(
    ("line", "answers"),
    [
        (
            "= 13_002 parameters",
            "1.3002 x 10^4|1.3002 × 10^4|1.3002*10^4|13.002k|13'002|13,002 parameters.|= 13002"
            "|~13002|1.3002·10⁴|13.002 k parameters|13 002|13_002",
        ),
        ("= 175_000_000_000 parameters", "175B|175 billion|175.000.000.000|175e9|1.75 × 10^11"),
        ("= 0.0001 ± 0.00001", "10^-4|1 × 10^-4|10⁻⁴|1e-4|0,0001"),
        ("= 0.25 ± 0.001", "25 percent|0.25.|¼|1/4|25 %"),
        ("= -0.5 ± 0.01", "minus 0.5|−0.5|–0.5|‐0.5|-½"),
        ("= 1_300.4 ± 1%", "1,300|1,304|1.300|1 300|1,300.4|1.300,4"),
        ("= 12_345.67 ± 0.5%", "12,346|12.346|12'346"),
        (
            "= 7_000_000_000 parameters",
            "7b|7 Billion|seven billion|7 milliard|7000 Million|7e9|0.7e10",
        ),
        ("= 2_500 ± 1", "two thousand five hundred|25 hundred|twenty-five hundred|2.5 Thousand"),
        ("= 100_000", "1 lakh|one hundred thousand|a hundred thousand"),
        ("= 0.05 ± 0.0001", "five percent|five hundredths|5 Percent"),
        ("= -1.5 ± 0.01", "minus one and a half|-1½|negative 3/2"),
        ("= 1.4142 ± 0.001", "2^½|2^(1/2)|√2|1/½ * 0.7071"),
        ("= 60 MB ± 0.1", "0.06 GB|60,000 kB|60000KB|6e7 B|60 MB|60|0,06GB.|≈ 0.06 GB"),
        ("= 0.2 ms ± 0.001", "200 µs|200us|0.0002 s|200000 ns|2e-4 s|⅕ ms"),
        ("= 1500 W", "1.5 kW|1500 W|1.5kW"),
        ("= 2 GFLOP/s", "2000 MFLOP/s|2e9 FLOP/s"),
        ("= 8 bits", "8-bit|eight bits|8 bit"),
        ('= "σ²"', "sigma squared|sigma^2|σ squared|\\sigma^2"),
        ('= "χ²"', "chi-squared|chi square|chi^2"),
        ('= "$x^\\top y$"', "x^T y|xᵀy"),
        ('= "Hölder"', "Holder|Hoelder|the Hölder"),
        ('= "$f\'$"', "f'|f’|f prime|f′"),
        ('= "n-1"', "n-1|n - 1|n−1|N-1"),
        ('= "stochastic gradient descent (SGD)"', "SGD|stochastic gradient descent|sgd"),
        ("= [999.5, 2_000.5]", "1,500|1.500|1500"),
        ('= "optimizer"', 'the optimizer|optimisers|"optimizer"|optimiser|optimizer.|Optimizers'),
        ('= "epoch"', "an epoch|epochs|the Epoch"),
        ('= "bias"', "biases|the bias"),
        ('= "SGD"', "S.G.D.|s.g.d|the SGD"),
        ('= "don\'t"', "don’t|don't|dont"),
        ('= "θ"', "theta|Θ|Theta"),
        ('= "x²"', "x^2|x squared"),
        ("It has ==1,000== units.", "1000|1,000|1.000|1 000|1e3"),
        ("It is ==0.9== large.", ".9|0,9|0.90|90%|9/10"),
        ("It has ==three== layers.", "3|three|Three"),
        ("It is ==50%== of it.", "50 %|50%|50 percent|0.5|half"),
        ("It is the ==colour/color==.", "colour|color|the colours"),
        ("The ==weight decay | L2 regularization== term.", "weight decay|L2 regularisation"),
    ],
)
def test_right_answers(line: str, answers: str) -> None:
    for answer in answers.split("|"):
        marked = mark(make_question(card(line), 0), answer, TERMS)
        assert marked.right, (answer, marked)


@pytest.mark.parametrize(
    ("right", "written"),
    [
        ("exploration", "exploitation"),
        ("macro average", "micro average"),
        ("BERT", "BART"),
        ("SELU", "SiLU"),
        ("GELU", "GLU"),
        ("Adam", "AdamW"),
        ("DDQN", "DQN"),
        ("LSTM", "LSTD"),
        ("mode", "model"),
        ("loss", "less"),
        ("test", "text"),
        ("discriminator", "discrimination"),
        ("precision", "recall"),
    ],
)
def test_another_term_is_wrong_by_its_name(right: str, written: str) -> None:
    marked = mark(make_question(card(f'= "{right}"'), 0), written, TERMS)
    assert marked.verdict == "wrong"
    assert marked.message.startswith("that is ")
    assert marked.message.removeprefix("that is ").casefold() in written.casefold()


@pytest.mark.parametrize(
    ("line", "answers"),
    [
        ('= "-1"', "1|+1"),
        ('= "-x"', "x"),
        ('= "x"', "-x|−x|x'"),
        ('= "n-1"', "n1|n 1|n+1"),
        ('= "$n-1$"', "n1|n"),
        ('= "$x^{-1}$"', "x^1|x"),
        ('= "f\'"', "f|f''"),
        ('= "memory (RAM)"', "RAM"),
    ],
)
def test_a_sign_left_out_is_another_answer(line: str, answers: str) -> None:
    question = make_question(card(line), 1)
    for answer in answers.split("|"):
        assert mark(question, answer, TERMS).verdict == "wrong", answer


@pytest.mark.parametrize("answer", ["half", "0.5", "1/2", "½"])
def test_a_share_for_a_percentage_is_asked_again(answer: str) -> None:
    question = make_question(card("= 50 %"), 1)
    assert mark(question, answer, TERMS).message.endswith("Do you mean 50%?")


@pytest.mark.parametrize("answer", ["60 mB", "60 Mb", "60 MiB", "60 M", "60 s", "60 km", "60 mm"])
def test_a_unit_of_another_kind_is_asked_again(answer: str) -> None:
    assert mark(make_question(card("= 60 MB"), 0), answer, TERMS).verdict == "ask-again"


@pytest.mark.parametrize("answer", ["60 GB", "60 kB", "0.6 GB", "60 B"])
def test_the_wrong_prefix_is_wrong(answer: str) -> None:
    assert mark(make_question(card("= 60 MB"), 0), answer, TERMS).verdict == "wrong"
