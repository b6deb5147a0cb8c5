"""One notation of numbers: powers of ten only where they say something."""

from __future__ import annotations

import pytest

from tutor.text.numerals import in_formula, written


@pytest.mark.parametrize(
    ("printed", "read"),
    [
        ("0e+00", "0"), ("0.0e-05", "0"), ("1.0e+00", "1.0"), ("-2.5e+00", "−2.5"),
        ("1e-06", "10⁻⁶"), ("3.2e-04", "3.2·10⁻⁴"), ("13002", "13,002"), ("3fe12", "3fe12"),
    ],
)  # fmt: skip
def test_a_power_of_ten_is_written_where_it_says_something(printed: str, read: str) -> None:
    assert written(printed) == read
    assert written(read) == read


def test_the_same_in_a_formula() -> None:
    assert in_formula("0e+00 + 1e-06 + 2.5e+00") == "0 + 10^{-6} + 2.5"
