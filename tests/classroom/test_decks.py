"""Decks that a class shares."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.classroom.school import School
from tutor.cli import main

# `.ci/run` looks for the words mark.class, which Python cannot read as they stand.
pytestmark = getattr(pytest.mark, "class")

TEXT = """---
deck: words
---

# Words
<!-- topic id=words -->

## Word
<!-- card id=w -->
One.
"""


def pull(school: School, data: Path, who: str, *more: str) -> int:
    return main(["--data-dir", str(data), "class", "deck", "pull", who, "--no-bundled", *more])


def test_a_deck_goes_to_all_and_changes_with_the_teacher(
    school: School, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    teacher, ada = (school.address(school.add(kind)) for kind in ("teacher", "learner"))
    file, data = tmp_path / "words.md", tmp_path / "data"
    here = data / "decks" / "class" / "words.md"
    file.write_text(TEXT, encoding="utf-8")
    assert pull(school, data, ada) == 0
    assert "no deck yet" in capsys.readouterr().err
    assert main(["class", "deck", "push", teacher, str(file)]) == 0
    assert main(["class", "deck", "push", teacher, str(file)]) == 0
    assert capsys.readouterr().out == "words: changed\nwords: same\n"
    for word in ("new", "same"):
        assert pull(school, data, ada) == 0
        assert capsys.readouterr().out == f"words: {word}\n"
    assert here.read_text(encoding="utf-8") == TEXT
    file.write_text(TEXT.replace("One.", "Two."), encoding="utf-8")
    assert main(["class", "deck", "push", teacher, str(file)]) == 0
    capsys.readouterr()
    assert pull(school, data, ada) == 0
    assert capsys.readouterr().out == "words: changed\n"
    assert "Two." in here.read_text(encoding="utf-8")
    assert main(["--data-dir", str(data), "--no-bundled", "check"]) == 0


def test_what_a_learner_has_changed_stays(
    school: School, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    teacher, ada = (school.address(school.add(kind)) for kind in ("teacher", "learner"))
    file, data = tmp_path / "words.md", tmp_path / "data"
    file.write_text(TEXT, encoding="utf-8")
    main(["class", "deck", "push", teacher, str(file)])
    pull(school, data, ada)
    here = data / "decks" / "class" / "words.md"
    here.write_text(TEXT.replace("One.", "Mine."), encoding="utf-8")
    file.write_text(TEXT.replace("One.", "Two."), encoding="utf-8")
    main(["class", "deck", "push", teacher, str(file)])
    capsys.readouterr()
    assert pull(school, data, ada) == 0
    assert "was changed here" in capsys.readouterr().out
    assert "Mine." in here.read_text(encoding="utf-8")
    assert pull(school, tmp_path / "own", ada, "--content", str(file)) == 0
    assert f"is in {file}" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("text", "word"),
    [("## No id?\n<!-- card -->\nA.\n", "has errors"), ("Just words.\n", "no deck")],
)
def test_what_is_no_deck_is_not_shared(
    school: School, tmp_path: Path, text: str, word: str, capsys: pytest.CaptureFixture[str]
) -> None:
    good, bad = tmp_path / "good.md", tmp_path / "bad.md"
    good.write_text(TEXT, encoding="utf-8")
    bad.write_text(text, encoding="utf-8")
    teacher = school.address(school.add("teacher"))
    assert main(["class", "deck", "push", teacher, str(good), str(bad)]) == 1
    assert word in capsys.readouterr().err
    assert school.as_keeper("SELECT count(*) FROM tutor.deck") == [(0,)]


def test_a_learner_shares_nothing(
    school: School, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "words.md"
    file.write_text(TEXT, encoding="utf-8")
    assert main(["class", "deck", "push", school.address(school.add()), str(file)]) == 3
    assert "may not do that" in capsys.readouterr().err


def test_what_comes_passes_the_door(
    school: School, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whoever writes into the server's table writes no file but a sound deck of its own name."""
    other = TEXT.replace("deck: words", "deck: other")
    for name, text in (("words", other), ("fine", TEXT.replace("deck: words", "deck: fine")),
                       ("broken", "## X\n<!-- card -->\n")):  # fmt: skip
        school.as_keeper(f"INSERT INTO tutor.deck VALUES ('{name}', 1, $${text}$$)")
    school.as_keeper("ALTER TABLE tutor.deck DROP CONSTRAINT deck_name_check")
    school.as_keeper(f"INSERT INTO tutor.deck VALUES ('../../evil', 1, $${TEXT}$$)")
    data = tmp_path / "data"
    assert pull(school, data, school.address(school.add())) == 1
    out = capsys.readouterr().out
    assert "fine: new" in out and "words: refused" in out and "broken: refused" in out
    written = [path.name for path in tmp_path.rglob("*.md")]
    assert written == ["fine.md"]
