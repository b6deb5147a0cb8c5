"""Formulas in Markdown: what is one, what is money, and what is a bar in a table."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.text.markdown import parser, plain


def _formulas(source: str) -> list[str]:
    children = parser().parseInline(source)[0].children or []
    return [child.content for child in children if child.type.startswith("math_inline")]


MONEY = [
    "It costs $10-$20 a month, $3/$15 per million, A$5/US$6, or $1,000,$2,000.",
    "$5 and $6, \\$5 (or $6), $2k–$3k, $0.50 and $1.50 or 5$/h and 6$/h",
    "5 $ or 6 $ or $ 5 and $ 6",
    "Between $1M–$2M, 5$ or 6$, and $5-$7, all of it",
    "5$-10$ a month, 5$–10$, 5$, 6$ or 7$, 5k$-10k$",
    "US$5 (or A$6) and $7/$8",
    "$HOME/$USER and $PATH",
    "$5 for one or 10$ for three",
    "A$AP and B$C",
    "card\\(s\\) \\[1\\] \\(see above\\) \\[note\\]",
]


@pytest.mark.parametrize("source", MONEY)
def test_money_stays(source: str) -> None:
    assert _formulas(source) == []
    assert plain(source, None).count("$") == source.count("$")


FORMULAS = {
    "2$\\times$3": ["\\times"],
    "$n$th, $k$-NN and $x$s": ["n", "k", "x"],
    "$5-$6 for $x$": ["x"],
    "$ \\alpha = \\frac{1}{2} $ and $ x = 3 $": [" \\alpha = \\frac{1}{2} ", " x = 3 "],
    "\\(n\\) and \\( L = \\sum_i y_i \\)": ["n", " L = \\sum_i y_i "],
    "so \\[ x = 1 \\] and $$y$$": [" x = 1 ", "y"],
    "$$a$$$$b$$ and $a$$b$": ["a", "b", "a", "b"],
    "$p = 50%$ and $\\$5$": ["p = 50%", "\\$5"],
    "\\begin{cases}a\\\\b\\end{cases}!": ["\\begin{cases}a\\\\b\\end{cases}"],
    "$1 + 1$, $3$, $10^6$2": ["1 + 1", "3", "10^6"],
}


@pytest.mark.parametrize("source", FORMULAS)
def test_formulas_are_found(source: str) -> None:
    assert _formulas(source) == FORMULAS[source]


DISPLAYS = {
    "two on a line": ("$$a$$ $$b$$", "    a\n\n    b"),
    "under a text line": ("We have\n$$\nx\n$$\nwhere.", "We have\n\n    x\n\nwhere."),
    "with blank lines": ("$$\nx = 1\n\ny = 2\n$$", "    x = 1; y = 2"),
    "text behind it": ("$$\nx\n$$ where y.", "    x\n\nwhere y."),
    "within a sentence": ("So $$x$$, and on.", "So\n\n    x,\n\nand on."),
    "brackets": ("\\[\n\\frac{a}{b}\n\\]\ntext", "    a/b\n\ntext"),
    "an environment": ("\\begin{align}\na &= b\n\\end{align}\nso", "    a = b\n\nso"),
    "in a list": ("- item\n  $$\n  x\n  $$\n- b", "- item\n      x\n- b"),
    "in a quote": ("> q\n> $$\n> x\n> $$\n> r", "│ q\n│\n│     x\n│\n│ r"),
    "in a gap": ("The ==$$x$$== here.", "The x here."),
    "never closed": ("$$ a\n\nText.", "$$ a\n\nText."),
}


@pytest.mark.parametrize("name", DISPLAYS)
def test_displays_stand_alone(name: str) -> None:
    source, shown = DISPLAYS[name]
    assert plain(source) == shown


def _cells(source: str) -> list[list[str]]:
    rows: list[list[str]] = []
    for token in parser().parse(source):
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(token.content)
    return rows


def test_a_bar_in_a_formula_or_in_code_ends_no_cell() -> None:
    table = (
        "| $|x|$ | `x|y` |\n| --- | --- |\n| $P(A|B)$ | c |\n| $-232 | [$-99, $-87] |\n"
        "| $5 | costs $6 |\n| `a|b` | \\(a|b\\) |\n| $P(A | B)$ | ``c|`d`` |"
    )
    assert _cells(table) == [
        ["$|x|$", "`x|y`"],
        ["$P(A|B)$", "c"],
        ["$-232", "[$-99, $-87]"],
        ["$5", "costs $6"],
        ["`a|b`", "\\(a|b\\)"],
        ["$P(A | B)$", "``c|`d``"],
    ]


def test_a_row_with_too_many_cells_is_noted() -> None:
    tokens = parser().parse("text\n\n| a | b |\n|---|---|\n| 1 | 2 | 3 |\n| $|x|$ | y |")
    assert [t.meta["overfull"] for t in tokens if t.type == "table_open"] == [[2]]


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="ab1 |$`\\()[]-\n", max_size=60))
def test_any_dollars_and_bars_are_survived(source: str) -> None:
    tokens = parser().parse("| a | b |\n|---|---|\n" + source)
    assert all("\x04" not in token.content for token in tokens)
    assert tokens[-1].nesting <= 0


@pytest.mark.parametrize(
    ("source", "formulas"),
    [
        ("Scores \\\\(s_j\\\\) of \\\\[ x = 1 \\\\] there.", ["s_j", " x = 1 "]),
        ("GitHub writes $`a^2`$ so.", ["a^2"]),
        ("Two $`a` and `b`$.", ["`a` and `b`"]),
        ("A path C:\\\\(x86 folder here\\\\) stays.", []),
    ],
)
def test_formulas_of_other_sites(source: str, formulas: list[str]) -> None:
    assert _formulas(source) == formulas
