"""What the reviews found is mended or answered, and none of it comes back."""

from __future__ import annotations

import re

import pytest

from tests.content.review import PAGE, SECTIONS, page, rows
from tests.content.test_course import cards, course
from tutor.deck.model import Card, Choice, Prose
from tutor.paths import content_dir

# How many rows each list of the reviews has.
LISTS = {
    "A1.": 13, "A2.": 39, "A4.": 17, "A5.": 13, "A5b.": 10, "A6.two.": 20, "A6.list.": 8,
    "A6.text.": 12, "A6.same.": 5, "A6.orphan.": 16, "A6.lang.": 4, "A7.weak.": 15,
    "W": 8, "M": 28, "K": 30, "S5.": 11, "S7.": 15, "S8.": 23, "F": 19, "E": 6, "R": 56, "L": 7,
}  # fmt: skip


def _text() -> str:
    files = sorted(content_dir().glob("*/*.md"))
    return " ".join(" ".join(file.read_text(encoding="utf-8").split()) for file in files)


@pytest.mark.parametrize("start", LISTS)
def test_no_row_of_a_list_is_left(start: str) -> None:
    found = {row.row for row in rows()}
    wanted = [f"{start}{number}" for number in range(1, LISTS[start] + 1)]
    missing = [row for row in wanted if row not in found and f"{row}a" not in found]
    assert missing == []


def test_every_row_says_what_was_done() -> None:
    found = rows()
    assert len({row.row for row in found}) == len(found)
    for row in found:
        assert row.state in {"mended", "rejected"}, row.row
        assert row.place, row.row
        assert row.fault, row.row
        assert len(row.how) >= 5, row.row
        assert any(row.row.startswith(start) for start in SECTIONS.values()), row.row


def test_what_was_mended_does_not_come_back() -> None:
    text = _text()
    back = [
        (row.row, words) for row in rows() for words in row.gone if " ".join(words.split()) in text
    ]
    assert back == []


def test_the_page_is_in_step_with_the_list() -> None:
    """If not: python -m tests.content.review"""
    assert PAGE.read_text(encoding="utf-8") == page()


# Words that cards once used long before the course taught them, and the topics that do.
TAUGHT = {
    "gradient descent": "gradient-descent", "learning rate": "learning-rate",
    "overfit": "overfitting", "hyperparameter": "hyperparameters",
    "PCA": "dimensionality-reduction",
    "L1 penalty": "l1-regularization", "softmax": "softmax", "sigmoid": "sigmoid",
    "batch normalisation": "batch-normalization", "drop rate": "dropout", "dropout": "dropout",
    "patience": "early-stopping", "He initialisation": "he-init", "AdamW": "adamw",
    "weight decay": "l2-regularization", "clipping": "gradient-clipping",
    "convolution": "convolution", "backpropagation": "backpropagation", "momentum": "momentum",
    "LSTM": "lstm", "cross-entropy": "cross-entropy", "layer normalisation": "layer-normalisation",
}  # fmt: skip


def _right(card: Card) -> str:
    """What a learner must know: the answer in prose, or the right options."""
    if isinstance(card.answer, Prose):
        return card.answer.text
    if isinstance(card.answer, Choice):
        return " ".join(option.text for option in card.answer.options if option.right)
    return ""


@pytest.mark.parametrize("word", TAUGHT)
def test_a_word_is_taught_before_a_card_uses_it(word: str) -> None:
    """By its own topic, or in a clause of a lesson up to the card's."""
    said = re.compile(rf"\b{word}", re.IGNORECASE)
    topics = list(course().topics.values())
    taught = [topic.order for topic in topics if said.search(topic.lesson)]
    first = min([*taught, course().topics[TAUGHT[word]].order])
    early = [
        card.key
        for card in cards()
        if card.topic
        and course().topics[card.topic].order < first
        and said.search(f"{card.front} {_right(card)}")
    ]
    assert early == []


def test_no_card_names_the_text_that_a_claim_came_from() -> None:
    assert [
        card.key
        for card in cards()
        if re.match(r"A text (?:says|gives|names|calls|lists|writes)\b", card.front)
    ] == []
