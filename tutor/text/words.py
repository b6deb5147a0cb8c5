r"""The inside of `\text{...}`: words as they are, with their quotes, dashes and formulas."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

from tutor.text.formula import Atom, Node, Row
from tutor.text.symbols import SYMBOLS, names
from tutor.text.tokens import LatexError, group_end

_ACCENTS = {
    "`": "\u0300", "'": "\u0301", "^": "\u0302", "~": "\u0303", '"': "\u0308", "=": "\u0304",
    ".": "\u0307", "u": "\u0306", "v": "\u030c", "H": "\u030b", "c": "\u0327", "k": "\u0328",
    "r": "\u030a",
}  # fmt: skip
_TYPED = (("---", "—"), ("--", "–"), ("``", "“"), ("''", "”"), ("`", "‘"), ("'", "’"), ("~", " "))
_STYLES = names(
    "textbf textit textrm textsf texttt emph text textnormal mbox textup textsc underline"
)


def words(tokens: list[str], formula: Callable[[list[str]], Node]) -> Node:
    """`tokens` as words. `formula` reads what stands between dollars."""
    parts: list[Node] = []
    said = ""
    at = 0
    while at < len(tokens):
        token = tokens[at]
        if token in {"$", r"\("}:
            end = _closing(tokens, at)
            parts += [*_said(said), formula(tokens[at + 1 : end])]
            said, at = "", end + 1
        elif token in {"{", "}"}:
            at += 1
        elif token[0] == "\\" and len(token) > 1:
            text, at = _command(tokens, at)
            if text is None:
                end = _span(tokens, at)
                parts += [*_said(said), formula(tokens[at:end])]
                said, at = "", end
            else:
                said += text
        else:
            said += token
            at += 1
    parts += _said(said)
    return parts[0] if len(parts) == 1 else Row(tuple(parts))


def _said(text: str) -> list[Node]:
    for typed, meant in _TYPED:
        text = text.replace(typed, meant)
    text = re.sub(r"\s+", " ", text)
    return [Atom(text)] if text else []


def _closing(tokens: Sequence[str], start: int) -> int:
    close = "$" if tokens[start] == "$" else r"\)"
    for at in range(start + 1, len(tokens)):
        if tokens[at] == close:
            return at
    raise LatexError("a formula among words has no end")


def _command(tokens: Sequence[str], at: int) -> tuple[str | None, int]:
    """The text of the command at `at`, and where to go on; None when it is no text but math."""
    name = tokens[at][1:]
    if name in _STYLES:
        return "", at + 1
    if name in _ACCENTS and name not in SYMBOLS:
        return _accented(_ACCENTS[name], tokens, at + 1)
    if name in {"'", "`", "^", '"', "~", "=", "."}:
        return _accented(_ACCENTS[name], tokens, at + 1)
    if name == "\\":
        return " ", at + 1
    if name in SYMBOLS and SYMBOLS[name][1] in {"space", "open", "close", "ord"}:
        # A blank ends a command and is not shown.
        after = at + 1 + (name[-1].isalpha() and tokens[at + 1 : at + 2] == [" "])
        return SYMBOLS[name][0], after
    return None, at


def _accented(combining: str, tokens: Sequence[str], at: int) -> tuple[str, int]:
    if tokens[at : at + 1] == ["{"]:
        end = group_end(tokens, at)
        letters, at = "".join(tokens[at + 1 : end]), end + 1
    else:
        letters, at = "".join(tokens[at : at + 1]), at + 1
    letters = letters.replace(r"\i", "i").replace(r"\j", "j")
    return unicodedata.normalize("NFC", letters[:1] + combining + letters[1:]), at


def _span(tokens: Sequence[str], at: int) -> int:
    """The end of a command of math among words, with the groups behind it."""
    at += 1
    while at < len(tokens) and tokens[at] in {"{", "["}:
        if tokens[at] == "[":
            close = next((i for i in range(at, len(tokens)) if tokens[i] == "]"), at)
            at = close + 1
        else:
            at = group_end(tokens, at) + 1
    while at + 1 < len(tokens) and tokens[at] in {"_", "^"}:
        at = group_end(tokens, at + 1) + 1 if tokens[at + 1] == "{" else at + 2
    return at
