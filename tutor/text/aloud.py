"""Prose for ears and fingers: a sign outside a formula is said too, and what is drawn is left out.

Letters of any language stay as they are; a voice and a table of braille know them.
"""

from __future__ import annotations

import re
import unicodedata

from tutor.text.alphabets import SUBSCRIPTS, SUPERSCRIPTS
from tutor.text.sign_words import words_of

_TYPED = str.maketrans({
    "’": "'", "‘": "'", "‚": ",", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "…": "...",
    "‑": "-", "‐": "-", "–": "-", "—": ",", "\xa0": " ", "\u202f": " ", "\u2009": " ",
    "•": "-", "†": "", "‡": "",
})  # fmt: skip
_SAID = {
    "☑": "done:", "☐": "to do:", "→": "to", "←": "from", "✓": "right", "✗": "wrong",
    "⚠": "warning",
}  # fmt: skip
# Frames, blocks, braille dots, variation selectors: pictures, which are said otherwise.
_DRAWN = re.compile("[\u2500-\u259f\u2800-\u28ff\ufe0e\ufe0f\u200d]+")
_LETTERS = "A-Za-z\u00c0-\u024f"
_ALONE = re.compile(f"(?<![{_LETTERS}])[\u00c0-\u024f\u1e00-\u1eff](?![{_LETTERS}])")
# What mathematics puts over a letter: hat, tilde, bar, dots.
_OVER = frozenset("\u0302\u0303\u0304\u0307\u0308")
_ENDS_PAUSE = re.compile(r"[ ]+([,.;:!?])(?=\s|$)")
_RAISED = {
    raised: plain
    for plain, raised in SUPERSCRIPTS.items()
    if not raised.isascii() and raised != "°"
}
_LOWERED = {lowered: plain for plain, lowered in SUBSCRIPTS.items()}
_SIGNS = re.compile(
    f"(?P<raised>[{''.join(_RAISED)}]+)|(?P<lowered>[{''.join(_LOWERED)}]+)"
    f"|(?<![{_LETTERS}])[^\\W\\d_][\u0300-\u036f\u20d0-\u20ff]+(?![{_LETTERS}])"  # an accent
    "|[\u0370-\u03ff\U0001d400-\U0001d7ffℂℍℕℙℚℝℤℬℰℱℋℐℒℳℛℭℌℑℜℨℓℏ]"  # Greek, other fonts
    "|[^\\x00-\\x7f\\w\\s]"  # a sign
)
# 6.2e-05: a voice says "e zero five".
_SCIENTIFIC = re.compile(r"(?<![\w.])(-?\d+(?:\.\d+)?)e(?:\+0*|(-)0*)(\d+)\b")
_POWERS = {"2": "squared", "3": "cubed", "′": "prime"}
_GAP = re.compile(r"\[(\d+ )?…\]")
# Signs of ASCII that a voice leaves out, where they are more than a pause.
_BETWEEN = {
    "<=": "at most", ">=": "at least", "->": "to", "=>": "to", "!=": "not equal to",
    "<": "less than", ">": "greater than", "|": "bar", "^": "to the",
}  # fmt: skip
_OPERATOR = re.compile(
    r"(?<=[\w)\]}'])( ?)(<=|>=|->|=>|!=|<|>|\||\^)(?:\1(?=[\w(\[{-])|$)|(?<=\d) - (?=\d)"
)
_LIST = re.compile(r"(?<![\w,.])(?:\w{1,2},)+\w{1,2}(?![\w,])")
# A capital by itself: w and W are both in the course. "A" and "I" may be words.
_CAPITAL = re.compile(r"(?<!capital )(?<![\w'.&-])([B-HJ-Z])(?![\w'.&-])")
_ALONE_SIGN = re.compile(r"(?<!\S)([!?;:])(?=\s)|(?<!\S):(?=[^\W_])")
_SIGN_NAMES = {"!": "exclamation mark", "?": "question mark", ";": "semicolon", ":": "colon"}
_CODE = _SIGN_NAMES | {
    "(": "open", ")": "close", "[": "open bracket", "]": "close bracket", "{": "open brace",
    "}": "close brace", ".": "dot", ",": "comma", "'": "quote", '"': "double quote",
    "`": "backtick", "_": "underscore", "#": "hash", "*": "star", "-": "minus", "+": "plus",
    "=": "equals", "/": "slash", "\\": "backslash", "|": "bar", "&": "ampersand", "^": "caret",
    "~": "tilde", "@": "at", "$": "dollar", "%": "percent", "<": "less than", ">": "greater than",
}  # fmt: skip
_CODE_PIECE = re.compile(r"\d+(?:\.\d+)?(?:e[+-]?\d+)?(?![^\W_])|[^\W_]+|([^\w\s]|_)\1*")


