"""When results of a sweep over seeds still count."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from findings.seeds import fresh
from findings.seeds.results import Number, Result

KEPT = Result("xor", "", 0, 1.0, "old", {"a": (0.5, "<", 1.0), "b": (2e-16, "<=", 1e-9)})


def now(a: Number = (0.5, "<", 1.0), b: Number = (2e-16, "<=", 1e-9)) -> Result:
    return replace(KEPT, sources="new", verdicts={"a": a, "b": b})


@pytest.mark.parametrize(
    ("seen", "counts"),
    [
        (now(), True),
        (now(a=(0.5004, "<", 1.0)), True),
        (now(b=(7e-16, "<=", 1e-9)), True),
        (now(a=(0.51, "<", 1.0)), False),
        (now(a=(None, "<", 1.0)), False),
        (now(a=(0.5, "<", 1.1)), False),
        (now(a=(0.5, "<=", 1.0)), False),
        (now(b=(2e-9, "<=", 1e-9)), False),
        (replace(KEPT, verdicts={"a": (0.5, "<", 1.0)}), False),
    ],
)
def test_numbers_that_are_as_they_were_confirm_those_of_the_other_seeds(
    seen: Result, counts: bool
) -> None:
    other = replace(KEPT, seed=7)
    done = {KEPT.at: KEPT, other.at: other}
    aged = {("xor", ""): [KEPT.at, other.at]}
    found = list(fresh.confirmed(done, aged, [seen]))
    assert [result.seed for result in found] == ([0, 7] if counts else [])
    assert {result.sources for result in found} <= {"new"}


def test_only_what_decides_is_hashed(tmp_path: Path) -> None:
    file = tmp_path / "demo.py"

    def hashed(text: str) -> bytes:
        file.write_text(text, encoding="utf-8")
        return fresh.deciding(file)

    first = hashed(
        '"""One."""\n\ndef f(x: int) -> int:\n    """Two."""\n    return x + 1  # three\n'
    )
    assert first == hashed('"""Another."""\ndef f(x):\n    "word"\n    return (x + 1)\n')
    assert first != hashed('"""One."""\ndef f(x: int) -> int:\n    """Two."""\n    return x + 2\n')
