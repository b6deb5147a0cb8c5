"""All decks together: order, look-ups, links between decks, and the cards behind entries."""

from dataclasses import replace
from pathlib import Path

import pytest

from tests.deck.conftest import Decks
from tutor.deck import files
from tutor.deck.library import load
from tutor.deck.model import Cloze, Prose
from tutor.deck.parse import parse_bytes, parse_text
from tutor.errors import DeckError, NotFoundError
from tutor.paths import content_dir

SECOND = """\
---
deck: nets
title: Networks
chapter: 2
---
# Loss functions
<!-- topic id=loss needs=regularisation aka="cost functions" -->
Lesson.

## Loss function
<!-- card id=loss -->
A number.

## Gaps
<!-- card id=gaps aka=old-gaps,other/gaps -->
The ==one== and the ==two==.

## Elsewhere
<!-- card id=elsewhere topic=regularisation -->
Text.

## Nowhere
<!-- card id=nowhere topic=missing -->
Text.
"""
FIRST = """\
---
chapter: 1
title: Basics
---
# Regularisation (shrinking)
<!-- topic id=regularisation aka="penalties,L2" -->

## Regularisation
<!-- card id=regularisation -->
Text.
"""
OWN = "# Über-fitting\n<!-- topic id=over-fitting -->\n\n## X\n<!-- card id=x -->\nText.\n"


@pytest.fixture
def three(decks: Decks) -> Decks:
    decks(b_second=SECOND, z_first=FIRST, a_own=OWN)
    return decks


def test_teaching_order(three: Decks) -> None:
    library = three()
    assert list(library.topics) == ["regularisation", "loss", "over-fitting"]
    assert [topic.order for topic in library.topics.values()] == [0, 1, 2]
    assert next(iter(library.entries)) == "z-first/regularisation"
    assert list(library.entries)[-1] == "a-own/x"
    assert library.chapters == {1: "Basics", 2: "Networks", 0: "a-own"}


def test_cards_of_a_topic_come_from_every_deck(three: Decks) -> None:
    library = three()
    keys = [entry.key for entry in library.cards_of("regularisation")]
    assert keys == ["z-first/regularisation", "nets/elsewhere"]
    assert library.cards_of("missing") == []
    assert library.entries["nets/nowhere"].topic is None
    assert library.card("nets/nowhere").topic is None


@pytest.mark.parametrize(
    ("term", "topic"),
    [
        ("loss", "loss"),
        ("Losses", "loss"),
        ("LOSS-FUNCTION", "loss"),
        ("cost function", "loss"),
        ("regularization", "regularisation"),
        ("Regularisations", "regularisation"),
        ("Regularisation", "regularisation"),
        ("penalty", "regularisation"),
        ("l2", "regularisation"),
        ("ubér fitting", "over-fitting"),
        ("overfitting", "over-fitting"),
        ("dropout", None),
        ("", None),
    ],
)
def test_find_topic(term: str, topic: str | None, three: Decks) -> None:
    found = three().find_topic(term)
    assert (found.id if found else None) == topic


def test_search_as_you_type(three: Decks) -> None:
    library = three()
    assert [topic.id for topic in library.search("reg")] == ["regularisation"]
    assert [topic.id for topic in library.search("fun")] == ["loss"]
    assert [topic.id for topic in library.search("fit")] == ["over-fitting"]
    assert [topic.id for topic in library.search("enalt")] == ["regularisation"]
    assert [topic.id for topic in library.search("")] == list(library.topics)
    assert library.search("zzz") == []
    assert library.near("regulerisation")[0].id == "regularisation"


def test_units_and_old_keys(three: Decks) -> None:
    library = three()
    entry, gap = library.unit("nets/gaps/two")
    assert (entry.key, gap) == ("nets/gaps", 1)
    assert entry.units == ("nets/gaps/one", "nets/gaps/two")
    assert library.unit("nets/gaps") == (entry, None)
    assert library.resolve("nets/old-gaps/two") == "nets/gaps/two"
    assert library.resolve("other/gaps") == "nets/gaps"
    assert library.resolve("gone/card") == "gone/card"
    assert library.unit("other/gaps/one") == (entry, 0)
    with pytest.raises(NotFoundError):
        library.unit("nets/gaps/three")


def test_topics_may_share_another_name_which_finds_them_all(decks: Decks) -> None:
    library = decks(
        a='# Dropout\n<!-- topic id=dropout aka="noise,random masks" ref=A -->\n',
        b='# Saddle point\n<!-- topic id=saddle aka="noise,dropout" ref=A -->\n',
    )
    assert [topic.id for topic in library.find_topics("noise")] == ["dropout", "saddle"]
    assert library.problems == ()


