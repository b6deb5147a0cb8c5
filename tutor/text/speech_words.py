"""The words of which spoken formulas are made, and text said so that it is none of them."""

from __future__ import annotations

import re
import unicodedata

from tutor.text.formula import FRAMES
from tutor.text.sign_words import ACCENT_WORDS, SIGNS, words_of

FENCES = {
    ("⌊", "⌋"): ("floor of", "end floor"),
    ("⌈", "⌉"): ("ceiling of", "end ceiling"),
    ("|", "|"): ("absolute value of", "end absolute value"),
    ("‖", "‖"): ("norm of", "end norm"),
    ("", "|"): ("evaluation of", "end evaluation"),
}
"""Delimiters that have a meaning together -> what is said before and after their inside."""
DELIMITERS = {
    "(": "", ")": "", "[": "bracket", "]": "bracket", "{": "brace", "}": "brace", "⟨": "angle",
    "⟩": "angle", "|": "bar", "‖": "double bar", "": "none", "⟦": "double bracket",
    "⟧": "double bracket", "⟪": "double angle", "⟫": "double angle",
}  # fmt: skip
_PRIMES = {1: "prime", 2: "double prime", 3: "triple prime", 4: "quadruple prime"}
POWERS = {"2": "squared", "3": "cubed", "⊤": "transposed", "*": "star", "†": "dagger"} | {
    "′" * count: words for count, words in _PRIMES.items()
}
_STRUCTURE = (
    "nothing", "followed by", "sub", "subscript", "end sub", "to the", "to the power", "end power",
    *POWERS.values(), "group", "end group", "fraction", "over", "end fraction", "square root",
    "square root of", "root of degree", "of", "end root", "wide", "from", "across", "to",
    "log base", "log with base", "end base", "open", "close", "matrix", "next", "next row",
    "end matrix", "cases", "when", "next case", "end cases", "reversed cases", "lines",
    "next line", "end lines", "stack", "end stack", "binomial", "choose", "end binomial",
    "with label above", "with label below", "end label", "text", "end text", "word", "such that",
    "point",
    "determinant of", "end determinant", "capital", "bold", "script", "fraktur", "blackboard",
    "italic", "sans", "typewriter", "as", "base", "end",
)  # fmt: skip
# Names of the field that begin a phrase, but one whose next word is always set off.
_ALONE = frozenset({"log", "norm"})


def _reserved() -> frozenset[str]:
    """Words of text that would be taken for a formula's own: those that begin or go on a phrase."""
    greek = (words_of(chr(code)) for code in range(0x3B1, 0x3CA))
    spoken = {*_STRUCTURE, *SIGNS.values(), *ACCENT_WORDS.values(), *greek, *FRAMES}
    spoken |= {f"{side} {word}" for side in ("open", "close") for word in DELIMITERS.values()}
    spoken |= {words for pair in FENCES.values() for words in pair}
    phrases = {tuple(phrase.lower().split()) for phrase in spoken}
    first = {phrase[0] for phrase in phrases}
    going_on = {p[n] for p in phrases for n in range(1, len(p)) if p[:n] in phrases}
    return frozenset((first | going_on) - _ALONE)


RESERVED = _reserved()
"""Words of text that are set off."""

_PIECE = re.compile(r"[0-9][0-9.,]*[0-9]|[0-9]|[A-Za-z]+(?:[-'][A-Za-z]+)*|\S")
NUMBER = re.compile(r"[0-9]+(?:[.,][0-9]+)*")
POINTED = re.compile(r"\.[0-9]+")


def said_text(text: str) -> str:
    """A sign, a number or a run of text in words.

    Text with a word that formulas use themselves is set off.
    """
    text = text.strip()
    if text in SIGNS or len(text) == 1:
        return words_of(text)
    if POINTED.fullmatch(text):
        return f"point {text[1:]}"
    found = pieces(text)
    if any(piece.lower() in RESERVED for piece in found if len(piece) > 1 and piece.isascii()):
        return f"text {' '.join(_set_off(piece) for piece in found)} end text"
    return " ".join(_piece(piece) for piece in found)


def pieces(text: str) -> list[str]:
    """Words, numbers and signs; a letter of a word gives up its accent."""
    plain = "".join(
        char
        for char in unicodedata.normalize("NFD", text)
        if char.isascii() or not unicodedata.combining(char)
    )
    return _PIECE.findall(plain)


def _piece(piece: str) -> str:
    return piece if len(piece) > 1 and piece not in SIGNS else words_of(piece)


def _set_off(piece: str) -> str:
    return f"word {piece}" if piece.lower() in {"end", "word"} else _piece(piece)
