"""What is written reads back as the very same, or is refused with a word."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.deck.written import NASTY, SLUGS, SOURCE, TAME, cards
from tutor import paths
from tutor.deck.comments import CARD_KEYS, TOPIC_KEYS
from tutor.deck.library import load
from tutor.deck.model import (
    KINDS,
    Card,
    Choice,
    Kind,
    Match,
    Numeric,
    Option,
    Order,
    Prose,
    Tolerance,
    Topic,
    Typed,
)
from tutor.deck.parse import ParsedFile, parse_bytes, parse_text
from tutor.deck.writer import placeless, write_card, write_deck, write_topic
from tutor.errors import InexpressibleError

CONTENT = sorted(paths.content_dir().rglob("*.md"))
BASIC = Card("deck/a", "deck", "a", "basic", "Why?", Prose("Because."), SOURCE)
slow_draws = settings(suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])


def read(text: str) -> list[Card]:
    """The cards of a deck that holds this text and another card below it."""
    below = "## Below?\n<!-- card id=zz-below -->\nText.\n"
    parsed = parse_text(f"---\ndeck: deck\n---\n\n{text}\n{below}", "deck.md")
    *others, last = parsed.cards
    assert last.key == "deck/zz-below" and last.answer == Prose("Text.")
    return [placeless(card) for card in others]


@pytest.mark.parametrize("kind", KINDS)
@given(st.data())
@settings(slow_draws, max_examples=20)
def test_a_card_with_plain_text_is_written_and_reads_back(kind: Kind, data: st.DataObject) -> None:
    card = data.draw(cards(TAME, kind))
    assert read(write_card(card)) == [placeless(card)]


@pytest.mark.parametrize("kind", KINDS)
@given(st.data())
@settings(slow_draws, max_examples=30)
def test_a_card_with_any_text_reads_back_or_is_refused(kind: Kind, data: st.DataObject) -> None:
    card = data.draw(cards(NASTY | TAME | st.text(max_size=20), kind))
    try:
        text = write_card(card)
    except InexpressibleError as error:
        assert card.key in error.message and error.hint
    else:
        assert read(text) == [placeless(card)]


@pytest.mark.parametrize("file", CONTENT, ids=lambda path: path.stem)
def test_every_bundled_deck_is_written_and_reads_back(file: Path) -> None:
    parsed = parse_bytes(file.read_bytes(), str(file))
    again = parse_text(write_deck(parsed, "CC-BY-4.0"), str(file))
    assert [placeless(card) for card in again.cards] == [placeless(card) for card in parsed.cards]
    assert [replace(topic, source=SOURCE) for topic in again.topics] == [
        replace(topic, source=SOURCE) for topic in parsed.topics
    ]


def test_every_kind_is_among_the_bundled_cards() -> None:
    kinds = Counter(entry.kind for entry in load([paths.content_dir()], None).entries.values())
    assert set(kinds) == set(KINDS)


WRITTEN = {
    "a front that ends in a hash": replace(BASIC, front="What is the C# of F #?"),
    "only hashes in front": replace(BASIC, kind="term", front="## #"),
    "a closing hash": replace(BASIC, kind="term", front="Music in F #"),
    "a heading in a hint": replace(BASIC, hints=("# Not a heading\n\n- but a list",)),
    "a comment in an explanation": replace(BASIC, explanation="<!-- so far -->\n## What?"),
    "an alert in a hint": replace(BASIC, hints=("One.", "> [!NOTE]\n> inside")),
    "a fence with a heading": replace(
        BASIC, answer=Prose("```\n## What?\n<!-- card id=b -->\n```")
    ),
    "a list of boxes as prose": replace(BASIC, answer=Prose("- [x] a\n- [ ] b")),
    "a table as prose": replace(BASIC, answer=Prose("| a | b |\n| --- | --- |\n| c | d |")),
    "a number as prose": replace(BASIC, answer=Prose("Text.\n\n= 5")),
    "bars, dollars, equals": replace(BASIC, answer=Prose("a | b costs $5, a == b, <b> and `x")),
    "a numbered list in the question": replace(
        BASIC, kind="order", front="Why?\n\n1. a\n2. b", answer=Order(("c", "d", "e"))
    ),
    "boxes below a list": replace(
        BASIC,
        kind="choice",
        front="Why?\n\n- a\n- b",
        answer=Choice((Option("c\n\n- d", True, "It is.\n\nReally."), Option("e", False))),
    ),
    "bars in cells": replace(
        BASIC,
        kind="match",
        answer=Match(("a|b", ""), (("x|y", "1"), ("`p|q`", "2"), (r"u\|v", "3"))),
    ),
    "bars in formulas and in code of one row": replace(
        BASIC,
        kind="match",
        answer=Match(("a", "b"), (("$P(a|b)$", "`p|q`"), ("x|y", "$|x|$"), ("2", "3"))),
    ),
    "a key with a bracket": replace(BASIC, ref="Hinton -> LeCun = 'deep'"),
    "a percentage": replace(
        BASIC, kind="numeric", answer=Numeric("0.7", Tolerance(1.1 / 100, relative=True))
    ),
    "a percent sign as unit": replace(
        BASIC, kind="numeric", answer=Numeric("73", Tolerance(1), unit="%")
    ),
}
REFUSED = {
    "a heading in the body": (replace(BASIC, answer=Prose("One.\n\n# Two")), "answer"),
    "an open fence": (replace(BASIC, answer=Prose("```\nopen")), "never closed"),
    "an open comment": (replace(BASIC, answer=Prose("<!-- open")), "one card"),
    "a comment": (replace(BASIC, answer=Prose("Text.\n\n<!-- check 1 = 1 -->")), "answer"),
    "an alert as answer": (replace(BASIC, answer=Prose("> [!TIP]\n> x")), "one card"),
    "the end of a comment in a key": (replace(BASIC, ref="a --> b"), "ref"),
    "a quote in a key": (replace(BASIC, ref='the "deep" one'), "ref"),
    "a comma in a tag": (replace(BASIC, tags=("a,b",)), "tags"),
    "an unpaired mark": (replace(BASIC, answer=Prose("a ==b")), "one card"),
    "a quote in a typed text": (replace(BASIC, kind="typed", answer=Typed(('a"b',))), "one card"),
    "an empty front": (replace(BASIC, front=" "), "one card"),
    "a front of two lines": (replace(BASIC, front="Why\nnot?"), "front"),
    "an id that is none": (replace(BASIC, id="A b", key="deck/A b"), "one card"),
    "a deck that is no slug": (replace(BASIC, deck="My deck", key="My deck/a"), "key"),
    "a key of another deck": (replace(BASIC, key="other/a"), "key"),
    "a control character": (replace(BASIC, front="Why \x1b[31m?"), "front"),
    "no number": (replace(BASIC, kind="numeric", answer=Numeric("about 3")), "one card"),
    "a tolerance that is none": (
        replace(BASIC, kind="numeric", answer=Numeric("3", Tolerance(float("inf")))),
        "one card",
    ),
}


@pytest.mark.parametrize("name", WRITTEN)
def test_text_that_looks_like_something_else_is_written(name: str) -> None:
    assert read(write_card(WRITTEN[name])) == [placeless(WRITTEN[name])]


@pytest.mark.parametrize("name", REFUSED)
def test_what_a_deck_cannot_hold_is_refused_and_named(name: str) -> None:
    card, where = REFUSED[name]
    with pytest.raises(InexpressibleError) as error:
        write_card(card)
    assert where in error.value.message


def test_a_card_names_its_topic_only_where_another_one_is_open() -> None:
    card = replace(BASIC, topic="adam")
    assert "topic=" not in write_card(card, "adam")
    assert "topic=adam" in write_card(card, "sgd")
    assert "topic=adam" in write_card(card)
    with pytest.raises(InexpressibleError, match="topic"):
        write_card(BASIC, "sgd")


def test_every_key_and_every_field_is_written() -> None:
    """A new key of the grammar, or a new field of a card, has to be written as well."""
    full = replace(
        BASIC, kind="order", topic="t", tags=("g",), find=("f",), demo="d", ref="r", rev="2",
            aka=("deck/o",),        asks="limits", claim="torch.x", overrides="any",
    )  # fmt: skip
    text = write_card(replace(full, kind="term", front="A front"))
    assert [key for key in CARD_KEYS - {"type"} if f"{key}=" not in text] == []
    topic = write_topic(
        Topic("t", "T", "d", 1, "C", 0, SOURCE, ("n",), ("a",), "d", "r", "", ("f",))
    )
    assert [key for key in TOPIC_KEYS if f"{key}=" not in topic] == []
    without = {"kind", "front", "answer", "source", "hints", "explanation", "content_hash"}
    values = {"key", "deck"} | CARD_KEYS - {"type"}
    assert {field.name for field in fields(Card)} == without | values


@given(
    st.lists(cards(TAME), max_size=6, unique_by=lambda card: card.id), st.lists(SLUGS, max_size=3)
)
@settings(slow_draws, max_examples=15)
def test_cards_and_topics_keep_their_orders(found: list[Card], names: list[str]) -> None:
    topics = [
        Topic(name, f"On {name}", "deck", 3, "Chapter", number, SOURCE, lesson="A *lesson*.")
        for number, name in enumerate(dict.fromkeys(names))
    ]
    known = [*(topic.id for topic in topics), None, "elsewhere"]
    mixed = [replace(card, topic=known[i % len(known)]) for i, card in enumerate(found)]
    deck = ParsedFile("deck.md", "deck", "'A \"title\"'", 3, "Chapter", tuple(topics), tuple(mixed))
    again = parse_text(write_deck(deck), "deck.md")
    assert [placeless(card) for card in again.cards] == [placeless(card) for card in mixed]
    assert [replace(topic, source=SOURCE) for topic in again.topics] == topics
    if found or topics:
        assert (again.title, again.chapter, again.chapter_title) == (deck.title, 3, "Chapter")


def test_a_lesson_that_would_hold_a_card_is_refused() -> None:
    topic = Topic("t", "T", "d", 0, "d", 0, SOURCE, lesson="## What?\n<!-- card id=a -->\nText.")
    with pytest.raises(InexpressibleError):
        write_deck(ParsedFile("d.md", "d", topics=(topic,)))


def test_comments_and_notes_stay_with_their_card() -> None:
    parsed = parse_text(
        "## A @{n}?\n<!-- card id=a -->\n```params\nn = int(1, 9)\n```\n= @{n}\n", "d.md"
    )
    text = write_card(parsed.cards[0], comments=["<!-- check 1 + 1 = 2 -->"], notes=["# one digit"])
    assert "<!-- check 1 + 1 = 2 -->" in text and "```params\n# one digit\nn = int(1, 9)\n" in text