def test_the_first_of_two_cards_has_the_history_of_an_old_key(decks: Decks) -> None:
    card = "## What is {0}?\n<!-- card id={0} aka=x/old -->\nText.\n"
    library = decks(a=card.format("a") + card.format("b"))
    assert library.resolve("x/old") == "a/a"


def test_a_card_is_the_same_as_in_its_file(three: Decks, tmp_path: Path) -> None:
    library = three()
    parsed = parse_text(SECOND, str(tmp_path / "b_second.md"))
    for card in parsed.cards[:3]:
        assert library.card(card.key) == card
    cloze = library.card("other/gaps").answer
    assert isinstance(cloze, Cloze) and len(cloze.gaps) == 2
    with pytest.raises(NotFoundError):
        library.card("nets/none")


def test_every_card_of_the_course_is_the_same_alone_as_in_its_file() -> None:
    library = load([content_dir()], None)
    for deck in library.decks:
        for card in parse_bytes(Path(deck.file).read_bytes(), deck.file).cards:
            known = card.topic in library.topics
            assert library.card(card.key) == (card if known else replace(card, topic=None))


def test_an_underlined_heading_with_a_comment_is_a_card(decks: Decks) -> None:
    library = decks(
        d="First\n---\n<!-- card id=a -->\nText.\n\nSecond\n===\n<!-- card id=b -->\nText."
    )
    assert [library.card(key).front for key in library.entries] == ["First", "Second"]
    assert [p.line for p in library.problems if p.rule == "setext-heading"] == [1, 6]


def test_a_file_that_changes_behind_the_library(three: Decks, tmp_path: Path) -> None:
    library = three()
    path = tmp_path / "a_own.md"
    assert library.card("a-own/x").answer == Prose("Text.")
    path.write_text("New line.\n\n" + OWN.replace("Text.", "New text."), encoding="utf-8")
    assert library.card("a-own/x").answer == Prose("New text.")
    path.write_text("Nothing is left.", encoding="utf-8")
    with pytest.raises(DeckError, match="changed"):
        library.card("a-own/x")
    path.unlink()
    with pytest.raises(DeckError, match="No such file"):
        library.card("a-own/x")


def test_the_first_loaded_owner_of_an_id_wins(tmp_path: Path) -> None:
    first, second = tmp_path / "first.md", tmp_path / "second.md"
    front = "---\ndeck: d\nchapter: {}\n---\n"
    first.write_text(front.format(9) + "# T\n<!-- topic id=t -->\n## X\n<!-- card id=x -->\nOld.")
    second.write_text(front.format(1) + "# T\n<!-- topic id=t -->\n## X\n<!-- card id=x -->\nNew.")
    library = load([first, second], None)
    assert library.card("d/x").answer == Prose("Old.")
    doubles = [p for p in library.problems if p.rule == "duplicate-id"]
    assert [(p.file, p.line) for p in doubles] == [(str(second), 6), (str(second), 8)]


def test_a_file_given_twice_is_loaded_once(three: Decks, tmp_path: Path) -> None:
    library = load([tmp_path, tmp_path / "a_own.md", tmp_path / "missing"], None)
    assert len(library.decks) == 3
    assert [p for p in library.problems if p.rule == "duplicate-id"] == []


def test_hidden_folders_are_left_out(decks: Decks, tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / ".git" / "x.md").write_text(OWN)
    assert decks(a=FIRST).decks[0].file.endswith("a.md")
    assert len(decks().decks) == 1


def test_a_long_cycle_is_found_once(decks: Decks) -> None:
    ring = "\n".join(f"# T{i}\n<!-- topic id=t{i} needs=t{(i + 1) % 50} -->" for i in range(50))
    problems = decks(ring=ring).problems
    assert [p.rule for p in problems] == ["needs-cycle"]
    assert problems[0].message.count(" needs ") == 50


def test_the_signature_follows_the_files(three: Decks, tmp_path: Path) -> None:
    before = three().signature
    assert files.signature([tmp_path]) == before == three().signature
    (tmp_path / "new.md").write_text("x")
    assert files.signature([tmp_path]) != before


def test_whoever_waits_hears_how_far_the_reading_is(decks: Decks, tmp_path: Path) -> None:
    cards = "".join(f"## What is {n}?\n<!-- card id=c{n} -->\nText.\n" for n in range(200))
    decks(a=cards, b=cards.replace("id=c", "id=d"))
    first: list[float] = []
    again: list[float] = []
    load([tmp_path], tmp_path / "cache", on_progress=first.append)
    assert first == sorted(first)
    assert len(first) >= 400, "once a card, not only once a file"
    assert 0 < first[0] < 0.01
    assert first[-1] == 1
    load([tmp_path], tmp_path / "cache", on_progress=again.append)
    assert again == [], "decks in the cache are there at once"
