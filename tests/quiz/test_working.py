"""The worked-out answer: formulas with their numbers put in."""

from __future__ import annotations

import pytest

from tutor import paths
from tutor.deck.library import load
from tutor.deck.model import Card, Numeric, Params, Source
from tutor.quiz.asking import make_question
from tutor.quiz.marking import mark
from tutor.quiz.working import worked


def card(*assignments: tuple[str, str], value: str = "@{ans}", front: str = "") -> Card:
    answer = Numeric(value, params=Params(assignments))
    return Card("d/c", "d", "c", "numeric", front, answer, Source("d.md", 1))


@pytest.mark.parametrize(
    ("expr", "values", "line"),
    [
        ("k*k*c + 1", {"k": 3, "c": 64, "ans": 577}, "k × k × c + 1 = 3 × 3 × 64 + 1 = 577"),
        ("2 ** n", {"n": 10, "ans": 1024}, "2^n = 2^10 = 1,024"),
        ("max(a, b)", {"a": -1, "b": 2, "max": 5, "ans": 2}, "max(a, b) = max((−1), 2) = 2"),
        ("a-b * -2", {"a": 1, "b": -3, "ans": -5}, "a−b × −2 = 1−(−3) × −2 = −5"),
        ("a - 1e-3", {"a": 2, "ans": 1.999}, "a − 1e-3 = 2 − 1e-3 = 1.999"),
        ("n * 1_000", {"n": 2.5, "ans": 2500.0}, "n × 1_000 = 2.5 × 1_000 = 2,500"),
        ("1 if w == 'w' else 0", {"w": "w", "ans": 1}, "1 if w == 'w' else 0 = 1"),
        ("xs[i]", {"xs": [4, 5], "i": 1, "ans": 5}, "xs[i] = [4, 5][1] = 5"),
        ("n", {"n": 7, "ans": 7}, "n = 7"),
        ("3 * int(1, 4)", {"ans": 6}, "6"),
    ],
)
def test_a_line(expr: str, values: dict[str, object], line: str) -> None:
    assert worked(card(("ans", expr)), values) == (f"ans = {line}",)


def test_only_what_leads_to_the_answer_is_told() -> None:
    rows = (("n", "int(1, 9)"), ("slip", "n + 2"), ("half", "n / 2"), ("ans", "half * 3"))
    values = {"n": 4, "slip": 6, "half": 2.0, "ans": 6.0}
    assert worked(card(*rows), values) == (
        "n = 4",
        "half = n / 2 = 4 / 2 = 2",
        "ans = half × 3 = 2 × 3 = 6",
    )
    assert "slip = n + 2 = 4 + 2 = 6" in worked(card(*rows, front="@{slip}?"), values)


def test_the_last_line_shows_the_answer_as_the_card_writes_it() -> None:
    """Four digits would show 1, which is the misconception that nothing decays."""
    rows = ("ans", "w - w * d")
    line = worked(card(rows, value="@{ans:.8g}"), {"w": 1, "d": 0.00001, "ans": 0.99999})[-1]
    assert line.endswith(" = 0.99999")


def test_a_name_alone_in_brackets_gets_no_second_ones() -> None:
    assert worked(card(("ans", "abs(a)")), {"a": -3, "ans": 3}) == ("ans = abs(a) = abs(−3) = 3",)


def test_every_worked_answer_of_the_course_marks_right() -> None:
    library = load((paths.content_dir(),), None)
    for entry in library.entries.values():
        if entry.generated:
            question = make_question(library.card(entry.key), 7)
            last = question.worked()[-1].rpartition(" = ")[2]
            answer = question.card.answer
            if isinstance(answer, Numeric) and answer.value.startswith("@{ans"):
                assert mark(question, last).right, (entry.key, last, question.expected)
