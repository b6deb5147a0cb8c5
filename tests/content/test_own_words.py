"""No sentence of the course shares ten words in a row with a source of it.

The sources themselves are not part of the project: where they lie on this machine is told by
COURSE_SOURCES, a folder of texts; without it the comparison is skipped.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.content.test_course import cards, course
from tutor.deck.model import Choice, Prose
from tutor.text.markdown import plain

RUN = 10


def runs(text: str) -> Iterator[tuple[str, ...]]:
    """Every ten words in a row, in lower case, without signs."""
    words = re.findall(r"[a-z']+", text.casefold())
    yield from zip(*(words[i:] for i in range(RUN)), strict=False)


def own_texts() -> Iterator[tuple[str, str]]:
    """What the course says, piece by piece, with the place."""
    for topic in course().topics.values():
        yield topic.id, plain(topic.lesson, None)
    for card in cards():
        parts = [card.front, card.explanation]
        if isinstance(card.answer, Prose):
            parts.append(card.answer.text)
        if isinstance(card.answer, Choice):
            parts += [f"{option.text}. {option.reason}" for option in card.answer.options]
        for part in parts:
            yield card.key, plain(part, None)


def shared(texts: Iterator[tuple[str, str]], source: str) -> list[tuple[str, str]]:
    """The runs that stand in `source` too, each with its place."""
    known = set(runs(source))
    return [(place, " ".join(run)) for place, text in texts for run in runs(text) if run in known]


def test_a_shared_run_is_found() -> None:
    text = "one two three four five six seven eight nine ten eleven"
    pieces = [("a", f"He said: {text.title()}!"), ("b", text.replace("five", "5 or five"))]
    assert {place for place, _ in shared(iter(pieces), text)} == {"a"}


def test_the_course_speaks_in_its_own_words() -> None:
    folder = os.environ.get("COURSE_SOURCES")
    if not folder:
        pytest.skip("COURSE_SOURCES names no folder: the sources are not part of the project")
    files = [file for file in Path(folder).rglob("*") if file.suffix in {".md", ".txt"}]
    source = "\n".join(file.read_text(encoding="utf-8", errors="replace") for file in files)
    assert shared(own_texts(), source) == []
