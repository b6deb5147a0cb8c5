"""A card with `overrides=` stands in the place of another file's, with its history."""

from __future__ import annotations

from pathlib import Path

import pytest

from tutor.deck.fulltext import FullText
from tutor.deck.library import Library, load
from tutor.deck.model import Card, Prose

COURSE = """---
deck: course
chapter: 3 Losses
---

# Losses
<!-- topic id=losses ref=A -->

## First card of all
<!-- card id=first -->
The first text.

## Squared error
<!-- card id=squared aka=old -->
The original text.

## Last card of all
<!-- card id=last -->
The last text.
"""
MINE = """---
deck: course
---

## Squared error in my words
<!-- card id=squared overrides={} -->
My own text.
"""


def written(folder: Path, mine: str = MINE.format("any"), course: str = COURSE) -> Library:
    (folder / "b-course.md").write_text(course)
    (folder / "a-mine.md").write_text(mine)
    return load([folder], folder / "cache")


def original(library: Library) -> Card:
    card = library.original("course/squared")
    assert card is not None
    return card


@pytest.mark.parametrize("mine", ["a-mine.md", "z-mine.md"], ids=["read first", "read last"])
def test_it_wins_at_the_place_of_the_original_and_keeps_its_names(
    tmp_path: Path, mine: str
) -> None:
    (tmp_path / "b-course.md").write_text(COURSE)
    (tmp_path / mine).write_text(MINE.format("any"))
    for _ in range(2):  # parsed, then from the cache
        library = load([tmp_path], tmp_path / "cache")
        assert [*library.entries] == ["course/first", "course/squared", "course/last"]
        card = library.card("course/squared")
        assert card.answer == Prose("My own text.") and card.topic == "losses"
        assert library.resolve("course/old") == "course/squared"
        assert [entry.key for entry in library.cards_of("losses")] == [*library.entries]
        assert original(library).answer == Prose("The original text.")
        assert not library.problems


def test_the_hash_tells_when_the_original_has_changed(tmp_path: Path) -> None:
    found = original(written(tmp_path)).content_hash
    assert not written(tmp_path, MINE.format(found)).problems
    moved = COURSE.replace("# Losses", "\n\n# Losses")
    assert not written(tmp_path, MINE.format(found), moved).problems, "a place is no text"
    changed = COURSE.replace("original", "new")
    [problem] = written(tmp_path, MINE.format(found), changed).problems
    assert (problem.rule, problem.line, problem.level) == ("overridden-changed", 6, "advice")
    told = original(written(tmp_path, MINE.format(found), changed)).content_hash
    assert f"overrides={told}" in problem.message
    assert not written(tmp_path, MINE.format(told), changed).problems


def test_without_an_original_it_stands_for_itself(tmp_path: Path) -> None:
    library = written(tmp_path, course=COURSE.replace("id=squared", "id=other"))
    assert library.card("course/squared").answer == Prose("My own text.")
    assert [p.rule for p in library.problems if p.rule != "no-ref"] == ["overrides-nothing"]


def test_a_word_that_is_no_hash_is_told_and_overrides_all_the_same(tmp_path: Path) -> None:
    library = written(tmp_path, MINE.format("yes"))
    assert library.card("course/squared").answer == Prose("My own text.")
    assert [p.rule for p in library.problems] == ["unknown-key"]


def test_of_two_the_first_counts_and_the_other_is_told(tmp_path: Path) -> None:
    (tmp_path / "c-too.md").write_text(MINE.format("any").replace("My own", "Another"))
    library = written(tmp_path)
    assert library.card("course/squared").answer == Prose("My own text.")
    [problem] = library.problems
    assert (problem.rule, Path(problem.file).name) == ("duplicate-id", "c-too.md")
    assert "a-mine.md:5" in problem.message


def test_two_without_the_word_are_twins_as_ever(tmp_path: Path) -> None:
    library = written(tmp_path, MINE.replace(" overrides={}", ""))
    assert {p.rule for p in library.problems} >= {"duplicate-id"}


def test_only_the_text_that_is_asked_is_searched(tmp_path: Path) -> None:
    library = written(tmp_path)
    index = FullText(library.decks, None, but=library.overridden.values())
    asked = [[index.keys.get(row) for row in index.find(f"{one} text").rows]
             for one in ("own", "original")]  # fmt: skip
    assert "course/squared" in asked[0] and "course/squared" not in asked[1]
