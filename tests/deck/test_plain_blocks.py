"""The quick way through plain cards makes the tokens that the parser makes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it.token import Token

from tutor.deck.sections import _parsed
from tutor.text.markdown import parser

CONTENT = sorted((Path(__file__).parents[2] / "content").rglob("*.md"))
PIECES = st.sampled_from(
    ["Text here", "two words  ", "é", '"quoted"', "= 5", "- a", "> q", "", "", "| a | b |",
     "| - | - |", "a | b", "---", "===", "$$", "```", "    code", "<!-- card id=x -->", "<!-- a",
     "-->", "1. x",
     "[a]: http://x", "<b>", "#tag", "_x_", "a  ", "\\[", "\tz"]
)  # fmt: skip


def _slow(text: str) -> list[Token]:
    tokens: list[Token] = []
    parser().block.parse(text, parser(), {}, tokens)
    return tokens


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=8))
def test_any_lines_make_the_parsers_tokens(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert _parsed(lines, 0, len(lines), text) == _slow(text)


@pytest.mark.parametrize("path", CONTENT, ids=lambda path: path.stem)
def test_the_course_makes_the_parsers_tokens(path: Path) -> None:
    for piece in path.read_text("utf-8").split("\n## "):
        text = piece.partition("\n")[2]
        assert _parsed(text.split("\n"), 0, text.count("\n") + 1, text) == _slow(text)
