"""Tables of the math renderer: what each LaTeX command is in Unicode, and how it is spaced.

To teach it a symbol, add one word to one table here; nothing else needs to know.
"""

from __future__ import annotations

from typing import Literal

Kind = Literal["ord", "name", "big", "bin", "rel", "open", "close", "punct", "space"]

_GREEK_PAIRS = (
    "alpha:α beta:β gamma:γ delta:δ epsilon:ε varepsilon:ε zeta:ζ eta:η theta:θ "
    "vartheta:ϑ iota:ι kappa:κ lambda:λ mu:μ nu:ν xi:ξ omicron:ο pi:π varpi:ϖ rho:ρ "
    "varrho:ϱ sigma:σ varsigma:ς tau:τ upsilon:υ phi:φ varphi:φ chi:χ psi:ψ omega:ω "
    "Gamma:Γ Delta:Δ Theta:Θ Lambda:Λ Xi:Ξ Pi:Π Sigma:Σ Upsilon:Υ Phi:Φ Psi:Ψ Omega:Ω"
)
_GREEK = dict(pair.split(":") for pair in _GREEK_PAIRS.split())

_ORDINARY = {
    "infty": "∞",
    "partial": "∂",
    "nabla": "∇",
    "ell": "ℓ",
    "hbar": "ℏ",
    "imath": "i",
    "jmath": "j",
    "Re": "ℜ",
    "Im": "ℑ",
    "aleph": "ℵ",
    "forall": "∀",
    "exists": "∃",
    "nexists": "∄",
    "emptyset": "∅",
    "varnothing": "∅",
    "neg": "¬",
    "lnot": "¬",
    "top": "⊤",
    "bot": "⊥",
    "prime": "′",
    "angle": "∠",
    "triangle": "△",
    "square": "□",
    "Box": "□",
    "blacksquare": "■",
    "checkmark": "✓",
    "dagger": "†",
    "degree": "°",
    "ldots": "…",
    "dots": "…",
    "dotsc": "…",
    "cdots": "⋯",
    "dotsb": "⋯",
    "vdots": "⋮",
    "ddots": "⋱",
    "vert": "|",
    "Vert": "‖",
    "|": "‖",
    "backslash": "∖",
    "#": "#",
    "%": "%",
    "&": "&",
    "$": "$",
    "_": "_",
}

_BINARY = {
    "cdot": "·",
    "times": "×",
    "div": "÷",
    "pm": "±",
    "mp": "∓",
    "ast": "∗",
    "star": "⋆",
    "circ": "∘",
    "bullet": "•",
    "odot": "⊙",
    "oplus": "⊕",
    "ominus": "⊖",
    "otimes": "⊗",
    "oslash": "⊘",
    "cup": "∪",
    "cap": "∩",
    "setminus": "∖",
    "land": "∧",
    "wedge": "∧",
    "lor": "∨",
    "vee": "∨",
    "uplus": "⊎",
}

_RELATIONS = {
    "le": "≤",
    "leq": "≤",
    "leqslant": "≤",
    "ge": "≥",
    "geq": "≥",
    "geqslant": "≥",
    "lt": "<",
    "gt": ">",
    "ne": "≠",
    "neq": "≠",
    "ll": "≪",
    "gg": "≫",
    "approx": "≈",
    "sim": "∼",
    "simeq": "≃",
    "cong": "≅",
    "equiv": "≡",
    "doteq": "≐",
    "propto": "∝",
    "coloneqq": "≔",
    "triangleq": "≜",
    "in": "∈",
    "notin": "∉",
    "ni": "∋",
    "subset": "⊂",
    "subseteq": "⊆",
    "supset": "⊃",
    "supseteq": "⊇",
    "perp": "⊥",
    "parallel": "∥",
    "mid": "|",
    "to": "→",
    "rightarrow": "→",
    "longrightarrow": "⟶",
    "leftarrow": "←",
    "gets": "←",
    "longleftarrow": "⟵",
    "leftrightarrow": "↔",
    "uparrow": "↑",
    "downarrow": "↓",
    "mapsto": "↦",
    "Rightarrow": "⇒",
    "implies": "⇒",
    "Longrightarrow": "⟹",
    "Leftarrow": "⇐",
    "impliedby": "⇐",
    "Leftrightarrow": "⇔",
    "iff": "⇔",
    "nearrow": "↗",
    "searrow": "↘",
    "prec": "≺",
    "succ": "≻",
    "preceq": "≼",
    "succeq": "≽",
    "vdash": "⊢",
    "models": "⊨",
    "therefore": "∴",
}

_BIG = {
    "sum": "∑",
    "prod": "∏",
    "coprod": "∐",
    "bigcup": "⋃",
    "bigcap": "⋂",
    "bigoplus": "⨁",
    "bigotimes": "⨂",
    "bigodot": "⨀",
    "bigvee": "⋁",
    "bigwedge": "⋀",
}

INTEGRALS = {"int": "∫", "iint": "∬", "iiint": "∭", "oint": "∮"}
"""Big operators whose limits stand beside them, not above and below."""

_OPENING = {
    "(": "(",
    "[": "[",
    "{": "{",
    "lbrace": "{",
    "lbrack": "[",
    "lfloor": "⌊",
    "lceil": "⌈",
    "langle": "⟨",
    "lvert": "|",
    "lVert": "‖",
}
_CLOSING = {
    ")": ")",
    "]": "]",
    "}": "}",
    "rbrace": "}",
    "rbrack": "]",
    "rfloor": "⌋",
    "rceil": "⌉",
    "rangle": "⟩",
    "rvert": "|",
    "rVert": "‖",
}

_NAMES = (
    "exp log ln lg sin cos tan cot sec csc arcsin arccos arctan sinh cosh tanh coth "
    "arg deg dim hom ker"
)
_LIMITS = "lim liminf limsup max min sup inf det gcd Pr argmax argmin"

LIMITS = frozenset(_LIMITS.split())
"""Names that take their subscript underneath in a display."""

_SPACES = {",": 1, ":": 1, ">": 1, ";": 1, " ": 1, "enspace": 1, "quad": 2, "qquad": 4, "!": 0}

SYMBOLS: dict[str, tuple[str, Kind]] = {
    **{name: (text, "ord") for name, text in (_GREEK | _ORDINARY).items()},
    **{name: (text, "bin") for name, text in _BINARY.items()},
    **{name: (text, "rel") for name, text in _RELATIONS.items()},
    **{name: (text, "big") for name, text in (_BIG | INTEGRALS).items()},
    **{name: (text, "open") for name, text in _OPENING.items()},
    **{name: (text, "close") for name, text in _CLOSING.items()},
    **{name: (name, "name") for name in (*_NAMES.split(), *LIMITS)},
    **{name: (" " * width, "space") for name, width in _SPACES.items()},
    "colon": (":", "punct"),
}
"""Command without its backslash -> (text, how it is spaced)."""

CHARACTERS: dict[str, tuple[str, Kind]] = {
    "-": ("−", "bin"),
    "−": ("−", "bin"),  # of a drawn number, which has the sign of the text around it
    "+": ("+", "bin"),
    "*": ("*", "bin"),
    **{char: (char, "rel") for char in "=<>"},
    **{char: (char, "punct") for char in ",;:"},
    **{char: (char, "open") for char in "(["},
    **{char: (char, "close") for char in ")]"},
    "~": (" ", "space"),
}
"""A character typed as it is, where it is more than an ordinary one."""

ACCENTS: dict[str, tuple[str, str]] = {
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
