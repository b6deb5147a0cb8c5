"""The quick way through plain cards makes the tokens that the parser makes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it.token import Token

from tutor.deck.plain_inline import plain_inline
from tutor.deck.sections import _parsed
from tutor.text.markdown import inline, parser

CONTENT = sorted((Path(__file__).parents[2] / "content").rglob("*.md"))
PIECES = st.sampled_from(
    ["Text here", "two words  ", "é", '"quoted"', "= 5", "- a", "> q", "", "", "| a | b |",
     "| - | - |", "a | b", "---", "===", "$$", "```", "    code", "<!-- card id=x -->", "<!-- a",
     "-->", "1. x",
     "[a]: http://x", "<b>", "#tag", "_x_", "a  ", "\\[", "\tz", "```", "```params", "``` x",
     "a = 1", "    ", "  ```", "==gap== b", "==", "= ", "=5 ", "`x` y", "``", "*a* b", "**a**",
     "***", "** *", "*", "12th", "12)", "1st.", "<!-- a --> ",
     "  <!-- a -->", "<!-- a --> b", "<!-- a --> <!-- b -->", "$x$", "(a)", "−4", "\u00a0",
     "\u00a0x",
     "@{x}", "- b", "- [c](d)", "- [x] e", "$$x$$", "$$\\$$$", "$$a$$ ", "$$$$", "~~~", "````"]
)  # fmt: skip


def _slow(text: str) -> list[Token]:
    tokens: list[Token] = []
    parser().block.parse(text, parser(), {}, tokens)
    return tokens


@pytest.mark.parametrize("last", ["1. x", "12. x", "- x", "- [x] e", "  > r", "> [!TIP]"])
def test_the_last_line_needs_no_line_feed(last: str) -> None:
    lines = ["a", "", "- [ ] b" if last[0] == " " else "", last]
    assert _parsed(lines, 0, len(lines), "\n".join(lines)) == _slow("\n".join(lines))


@settings(max_examples=300, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=8))
def test_any_lines_make_the_parsers_tokens(lines: list[str]) -> None:
    text = "\n".join(lines)
    assert _parsed(lines, 0, len(lines), text) == _slow(text)


OPTION = st.sampled_from(
    [
        "- item",
        "1. step",
        "2. step",
        "10. *s*",
        "- *item*",
        "- [x] right",
        "- [ ] wrong",
        "- [ ] 0.5 or so",
        "- [ ] $a$",
    ]
)
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
    st.sampled_from([[], [""], ["", "Last words"], ["", "  "], ["<!-- a -->"], ["<!-- a --> b"]]),
)  # fmt: skip
STRAY = st.sampled_from(
    ["  > more", "    code", "- item", "1. step", "7. x", "0. y", "> ",
     "- [ ] 12. x", "- [X] y", "- [x]  z", "- [ ] a  ",
     "> c \t", "> [!NOTE] x", "---", "  text", "- [ ] # h", "Text |", "", "\ttext", "<!-- a -->",
     "<!-- a --> b", " <!-- a -->", "\u00a0", "(a)", "−4"]
)  # fmt: skip


@pytest.mark.parametrize(
    "text",
    ["1. a", "1. a\n2. b", "1. a\n2. b\n", "1. a\n\n", "3. a\n\nText", "- a", "- [x] a", "1. a\nb"],
)
def test_a_list_may_end_the_text(text: str) -> None:
    assert _parsed(text.split("\n"), 0, text.count("\n") + 1, text) == _slow(text)


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


WORDS = st.sampled_from(
    ["==", "==", " ", "a", "word", "1,000", "é", "(", ")", ".", "-", "=", "*", "http://a.b", "`",
     "\n", "_", "$", "$", "$$", "^", ":", "5", "!", "**", "*", "***", "&amp;",
     "<b>", "\\", "a@b.cd", "www.a.b", "½", "²", "\u00a0", "|", "?", "–", "“"]
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.lists(WORDS, max_size=12).map("".join))
def test_gaps_and_formulas_in_plain_words_make_the_parsers_tokens(content: str) -> None:
    assert plain_inline(content) in (None, inline(content)[0])


@pytest.mark.parametrize(
    "content",
    ["==a==", "It has ==1,000== units (of ==two== kinds).", "Is it ==so==? ==Yes==!",
     "$x$", "The rule: $\\frac{a}{b}$ is\nnot $a_1$, but $b$: so", "Here $$x = 1$$ stands.",
     "$`a`$ b", "*a* and **b c** (==d==), *e*", "*a*\n$x$\n==b=="]
)  # fmt: skip
def test_gaps_and_formulas_in_plain_words_take_the_quick_way(content: str) -> None:
    assert plain_inline(content) == inline(content)[0]
