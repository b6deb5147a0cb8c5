"""The worked-out answer: formulas with their numbers put in."""

from __future__ import annotations

import pytest

from tutor.deck.model import Params
from tutor.quiz.working import worked


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
    assert worked(Params((("ans", expr),)), values) == (f"ans = {line}",)
