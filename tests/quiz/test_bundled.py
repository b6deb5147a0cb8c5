"""Every bundled card that the program marks: its answer is right, its misconceptions are not."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tutor.deck.library import Library, load
from tutor.deck.model import MARKED, Numeric
from tutor.paths import content_dir
from tutor.quiz.asking import make_question
from tutor.quiz.lines import feedback_lines, prompt, question_lines
from tutor.quiz.marking import mark
from tutor.quiz.question import Question, plain_line

SEEDS = range(8)


@pytest.fixture(scope="module")
def library() -> Library:
    return load((content_dir(),), None)


def questions(library: Library) -> Iterator[Question]:
    for key, entry in library.entries.items():
        if entry.kind in MARKED:
            card = library.card(key)
            for seed in SEEDS if isinstance(card.answer, Numeric) else SEEDS[:2]:
                yield make_question(card, seed)


def right_line(question: Question) -> str:
    if question.kind == "cloze":
        return "; ".join(plain_line(gap.text) for gap in question.typed_gaps)
    if isinstance(question.card.answer, Numeric) and question.card.answer.interval:
        return question.card.answer.interval[0]
    return question.labels or question.expected


def test_every_right_answer_is_right(library: Library) -> None:
    for question in questions(library):
        if question.marked:
            marked = mark(question, right_line(question))
            assert marked.right, (question.key, right_line(question), marked)


def test_every_misconception_is_wrong_and_has_a_name(library: Library) -> None:
    named = 0
    for question in questions(library):
        for name, value in question.slips:
            # 1.875 may be 1,875 in another country; 1.8750 is only a decimal number.
            marked = mark(
                question, f"{value!r}0" if re.fullmatch(r"-?\d+\.\d+", repr(value)) else repr(value)
            )
            assert marked.verdict == "wrong", (question.key, name, value)
            band = question.card.answer.tolerance  # type: ignore[union-attr]
            names = [other for other, near in question.slips if band.accepts(near, value)]
            assert marked.misconception == (name if set(names) == {name} else None), question.key
            assert marked.misconception or name in marked.message, (question.key, name, value)
            named += marked.misconception is not None
    assert named > 50


def test_every_question_has_its_plain_form(library: Library) -> None:
    for question in questions(library):
        lines = [*question_lines(question), prompt(question)] if question.marked else []
        if question.marked:
            lines += feedback_lines(question, mark(question, right_line(question)))
        for text in (*lines, *question.worked()):
            assert text.strip(), question.key
            assert "@{" not in text, (question.key, text)


def test_every_drawn_number_can_be_read(library: Library) -> None:
    """None needs a power of ten: 0.00025 can be read and typed, 1.6e-05 hardly."""
    for entry in library.entries.values():
        card = library.card(entry.key) if entry.generated else None
        for question in (make_question(card, seed) for seed in range(60) if card):
            for text in (question.front, question.expected):
                assert not re.search(r"\de[+-]?\d|0\.0000", text), (question.key, text)
