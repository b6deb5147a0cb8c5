"""Prose and Markdown for ears and fingers: no sign is lost, nothing is drawn."""

from __future__ import annotations

import itertools
import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.text.aloud import code_in_words, in_words
from tutor.text.markdown import plain, plain_line, typed_line
from tutor.text.voice import aloud, speaking

PROSE = {
    "ε = 10⁻⁸ · x": "epsilon = 10 to the minus 8, x",
    "6.2e-05 and 4e+03": "6.2 times 10 to the minus 5 and 4 times 10 to the 3",
    "Schrödinger’s “naïve” ŷ — 0–9": 'Schrödinger\'s "naïve" y hat, 0-9',
    "2³ × 5² ≠ x₁₂": "2 cubed times 5 squared not equal to x sub 12",
    "loss ─── ▁▂▃ ⣿ end": "loss end",
    "    w → w − η∇L": "    w to w minus eta nabla capital L",
    "W ∈ ℝⁿ, a·b": "capital W element of blackboard capital R to the n, a dot b",
    "(−1, 1), 20 °": "(minus 1, 1), 20 degrees",
    "x̂ₜ, x ⊄ y": "x hat sub t, x not subset of y",
    "à la carte, 日本語, текст": "à la carte, 日本語, текст",
    "☑ done": "done: done",
    "plain ASCII  stays": "plain ASCII  stays",
    "6.2·10⁻⁵, 7 · due": "6.2 times 10 to the minus 5, 7, due",
    "T < 1, p(y|x), a->b": "capital T less than 1, p(y bar x), a to b",
    "x' > 0 and 5 - 3, 0-9": "x' greater than 0 and 5 minus 3, 0-9",
    "the order, such as 2,3,1": "the order, such as 2 comma 3 comma 1",
    "W and w, capital W, x_T": "capital W and w, capital W, x_T",
    "A plan, I see; D. Kingma": "A plan, I see; D. Kingma",
    "12,960 of 23,000": "12,960 of 23,000",
    "! says sure, ? unsure; ? alone": "exclamation mark says sure, question mark unsure; "
    "question mark alone",
    "What? Write :back, :1 to :3.": "What? Write colon back, colon 1 to colon 3.",
    "The [1 …] of [2 …], or […]": "The gap 1 of gap 2, or gap",
    "tutor: at 10:30, see (https://e.org)": "tutor: at 10:30, see (https://e.org)",
}


@pytest.mark.parametrize("text", PROSE)
def test_prose(text: str) -> None:
    assert in_words(text) == PROSE[text]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_what_is_left_is_ascii_or_a_letter(text: str) -> None:
    said = in_words(text)
    assert all(char.isascii() or char.isalnum() or char.isspace() for char in said), said


CODE = {
    "x[i] += 1": "x open bracket i close bracket plus equals 1",
    "    return W ** 2": "indented 4, return capital W star star 2",
    "lr=1e-5, w_1": "lr equals 1e-5 comma w underscore 1",
    "tutor study --speak": "tutor study minus minus speak",
    "----------": "10 times minus",
    "ReLU": "ReLU",
    "": "",
}


@pytest.mark.parametrize("code", CODE)
def test_code(code: str) -> None:
    assert code_in_words(code) == CODE[code]


def test_code_within_a_text_has_an_end() -> None:
    with aloud():
        said = plain_line("Is `x < 1`, `x > 1` or `relu(x)` right, or `softmax`?")
    assert said == (
        "Is code x less than 1 end code, code x greater than 1 end code or "
        "code relu open x close end code right, or softmax?"
    )


def test_no_two_lines_of_code_are_said_alike() -> None:
    signs = "aW1()[]{}<>=+-*/|&^~.,:;'\"_#@$%!?`\\"
    lines = ["".join(line) for size in (1, 2, 3) for line in itertools.product(signs, repeat=size)]
    said = {code_in_words(line) for line in lines}
    assert len(said) == len(lines)
    assert all(re.fullmatch(r"[\w., ]+", words) for words in said)


MARKDOWN = """\
# Signs

Usual: $\\epsilon = 10^{-8}$.

| sign | means |
| --- | --- |
| ⚠ | warning |
| $\\ne$ | not equal |

---

> quoted

```python
x = 1
```

$$a^2$$

- [x] one
- two
"""
SAID = """\
Signs:

Usual: epsilon equals 10 to the minus 8.

Table with 2 rows:
sign: warning; means: warning.
sign: not equal to; means: not equal.

Quotation:
quoted
End of quotation.

Code in python:
x equals 1
End of code.

Formula: a squared

- done: one
- two"""


def test_markdown_says_what_its_parts_are_and_draws_nothing() -> None:
    with aloud():
        assert in_words(plain(MARKDOWN, 30)) == SAID
    assert "─" in plain(MARKDOWN, 30) and not speaking()


def test_what_is_typed_and_compared_stays_in_signs() -> None:
    with aloud():
        assert plain_line(r"$\hat y$") == "y hat"
        assert typed_line(r"$\hat y$") == "ŷ"


def test_a_plot_is_said_in_sentences() -> None:
    from tutor.verbs import opening  # noqa: F401 (it joins the painters)

    with aloud():
        said = plain('```plot\nx epoch from 0 to 10\n"loss" = (x - 4)**2\n```')
    assert said == (
        "loss starts at 16 at epoch 0, falls to 0 at epoch 4 and rises to 36 at epoch 10."
    )
