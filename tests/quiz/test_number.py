"""Every way to write a number reads back to that number; everything else is asked again."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.quiz.number import read
from tutor.quiz.verdict import UnreadableError

SIGNS = st.sampled_from(["-", "−", "- ", "–"])
UNITS = ["parameters", "px", "ms", "MB", "%", "training steps"]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("13002", 13002),
        ("13,002", 13002),
        ("13 002", 13002),
        ("13\u00a0002", 13002),
        ("13_002", 13002),
        ("1,234,567", 1234567),
        ("13002.0", 13002),
        ("13,002.0", 13002),
        ("13.002,0", 13002),
        ("1.3002e4", 13002),
        ("26004/2", 13002),
        ("1300200%", 13002),
        ("+7", 7),
        ("−7", -7),
        ("- 7", -7),
        ("0,731", 0.731),
        ("13,00", 13),
    ],
)
def test_written_when_the_answer_is_whole(text: str, number: float) -> None:
    assert read(text, integer=True) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0.731", 0.731),
        ("0,731", 0.731),
        (".731", 0.731),
        (",731", 0.731),
        ("7.31e-1", 0.731),
        ("7,31E−1", 0.731),
        ("73.1%", 0.731),
        ("73,1 %", 0.731),
        ("1/3", 1 / 3),
        ("1 / 3", 1 / 3),
        ("−1/3", -1 / 3),
        ("1⁄3", 1 / 3),
        ("1,5/2", 0.75),
        ("1,234", 1.234),
        ("1,234.5", 1234.5),
        ("1.234,5", 1234.5),
        ("1 234,5", 1234.5),
        ("1_234.5", 1234.5),
        ("1.234.567,5", 1234567.5),
    ],
)
def test_written_when_the_answer_is_not_whole(text: str, number: float) -> None:
    assert read(text) == number


@pytest.mark.parametrize(
    "text",
    ["", ".", "-", "five", "1/0", "1/2/3", "e5", "10²", "½", "13 02", "1,23,4", "1.2.3", "1__0",
     "1,234,5", "0x10", "nan", "inf", "1e999", "1e-999", "1e300/1e-300", "٣", "5 apples", "--5",
     "9" * 65],
)  # fmt: skip
@pytest.mark.parametrize("integer", [True, False])
def test_no_number(text: str, integer: bool) -> None:
    with pytest.raises(UnreadableError) as asked:
        read(text, integer=integer)
    assert str(asked.value).endswith(".")


@pytest.mark.parametrize(
    ("text", "unit", "number"),
    [
        ("5 px", "px", 5),
        ("5px", "px", 5),
        ("5", "px", 5),
        ("5 Parameters", "parameters", 5),
        ("1 parameter", "parameters", 1),
        ("5 training  steps", "training steps", 5),
        ("8 MB", "MB", 8),
        ("73.1%", "%", 73.1),
        ("73.1", "%", 73.1),
        ("2 % error", "% error", 2),
    ],
)
def test_the_unit_may_be_written(text: str, unit: str, number: float) -> None:
    assert read(text, unit=unit) == number


@pytest.mark.parametrize(
    ("text", "unit"),
    [("5 em", "px"), ("8 Mb", "MB"), ("8 mb", "MB"), ("5 PX", "px"), ("5 px", ""), ("5 ms", "m")],
)
def test_another_unit_is_asked_again(text: str, unit: str) -> None:
    with pytest.raises(UnreadableError, match=unit or "just the number"):
        read(text, unit=unit)


@given(st.integers(-(10**15), 10**15), SIGNS, st.sampled_from(",_ \u202f"), st.sampled_from(UNITS))
def test_a_whole_number_reads_back(number: int, minus: str, mark: str, unit: str) -> None:
    sign = minus if number < 0 else ""
    grouped = f"{abs(number):,}".replace(",", mark)
    assert read(f"{sign}{abs(number)}", integer=True) == number
    assert read(f"{sign}{grouped}", integer=True) == number
    assert read(f" {sign}{grouped} {unit} ", integer=True, unit=unit) == number
    assert read(f"{sign}{grouped}.0", integer=True) == number
    assert read(f"{sign}{abs(number) * 100}%", integer=True) == number


@given(st.decimals(-(10**9), 10**9, places=6), SIGNS, st.sampled_from([",", ".", "_", " "]))
def test_a_decimal_number_reads_back(number: Decimal, minus: str, mark: str) -> None:
    sign = minus if number < 0 else ""
    size = abs(number)
    decimal = "," if mark == "." else "."
    grouped = f"{size:,}".replace(".", "!").replace(",", mark).replace("!", decimal)
    for written in [
        f"{size}",
        f"{size}".replace(".", ","),
        f"{size}".removeprefix("0"),
        f"{size:e}",
        f"{size * 100}%",
        f"{size * 8}/8",
        grouped,
    ]:
        assert read(sign + written) == pytest.approx(float(number), rel=1e-15, abs=0)


@given(st.text(max_size=80), st.booleans(), st.sampled_from(["", *UNITS]))
def test_any_text_is_a_number_or_asked_again(text: str, integer: bool, unit: str) -> None:
    try:
        number = read(text, integer=integer, unit=unit)
    except UnreadableError:
        return
    assert abs(number) < 10**302
    assert any(character.isdigit() for character in text)
