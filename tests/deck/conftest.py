"""A deck on disk and a library of it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tutor.deck.library import Library, load

Decks = Callable[..., Library]


@pytest.fixture
def decks(tmp_path: Path) -> Decks:
    """Write files (name=text) into a folder, and load it without a cache."""

    def make(**texts: str) -> Library:
        for name, text in texts.items():
            (tmp_path / f"{name}.md").write_text(text, encoding="utf-8")
        return load([tmp_path], None)

    return make
