"""Which signs the terminal can be trusted with, and what is written instead of the others.

`full` is all of Unicode. `no accents` writes hat(m) for m̂, for terminals that drop what combines
(st, zutty). `plain` writes formulas, curves and pictures in ASCII, for the console of Linux and
for terminals in which Greek, lines and braille take two cells.

The choice is one for the whole process, as there is one terminal.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from typing import Final, Literal, get_args

Glyphs = Literal["full", "no accents", "plain"]
CHOICES: Final[tuple[Glyphs, ...]] = get_args(Glyphs)

_now: Glyphs = "full"


def use(glyphs: Glyphs) -> None:
    """Write with these signs from now on."""
    global _now  # noqa: PLW0603 - one terminal, one choice
    _now = glyphs


def now() -> Glyphs:
    """The signs in use."""
    return _now


def can_show(accented: str) -> bool:
    """Whether the terminal shows a letter with the mark that was put on it."""
    match _now:
        case "full":
            return True
        case "no accents":
            return not any(map(unicodedata.combining, accented))
        case "plain":
            return accented.isascii()


# Sign for sign, so that nothing moves. What is in none of the groups is taken apart.
_CELLS: Final = {
    **dict.fromkeys("─━═┄┅┈┉╌╍╴╶‾⎯−–—‐‑―╱⁻₋", "-"),
    **dict.fromkeys("│┃║┆┇┊┋╎╏╵╷∣⎪⎢⎥▏▕", "|"),
    **dict.fromkeys("┌┐└┘├┤┬┴┼╭╮╯╰╔╗╚╝╠╣╦╩╬┏┓┗┛╋⁺₊", "+"),
    **dict.fromkeys("←⇐↤⟵◀◂‹«⟨", "<"), **dict.fromkeys("→⇒↦⟶▶▸›»⟩❯", ">"),
    **dict.fromkeys("↑⇑▲△▴", "^"), **dict.fromkeys("↓⇓▼▽▾", "v"),
    **dict.fromkeys("↗↘", "/"), **dict.fromkeys("↖↙╲∖", "\\"),
    **dict.fromkeys("↔⇔⟷≈∼≃≅", "~"), **dict.fromkeys("≤≦", "<"), **dict.fromkeys("≥≧", ">"),
    **dict.fromkeys("●◆■★•∙⋆⁎∗", "*"), **dict.fromkeys("○◇□☆◦°∘", "o"),
    **dict.fromkeys("·⋅…⋯⋮⋱◌", "."), **dict.fromkeys("×✗✘✕╳⨯", "x"), **dict.fromkeys("✓✔√", "v"),
    **dict.fromkeys("⎡⎣⎧⎨⎩⟦⌈⌊", "["), **dict.fromkeys("⎤⎦⎫⎬⎭⟧⌉⌋", "]"),
    **dict.fromkeys("⎛⎜⎝⁽₍", "("), **dict.fromkeys("⎞⎟⎠⁾₎", ")"),
    **dict.fromkeys("≠≢", "#"), **dict.fromkeys("≡⁼₌", "="), "∂": "d", "∇": "V", "∑": "S",
    "∏": "P", "∫": "S", "∞": "8", "∈": "e", "☑": "x", "☐": "o", "±": "+", "÷": "/", "′": "'",
    "’": "'", "‘": "'", "“": '"', "”": '"', "„": '"', "§": "S", "µ": "u", "ℓ": "l", "∝": "~",
    "∥": "|", "‖": "|", "⊙": "o", "⊕": "+", "⊗": "x", "␣": "_", "▁": "_", "¬": "-", "∧": "^",
}  # fmt: skip
_GREEK: Final = dict(
    zip("αβγδεζηθικλμνξοπρστυφχψωςϑϕϵΓΔΘΛΞΠΣΦΨΩ", "abgdezhqiklmnxoprstufcywsqfeGDQLXPSFYW",
        strict=True)
)  # fmt: skip
_SHADES = {"░": ".", "▒": ":", "▓": "#", "█": "#", "▀": '"', "▄": "_", "▌": "|", "▐": "|"}


def shown(text: str) -> str:
    """`text` as it may be painted: sign for sign, each in the cells that it took."""
    return text if _now != "plain" or text.isascii() else in_ascii(text)


def in_ascii(text: str) -> str:
    """`text` in ASCII, sign for sign; letters of other scripts and wide signs stay."""
    return "".join(map(_cell, text))


@lru_cache(maxsize=4096)
def _cell(char: str) -> str:
    """One sign in ASCII, if it is a sign; letters of other scripts and wide signs stay."""
    if char.isascii() or unicodedata.combining(char):
        return char if char.isascii() else ""
    if found := _CELLS.get(char) or _GREEK.get(char) or _SHADES.get(char):
        return found
    if "\u2800" <= char <= "\u28ff":
        return _dots(ord(char) - 0x2800)
    letter = unicodedata.category(char)[0] == "L"
    apart = unicodedata.normalize("NFKD", char)
    first = _GREEK.get(apart[0], apart[0])
    if letter and not (first.isascii() and unicodedata.decomposition(char).startswith("<")):
        return char
    from rich.cells import cell_len  # start-up: most never paint in ASCII

    if cell_len(char) != 1:
        return char
    return first if first.isascii() else "?"


def _dots(bits: int) -> str:
    """A cell of braille by where its dots are: above, below, both, or most of it."""
    above, below = bits & 0b00011011, bits & 0b11100100
    if not bits:
        return " "
    if bits.bit_count() >= 5:
        return "*"
    return ":" if above and below else "'" if above else "."