def in_words(text: str) -> str:
    """`text` with its signs in words; letters stay, and what of ASCII is only a pause."""
    text = _SCIENTIFIC.sub(r"\1 times 10 to the \2\3", text).replace("to the -", "to the minus ")
    if not text.isascii():
        text = _GAP.sub(lambda gap: f"gap {gap[1] or ''}".strip(), text)
        text = re.sub(r"(?<=\d)·(?=\d)", " times ", text).replace(" · ", ", ")
        text = _DRAWN.sub("", text.translate(_TYPED))
        text = "\n".join(map(_line, text.split("\n")))
    text = _OPERATOR.sub(lambda sign: f" {_BETWEEN.get(sign[2] or '', 'minus')} ", text)
    text = _LIST.sub(lambda several: several[0].replace(",", " comma "), text)
    text = _CAPITAL.sub(r"capital \1", text)
    return _ALONE_SIGN.sub(_named, text)


def _named(sign: re.Match[str]) -> str:
    return _SIGN_NAMES[sign[1]] if sign[1] else "colon "


def code_in_words(code: str) -> str:
    """A line of code with each of its signs in a word, and its indentation told."""
    depth = len(code) - len(code.lstrip(" "))
    said = " ".join(_piece(match[0]) for match in _CODE_PIECE.finditer(code))
    return f"indented {depth}, {said}" if depth and said else said


def _piece(piece: str) -> str:
    if piece[0].isalnum():
        return f"capital {piece}" if len(piece) == 1 and piece.isupper() else piece
    name = _CODE.get(piece[0]) or words_of(piece[0])
    return f"{len(piece)} times {name}" if len(piece) > 3 else " ".join([name] * len(piece))


def _line(line: str) -> str:
    """A line in words, with its indentation and single blanks."""
    inner = line.lstrip(" ")
    said = _SIGNS.sub(_words, _ALONE.sub(_apart, inner))
    said = re.sub(r"(?<=[(\[]) +", "", re.sub(r" {2,}", " ", said)).strip()
    return " " * (len(line) - len(inner)) + _ENDS_PAUSE.sub(r"\1", said)


def _apart(match: re.Match[str]) -> str:
    """A lone letter and its accent, which is part of a name such as y hat; not of a word as à."""
    apart = unicodedata.normalize("NFD", match[0])
    return apart if apart[1:] in _OVER else match[0]


def _words(match: re.Match[str]) -> str:
    if raised := match["raised"]:
        return f" {_power(''.join(_RAISED[char] for char in raised))} "
    if lowered := match["lowered"]:
        return f" sub {_plain(''.join(_LOWERED[char] for char in lowered))} "
    sign = match[0]
    return f" {_SAID.get(sign) or words_of(unicodedata.normalize('NFC', sign))} "


def _power(text: str) -> str:
    return _POWERS.get(text) or f"to the {_plain(text)}"


def _plain(text: str) -> str:
    """Letters and digits together, the signs among them in words."""
    pieces = re.findall(r"[A-Za-z0-9]+|.", text)
    return " ".join(piece if piece.isalnum() and piece.isascii() else words_of(piece)
                    for piece in pieces)  # fmt: skip
