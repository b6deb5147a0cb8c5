"""The tables of docs/quizzes.md say what marking really does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tutor.deck.parse import parse_text
from tutor.quiz.asking import make_question
from tutor.quiz.marking import mark

PAGE = Path(__file__).parents[2] / "docs" / "quizzes.md"
ROW = re.compile(r"^\| `([^`]+)` \| `([^`]+)` \| (right|wrong|asked again) \|$", re.MULTILINE)
ROWS = ROW.findall(PAGE.read_text(encoding="utf-8").replace(r"\|", "¦"))


def test_all_rows_were_found() -> None:
    tables = [line for line in PAGE.read_text(encoding="utf-8").splitlines() if "| `=" in line]
    assert len(ROWS) > len(tables) > 30


@pytest.mark.parametrize(("line", "answer", "verdict"), ROWS)
def test_a_row_of_the_page(line: str, answer: str, verdict: str) -> None:
    deck = f"## How much is it?\n<!-- card id=row -->\n{line.replace('¦', '|')}\n"
    parsed = parse_text(deck, "page.md")
    assert [p for p in parsed.problems if p.level == "error"] == []
    marked = mark(make_question(parsed.cards[0], 0), answer)
    assert marked.verdict == verdict.replace("asked again", "ask-again")
