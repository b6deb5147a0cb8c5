"""Works out an answer that is written as arithmetic: 64*9+9, 1/3, 1.3 × 10^4, √2/2, 175B.

Exact in fractions as long as that is small; every value and the nesting are capped, so that no
text takes long.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

from tutor.quiz import figures
from tutor.quiz.verdict import UnreadableError

Value = Fraction | float

SCALES: Final[Mapping[str, int]] = {
    "k": 3, "K": 3, "thousand": 3, "M": 6, "mn": 6, "mln": 6, "mio": 6, "million": 6,
    "B": 9, "G": 9, "bn": 9, "mrd": 9, "billion": 9, "T": 12, "tn": 12, "trillion": 12,
    "hundred": 2, "lakh": 5, "crore": 7, "milliard": 9,
}  # fmt: skip
"""What a word or letter behind a number multiplies it by, as a power of ten."""

# In a letter a capital has a meaning of its own; a word is only a word.
_SCALES: Final = {
    "%": -2, "‰": -3, **SCALES,
    **{word.capitalize(): power for word, power in SCALES.items() if len(word) > 2},
}  # fmt: skip
_CONSTANTS: Final[Mapping[str, float]] = {"e": math.e, "pi": math.pi, "π": math.pi}
_FUNCTIONS: Final[Mapping[str, Callable[[float], float]]] = {
    "sqrt": math.sqrt, "√": math.sqrt, "exp": math.exp, "ln": math.log, "log": math.log,
    "log2": math.log2, "log10": math.log10, "sin": math.sin, "cos": math.cos, "tanh": math.tanh,
    "sigmoid": lambda x: (1 + math.tanh(x / 2)) / 2, "relu": lambda x: max(0.0, x),
}  # fmt: skip
_TOKEN = re.compile(
    rf"\s*(?:(?P<figure>{figures.FIGURE.pattern})|(?P<name>log(?:2|10)(?=\s*\()|[^\W\d_]+)"
    r"|(?P<sign>\*\*|[-+*/^()%‰√]))"
)
_MOST_BITS = 2_048
_LARGEST = 1e300
_DEEPEST = 20


class NotArithmeticError(ValueError):
    """The text does not follow the rules of arithmetic; holds the word that is in the way."""


@dataclass(frozen=True, slots=True)
class _Token:
    kind: str
    text: str


def evaluate(text: str, decimal: str) -> Value:
    """The value of `text`, its figures read with `decimal` as their decimal mark.

    Raises NotArithmeticError, or UnreadableError for a division by zero and the like.
    """
    reader = _Reader(_tokens(text), decimal)
    found = reader.sum()
    if reader.at < len(reader.tokens):
        raise NotArithmeticError(reader.next.text)
    return found


def _tokens(text: str) -> list[_Token]:
    tokens, at = [], 0
    text = text.rstrip()
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None or found.lastgroup is None:
            raise NotArithmeticError(text[at:].strip())
        tokens.append(_Token(found.lastgroup, found[found.lastgroup]))
        at = found.end()
    return tokens


_END = _Token("end", "")


class _Reader:
    """Reads tokens by recursive descent: a sum of products of signed powers."""

    def __init__(self, tokens: list[_Token], decimal: str) -> None:
        self.tokens = tokens
        self.decimal = decimal
        self.at = 0
        self.depth = 0

    @property
    def next(self) -> _Token:
        return self.tokens[self.at] if self.at < len(self.tokens) else _END

    def take(self, *texts: str) -> str:
        """The next token's text if it is one of these, which is then read; else nothing."""
        text = self.next.text if self.next.kind in {"sign", "name"} else ""
        if text not in texts:
            return ""
        self.at += 1
        return text

    def sum(self) -> Value:
        total = self.product()
        while sign := self.take("+", "-"):
            other = self.product()
            total = _plus(total, other if sign == "+" else -other)
        return total

    def product(self) -> Value:
        result = self.signed()
        while True:
            if self.take("*") or self.times():
                result = _times(result, self.signed())
            elif self.take("/"):
                result = _over(result, self.signed())
            elif self.implied():
                result = _times(result, self.power())
            else:
                return result

    def times(self) -> str:
        """An x between two figures is a cross."""
        return self.take("x", "X")

    def implied(self) -> bool:
        """Whether a factor follows without a sign: 2π, 3(4+5), 2 sqrt(3)."""
        token = self.next
        known = token.text in _CONSTANTS or token.text in _FUNCTIONS
        return token.text == "(" or (token.kind in {"name", "sign"} and known)

    def signed(self) -> Value:
        sign = self.take("+", "-")
        found = self.power()
        return -found if sign == "-" else found

    def power(self) -> Value:
        base = self.scaled()
        if not self.take("^", "**"):
            return base
        with_sign = self.take("+", "-")
        exponent = self.power()
        return _power(base, -exponent if with_sign == "-" else exponent)

    def scaled(self) -> Value:
        """A value with what may stand behind it: %, ‰, thousand, M, billion."""
        found = self.atom()
        while word := self.take("%", "‰", *_SCALES):
            found = _times(found, Fraction(10) ** _SCALES[word])
        return found

    def atom(self) -> Value:
        token = self.next
        self.at += 1
        self.depth += 1
        if self.depth > _DEEPEST:
            raise UnreadableError("That is nested too deeply to be worked out.")
        found = self.read(token)
        self.depth -= 1
        return found

    def read(self, token: _Token) -> Value:
        if token.kind == "figure":
            return self.mixed(token)
        if token.text == "(":
            found = self.sum()
            if not self.take(")"):
                raise NotArithmeticError(self.next.text)
            return found
        if token.text.casefold() in _FUNCTIONS:
            return _applied(_FUNCTIONS[token.text.casefold()], self.power())
        if token.text in _CONSTANTS:
            return _CONSTANTS[token.text]
        raise NotArithmeticError(token.text)

    def mixed(self, token: _Token) -> Value:
        """A figure, and a proper fraction right behind a whole one: 1 1/2."""
        whole = self.figure(token)
        following = self.tokens[self.at : self.at + 3]
        if [t.kind for t in following] != ["figure", "sign", "figure"] or following[1].text != "/":
            return whole
        top, bottom = self.figure(following[0]), self.figure(following[2])
        if not (whole == int(whole) and 0 < top < bottom):
            raise NotArithmeticError(following[0].text)
        self.at += 3
        return whole + top / bottom

    def figure(self, token: _Token) -> Fraction:
        found = figures.value(token.text, self.decimal)
        if found is None:
            raise NotArithmeticError(token.text)
        return found


