"""Every way to write a number reads back to that number; everything else is asked again."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.quiz.number import read
from tutor.quiz.verdict import UnreadableError

SIGNS = st.sampled_from(["-", "−", "- ", "–", "‐", "minus "])
UNITS = ["parameters", "px", "ms", "MB", "%", "training steps"]


def values(text: str, unit: str = "") -> tuple[float, ...]:
    return read(text, unit=unit).values


@pytest.mark.parametrize(
    "text",
    [
        "13002", "13,002", "13 002", "13\u00a0002", "13\u2009002", "13\u202f002", "13_002",
        "13'002", "13’002", "13.002", "13002.0", "13,002.0", "13.002,0", "13002,00", "1.3002e4",
        "1,3002E+4",
        "1.3002 x 10^4", "1.3002 × 10^4", "1.3002*10^4", "1.3002·10⁴", "1.3002 ⋅ 10**4",
        "1.3002 \\times 10^{4}", "$13002$", "13.002k", "13.002 thousand", "0.013002M", "26004/2",
        "26004 ÷ 2", "1300200%", "1300200 percent", "+13002", "13002.", "13,002.", "= 13002",
        "=13,002", "≈ 13002", "~13002", "about 13002", "ca. 13,002", "n = 13002", "１３００２",
        "13000+2", "128*101 + 74", "(100+2)*127.470588235294117647", "12,002 + 1000",
        "100² + 3002", "13002 = 13002", "128*101+74 = 13,002",
    ],
)  # fmt: skip
def test_written_in_many_ways(text: str) -> None:
    assert any(value == pytest.approx(13002, rel=1e-14) for value in values(text))


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("0.731", 0.731),
        ("0,731", 0.731),
        (".731", 0.731),
        (",731", 0.731),
        ("7.31e-1", 0.731),
        ("7.31 × 10⁻¹", 0.731),
        ("7.31 x 10^-1", 0.731),
        ("7,31E−1", 0.731),
        ("73.1%", 0.731),
        ("73,1 %", 0.731),
        ("73.1 per cent", 0.731),
        ("731‰", 0.731),
        ("1/3", 1 / 3),
        ("1 / 3", 1 / 3),
        ("−1/3", -1 / 3),
        ("1⁄3", 1 / 3),
        ("⅓", 1 / 3),
        ("\\frac{1}{3}", 1 / 3),
        ("one third", 1 / 3),
        ("½%", 0.005),
        ("½ million", 500_000),
        ("2½ million", 2_500_000),
        ("-¾ k", -750),
        ("five %", 0.05),
        ("½", 0.5),
        ("half", 0.5),
        ("1½", 1.5),
        ("1 1/2", 1.5),
        ("1,5/2", 0.75),
        ("1 234,5", 1234.5),
        ("1,234.5", 1234.5),
        ("1.234,5", 1234.5),
        ("1_234.5", 1234.5),
        ("1.234.567,5", 1234567.5),
        ("12,34,567", 1234567),
        ("3.141 592", 3.141592),
        ("10^-4", 1e-4),
        ("10⁻⁴", 1e-4),
        ("175B", 175e9),
        ("175 billion", 175e9),
        ("175.000.000.000", 175e9),
        ("1.5 M", 1.5e6),
        ("√2/2", 2**0.5 / 2),
        ("sqrt(2)/2", 2**0.5 / 2),
        ("1/(1+e^-1)", 0.7310585786300049),
        ("-log2(1/8)", 3),
        ("2π", 6.283185307179586),
        ("2^10", 1024),
        ("sigmoid(1)", 0.731058578630005),
        ("tanh(0)", 0),
        ("relu(-3) + 1", 1),
        ("-2^2", -4),
        ("(-2)^2", 4),
        ("1/2/3", 1 / 6),
        ("0.1 + 0.2 - 0.3", 0),
        ("minus 0.5", -0.5),
        ("twenty-one", 21),
    ],
)
def test_one_reading(text: str, number: float) -> None:
    (value,) = values(text)
    assert value == pytest.approx(number, rel=1e-14)


@pytest.mark.parametrize(
    ("text", "both"),
    [
        ("1,234", (1234, 1.234)),
        ("1.234", (1.234, 1234)),
        ("−1,300", (-1300, -1.3)),
        ("1,300*2", (2600, 2.6)),
    ],
)
def test_two_readings(text: str, both: tuple[float, float]) -> None:
    assert values(text) == both


@pytest.mark.parametrize(
    ("text", "note", "value"),
    [
        ("64*9+9", "64*9+9 = 585", 585),
        ("175B", "175B = 175,000,000,000", 175e9),
        ("13.002", "read as 13,002", 13002),
        ("13,002", "", 13002),
        ("0.25", "", 0.25),
        ("1/4", "", 0.25),
        ("25 percent", "", 0.25),
        ("3-5", "3-5 = −2", -2),
    ],
)
def test_what_is_said_of_a_reading(text: str, note: str, value: float) -> None:
    assert read(text).note(value) == note


@pytest.mark.parametrize(
    "text",
    ["", ".", "-", "two three", "1/0", "e5", "13 02", "1,23,4", "1.2.3", "1__0",
     "1,234,5", "0x10", "nan", "inf", "1e999", "1e-999", "1e300/1e-300", "٣", "5 apples", "--5",
     "five % of 3", "9" * 65,
     "5–10", "5 to 10", "5 ± 1", "2^", "3*", "(1+2", "1)", "9^9^9", "(-8)^(1/3)", "ln(0)", "_",
     "64*9+9 = 586", "1.5m", "f(3)", "__import__", "1 if 1 else 2", "[1]", "5 = 5 = 5 = 5",
     "(" * 60, "√" * 60],
)  # fmt: skip
def test_no_number(text: str) -> None:
    with pytest.raises(UnreadableError) as asked:
        read(text)
    assert str(asked.value).endswith((".", "?"))


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
        ("13 002 params", "parameters", 13_002),
        ("5 dollars", "$", 5),
        ("60 megabytes", "MB", 60),
        ("3600 sec", "s", 3600),
        ("60 mins", "minutes", 60),
        ("5 kilobytes", "bytes", 5000),
        ("1 h", "s", 3600),
        ("90 s", "min", 1.5),
        ("0.5 seconds", "ms", 500),
        ("1 day", "hours", 24),
    ],
)
def test_the_unit_may_be_written(text: str, unit: str, number: float) -> None:
    assert values(text, unit)[0] == number


@pytest.mark.parametrize(
    ("text", "unit"),
    [("5 em", "px"), ("8 Mb", "MB"), ("8 mb", "MB"), ("5 PX", "px"), ("5 px", ""), ("5 ms", "m"),
     ("60M", "MB"), ("5 m", "s"), ("5 min", "m"), ("3 pounds", "parameters"), ("5 euros", "$")],
)  # fmt: skip
def test_another_unit_is_asked_again(text: str, unit: str) -> None:
    with pytest.raises(UnreadableError, match=unit or "just the number"):
        read(text, unit=unit)


@given(
    st.integers(-(10**15), 10**15), SIGNS, st.sampled_from(",._' \u202f"), st.sampled_from(UNITS)
)
def test_a_whole_number_reads_back(number: int, minus: str, mark: str, unit: str) -> None:
    sign = minus if number < 0 else ""
    grouped = f"{abs(number):,}".replace(",", mark)
    assert number in values(f"{sign}{abs(number)}")
    assert number in values(f"{sign}{grouped}")
    assert number in values(f" {sign}{grouped} {unit} ", unit)
    assert number in values(f"{sign}{grouped}{',' if mark == '.' else '.'}0")
    assert number in values(f"{sign}{abs(number) * 100}%")


@given(st.decimals(-(10**9), 10**9, places=6), SIGNS, st.sampled_from([",", ".", "_", " ", "'"]))
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
        f"{size:e}".replace("e", " × 10^"),
        f"{size * 100}%",
        f"{size * 8}/8",
        f"{size} + 1 - 1",
        grouped,
    ]:
        found = values(f"-({written})" if sign and " + " in written else sign + written)
        assert any(v == pytest.approx(float(number), rel=1e-15, abs=0) for v in found), written


@given(st.text(max_size=130), st.sampled_from(["", "billion", "$", *UNITS]))
def test_any_text_is_a_number_or_asked_again(text: str, unit: str) -> None:
    try:
        found = values(text, unit)
    except UnreadableError:
        return
    assert all(abs(number) < 10**302 for number in found)


@given(st.text("0123456789.,'e+-*/^()x√%kMB =π½²", max_size=120))
def test_any_arithmetic_ends(text: str) -> None:
    try:
        assert len(values(text)) in (1, 2, 3)
    except UnreadableError as error:
        assert len(str(error)) < 200
