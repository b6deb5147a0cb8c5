"""Grids, labels, rows that are too wide, and the commands that people use."""

import re
from pathlib import Path

import pytest

from tutor.text.commands import COMMANDS
from tutor.text.math import display, inline, unknown
from tutor.text.symbols import SYMBOLS

GRIDS = {
    "cases": (r"\begin{dcases} 1 & a \\ 0 & b \end{dcases}", ["⎰ 1  a", "⎱ 0  b"]),
    "array": (
        r"\left[\begin{array}{cr|c} 1 & 2 & 3\\ \hline 4& 55 & 6\end{array}\right]",
        ["⎡ 1   2 │ 3 ⎤", "⎢ ───────── ⎥", "⎣ 4  55 │ 6 ⎦"],
    ),
    "arrow": (r"x \xrightarrow[n\to\infty]{d} y", ["    d", "x ────→ y", "   n→∞"]),
    "substack": (
        r"\sum_{\substack{i=1 \\ i \ne j}}^{n} x_i",
        [" n", " ∑  xᵢ", "i=1", "i≠j"],
    ),
    "box": (r"\boxed{a=b}", ["┌───────┐", "│ a = b │", "└───────┘"]),
    "brace": (r"\overbrace{x+y}^{n}", ["  n", "╭─┴─╮", "x + y"]),
}


@pytest.mark.parametrize("name", GRIDS)
def test_grids_and_labels_stand_in_two_dimensions(name: str) -> None:
    latex, lines = GRIDS[name]
    assert [line.rstrip() for line in display(latex).lines] == lines


WIDE = r"""\begin{aligned}
&P(\text{deep}, \text{learning}, \text{is}, \text{fun}) \\
=&P(\text{deep}) P(\text{learning} \mid \text{deep}) P(\text{is} \mid \text{deep}, \text{learning})
  P(\text{fun} \mid \text{deep}, \text{learning}, \text{is}).
\end{aligned}"""


def test_a_row_that_is_too_wide_breaks_and_the_others_stay() -> None:
    assert [line.rstrip() for line in display(WIDE, 76).lines] == [
        " P(deep, learning, is, fun)",
        "",
        "= P(deep)P(learning | deep)P(is | deep, learning)",
        "    P(fun | deep, learning, is).",
    ]
    rows = (
        r"\begin{aligned} a &= b \\ c &= " + "+".join("xyz" for _ in range(20)) + r"\end{aligned}"
    )
    lines = [line.rstrip() for line in display(rows, 40).lines if line.strip()]
    assert lines[0] == "a = b"
    assert lines[1].startswith("c = xyz + xyz")
    assert all(line.startswith("    + xyz") for line in lines[2:])
    cases = (
        r"f = \begin{cases} 0 & \text{if }"
        + "x" * 5
        + r"\text{ is a word of many words}\\1&y\end{cases}"
    )
    assert len(display(cases, 24).lines) > 3


def _sample(name: str, arguments: str) -> str:
    """A use of command `name` with something for each argument that it must have."""
    given = {
        "m": "{x}",
        "g": "{a \\\\ b}",
        "t": "{some words}",
        "u": "{abc}",
        "r": "{1}",
        "l": " 1em",
    }
    return f"\\{name}" + "".join(given.get(letter, "") for letter in arguments) + " y"


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_each_command_takes_its_arguments(name: str) -> None:
    latex = _sample(name, COMMANDS[name].arguments)
    assert unknown(latex) == ()
    assert inline(latex).endswith("y")
    assert "\\" not in inline(latex)


USUAL = (Path(__file__).parent / "usual.txt").read_text("utf-8").splitlines()


@pytest.mark.parametrize("latex", USUAL)
def test_usual_formulas_are_read(latex: str) -> None:
    assert unknown(latex) == ()
    for text in (inline(latex), *display(latex, 76).lines):
        assert not re.search(r"[\\$]", text)


def test_the_usual_formulas_use_many_commands() -> None:
    used = {name for latex in USUAL for name in re.findall(r"\\([A-Za-z]+)", latex)}
    assert len(used) >= 400


def test_the_signs_are_those_of_another_program() -> None:
    encode = pytest.importorskip("pylatexenc.latexencode", reason="an independent table of signs")
    theirs: dict[str, set[str]] = {}
    for code, latex in encode.get_builtin_conversion_rules("unicode-xml")[0].rule.items():
        if match := re.fullmatch(r"(?:\\ensuremath\{)?\\([A-Za-z]+)\}?", latex):
            theirs.setdefault(match[1], set()).add(chr(code))
    # Where two signs are as good, or a terminal's fonts lack theirs.
    other = {"ast", "blacktriangle", "enskip", "eth", "phi", "quad", "textbackslash",
             "triangledown", "triangleleft", "triangleright", "bullet", "mid", "barwedge",
             "image", "geqslant", "leqslant", "vartriangle", "blacktriangledown", "blacksquare",
             "preceq", "succeq", "varepsilon"}  # fmt: skip
    shared = theirs.keys() & SYMBOLS.keys() - other
    assert len(shared) > 120
    assert {name for name in shared if SYMBOLS[name][0] not in theirs[name]} == set()


@pytest.mark.parametrize(
    ("latex", "line"),
    [
        (r"\pdv{f}{x}{y}", "∂²f/(∂x∂y)"),
        (r"\pdv[2]{f}{x} + \pdv{f}{x}", "∂²f/∂x² + ∂f/∂x"),
        (r"\begin{array}{c|cc} & 0 & 1 \\ 0 & a & b \end{array}", "[, 0, 1; 0, a, b]"),
    ],
)
def test_nothing_moves_into_another_place(latex: str, line: str) -> None:
    assert inline(latex) == line


@pytest.mark.parametrize(
    ("latex", "lines"),
    [
        (r"\sqrt{x}^2", ["(√x)²"]),
        (r"{x^y}^z", ["(xʸ)ᶻ"]),
        (r"\left( \sum_i x_i \right)^{1/p}", ["        1/p", "⎛ ∑ xᵢ ⎞", "⎝ i    ⎠"]),
    ],
)
def test_a_power_is_that_of_its_whole_base(latex: str, lines: list[str]) -> None:
    assert [line.rstrip() for line in display(latex, 76).lines] == lines
