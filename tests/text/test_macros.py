"""Macros that a formula defines for itself, and the numbers and units of siunitx."""

from __future__ import annotations

import pytest

from tutor.text.math import display, inline, unknown


@pytest.mark.parametrize(
    ("latex", "line"),
    [
        (r"\newcommand{\E}[2][x]{\mathbb{E}_{#1}[#2]} \E{f} + \E[z]{g}", "𝔼ₓ[f] + 𝔼_z[g]"),
        (r"\newcommand{\E}[1][x]{\mathbb{E}_{#1}} \E f", "𝔼ₓf"),
        (r"\newcommand\w{\mathbf w} \w^\top x", "𝐰ᵀx"),
        (r"\let\ep\varepsilon \ep + \let\a=b \a", "ε + b"),
        (r"\DeclarePairedDelimiter{\ce}{\lceil}{\rceil} \ce{x} + \ce*{y}", "⌈x⌉ + ⌈y⌉"),
        (r"\DeclareMathOperator*{\am}{arg\,max} \am_x f", "arg maxₓ f"),
        (r"\def\x#1#2{#1^#2} \x{3}{4}", "3⁴"),
        (r"\SI{1.5e-3}{\kilo\gram\meter\squared\per\second}", "1.5 × 10⁻³ kg·m²/s"),
        (r"\qty{3}{\micro\second}", "3 µs"),
        (r"\qty(\frac{a}{b})", "(a/b)"),
        (r"\unit{\kilo\gram\per\cubic\meter}", "kg/m³"),
        (r"\si{m.s^{-1}}", "m·s⁻¹"),
        (r"\num{1e-3}", "1 × 10⁻³"),
        (r"\SIrange{1}{2}{\ms}", "1 to 2 ms"),
        (r"\genfrac{}{}{0pt}{}{a}{b}", "a; b"),
        (r"\genfrac{\{}{\}}{0pt}{}{n}{k}", "{n; k}"),
        (r"\genfrac{(}{)}{0pt}{}{n}{k}", "(n choose k)"),
    ],
)
def test_one_line(latex: str, line: str) -> None:
    assert inline(latex) == line
    assert unknown(latex) == ()


def test_a_unit_that_is_not_known_is_told() -> None:
    assert unknown(r"\SI{3}{\parsnip\per\second}") == (r"\parsnip",)


def test_a_text_between_equations_has_a_row_of_its_own() -> None:
    latex = r"\begin{align} a &= b \\ \intertext{and then} c &= d \end{align}"
    assert [line.strip() for line in display(latex, 40).lines] == ["a = b", "and then", "c = d"]
    assert inline(latex) == "a = b; and then; c = d"


@pytest.mark.parametrize("latex", [r"\newcommand{\a}[1][x", r"\let", r"\newcommand{\a}[9]{#9}\a"])
def test_a_broken_definition_is_survived(latex: str) -> None:
    inline(latex)
