"""A row of the recorded table tells when it is answered in another way; no framework is needed."""

from __future__ import annotations

import ast
import math
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from claims.table.rows import Row, compare, error_of, same

TABLE = Path(__file__).parents[2] / "claims" / "table"


def row(seen: Any, recorded: Any, *, drawn: bool = False) -> Row:
    return Row("it", "what", lambda: seen, recorded, drawn)


@pytest.mark.parametrize(
    ("seen", "recorded"),
    [(200, 200), (0.0182533, 0.01825334), (math.nan, math.nan), ("012", "012"), (False, False),
     ([1.0, [2.0, "a"]], [1, [2, "a"]]), ((1.0, None), [1, None]), ({"a": 1, "b": 2}, {"a": 1}),
     (1e-12, 0.0), (-math.inf, -math.inf)],
)  # fmt: skip
def test_what_agrees_is_silent(seen: Any, recorded: Any) -> None:
    assert row(seen, recorded).difference() == ""


@pytest.mark.parametrize(
    ("seen", "recorded"),
    [(201, 200), (0.01826, 0.01825), (0.0, math.nan), (math.nan, 0.0), ("01", "012"), (1, "1"),
     ([1, 2], [1, 2, 3]), ("ab", ["a", "b"]), (None, 0.0), ({"b": 1}, {"a": 1}), (1e-3, 0.0)],
)  # fmt: skip
def test_what_differs_is_told(seen: Any, recorded: Any) -> None:
    assert "recorded" in row(seen, recorded).difference()


def test_what_was_drawn_may_differ_by_eight_per_cent() -> None:
    assert same(1.07, 1.0, 0.08)
    assert row(1.07, 1.0, drawn=True).difference() == ""
    assert row(1.2, 1.0, drawn=True).difference() != ""


def test_an_error_is_a_difference_and_stops_nothing() -> None:
    def fails() -> None:
        raise ValueError("no")

    made, found = compare([Row("it", "what", fails, 1), row(2, 2)])
    assert made == 2
    assert found == ["it: what: recorded 1, now ValueError: no"]
    assert error_of(fails) == "ValueError"
    assert error_of(lambda: 1) == "none"


def test_no_question_stands_twice() -> None:
    asked: Counter[tuple[str, str]] = Counter()
    for file in TABLE.glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Row":
                who, what = node.args[:2]
                if isinstance(who, ast.Constant) and isinstance(what, ast.Constant):
                    asked[str(who.value), str(what.value)] += 1
    assert len(asked) > 300
    assert [question for question, times in asked.items() if times > 1] == []
