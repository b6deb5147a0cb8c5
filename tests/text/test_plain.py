"""Markdown as plain text, for sessions without a screen."""

import re
from unittest import mock

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len

from tutor.text import markdown
from tutor.text.markdown import plain, plain_line
from tutor.text.wrap import wrap

CARD = """\
# Padding of $k-1$
<!-- topic id=padding -->

Some **bold** ==gap== text with `code_x`, a [link](https://example.org/x),
<https://auto.org>, <b>html</b> and ![alt text](http://evil.example/x.png).

$$
o=\\left\\lfloor\\frac{n+2p-k}{s}\\right\\rfloor+1
$$

> [!TIP]
> A hint with $\\frac12$ inside.

- [ ] one
  > because
- [x] two
  1. deep

| Loss | Task |
| --- | --- |
| cross-entropy $p_k$ | classification with a long description of it |

```python
x = [i]
```

***

10. ten
11. eleven
"""

SHOWN = """\
Padding of k − 1
════════════════

Some bold gap text with `code_x`, a
link (https://example.org/x),
https://auto.org, <b>html</b> and
[picture: alt text].

    o = ⌊(n + 2p − k)/s⌋ + 1

│ Tip
│
│ A hint with 1/2 inside.

- ☐ one
  │ because
- ☑ two
  1. deep

Loss              Task
────────────────  ────────────────────
cross-entropy pₖ  classification with
                  a long description
                  of it

    x = [i]

──────────────────────────────────────

10. ten
11. eleven"""


def test_a_whole_card() -> None:
    assert plain(CARD, 38) == SHOWN


def test_gaps_are_closed() -> None:
    assert plain("From ==loss== to ==$w_1$ and *b*== it goes.") == "From loss to w₁ and b it goes."


def test_without_a_width_paragraphs_stay_whole() -> None:
    assert plain("a " * 100, None) == ("a " * 100).strip()
    assert plain("one\ntwo  \nthree", None) == "one two\nthree"


def test_nothing_hides_in_entities() -> None:
    assert plain("a&#x202e;b &amp; &#27;c &rlm;d") == "ab & \ufffdc d"


def test_inline_text_is_read_as_inline() -> None:
    assert plain_line("+ 3") == "+ 3"
    assert plain_line("# no **title** $x^2$") == "# no title x²"


@pytest.mark.parametrize("source", ["", "<!-- only -->", "<!-- a\nb -->\n"])
def test_what_shows_nothing_is_empty(source: str) -> None:
    assert plain(source) == ""


@settings(max_examples=200, deadline=None)
@given(st.text(alphabet="ab *_`#>-|[]!()$=\\\n1.中é", max_size=80), st.integers(1, 50))
def test_anything_is_survived(source: str, width: int) -> None:
    lines = plain(source, width).split("\n")
    assert all(line.isprintable() for line in lines)
    assert all(line == line.rstrip() for line in lines)


def test_lines_are_counted_in_cells() -> None:
    assert wrap("中中 中中 x̂x̂", 5) == ["中中", "中中", "x̂x̂"]
    assert wrap("abcdefgh", 3) == ["abc", "def", "gh"]
    assert wrap("one two three", 9, first="- ", rest="  ") == ["- one two", "  three"]


@given(st.text(max_size=60), st.integers(2, 30))
def test_no_line_is_wider_than_asked(text: str, width: int) -> None:
    assert all(cell_len(line) <= width for line in wrap(text, width))


def test_text_between_lines_of_dashes_is_no_front_matter() -> None:
    assert plain("---\ndeck: x\n\n---\nmore").splitlines()[2::4] == ["deck: x", "more"]


@given(st.text("abwhtpZäß  ,;()?.'%/’“”–—…×−°²³-019", max_size=20))
def test_mere_words_are_the_same_without_the_parser(text: str) -> None:
    with mock.patch.object(markdown, "WORDS", re.compile("(?!)")):
        parsed = plain_line(text)
    assert plain_line(text) == parsed
