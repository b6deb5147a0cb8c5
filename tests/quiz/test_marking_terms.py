"""Another term is called by its name, and a gap takes several wordings."""

from __future__ import annotations

import pytest

from tutor.deck.cache import Deck
from tutor.deck.files import entry_of
from tutor.deck.library import Library
from tutor.deck.model import Card, Typed
from tutor.deck.parse import parse_text
from tutor.quiz.asking import make_question
from tutor.quiz.marking import mark
from tutor.quiz.terms import Terms, terms_of
from tutor.quiz.verdict import Mark

from .cards import (
    card,
)


def typed(*accepted: str) -> Card:
    return card("word", "typed", Typed(accepted))


@pytest.mark.parametrize(
    ("right", "written", "message"),
    [
        ("exploration", "exploitation", "that is exploitation (Reinforcement learning)"),
        ("macro average", "micro average", "that is micro"),
        ("BERT", "BART", "that is BART"),
        ("SELU", "silu", "that is SiLU"),
        ("GELU", "GLU", "that is GLU"),
        ("Adam", "AdamW", "that is AdamW"),
        ("DDQN", "DQN", "that is DQN"),
        ("mode", "model", "that is model"),
        ("discriminator", "discrimination", "that is discrimination"),
        ("precision", "recall", "that is Recall"),
        ("precision", "zebras", ""),
    ],
)
def test_another_term_is_called_by_its_name(right: str, written: str, message: str) -> None:
    terms = Terms.of([("exploitation", "Reinforcement learning"), ("Recall", "Recall")])
    assert mark(make_question(typed(right), 0), written, terms) == Mark(
        "wrong", message=message, expected=right
    )


def test_the_terms_of_the_decks() -> None:
    deck = """
# Averages
<!-- topic id=averages aka="macro mean, micro mean" -->

## What is it called?
<!-- card id=a -->
= "zebra score" | "ZS"

## Which?
<!-- card id=b -->
It is the ==stripe score | SS==.
"""
    parsed = parse_text(deck, "terms.md")
    entries = tuple(map(entry_of, parsed.cards))
    assert [entry.accepted for entry in entries] == [
        ("zebra score", "ZS"),
        ("stripe score", "SS"),
    ]
    library = Library([Deck("terms.md", topics=parsed.topics, entries=entries)], None)
    found = terms_of(library)
    for name in ("macro mean", "averages", "the zebra scores", "SS", "stripe-score"):
        assert found.find(name), name
    assert found.find("stripes") is None
    assert "zebra" in found.words


def test_a_wording_of_a_gap_and_its_key() -> None:
    parsed = parse_text(
        "## Which?\n<!-- card id=b -->\n"
        "It is ==weight decay | L2 regularization==, rate ==0.9==.\n",
        "gaps.md",
    )
    question = make_question(parsed.cards[0], 0)
    assert [gap.slug for gap in question.gaps] == ["weight-decay", "0-9"]
    assert question.expected == "weight decay; 0.9"
    assert "|" not in question.solution
    assert mark(question, "L2-regularisation; ,9").right
    assert mark(question, "weight decay; 90%").right
    assert mark(question, "L1 regularization; 0.9").parts == (False, True)
    marked = mark(question, "weight decays; 0.8")
    assert marked.message.startswith("1 of 2 gaps right; “weight decays” counts as “weight decay”")


def test_another_name_of_a_topic_is_called_by_it_in_any_form() -> None:
    terms = Terms.of([("GRU", "Gated recurrent unit"), ("micro mean", "Averages")])
    for right, written, message in (
        ("CNN", "GRUs", "that is GRU (Gated recurrent unit)"),
        ("macro mean", "the micro means", "that is micro mean (Averages)"),
        ("macro mean", "micro-mean", "that is micro mean (Averages)"),
    ):
        found = mark(make_question(typed(right), 0), written, terms)
        assert (found.verdict, found.message) == ("wrong", message)
