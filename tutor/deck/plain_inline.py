"""The quick way through plain words with gaps, emphasis and formulas, which most paragraphs are.

Without a sign that begins anything else, `==` or `*` between a blank and a letter opens a mark,
the same between a letter and a blank or a stop closes it, and dollars hold formulas: the tokens
are those that the parser would make.
"""

from __future__ import annotations

import re

from markdown_it.token import Token

from tutor.text.dollars import dollars
from tutor.text.mark import MARKER

# No escape, code, mark, link, HTML, entity, formula, line's end or address.
_WORDS = r"[^\n\\`*_~\[\]<&$=:@]"
_MARKED = re.compile(rf"(?<![^\s(])(==|\*\*?)([^\W_](?:{_WORDS}*[^\W_])?)\1(?=[ \n.,;)?!]|$)")
# The same with a colon at a word's end, an equals sign, and lines without a blank at their ends.
_BESIDE = re.compile(rf"(?:{_WORDS}|:(?!\S)|(?<!=)=(?!=)|(?<!\s)\n(?=\S|$))*")
_NAMES = {MARKER: ("mark", "mark"), "*": ("em", "em"), "**": ("strong", "strong")}


def plain_inline(content: str) -> list[Token] | None:
    """The inline tokens of words with such marks and formulas; None if there is anything else."""
    if "www." in content.lower() or content[:1].isspace() or content[-1:].isspace():
        return None
    tokens: list[Token] = []
    at = 0
    while (dollar := content.find("$", at)) >= 0:
        found = dollars(content, dollar)
        if found is None or not _take_words(content[at:dollar], at, tokens):
            return None
        kind, start, end, at = found
        markup = content[dollar:start]
        tokens.append(Token(kind, "math", 0, content=content[start:end], markup=markup))
    return tokens if _take_words(content[at:], at, tokens) else None


def _take_words(words: str, offset: int, tokens: list[Token]) -> bool:
    """Add the tokens of words, with marks among them; False if there is anything else."""
    at = 0
    for mark in _MARKED.finditer(words):
        if not _take_text(words[at : mark.start()], tokens):
            return False
        at = mark.end()
        sign, inside = mark[1], mark[2]
        name, tag = _NAMES[sign]
        opening = Token(f"{name}_open", tag, 1, markup=sign)
        closing = Token(f"{name}_close", tag, -1, markup=sign)
        if sign == MARKER:
            opening.meta = {"at": offset + mark.start()}
            closing.meta = {"at": offset + at - len(sign)}
        tokens += [opening, Token("text", "", 0, level=1, content=inside), closing]
    return _take_text(words[at:], tokens)


def _take_text(text: str, tokens: list[Token]) -> bool:
    if not _BESIDE.fullmatch(text):
        return False
    for number, line in enumerate(text.split("\n")):
        if number:
            tokens.append(Token("softbreak", "br", 0))
        if line:
            tokens.append(Token("text", "", 0, content=line))
    return True
