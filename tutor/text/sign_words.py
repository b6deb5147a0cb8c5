"""A word for every sign and every letter of a formula, in plain ASCII.

A sign without a word of its own has its name in Unicode. No two signs have one word, and no word
of a sign begins another's, so that what is heard can be taken apart again.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from tutor.text.alphabets import ACCENTS


def _table(lines: str) -> dict[str, str]:
    """Lines of `sign words` as a dictionary."""
    rows = (line.strip().split(" ", 1) for line in lines.strip().splitlines())
    return {sign: words.strip() for sign, words in rows}


SIGNS = _table("""
    = equals
    + plus
    − minus
    - minus
    ± plus or minus
    ∓ minus or plus
    · dot
    × times
    ÷ divided by
    / slash
    * asterisk
    ∗ convolved with
    ⋆ small star sign
    ★ black star sign
    ∘ composed with
    ⊙ elementwise times
    ⊗ tensor times
    ⊕ direct plus
    < less than
    > greater than
    ≤ at most
    ≥ at least
    ≠ not equal to
    ≪ far below
    ≫ far above
    ≈ approximately
    ∼ distributed as
    ≡ identical to
    ≔ defined as
    := assigned
    == double equals
    != exclamation equals
    ∝ proportional to
    ∈ element of
    ∉ not element of
    ∋ contains
    ⊂ subset of
    ⊆ subset or equal to
    ⊃ superset of
    ⊇ superset or equal to
    ∪ union
    ∩ intersection
    ∖ set minus
    ∅ empty set
    ∧ logical and
    ∨ logical or
    ¬ logical not
    ∀ forall
    ∃ exists
    ⊥ perpendicular
    ∥ parallel to
    ⫫ independent of
    → goes to
    ← becomes
    ↔ goes both ways
    ↦ maps to
    ⇒ implies
    ⇐ implied by
    ⇔ equivalent to
    ∞ infinity
    ∂ partial
    ∇ nabla
    ℓ script l
    ℏ h crossed
    ⊤ transpose sign
    ′ prime
    ° degrees
    % percent
    ‰ per thousand
    & ampersand
    # number sign
    $ dollar
    _ underscore
    ^ caret
    ~ tilde sign
    ! factorial
    ? question mark
    @ at sign
    " quote
    ' apostrophe
    ` backtick
    , comma
    ; semicolon
    : colon
    ∶ ratio
    . period
    … dots
    ⋯ middle dots
    ⋮ vertical dots
    ⋱ diagonal dots
    – dash
    — long dash
    | given
    ∣ divides
    ∤ not divides
    ‖ double given
    ( opening parenthesis
    ) closing parenthesis
    [ opening bracket
    ] closing bracket
    { opening brace
    } closing brace
    ⟨ opening angle
    ⟩ closing angle
    ∑ sum
    ∏ product
    ∐ coproduct
    ∫ integral
    ∬ double integral
    ∭ triple integral
    ∮ contour integral
    ∫⋯∫ repeated integral
    ⋃ big union
    ⋂ big intersection
    ℝ blackboard capital R
    𝟙 blackboard 1
    § section sign
    ≅ congruent to
    ≜ defined equal to
    ≕ reverse assigned
    ∔ dotted plus
    ≂ tilde under minus
    ♢ diamond suit
    ≍ asymptotic to
    ≻ comes after
    ≺ comes before
""")
"""Sign -> its words."""

ACCENT_WORDS = {
    "hat": "hat", "widehat": "hat", "tilde": "tilde", "widetilde": "tilde", "bar": "bar",
    "overline": "overline", "vec": "arrow", "overrightarrow": "arrow", "dot": "overdot",
    "ddot": "double overdot", "dddot": "triple overdot", "ddddot": "quadruple overdot",
    "check": "caron", "widecheck": "caron", "breve": "breve", "mathring": "ring",
    "acute": "acute", "grave": "grave", "overleftarrow": "left arrow",
    "overleftrightarrow": "two-way arrow", "overrightharpoon": "harpoon",
    "overleftharpoon": "left harpoon", "underrightarrow": "underarrow",
    "underleftarrow": "left underarrow", "underleftrightarrow": "two-way underarrow",
    "utilde": "undertilde", "underbar": "underline", "underline": "underline",
    "cancel": "cancelled", "xcancel": "twice cancelled", "bcancel": "backward cancelled",
    "sout": "struck",
}  # fmt: skip
"""Accent -> the word that follows the letter under it."""
assert ACCENT_WORDS.keys() == ACCENTS.keys()

# The same by the combining character, for letters that are typed with their accent.
_MARKS = {ACCENTS[name][0]: word for name, word in reversed(ACCENT_WORDS.items())} | {
    "\u0308": "double overdot",
    "\u0327": "cedilla",
    "\u0328": "ogonek",
    "\u030b": "double acute",
}
_DENIED = "\u0338"

_FONTS = (
    ("DOUBLE-STRUCK ITALIC", "blackboard"), ("DOUBLE-STRUCK", "blackboard"),
    ("BLACK-LETTER", "fraktur"), ("BOLD SCRIPT", "bold script"),
    ("BOLD FRAKTUR", "bold fraktur"),
    ("BOLD", "bold"),
    ("SCRIPT", "script"), ("FRAKTUR", "fraktur"), ("ITALIC", "italic"),
    ("MONOSPACE", "typewriter"), ("SANS-SERIF", "sans"),
)  # fmt: skip
_LETTER = re.compile(r"(?:(GREEK|LATIN) )?(CAPITAL|SMALL) LETTER ([A-Z]+)")
_STYLED = re.compile(r"(?:MATHEMATICAL )?(.+?) (CAPITAL|SMALL|DIGIT) ([A-Z]+)(?: SYMBOL)?")
_LAMBDA = re.compile(r"\bLAM(?=DA\b)")  # Unicode leaves the B out
_DIGITS = ("ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE")


@cache
def words_of(char: str) -> str:
    """The words of one sign, letter or digit (or of a sign of several characters in `SIGNS`)."""
    if char in SIGNS:
        return SIGNS[char]
    if char.isascii() and char.isalnum():
        return f"capital {char}" if char.isupper() else char
    apart = unicodedata.normalize("NFD", char)
    base, marks = apart[0], apart[1:]
    if marks == _DENIED:
        return f"not {words_of(base)}"
    if marks:
        return " ".join([words_of(base), *(_mark(mark) for mark in marks)])
    return _by_name(char)


def _mark(char: str) -> str:
    return _MARKS.get(char) or _plain_name(char)


def _by_name(char: str) -> str:
    name = unicodedata.name(char, "")
    if letter := _LETTER.fullmatch(name):
        return _cased(letter[2], letter[3])
    if styled := _STYLED.fullmatch(name):
        font = next((word for font, word in _FONTS if styled[1] == font), None)
        if font:
            return f"{font} {_cased(styled[2], styled[3])}"
    return _plain_name(char)


def _cased(case: str, letter: str) -> str:
    """`capital X`, `x`, `capital Sigma`, `sigma`, `1`."""
    if case == "DIGIT":
        return str(_DIGITS.index(letter))
    letter = _LAMBDA.sub("LAMB", letter)
    return f"capital {letter.capitalize()}" if case == "CAPITAL" else letter.lower()


def _plain_name(char: str) -> str:
    """The name in Unicode as words; a number for what has none."""
    name = unicodedata.name(char, "") or f"character {ord(char)}"
    name = _LAMBDA.sub("LAMB", re.sub(r"\bN-ARY\b", "BIG", name))
    words = " ".join(re.sub(r"[^a-z0-9]+", " ", name.lower()).split())
    begins_alike = any(words.startswith(f"{known} ") for known in SIGNS.values())
    return f"symbol {words}" if begins_alike else words
