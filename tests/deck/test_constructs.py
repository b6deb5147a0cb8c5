"""Every construct of CommonMark and GFM: the screen and plain text say the same, or `check` tells.

A construct holds words, written as {}, that its writer meant to be read. Each of them is on both
renderings, in one order, or a problem is told of the construct's lines.
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.deck.model import Prose
from tutor.deck.parse import parse_text
from tutor.text.markdown import plain
from tutor.ui.widgets.prose_layout import layout

INLINE = {
    "text": "{} {}",
    "emphasis": "*{}* and _{}_",
    "strong": "**{}** and __{}__",
    "strong emphasis": "***{}*** **a *{}* b**",
    "within a word": "{}*{}*{}",
    "strikethrough": "~~{}~~ and ~{}~",
    "code": "`{}` and ``a ` {}``",
    "code with marks": "`*{}*` `$x$` `==y==`",
    "link": "[{}](http://example.org/{})",
    "link with a title": '[{}](<http://example.org> "title")',
    "reference": "[{}][p] and [p][]",
    "shortcut": "[p] {}",
    "autolink": "<http://example.org/{}> and <{}@example.org>",
    "bare address": "www.example.org/{} and http://example.org/{}",
    "image": "![{}](picture.png)",
    "linked image": "[![{}](a.png)](http://example.org/{})",
    "escapes": "\\*{}\\* \\[a\\] \\` \\# \\_{}\\_",
    "entities": "&amp; &lt;{}&gt; &#65; &copy;",
    "raw HTML": "<b>{}</b> <br> {}",
    "comment": "{} <!-- hidden --> {}",
    "hard breaks": "{}  \n{}\\\nmore",
    "soft break": "{}\n{}",
    "formula": "${}$ and $x_1$",
    "price": "$5 {} and $6",
    "gap": "a =={}== b",
    "broken marks": "**{} and *{} and `x",
    "brackets": "[{}] and ({}) and {{}}",
}
BLOCKS = {
    "paragraph": "@",
    "rule": "@\n\n---\n\n@",
    "other rules": "***\n\n@\n\n_ _ _",
    "heading of three": "### @",
    "closed heading": "#### @ ####",
    "setext heading": "@\n===",
    "bullets": "- @\n- @\n  - @",
    "other bullets": "* @\n\n* @",
    "pluses": "+ @\n+ @",
    "numbers": "3. @\n4. @",
    "numbers in brackets": "1) @\n2) @",
    "item of two paragraphs": "- @\n\n  @\n- @",
    "item with code": "- @\n\n      code @",
    "tasks": "- [ ] @\n- [x] @",
    "quote": "> @\n> @",
    "lazy quote": "> @\nlazy",
    "quote in a quote": "> @\n>> @",
    "list in a quote": "> - @\n> - @",
    "indented code": "@\n\n    code line\n    more",
    "fence": "```\ncode here\n```\n\n@",
    "fence with a language": "```python\nx = 1\n```\n\n@",
    "tildes": "~~~\ncode here\n~~~\n\n@",
    "table": "| head | other |\n| --- | :-: |\n| cell | 1 |\n\n@",
    "table without bars": "head | other\n--- | ---\ncell | last\n\n@",
    "HTML block": "<div>\nraw text\n</div>\n\n@",
    "comment block": "<!-- hidden\ntext -->\n\n@",
    "dashes around": "---\n@\n\n---",
    "tip": "> [!TIP]\n> @",
    "other alert": "> [!WARNING]\n> @",
    "display": "$$\nab + cd\n$$\n\n@",
    "picture alone": "![shown](a.png)\n\n@",
}  # fmt: skip
HEAD = """---
deck: d
title: D
---
# T
<!-- topic id=t ref=A -->

"""
# What each rendering calls the alerts.
_NAMES = frozenset({"Hint", "Tip", "Warning"})
TAIL = "\n\n[p]: http://example.org/paper\n"


def _filled(block: str, inlines: list[str]) -> str:
    """The construct with marks put in, every word of it another one."""
    names = iter(f"word{a}{b}" for a in "abcdefgh" for b in "abcdefgh")
    pieces = block.split("@")
    text = pieces[0]
    for number, piece in enumerate(pieces[1:]):
        inline = inlines[number % len(inlines)]
        if "\n" in inline and not text.endswith("\n") and text:
            inline = inline.replace("\n", " ")
        text += re.sub(r"\{\}", lambda _: next(names), inline) + piece
    return text


def _words(text: str) -> list[str]:
    return re.findall(r"[A-Za-z]{2,}", text)


def _agrees(source: str, *, lesson: bool) -> None:
    card = "" if lesson else "## What is it here?\n<!-- card id=a type=basic -->\nText.\n\n"
    text = f"{HEAD}{card}{source}{TAIL}"
    first = f"{HEAD}{card}".count("\n")
    parsed = parse_text(text, "d.md")
    told = any(problem.line > first for problem in parsed.problems)
    if not lesson and not parsed.cards:
        assert told
        return
    shown = parsed.topics[0].lesson  # a heading ends a card, and its text is the lesson's again
    if not lesson:
        answer = parsed.cards[0].answer
        assert isinstance(answer, Prose)
        shown = "\n\n".join([answer.text, *parsed.cards[0].hints, shown])
    screen = "\n".join(line.plain for line in layout(shown, 4_000))
    on_screen = [word for word in _words(screen) if word not in _NAMES]
    in_text = [word for word in _words(plain(shown, None)) if word not in _NAMES]
    assert on_screen == in_text
    if not told:
        lost = [
            word
            for word in _words(source)
            if word.startswith("word") and word not in " ".join(in_text)
        ]
        assert lost == []


@pytest.mark.parametrize("lesson", [True, False], ids=["lesson", "card"])
@pytest.mark.parametrize("name", INLINE)
def test_screen_and_plain_agree_on_each_mark(name: str, *, lesson: bool) -> None:
    _agrees(_filled("@", [INLINE[name]]), lesson=lesson)


@pytest.mark.parametrize("lesson", [True, False], ids=["lesson", "card"])
@pytest.mark.parametrize("name", BLOCKS)
def test_screen_and_plain_agree_on_each_block(name: str, *, lesson: bool) -> None:
    _agrees(_filled(BLOCKS[name], ["{} {}"]), lesson=lesson)


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(sorted(BLOCKS)),
            st.lists(st.sampled_from(sorted(INLINE)), min_size=1, max_size=3),
        ),
        min_size=1,
        max_size=3,
    ),
    st.sampled_from(["\n\n", "\n"]),
    st.booleans(),
)
def test_screen_and_plain_agree_on_constructs_together(
    chosen: list[tuple[str, list[str]]], between: str, lesson: bool
) -> None:
    texts = [_filled(BLOCKS[block], [INLINE[name] for name in marks]) for block, marks in chosen]
    _agrees(between.join(texts), lesson=lesson)
