"""Worked examples: whole, with the last step left out, none."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.session.decks import Clock, learner
from tutor.deck.model import Card
from tutor.memory.model import Rating
from tutor.quiz.asking import make_question
from tutor.quiz.fading import example, without_last
from tutor.session.learner import Learner
from tutor.session.study import StudySession
from tutor.session.turn import Turn
from tutor.ui.widgets.card_lines import View, card_lines

DECK = """---
deck: d
title: Layers
---

# Layers
<!-- topic id=layers -->

Weights and biases.

## A layer has @{a} inputs and @{b} units with biases. How many parameters?
<!-- card id=count -->
```params
a = int(2, 9)
b = int(2, 9)
w = a * b
ans = w + b
```
= @{ans}

## How many are @{c} apples?
<!-- card id=plain -->
```params
c = int(2, 9)
```
= @{c}
"""


@pytest.fixture
def cards(tmp_path: Path) -> Iterator[Learner]:
    person = learner(tmp_path, Clock(), DECK)
    yield person
    person.close()


def test_an_example_fades_as_the_learner_succeeds(cards: Learner) -> None:
    clock = cards._clock
    assert isinstance(clock, Clock)
    session = StudySession(cards)
    seen = []
    for rating in (Rating.AGAIN, Rating.GOOD, Rating.GOOD, Rating.AGAIN, Rating.GOOD):
        while (item := session.next()) is None or item.unit != "d/count":
            if item is None:
                clock.forward(days=30)
                session = StudySession(cards)
            else:
                session.suspend(item)
        seen.append((item.state.phase, item.example.label if item.example else ""))
        turn = Turn(item.question, cards.library, rated=True)
        turn.reply(item.question.expected if rating > Rating.AGAIN else "?")
        session.settle(item, turn, rating)
        clock.forward(minutes=30)
    assert seen[0] == ("new", "Example") and seen[1] == ("learning", "Steps")
    assert all(label == "" for phase, label in seen if phase == "review")
    assert {phase for phase, _ in seen} >= {"new", "learning", "review", "relearning"}


@given(seed=st.integers(0, 10_000))
def test_an_example_has_other_numbers_and_steps_lack_the_answer(
    seed: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    card = _card(tmp_path_factory)
    question = make_question(card, seed)
    whole = example(question, "new")
    assert whole is not None
    assert whole.lines[0] != question.text and whole.lines[-1].startswith("ans = w + b = ")
    part = example(question, "learning")
    assert part is not None
    assert part.lines[-1] == "ans = w + b = ?"
    assert part.lines[-2].startswith("w = a × b = "), "earlier steps stand whole"
    assert example(question, "review") is None


_CARDS: list[Card] = []


def _card(factory: pytest.TempPathFactory) -> Card:
    if not _CARDS:
        person = learner(factory.mktemp("fading"), Clock(), DECK)
        _CARDS.extend(person.library.card(key) for key in ("d/count", "d/plain"))
        person.close()
    return _CARDS[0]


def test_a_number_alone_has_no_steps(tmp_path_factory: pytest.TempPathFactory) -> None:
    _card(tmp_path_factory)
    assert example(make_question(_CARDS[1], 1), "new") is None
    assert without_last(("x = 1", "y = x + 1 = 1 + 1 = 2")) == ("x = 1", "y = x + 1 = ?")


def test_a_card_shows_it_until_the_answer_is_known(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    question = make_question(_card(tmp_path_factory), 3)
    view = View(example=example(question, "learning"))
    assert "ans = w + b = ?" in "\n".join(str(line) for line in card_lines(question, view, 60))
    open_ = View(example=view.example, revealed=True)
    assert "= ?" not in "\n".join(str(line) for line in card_lines(question, open_, 60))
