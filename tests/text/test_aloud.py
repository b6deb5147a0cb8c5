"""Prose and Markdown for ears and fingers: no sign is lost, nothing is drawn."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.text.aloud import in_words
from tutor.text.markdown import plain, plain_line, typed_line
from tutor.text.voice import aloud, speaking

PROSE = {
    "ε = 10⁻⁸ · x": "epsilon = 10 to the minus 8, x",
    "6.2e-05 and 4e+03": "6.2 times 10 to the minus 5 and 4 times 10 to the 3",
    "Schrödinger’s “naïve” ŷ — 0–9": 'Schrödinger\'s "naïve" y hat, 0-9',
    "2³ × 5² ≠ x₁₂": "2 cubed times 5 squared not equal to x sub 12",
    "loss ─── ▁▂▃ ⣿ end": "loss end",
    "    w → w − η∇L": "    w to w minus eta nabla L",
    "W ∈ ℝⁿ, a·b": "W element of blackboard capital R to the n, a dot b",
    "(−1, 1), 20 °": "(minus 1, 1), 20 degrees",
    "x̂ₜ, x ⊄ y": "x hat sub t, x not subset of y",
    "à la carte, 日本語, текст": "à la carte, 日本語, текст",
    "☑ done": "done: done",
    "plain ASCII  stays": "plain ASCII  stays",
}


@pytest.mark.parametrize("text", PROSE)
def test_prose(text: str) -> None:
    assert in_words(text) == PROSE[text]


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=40))
def test_what_is_left_is_ascii_or_a_letter(text: str) -> None:
    said = in_words(text)
    assert all(char.isascii() or char.isalnum() or char.isspace() for char in said), said


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
x = 1
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
