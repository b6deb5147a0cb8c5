"""The course keeps its promises: every topic is there, taught in order, and asked about."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from tutor import paths
from tutor.deck.library import Library, load
from tutor.deck.model import ASKS, MARKED, Card, Choice, Numeric, Prose, Topic
from tutor.lab.listing import demo_facts
from tutor.quiz.asking import make_question
from tutor.text.markdown import plain

HERE = Path(__file__).parent
# The topics in teaching order with what each needs, and the terms that lead to them.
TOPICS: dict[str, list[str]] = json.loads((HERE / "topics.json").read_text(encoding="utf-8"))
TERMS: dict[str, list[str]] = json.loads((HERE / "terms.json").read_text(encoding="utf-8"))


@cache
def course() -> Library:
    return load((paths.content_dir(),), None, demo_facts())


@cache
def cards() -> tuple[Card, ...]:
    return tuple(course().card(key) for key in course().entries)


def of_topic(topic: str) -> list[Card]:
    return [card for card in cards() if card.topic == topic]


def words(topic: Topic) -> int:
    """The words that a learner reads: formulas count by their parts, hidden checks do not."""
    return len(plain(topic.lesson, None).split())


def test_the_linter_finds_nothing() -> None:
    assert course().problems == ()


def test_every_topic_is_taught_in_order() -> None:
    assert list(course().topics) == list(TOPICS)


@pytest.mark.parametrize("topic", TOPICS)
def test_a_topic_is_complete(topic: str) -> None:
    """A lesson, a definition, two recalls, one question of another kind, needs and a source."""
    found = course().topics[topic]
    kinds = Counter(card.kind for card in of_topic(topic))
    assert sorted(found.needs) == sorted(TOPICS[topic])
    assert found.ref
    assert 60 <= words(found) <= 250
    assert [card.id for card in of_topic(topic) if card.kind == "term"][:1] == [topic]
    assert kinds["basic"] + kinds["cloze"] >= 2
    assert sum(kinds[kind] for kind in MARKED - {"cloze"}) >= 1


def test_every_demo_is_linked_from_a_topic() -> None:
    linked = {topic.demo.partition("?")[0] for topic in course().topics.values()}
    assert demo_facts().keys() - linked == set()


@pytest.mark.parametrize("term", TERMS)
def test_a_term_leads_to_its_topics(term: str) -> None:
    found = {topic.id for topic in course().find_topics(term)}
    assert set(TERMS[term]) <= found


@pytest.mark.parametrize(
    "change",
    [
        str.upper,
        lambda term: term if term.endswith("s") else term + "s",
        lambda term: term.replace("-", " "),
        lambda term: term.replace("isation", "ization"),
    ],
)
def test_terms_are_found_however_they_are_spelled(change: Callable[[str], str]) -> None:
    for topic in course().topics.values():
        name = change(topic.id.replace("-", " "))
        assert topic in course().find_topics(name), name


def test_there_is_enough_of_every_kind() -> None:
    kinds = Counter(card.kind for card in cards())
    assert len(course().topics) >= 160
    assert len(cards()) >= 1_300
    assert sum(kinds[kind] for kind in MARKED) >= 550
    assert {kind: kinds[kind] for kind in MARKED if kinds[kind] < 10} == {}


def test_generated_questions_name_misconceptions() -> None:
    drawn = [card for card in cards() if isinstance(card.answer, Numeric) and card.answer.params]
    assert len(drawn) >= 150
    for card in drawn:
        assert isinstance(card.answer, Numeric)
        assert card.answer.params is not None
        assert len(card.answer.params.wrongs) >= 2, card.key


def test_every_wrong_option_says_why() -> None:
    for card in cards():
        if isinstance(card.answer, Choice):
            silent = [o.text for o in card.answer.options if not o.right and not o.reason]
            assert silent == [], card.key


def test_options_do_not_give_themselves_away() -> None:
    """Statements are true about as often as false, and right options are seldom the longest."""
    answers = [(c.kind, c.answer.options) for c in cards() if isinstance(c.answer, Choice)]
    rights = [options[0].right for kind, options in answers if kind == "truefalse"]
    assert 0.4 <= sum(rights) / len(rights) <= 0.6
    longest = [
        max(len(o.text) for o in options if o.right)
        > max(len(o.text) for o in options if not o.right)
        for kind, options in answers
        if kind == "choice"
    ]
    assert sum(longest) / len(longest) <= 1 / 3


def test_every_card_names_a_source() -> None:
    assert [card.key for card in cards() if not card.ref] == []


def test_no_two_lessons_share_a_sentence() -> None:
    """A sentence that stands twice was copied, not written for its place."""
    seen: dict[str, str] = {}
    for topic in course().topics.values():
        for sentence in re.split(r"(?<=[.?!])\s+", plain(topic.lesson, None)):
            if len(sentence) > 60:
                assert seen.setdefault(sentence, topic.id) == topic.id, sentence


def test_every_topic_asks_for_four_uses_of_what_it_teaches() -> None:
    """A cause, a prediction, a limit and a contrast."""
    counts = Counter((card.topic, card.asks) for card in cards())
    lacking = [(name, use) for name in course().topics for use in ASKS if not counts[name, use]]
    assert lacking == []


def test_a_template_is_not_learned_by_heart() -> None:
    """At least 12 different fronts each."""
    for entry in course().entries.values():
        if entry.generated:
            card = course().card(entry.key)
            fronts: set[str] = set()
            for seed in range(120):
                fronts.add(make_question(card, seed).front)
                if len(fronts) == 12:
                    break
            assert len(fronts) == 12, entry.key


@pytest.mark.parametrize("words", [r"can|may|might", r"always|every|all|never|no|only|must"])
def test_true_and_false_statements_use_the_same_words(words: str) -> None:
    """Neither a cautious nor an absolute word tells which it is."""
    said = {True: [], False: []}  # type: dict[bool, list[bool]]
    for card in cards():
        if card.kind == "truefalse" and isinstance(card.answer, Choice):
            word = bool(re.search(rf"\b(?:{words})\b", card.front))
            said[card.answer.options[0].right].append(word)
    shares = [sum(found) / len(found) for found in said.values()]
    assert abs(shares[0] - shares[1]) <= 0.25


def test_a_recalled_answer_is_short() -> None:
    """At most 30 words but where a definition needs a few more."""
    long = [
        card.key
        for card in cards()
        if card.kind == "basic"
        and isinstance(card.answer, Prose)
        and len(plain(card.answer.text, None).split()) > 30
    ]
    assert long == []
