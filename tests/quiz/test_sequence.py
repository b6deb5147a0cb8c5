"""A quiz on its way: which questions, in which order, forward and back; and its report."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.deck.model import KINDS, Card, Entry, Numeric, Params
from tutor.memory.stats import wilson
from tutor.quiz.marking import give_up, mark
from tutor.quiz.sequence import QuestionSequence, choose

from .cards import CHOICE, CLOZE, GENERATED, ORDER, TERM, TYPED, card, entry

CARDS = {card.key: card for card in (CHOICE, CLOZE, GENERATED, ORDER, TERM, TYPED)}
DECK = [
    entry(f"deck/{topic}-{kind}-{i}", kind, topic)
    for topic in ("padding", "softmax", "adam", None)
    for kind in KINDS
    for i in range(2)
]
SEEDS = st.integers()


def session(*keys: str, seed: int = 7) -> QuestionSequence:
    return QuestionSequence(
        keys or ("deck/choice", "deck/generated", "deck/typed"), seed, CARDS.__getitem__
    )


def answer(quiz: QuestionSequence, right: bool, confidence: str | None = None) -> None:
    question = quiz.question
    assert question is not None
    marked = give_up(question)
    if right:
        marked = mark(question, question.labels or question.expected)
    quiz.note(marked, "x", seconds=1.5, confidence=confidence)  # type: ignore[arg-type]
    quiz.advance()


@given(SEEDS, st.integers(0, 80))
def test_a_quiz_mixes_topics_and_kinds(seed: int, count: int) -> None:
    keys = choose(DECK, count=count, seed=seed)
    assert len(keys) == len(set(keys)) == min(count, 64)
    assert keys == choose(DECK, count=count, seed=seed)
    topics = [key.split("-")[0] for key in keys]
    kinds = Counter(key.split("-")[1] for key in keys)
    assert all(a != b for a, b in pairwise(topics))
    assert not {"term", "basic"} & set(kinds)
    spread = Counter(topics).values()
    assert not keys or max(spread) - min(spread) <= 1 or len(spread) < 4
    if count in range(8, 33):
        assert len(kinds) >= 6


def test_another_seed_chooses_others() -> None:
    assert len({tuple(choose(DECK, count=5, seed=seed)) for seed in range(20)}) == 20


@given(SEEDS)
def test_only_the_topics_and_kinds_that_were_asked_for(seed: int) -> None:
    keys = choose(DECK, count=50, seed=seed, kinds={"typed", "term"}, topics={"adam"})
    assert sorted(keys) == ["deck/adam-typed-0", "deck/adam-typed-1"]


@given(SEEDS)
def test_what_was_met_before_comes_first(seed: int) -> None:
    met = {"deck/adam-typed-0", "deck/softmax-order-1", "deck/padding-term-0"}
    keys = choose(DECK, count=5, seed=seed, prefer=met)
    assert set(keys[:2]) == {"deck/adam-typed-0", "deck/softmax-order-1"}
    assert len(set(keys)) == 5


def test_nothing_to_choose_from() -> None:
    assert choose([], count=5) == []
    assert choose(DECK, count=5, topics={"unknown"}) == []


def test_the_way_through_a_quiz() -> None:
    quiz = session()
    assert (quiz.position, quiz.total) == (1, 3)
    answer(quiz, True)
    answer(quiz, False, "unsure")
    assert (quiz.position, quiz.total) == (3, 3)
    answer(quiz, True, "unsure")
    assert quiz.question is None
    report = quiz.report()
    assert (report.asked, report.right) == (3, 2)
    assert report.review == ("deck/generated", "deck/typed")
    assert report.topics == (("deck", 2, 3),)


def test_a_question_stays_until_the_quiz_goes_on() -> None:
    quiz = session()
    shown = quiz.question
    assert shown is not None
    quiz.note(give_up(shown), "?", seconds=1)
    assert quiz.question is shown
    assert quiz.advance() is not shown


def test_another_one_like_this_has_other_numbers() -> None:
    quiz = session("deck/generated", "deck/typed")
    first = quiz.question
    assert first is not None
    quiz.another()
    answer(quiz, True)
    second = quiz.question
    assert second is not None
    assert second.key == first.key
    assert second.values != first.values
    assert quiz.total == 3


def test_a_card_named_twice_is_drawn_twice() -> None:
    quiz = session("deck/generated", "deck/generated")
    first = quiz.question
    answer(quiz, True)
    assert first is not None and quiz.question is not None
    assert quiz.question.values != first.values


def test_taking_back_asks_the_same_again() -> None:
    quiz = session()
    answer(quiz, True)
    shown = quiz.question
    answer(quiz, False)
    quiz.take_back("deck/generated")
    assert quiz.question == shown
    assert quiz.report().asked == 1
    quiz.take_back("deck/choice")
    assert (quiz.position, quiz.total, quiz.items) == (1, 3, [])


def test_taking_back_while_the_feedback_is_shown() -> None:
    quiz = session()
    assert quiz.question is not None
    quiz.note(give_up(quiz.question), "?", seconds=1)
    quiz.take_back("deck/choice")
    assert (quiz.position, quiz.items) == (1, [])


def test_taking_back_an_answer_from_elsewhere_puts_its_card_first() -> None:
    quiz = session()
    answer(quiz, True)
    quiz.take_back("deck/cloze", gap=2)
    assert quiz.question is not None
    assert quiz.question.key == "deck/cloze/weights"
    assert (quiz.position, quiz.total) == (2, 4)
    quiz.take_back("deck/term")
    assert quiz.question.key == "deck/term"
    assert not quiz.question.marked


def test_skipping_leaves_a_question_out() -> None:
    quiz = session()
    assert quiz.skip() is not None
    answer(quiz, True)
    assert quiz.skip() is None
    assert (quiz.total, quiz.report().asked) == (1, 1)


def test_a_card_that_cannot_be_drawn_is_left_out() -> None:
    hopeless = card("hopeless", "numeric", Numeric("@{x}", params=Params((("x", "log(0)"),))))
    cards: dict[str, Card] = {**CARDS, hopeless.key: hopeless}
    quiz = QuestionSequence(["deck/hopeless", "deck/typed", "deck/hopeless"], 0, cards.__getitem__)
    assert quiz.question is not None
    assert quiz.question.key == "deck/typed"
    answer(quiz, True)
    assert quiz.question is None
    assert quiz.total == 1


def test_the_report_as_json() -> None:
    quiz = session("deck/choice", "deck/typed")
    answer(quiz, True, "sure")
    answer(quiz, False)
    data = quiz.report().as_json()
    assert list(data) == ["asked", "right", "score_interval", "items", "review"]
    assert data["score_interval"] == [0.0945, 0.9055]
    assert data["items"][0] == {
        "key": "deck/choice",
        "kind": "choice",
        "question": "A question?",
        "given": "x",
        "answer": "x",
        "expected": "2",
        "right": True,
        "misconception": None,
        "seconds": 1.5,
        "confidence": "sure",
    }
    assert data["review"] == ["deck/typed"]


@pytest.mark.parametrize(
    ("hits", "trials", "low", "high"),
    # The last two from Newcombe 1998, table I, method 3.
    [(0, 0, 0, 1), (0, 10, 0, 0.2775), (10, 10, 0.7225, 1),
     (81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605)],
)  # fmt: skip
def test_wilson(hits: int, trials: int, low: float, high: float) -> None:
    assert wilson(hits, trials) == pytest.approx((low, high), abs=5e-5)


def test_entries_are_taken_as_given() -> None:
    reverse: list[Entry] = list(reversed(DECK))
    assert set(choose(reverse, count=64, seed=1)) == set(choose(DECK, count=64, seed=1))
