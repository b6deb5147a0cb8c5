"""The curves of decks, on the screen and in plain text."""

from __future__ import annotations

import pytest

from tutor.plot import block
from tutor.quiz.asking import make_question
from tutor.quiz.lines import question_lines
from tutor.text.markdown import plain
from tutor.ui.widgets.prose_layout import layout
from tutor.verbs import opening  # noqa: F401 (it joins the painter to plain text)

SOURCE = 'x epoch from 0 to 10\n"loss" = 2 * exp(-x / 2)\n"rises" = [0.1, 0.5, 0.4]\n'
FENCE = f"```plot\n{SOURCE}```"


@pytest.mark.parametrize("width", [10, 30, 72])
def test_the_picture_fits_and_names_every_curve(width: int) -> None:
    lines = layout(FENCE, width)
    assert len(lines) == block.HEIGHT - 1
    assert all(line.cell_length <= width for line in lines)
    if width > 20:
        assert "● loss  ★ rises" in lines[0].plain
    assert any("⠀" < char <= "⣿" for line in lines for char in line.plain)


def test_the_colours_are_the_theme_s() -> None:
    styles = {str(span.style) for line in layout(FENCE, 60) for span in line.spans}
    assert {"$accent", "$bad", "$quiet"} <= styles
    assert not any("#" in style for style in styles)


def test_plain_text_says_the_curves_in_words_too() -> None:
    text = plain(FENCE, 60)
    assert text.endswith("loss: 2 at 0, 0.0135 at 10\nrises: 0.1 at 0, 0.5 at 5, 0.4 at 10")
    assert "epoch" in text


def test_a_title_has_the_first_row() -> None:
    assert plain(f"```plot\ntitle Two losses\n{SOURCE}```", 60).startswith("Two losses\n")


def test_what_cannot_be_drawn_is_shown_as_it_is_written() -> None:
    assert plain("```plot\nnothing\n```", 60) == "    nothing"
    assert layout("```plot\nnothing\n```", 60)[0].plain == "    nothing"


def test_a_question_shows_its_curves_below_its_words() -> None:
    from tutor.deck.parse import parse_text

    text = f"## What?\n<!-- card id=c -->\n{FENCE}\n\n- [x] a\n- [ ] b\n"
    [card] = parse_text(text, "d.md").cards
    lines = "\n".join(question_lines(make_question(card, 1), 60)).split("\n")
    assert lines[0] == "What?"
    assert any("● loss" in line for line in lines)
    assert "plot" not in "".join(lines)
