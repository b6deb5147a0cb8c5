"""Markdown laid out for the screen: nothing wider than asked, nothing lost, nothing interpreted."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual.content import Content

from tutor.ui.widgets.prose_layout import layout, one_line

CONTENT = sorted((Path(__file__).parents[2] / "content").rglob("*.md"))


ODD = {
    "alert": "> [!TIP]\n> Try $k=3$.\n\n> [!NOTE]\n> - a\n> - b",
    "empty alert": "> [!NOTE]",
    "unknown alert": "> [!WARNING]\n> x",
    "table": "| a | $x_1$ |\n| --- | --- |\n| ==gap== | `c` |\n| <b>x</b> | [l](http://x.org) |",
    "table in a quote": "> | a | b |\n> |---|---|\n> | 1 | 2 |",
    "footnote": "Text[^1].\n\n[^1]: A note.\n\n[^2]: Another\n    > deep",
    "html": '<div onclick="x">\nhello\n</div>\n\ninline <b>bold</b> <!-- no -->',
    "comment": "# Title\n<!-- card id=x -->\ntext",
    "image": "![alt *text*](http://evil.example/x.png) and [![a](b.png)](c.md)",
    "link": "[click](https://example.org/a'b) <https://auto.org> www.example.org a@b.org",
    "front matter": "---\ndeck: x\n---\n\n# T",
    "display math": "$$\n\\frac{a}{b}\n$$\n\ntext $$\\frac12$$ text",
    "math in a list": "- $$\n  x\n  $$\n- b",
    "broken math": "$$\n\\frac{a\n$$\n\n$\\foo{$",
    "task list": "- [ ] one\n  > why\n- [x] two\n\n1. [ ] deep",
    "heading": '# $\\max(0,x)$ & `[/]` "quoted" ~~s~~\n\n## \n\nSetext\n===',
    "markup": "[bold]not bold[/] [/] $name [@click=app.quit]x[/] `[red]`",
    "code": "```python\nx[i] = 1\n```\n\n```no-such-lexer &#x202e;\ny\n```\n\n    z",
    "empty": "",
    "gap everywhere": "==a $x$ *b* `c`== ==[d](e.md)==\n\n- ==f==\n\n> ==g==",
}


def plain(markdown: str, width: int = 40, *, raw_math: bool = False) -> list[str]:
    return [line.plain for line in layout(markdown, width, raw_math=raw_math)]


def test_prose_wraps_at_words() -> None:
    assert plain("One two three four five six seven eight nine ten.", 20) == [
        "One two three four",
        "five six seven eight",
        "nine ten.",
    ]


def test_blocks_stand_one_empty_line_apart() -> None:
    assert plain("First.\n\nSecond.\n\n---\n") == ["First.", "", "Second.", "", "─" * 12]


def test_lists_hang_and_nest() -> None:
    assert plain("1. a long item that has to wrap\n   - inner\n2. b", 20) == [
        "1. a long item that",
        "   has to wrap",
        "   • inner",
        "2. b",
    ]


def test_a_table_keeps_its_columns_and_its_width() -> None:
    lines = plain("| Loss | Task |\n|---|---|\n| a long cell to wrap | regression |", 24)
    assert [line.rstrip() for line in lines] == [
        "Loss          Task",
        "─" * 24,
        "a long cell   regression",
        "to wrap",
    ]


def test_formulas_are_drawn_or_shown_as_latex() -> None:
    assert plain("$$\\frac{a}{b}$$") == ["    a", "    ─", "    b"]
    assert plain("$$\\frac{a}{b}$$", raw_math=True) == ["    \\frac{a}{b}"]
    assert plain("so $x^2$ grows") == ["so x² grows"]
    assert plain("so $x^2$ grows", raw_math=True) == ["so $x^2$ grows"]


def test_a_short_formula_is_not_broken_over_lines() -> None:
    assert plain("It is flatter where $T < 1$ holds.", 24) == [
        "It is flatter where",
        "T < 1 holds.",
    ]


def test_a_formula_too_wide_for_the_measure_is_folded_not_cut() -> None:
    formula = " + ".join(f"x_{i}" for i in range(40))
    text = "".join(plain(f"$${formula}$$", 30)).replace(" ", "")
    assert text.count("+") == 39


def test_alerts_comments_and_html_leave_no_marks() -> None:
    assert plain("> [!NOTE]\n> Look.\n\n<!-- hidden -->\n") == ["Note", "Look."]


def test_text_is_never_read_as_markup() -> None:
    text = "x[i] [/] [bold]no[/bold] $name [@click=app.quit]here[/]"
    assert plain(text, 80) == [text]
    assert one_line(text).plain == text


def test_a_link_shows_its_address() -> None:
    assert plain("[paper](https://example.org/p)") == ["paper (https://example.org/p)"]


@pytest.mark.parametrize("source", ODD.values(), ids=ODD)
def test_whatever_a_card_holds_is_shown_and_nothing_acts(source: str) -> None:
    for raw in (False, True):
        lines = layout(source, 20, raw_math=raw)
        assert all(line.cell_length <= 20 for line in lines)
        # Textual runs what a style says after `@click=`.
        assert not any("@" in str(span.style) for line in lines for span in line.spans)


@pytest.mark.parametrize("width", [20, 38, 72])
@pytest.mark.parametrize("path", CONTENT, ids=lambda path: path.stem)
def test_no_line_of_the_course_is_wider_than_the_measure(path: Path, width: int) -> None:
    wide = [line for line in layout(path.read_text("utf-8"), width) if line.cell_length > width]
    assert wide == []


@pytest.mark.parametrize("path", CONTENT, ids=lambda path: path.stem)
def test_no_latex_is_left_in_the_course(path: Path) -> None:
    text = path.read_text("utf-8")
    prose = re.sub(r"```.*?```", "", text, flags=re.DOTALL)
    shown = Content("\n").join(layout(prose, 72)).plain
    assert re.findall(r"\\[a-zA-Z]+|\$", shown) == []
