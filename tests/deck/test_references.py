"""Links, footnotes and Obsidian's marks: a card holds all that it refers to, on both renderings."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.deck.library import load
from tutor.deck.model import Prose
from tutor.deck.references import resolved
from tutor.text.markdown import plain
from tutor.ui.widgets.prose_layout import layout

HEAD = """---
deck: d
title: D
---

# Topic
<!-- topic id=t ref="A" -->

## What is it here?
<!-- card id=it -->
"""
SHOWN = {
    "The [paper][p], [a b][], [p] and ![fig][p].": (
        "The paper (https://example.org/p), a b (http://x.org), p (https://example.org/p) and"
        " [picture: fig]."
    ),
    "`[p]`, \\[p], $[p]$, [x] and a[p](u).": "`[p]`, [p], [p], [x] and ap (u).",
    "With a note[^1] and ^[one inside].": "With a note (The note goes on) and (one inside).",
    "See [[Gradient Descent|descent]], [[Adam]] and [[Note#Part]].": (
        "See descent, Adam and Note > Part."
    ),
    "Shown. %%not for the reader%% Shown too. ^block-1": "Shown. Shown too.",
    "a\n\n%%\n\nhidden\n\n%%\n\nb": "a\n\nb",
    "`%%x%%`, 5 ^2 and x^ab": "`%%x%%`, 5 ^2 and x^ab",
    "![[curve.png|300]]": "[picture: curve.png]",
}
TAIL = """

## Last
<!-- card id=last -->
Text.

[p]: https://example.org/p
[A  B]: <http://x.org> "A title"
[^1]: The note
    goes on.
"""


def _squeezed(text: str) -> str:
    return " ".join(text.replace("`", "").split())


@pytest.mark.parametrize("source", SHOWN)
def test_what_a_card_refers_to_is_shown_with_it(source: str, tmp_path: Path) -> None:
    (tmp_path / "d.md").write_text(HEAD + source + TAIL, encoding="utf-8")
    library = load([tmp_path], None)
    answer = library.card("d/it").answer
    assert isinstance(answer, Prose)
    assert plain(answer.text, None) == SHOWN[source]
    screen = "\n".join(line.plain for line in layout(answer.text, 200))
    assert _squeezed(screen) == _squeezed(SHOWN[source])
    assert {p.rule for p in library.problems} <= {"picture"}
    assert len(library.problems) == answer.text.count("![")


def test_a_card_is_the_same_alone_and_with_its_file(tmp_path: Path) -> None:
    (tmp_path / "d.md").write_text(HEAD + "See [p], x[^1]. %%no%%" + TAIL, encoding="utf-8")
    library = load([tmp_path], None)
    from tutor.deck.parse import parse_bytes

    (parsed, _) = parse_bytes((tmp_path / "d.md").read_bytes(), "d.md").cards
    assert library.card("d/it").content_hash == parsed.content_hash


def test_resolving_twice_is_resolving_once() -> None:
    found: list[int] = []
    lines = (HEAD + "\n".join(SHOWN) + TAIL).split("\n")
    once = resolved(lines, lambda line, *_: found.append(line))
    assert resolved(once, lambda *_: None) == once
    assert len(once) == len(lines)
    assert found == []
