"""Signs for terminals that lack some: sign for sign in a picture, in words in a formula."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from demos.views import Raster
from tools.formulas import formulas
from tutor import settings
from tutor.plot import Palette, paint
from tutor.text import glyphs, math
from tutor.text.glyphs import CHOICES, Glyphs, in_ascii

ROOT = Path(__file__).parents[2]
SAMPLES = {
    r"\hat m_t = \frac{m_t}{1-\beta_1^t}": (
        "m̂ₜ = mₜ/(1 − β₁ᵗ)", "hat(m)ₜ = mₜ/(1 − β₁ᵗ)", "hat(m)_t = m_t/(1 - beta_1^t)"),
    r"\hat y = \sigma(Wx+b)": ("ŷ = σ(Wx + b)", "ŷ = σ(Wx + b)", "hat(y) = sigma(Wx + b)"),
    r"\tilde{W}": ("W̃", "tilde(W)", "tilde(W)"),
    r"2\beta x": ("2βx", "2βx", "2 beta x"),
    r"\sqrt{x^2+1}": ("√(x² + 1)", "√(x² + 1)", "sqrt(x^2 + 1)"),
    r"x'\not\le q": ("x′ ≰ q", "x′ ≰ q", "x' not <= q"),
    r"\sum_{i=1}^n x_i": ("∑ᵢ₌₁ⁿ xᵢ", "∑ᵢ₌₁ⁿ xᵢ", "sum_(i=1)^n x_i"),
    r"\theta\leftarrow\theta-\eta\nabla L": (
        "θ ← θ − η∇L", "θ ← θ − η∇L", "theta <- theta - eta nabla L"),
    r"\frac{\partial L}{\partial W}": ("∂L/∂W", "∂L/∂W", "dL/dW"),
}  # fmt: skip


@pytest.fixture(autouse=True)
def _full_again() -> Iterator[None]:
    yield
    glyphs.use("full")


@pytest.mark.parametrize("latex", SAMPLES)
def test_a_formula_in_each_choice_of_signs(latex: str) -> None:
    for choice, text in zip(CHOICES, SAMPLES[latex], strict=True):
        glyphs.use(choice)
        assert math.inline(latex) == text


def test_the_choices_are_those_of_the_settings() -> None:
    assert settings.CHOICES["glyphs"].words == ("auto", *CHOICES)


@pytest.mark.parametrize("choice", ["no accents", "plain"])
def test_every_formula_of_the_course_can_be_shown(choice: Glyphs) -> None:
    glyphs.use(choice)
    unique = {formula.latex for formula in formulas(ROOT / "content")}
    for latex in random.Random(1).sample(sorted(unique), 300):
        drawn = [math.inline(latex), *math.display(latex, 76).lines]
        if choice == "plain":
            assert all(line.isascii() for line in drawn), drawn
        widths = {cell_len(line) for line in drawn[1:]}
        assert len(widths) == 1, drawn


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_ascii_takes_the_cells_that_the_sign_took(text: str) -> None:
    for char in text:
        if cell_len(char) == 1:
            assert cell_len(in_ascii(char)) == 1


@pytest.mark.parametrize(
    ("text", "ascii_text"),
    [
        ("─│╭●→▀", "-|+*>\""), ("⣿⠁⡀ ⠏", "*'. :"), ("β₁² ×½", "b12 x1"), ("é日本Ж", "é日本Ж"),
        ("x\u0302", "x"), ("plain", "plain"),
    ],
)  # fmt: skip
def test_signs_one_by_one(text: str, ascii_text: str) -> None:
    assert in_ascii(text) == ascii_text
    assert glyphs.shown(text) == text, "only where it was asked for"


@pytest.mark.parametrize(
    ("palette", "signs"),
    [(Palette(halves=False), " "), (Palette(colours=False), " ░▒▓█"),
     (Palette(halves=False, colours=False), " .:-=+*#%@")],
)  # fmt: skip
def test_a_picture_without_half_blocks_or_colour(palette: Palette, signs: str) -> None:
    values = np.linspace(0.0, 1.0, 24).reshape(4, 6)
    rows = paint(Raster("r", values, lo=0.0, hi=1.0), 24, 10, palette)[1:]
    text = "".join(segment.text for row in rows for segment in row)
    assert set(text) <= set(signs)
    if not palette.colours:
        assert len(set(text)) >= 4
