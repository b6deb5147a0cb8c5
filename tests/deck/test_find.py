"""Words to search a topic by: they lead to it, and are not said to mean the same."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.cli import main
from tutor.deck.library import Library, load

DECK = """---
deck: d
---

# Softmax
<!-- topic id=softmax aka="softmax function" find="logits,temperature" -->

Text of the lesson.

## What do the outputs add up to?
<!-- card id=sum -->
1
"""


@pytest.fixture
def decks(tmp_path: Path) -> Path:
    path = tmp_path / "d.md"
    path.write_text(DECK, encoding="utf-8")
    return path


@pytest.mark.parametrize("cached", [False, True])
def test_both_lead_to_the_topic(decks: Path, tmp_path: Path, cached: bool) -> None:
    def read() -> Library:
        return load((decks,), tmp_path if cached else None)

    read()
    library = read()
    for term in ("softmax function", "logits", "Temperature"):
        assert [topic.id for topic in library.find_topics(term)] == ["softmax"]
        assert [topic.id for topic in library.search(term[:5])] == ["softmax"]


def test_only_what_means_the_same_is_told(
    decks: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ["--no-bundled", "--content", str(decks), "--data-dir", str(tmp_path / "data")]
    assert main(["show", "logits", *options]) == 0
    out = capsys.readouterr().out
    assert [line.split() for line in out.splitlines() if line.startswith("Also:")] == [
        ["Also:", "softmax", "function"]
    ]
    assert "logits" not in out and "temperature" not in out
