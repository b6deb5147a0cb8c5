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


OPTION = st.sampled_from(["- [x] right", "- [ ] wrong", "- [ ] 0.5 or so", "- [ ] $a$"])
CHOICE = st.builds(
    lambda before, items, gap, note, after: [
        *before, *(line for item in items for line in item), *gap, *note, *after
    ],
    st.sampled_from([[], ["Text here", ""]]),
    st.lists(
        st.builds(
            lambda option, reasons: [option, *reasons],
            OPTION,
            st.lists(st.just("  > reason"), max_size=2),
        ),
        min_size=1,
        max_size=4,
    ),
    st.sampled_from([[""], ["", ""], [], ["  "]]),
    st.sampled_from([[], ["> [!NOTE]", "> note"], ["> [!TIP]", "> note", "> 2 lines"]]),
    st.sampled_from([[], [""], ["", "Last words"], ["", "  "]]),
)  # fmt: skip
STRAY = st.sampled_from(
    ["  > more", "    code", "- item", "> ", "- [ ] 12. x", "- [X] y", "- [x]  z", "- [ ] a  ",
     "> c \t", "> [!NOTE] x", "---", "  text", "- [ ] # h", "Text |", "", "\ttext"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(CHOICE, st.lists(st.tuples(st.integers(0, 12), STRAY), max_size=2))
def test_options_and_notes_make_the_parsers_tokens(
    lines: list[str], stray: list[tuple[int, str]]
) -> None:
    for at, line in stray:
        lines = [*lines[:at], line, *lines[at:]]
    assert _parsed(lines, 0, len(lines), "\n".join(lines)) == _slow("\n".join(lines))


@pytest.mark.parametrize("path", CONTENT, ids=lambda path: path.stem)
def test_the_course_makes_the_parsers_tokens(path: Path) -> None:
    for piece in path.read_text("utf-8").split("\n## "):
        text = piece.partition("\n")[2]
        assert _parsed(text.split("\n"), 0, text.count("\n") + 1, text) == _slow(text)
