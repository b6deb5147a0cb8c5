"""Notes as people write them for other programs: shown as meant, or told with their line.

`notes/told.json` holds what `check` says of each file, line by line; every other line is shown as
its writer meant it. Write it anew with `python -m tests.deck.test_notes` and read the difference.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tutor.deck.parse import parse_bytes

NOTES = Path(__file__).parent / "notes"
TOLD = NOTES / "told.json"


def told(file: Path) -> list[list[object]]:
    """What is said of a file: line and rule of each problem, in order."""
    return [[each.line, each.rule] for each in parse_bytes(file.read_bytes(), file.name).problems]


@pytest.mark.parametrize("file", sorted(NOTES.glob("*.md")), ids=lambda file: file.stem)
def test_what_is_not_shown_as_meant_is_told(file: Path) -> None:
    assert told(file) == json.loads(TOLD.read_text(encoding="utf-8"))[file.stem]


def test_no_file_is_silent_where_something_is_told() -> None:
    kept = json.loads(TOLD.read_text(encoding="utf-8"))
    assert sorted(kept) == sorted(file.stem for file in NOTES.glob("*.md"))
    assert all(kept.values())


if __name__ == "__main__":
    rows = {file.stem: told(file) for file in sorted(NOTES.glob("*.md"))}
    lines = (f"  {json.dumps(name)}: {json.dumps(found)}" for name, found in rows.items())
    TOLD.write_text("{\n" + ",\n".join(lines) + "\n}\n", encoding="utf-8")