def _plus(a: Value, b: Value) -> Value:
    return _tame(a + b)


def _times(a: Value, b: Value) -> Value:
    return _tame(a * b)


def _over(a: Value, b: Value) -> Value:
    if not b:
        raise UnreadableError("A number divided by zero is not a number.")
    return _tame(a / b)


def _power(base: Value, exponent: Value) -> Value:
    """`base ** exponent`, exact when the exponent is whole and the result short."""
    if isinstance(base, Fraction) and exponent == int(exponent):
        power = int(exponent)
        size = max(base.numerator.bit_length(), base.denominator.bit_length())
        if size * abs(power) <= _MOST_BITS and (base or power >= 0):
            return base**power
    return _applied(lambda x: math.pow(x, float(exponent)), base)


def _applied(function: Callable[[float], float], argument: Value) -> Value:
    try:
        return _tame(function(float(argument)))
    except OverflowError:
        raise UnreadableError("That number is too large or too small to be read.") from None
    except ValueError:
        raise UnreadableError("That has no value among the real numbers.") from None


def _tame(value: Value) -> Value:
    """`value`, as a float once it is long. Raises UnreadableError beyond 1e300 and below 1e-300."""
    try:
        size = abs(float(value))
    except OverflowError:
        size = math.inf
    if value != 0 and not 1 / _LARGEST < size < _LARGEST:
        raise UnreadableError("That number is too large or too small to be read.")
    if isinstance(value, Fraction):
        bits = max(value.numerator.bit_length(), value.denominator.bit_length())
        return value if bits <= _MOST_BITS else float(value)
    return value
