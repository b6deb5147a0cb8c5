"""Reads numbers as learners write them: 13,002, 13.002,0, ½, 1.3 × 10⁴, 175B, 64*9+9, 73 percent.

Where a text can be read in two ways, both readings are given, and whoever marks takes the right
one. Whatever is no number is asked again rather than marked wrong.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from fractions import Fraction

from tutor.deck.format import significant, with_minus
from tutor.quiz import figures, several, units
from tutor.quiz.arithmetic import SCALES, NotArithmeticError, Value, evaluate
from tutor.quiz.number_words import number_word
from tutor.quiz.verdict import UnreadableError

Number = int | float

_LONGEST = 120
_MOST_SIDES = 3
_UNREADABLE = "That is not a number I can read. Write it like 1250, 0.25, 1/4, 25% or 64*9+9."

# Every mark that looks like a minus, a blank, an apostrophe, a cross or a bar, and ours.
_SAME = str.maketrans(
    dict.fromkeys("−–—‐‑‒﹣－", "-")
    | dict.fromkeys("⁄∕÷", "/")
    | dict.fromkeys("×✕⋅·∙•∗", "*")
    | dict.fromkeys("’‘ʼ′´`", "'")
    | dict.fromkeys("\u00a0\u2007\u2008\u2009\u200a\u202f\u3000\t", " ")
    | {"٪": "%", "{": "(", "}": ")", "$": ""}
)
_RAISED = re.compile("[⁺⁻]?[⁰¹²³⁴-⁹]+")
# Where a half is a factor or a power, what stands before it does not divide it.
# Where it is scaled, it is scaled as a whole: ½% and ½ million; 2½ million is one number already.
_SCALED = rf"(?= ?(?:[%‰]|percent|(?:{'|'.join(SCALES)})(?![A-Za-z])))"
_FACTOR = re.compile(rf"(?:([*/^×÷·⋅] ?)|(?<![0-9])(?<![0-9] )(?=.{_SCALED}))([½⅓⅔¼¾⅐-⅞])")
_LATEX = (
    (re.compile(r"\\[dt]?frac\s*\{([^{}]*)\}\s*\{([^{}]*)\}"), r"((\1)/(\2))"),
    (re.compile(r"\\(?:times|cdot)(?![a-z])"), "*"),
    (re.compile(r"\\(?=(?:sqrt|exp|ln|log|tanh|sin|cos|pi|%)(?![a-z]))"), ""),
)
_PERCENT = re.compile(r"(?<![^\W\d_])(?:per ?cent|pct)\b\.?", re.IGNORECASE)
_LEAD = re.compile(
    r"(?:(?:[^\W\d]\w{0,19})?\s*(?:[=≈~≃≅≐∼]|:=)"
    r"|(?:about|approximately|approx\.?|around|roughly|circa|ca\.?)(?=[\s\d]))\s*",
    re.IGNORECASE,
)
_SIGN_WORD = re.compile(r"(?:minus|negative)\s+(?=\S)", re.IGNORECASE)
# A number that is said again in brackets: 0.75 (75%).
_GLOSS = re.compile(
    rf"(-?{figures.FIGURE.pattern} ?%?) \([=≈~]? ?(-?{figures.FIGURE.pattern} ?%?)\)"
)
# The same with how it comes about: 55 (110/2), 64*9+9 (585); what differs is a product: 2 (3+4).
_WORKED = re.compile(r"(.*[^)]) \([=≈~]? ?((?:[^()]|\([^()]*\))+)\)")
_FRACTION = re.compile("[-+ ]*[0-9.,]+ */ *[0-9.,]+%?")


@dataclass(frozen=True, slots=True)
class Reading:
    """What a text may stand for.

    values: its readings, the usual one first: 1,300 is 1300 and 1.3. doubtful: what it would be
    if its groups of digits were meant as thousands although they are not of three. text: the
    answer as written, without blanks around it. literal: whether it shows its value by itself.
    span: whether it is a difference that may be meant as a range: 5-10.
    """

    values: tuple[Number, ...]
    doubtful: Number | None = None
    text: str = ""
    literal: bool = True
    span: bool = False

    def note(self, value: Number) -> str:
        """How the text came to be read as `value`; nothing where that is plain."""
        if not self.literal:
            return f"{self.text} = {people(value)}"
        return f"read as {people(value)}" if value != self.values[0] else ""


def people(value: Number) -> str:
    """A number as people write it: 13,002, −0.25."""
    mantissa, _, exponent = significant(value, 6).partition("e")
    return with_minus(f"{mantissa}e{int(exponent)}" if exponent else mantissa)


def read(text: str, *, unit: str = "") -> Reading:
    """The number that `text` writes, with or without `unit`.

    Raises UnreadableError for text that is no number, or one with another unit.
    """
    written = " ".join(text.split())
    if len(text) > _LONGEST:
        raise UnreadableError(_UNREADABLE)
    several.refuse(text, unit)
    plain = _plain(text, unit)
    if unit.startswith("%"):
        plain = _in_percent(plain)
    measured, factor = units.converted(plain, unit) or (units.without(plain, unit), Fraction(1))
    bare = _without_lead(measured).rstrip(" .,;")
    found = _sides(bare, unit)
    values = tuple(dict.fromkeys(_scaled(value, factor) for side in found for value in side))
    figure = bare.lstrip("+- ")
    doubtful = figures.ungrouped(figure) if len(found) == 1 else None
    if doubtful is not None:
        doubtful = -doubtful if bare.startswith("-") else doubtful
    literal = len(found) > 1 or (factor == 1 and _literal(bare))
    doubtful = doubtful if doubtful not in values else None
    return Reading(values, doubtful, written, literal, several.may_be_range(bare))


def _plain(text: str, unit: str) -> str:
    """`text` with the marks that arithmetic knows."""
    keep_dollar = "$" in unit
    text = _RAISED.sub(lambda found: f"^({unicodedata.normalize('NFKC', found[0])})", text)
    text = _FACTOR.sub(_in_parentheses, text)
    text = re.sub("[½⅓⅔¼¾⅐-⅞]", lambda found: f" {unicodedata.normalize('NFKC', found[0])}", text)
    for pattern, instead in _LATEX:
        text = pattern.sub(instead, text)
    if keep_dollar:
        text = text.replace("$", "\ue000")
    # NFKC would make a blank with an accent of some of these.
    text = unicodedata.normalize("NFKC", text.translate(_SAME)).translate(_SAME)
    text = text.replace("\ue000", "$").strip()
    return _PERCENT.sub("%", " ".join(text.split()))


def _in_percent(text: str) -> str:
    """`text` with what is in percent as a number of them: 100% - 30%, 75% (0.75)."""
    if gloss := _GLOSS.fullmatch(text):
        text = next((side for side in gloss.groups() if "%" in side), text)
    return text if re.search("[*/^()]", text) else text.replace("%", "")


def _in_parentheses(found: re.Match[str]) -> str:
    return f"{found[1] or ''}({unicodedata.normalize('NFKC', found[2])})"


def _without_lead(text: str) -> str:
    """`text` without "=", "≈", "about" or "x =" in front; "minus" becomes a sign."""
    while found := _LEAD.match(text):
        if not found[0].strip():
            break
        text = text[found.end() :]
    return _SIGN_WORD.sub("-", text, count=1)


def _sides(text: str, unit: str) -> list[tuple[Number, ...]]:
    """The readings of a text, and of what is said again in brackets or behind an equals sign."""
    if gloss := _GLOSS.fullmatch(text):
        text = f"{gloss[1]} = {gloss[2]}"
    elif worked := _WORKED.fullmatch(text):
        with suppress(UnreadableError):
            return list(_equal_sides(f"{worked[1]} = {worked[2]}", unit))
    return list(_equal_sides(text, unit))


def _equal_sides(text: str, unit: str) -> Iterator[tuple[Number, ...]]:
    """The readings of each side of an equation: 64*9+9 = 585.

    Raises UnreadableError when a side is not the first one, rounded.
    """
    sides = re.split("[=≈]", text)
    if len(sides) > _MOST_SIDES:
        raise UnreadableError(_UNREADABLE)
    first: tuple[Number, ...] = ()
    for side in sides:
        found = _readings(side.strip(), unit)
        if first and not any(abs(a - b) <= _rounding(b) for a in first for b in found):
            shown = f"{people(first[0])} is not {people(found[0])}."
            raise UnreadableError(f"{shown} Which of them is your answer?")
        first = first or found
        yield found


def _rounding(value: Number) -> float:
    """Half a unit of the last decimal that `value` has."""
    _, _, decimals = f"{value:.15g}".partition(".")
    return 0.5 * 10.0 ** -len(decimals) if "e" not in decimals else 0.01 * abs(value)


def _readings(text: str, unit: str) -> tuple[Number, ...]:
    sign = -1 if text.startswith("-") else 1
    said, percent, rest = text.lstrip("+-").partition("%")
    word = None if rest.strip() else number_word(said)
    if word is not None:
        return (_settled(sign * word / (100 if percent else 1)),)
    if unit and "b" not in unit.casefold() and re.search("[0-9] ?b$", text):
        text = f"{text[:-1]}B"  # 7b parameters: there are no bits where none are asked for
    if re.match(r"[-+]?\s*0[xX]", text):
        raise UnreadableError(_UNREADABLE)
    if unit[:1] in SCALES and 1 < len(unit) <= 3 and text.endswith(unit[0]):
        raise UnreadableError(_in_unit(unit))
    found: list[Value] = []
    failed: NotArithmeticError | None = None
    for decimal in figures.DECIMAL_MARKS:
        try:
            found.append(evaluate(text, decimal))
        except NotArithmeticError as error:
            failed = failed or error
    if not found:
        raise UnreadableError(_why(text, str(failed), unit))
    if unit in SCALES:
        # "6,132 million" may be written in full.
        found += [value / 10 ** SCALES[unit] for value in found]
    return tuple(dict.fromkeys(map(_settled, found)))


def _why(text: str, word: str, unit: str) -> str:
    """What to say of a text that is no arithmetic because of `word`."""
    figure = re.search("[0-9]", text)
    if not figure:
        return _UNREADABLE
    if re.fullmatch(figures.FIGURE, word):
        return "I cannot tell where the decimals begin. Write it like 1250.5."
    letters = re.search(r"[^\W\d_]+", word)
    if not letters:
        return _UNREADABLE
    if unit:
        return _in_unit(unit)
    word = letters[0][:20]
    return f"I cannot read “{word}” in a number. Write just the number."


def _in_unit(unit: str) -> str:
    return f"The answer is in {unit}. Write it so, or just the number."


def _settled(value: Value) -> Number:
    """`value` as a whole number if it is one, else rounded to the digits that a float holds."""
    if isinstance(value, float):
        value = float(f"{value:.15g}")
        return int(value) if value.is_integer() and abs(value) < 1e15 else value
    return int(value) if value.denominator == 1 else float(value)


def _scaled(value: Number, factor: Fraction) -> Number:
    """`value` times a factor, rounded as it is typed."""
    return value if factor == 1 else _settled(value * factor.numerator / factor.denominator)


def _literal(text: str) -> bool:
    """Whether `text` is a figure or a fraction of two, which need not be worked out."""
    figure = text.lstrip("+- ").removesuffix("%").strip()
    return bool(re.fullmatch(figures.FIGURE, figure) or _FRACTION.fullmatch(text))
