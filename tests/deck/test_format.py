"""Drawn numbers as text, and numbers as an author writes them."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from tutor.deck import numbers
from tutor.deck.format import references, show
from tutor.deck.walker import ExprError, Value


@pytest.mark.parametrize(
    ("template", "value", "text"),
    [
        ("@{x} units", 13002, "13,002 units"),
        ("@{x}", -1234567, "−1,234,567"),
        ("@{x}", 0.880797, "0.8808"),
        ("@{x}", 12345.6, "12,350"),
        ("@{x}", 4.0, "4"),
        ("@{x}", 100000.5, "100,000"),
        ("@{x}", 1e-7, "1e-07"),
        ("@{x:.3f}", 0.5, "0.500"),
        ("@{x:+d}", 3, "+3"),
        ("2 · @{x:()}", -0.5, "2 · (−0.5)"),
        ("2 · @{x:()}", 0.5, "2 · 0.5"),
        ("@{x:d}", 13002, "13,002"),
        ("@{x:+.2f}", -3, "−3.00"),
        ("@{x:%}", -0.05, "−5%"),
        ("x = @{x}: `f(@{x})`, ``g(`@{x}`)`` and @{x}", -3, "x = −3: `f(-3)`, ``g(`-3`)`` and −3"),
        ("```python\nx = @{x}\n```\n$x = @{x}$", -3, "```python\nx = -3\n```\n$x = −3$"),
        ("@{x:%}", 0.731, "73.1%"),
        ("@{x:.1%}", 0.73149, "73.1%"),
        ("@{ x : .2e }", 1234.0, "1.23e+03"),
        ("$k = @{x}$", "tanh", "$k = tanh$"),
        ("@{x:.2f}", [0.25, -0.755], "0.25, −0.76"),
        ("{x} @x", 1, "{x} @x"),
    ],
)
def test_show(template: str, value: Value, text: str) -> None:
    assert show(template, {"x": value}) == text


@pytest.mark.parametrize("template", ["@{y}", "@{x:999999d}", "@{x:s}", "@{x:d}", "@{x:>30}"])
def test_show_refuses(template: str) -> None:
    with pytest.raises(ExprError):
        show(template, {"x": 0.5})


def test_references() -> None:
    assert references("@{a} and @{b:.2f} and {c} and @{a}") == ["a", "b", "a"]


@given(st.text(max_size=40), st.one_of(st.integers(), st.floats(allow_nan=False)))
@example("", float("inf"))
@example("@{x:d}", float("-inf"))
def test_any_template_shows_or_says_why(template: str, value: float) -> None:
    try:
        assert isinstance(show(template + "@{x}", {"x": value}), str)
    except ExprError as error:
        assert str(error)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("13_002", 13_002),
        ("13,002", 13_002),
        ("1,048,576", 1_048_576),
        ("0.731", 0.731),
        (".731", 0.731),
        ("-7", -7),
        ("−7", -7),
        ("7.31e-1", 0.731),
        ("1/4", 0.25),
    ],
)
def test_numbers_as_written(text: str, value: float) -> None:
    assert numbers.read(text) == value
    assert type(numbers.read(text)) is type(value)


@pytest.mark.parametrize("text", ["", "a", "1,23", "1 2", "1/0", "1e999", "--1", "0x10", "9" * 400])
def test_what_is_no_number(text: str) -> None:
    with pytest.raises(ExprError):
        numbers.read(text)


def test_resolve() -> None:
    assert numbers.resolve("@{ans:.2f}", {"ans": 0.123456}) == 0.123456
    assert numbers.resolve("12", {}) == 12
    with pytest.raises(ExprError):
        numbers.resolve("@{no}", {})
