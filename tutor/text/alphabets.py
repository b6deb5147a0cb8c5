"""Tables of the math renderer: letters in other fonts, small letters, accents, growing signs."""

from __future__ import annotations

ACCENTS: dict[str, tuple[str, str]] = {
    "acute": ("\u0301", "´"),
    "grave": ("\u0300", "`"),
    "dddot": ("\u20db", "···"),
    "ddddot": ("\u20dc", "····"),
    "widecheck": ("\u030c", "ˇ"),
    "overleftarrow": ("\u20d6", "←"),
    "overleftrightarrow": ("\u20e1", "↔"),
    "overrightharpoon": ("\u20d1", "⇀"),
    "overleftharpoon": ("\u20d0", "↼"),
    "underrightarrow": ("\u20ef", "→"),
    "underleftarrow": ("\u20ee", "←"),
    "underleftrightarrow": ("\u034d", "↔"),
    "utilde": ("\u0330", "~"),
    "underbar": ("\u0332", "─"),
    "cancel": ("\u0338", "╱"),
    "bcancel": ("\u20e5", "╲"),
    "xcancel": ("\u0338", "╳"),
    "sout": ("\u0336", "─"),
    "hat": ("\u0302", "^"),
    "widehat": ("\u0302", "^"),
    "tilde": ("\u0303", "~"),
    "widetilde": ("\u0303", "~"),
    "bar": ("\u0304", "─"),
    "overline": ("\u0305", "─"),
    "vec": ("\u20d7", "→"),
    "overrightarrow": ("\u20d7", "→"),
    "dot": ("\u0307", "·"),
    "ddot": ("\u0308", "··"),
    "check": ("\u030c", "ˇ"),
    "breve": ("\u0306", "˘"),
    "mathring": ("\u030a", "°"),
    "underline": ("\u0332", "─"),
}
"""Accent -> (the combining character over one letter, the mark over something wider)."""

STRETCHED = frozenset({"─"})
"""Marks that grow as wide as what they stand over."""


def _alphabet(capital: int, small: int | None, digit: int | None = None) -> dict[str, str]:
    table = {chr(65 + i): chr(capital + i) for i in range(26)}
    if small is not None:
        table |= {chr(97 + i): chr(small + i) for i in range(26)}
    if digit is not None:
        table |= {chr(48 + i): chr(digit + i) for i in range(10)}
    return table


_BOLD_GREEK = {
    **{chr(0x391 + i): chr(0x1D6A8 + i) for i in range(25) if i != 17},
    **{chr(0x3B1 + i): chr(0x1D6C2 + i) for i in range(25)},
    "∇": "𝛁",
}

ALPHABETS: dict[str, dict[str, str]] = {
    "mathbb": _alphabet(0x1D538, 0x1D552, 0x1D7D8)
    | {"C": "ℂ", "H": "ℍ", "N": "ℕ", "P": "ℙ", "Q": "ℚ", "R": "ℝ", "Z": "ℤ"},
    "mathbf": _alphabet(0x1D400, 0x1D41A, 0x1D7CE) | _BOLD_GREEK,
    "mathcal": _alphabet(0x1D49C, None)
    | {"B": "ℬ", "E": "ℰ", "F": "ℱ", "H": "ℋ", "I": "ℐ", "L": "ℒ", "M": "ℳ", "R": "ℛ"},
    "mathfrak": _alphabet(0x1D504, 0x1D51E) | {"C": "ℭ", "H": "ℌ", "I": "ℑ", "R": "ℜ", "Z": "ℨ"},
}
"""Font -> letter -> the same letter in that font; a letter that has none stays as it is."""
for _same, _font in {
    "boldsymbol": "mathbf",
    "bm": "mathbf",
    "bold": "mathbf",
    "pmb": "mathbf",
    "symbf": "mathbf",
    "mathbfit": "mathbf",
    "symbfit": "mathbf",
    "mathbfsf": "mathbf",
    "mathbbm": "mathbb",
    "mathbbmss": "mathbb",
    "mathds": "mathbb",
    "symbb": "mathbb",
    "symcal": "mathcal",
    "symscr": "mathcal",
    "mathbfcal": "mathcal",
    "symfrak": "mathfrak",
    "frak": "mathfrak",
    "mathscr": "mathcal",
    "Bbb": "mathbb",
}.items():
    ALPHABETS[_same] = ALPHABETS[_font]

SUPERSCRIPTS = dict(
    zip(
        "0123456789+−=()abcdefghijklmnoprstuvwxyzABDEGHIJKLMNOPRTUVWαβγδεθιφχ′*⊤",
        "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᴬᴮᴰᴱᴳᴴᴵᴶᴷᴸᴹᴺᴼᴾᴿᵀᵁⱽᵂᵅᵝᵞᵟᵋᶿᶥᵠᵡ′*ᵀ",
        strict=True,
    )
) | {"†": "†", "∘": "°"}
"""Every character that Unicode can raise, and its raised form."""

SUBSCRIPTS = dict(
    zip(
        "0123456789+−=()aehijklmnoprstuvxβγρφχ",
        "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓᵦᵧᵨᵩᵪ",
        strict=True,
    )
)
"""Every character that Unicode can lower, and its lowered form."""

DELIMITERS: dict[str, tuple[str, str, str]] = {
    "(": ("⎛", "⎜", "⎝"),
    ")": ("⎞", "⎟", "⎠"),
    "[": ("⎡", "⎢", "⎣"),
    "]": ("⎤", "⎥", "⎦"),
    "⌊": ("⎢", "⎢", "⎣"),
    "⌋": ("⎥", "⎥", "⎦"),
    "⌈": ("⎡", "⎢", "⎢"),
    "⌉": ("⎤", "⎥", "⎥"),
    "|": ("│", "│", "│"),
    "‖": ("║", "║", "║"),
    "{": ("⎧", "⎪", "⎩"),
    "}": ("⎫", "⎪", "⎭"),
}
"""Delimiter -> its top, middle and bottom when it grows."""

BRACES = {"{": ("⎨", "⎰⎱"), "}": ("⎬", "⎱⎰")}
"""Brace -> its point in the middle, and its two halves when it is two rows high."""
