"""A learner's files in a temporary folder, and the store opened on them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tutor.store.catalog import Files
from tutor.store.database import open_store
from tutor.store.journal import Store


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "data" / "tutor.db", tmp_path / "data" / "backups")


@pytest.fixture
def store(files: Files) -> Iterator[Store]:
    with open_store(files.database, files.backups) as opened:
        yield opened
