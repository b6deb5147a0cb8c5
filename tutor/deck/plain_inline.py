"""The quick way through a line of plain words with gaps, which most clozes are.

Without a sign that begins anything else, `==` between a blank and a letter opens a gap, and `==`
between a letter and a blank or a stop closes it: the tokens are those that the parser would make.
"""

from __future__ import annotations

import re

from markdown_it.token import Token

from tutor.text.mark import MARKER

# No escape, code, mark, link, HTML, entity, formula, line's end or address.
_WORDS = r"[^\n\\`*_~\[\]<&$=:@]"
_GAP = rf"==[^\W_](?:{_WORDS}*[^\W_])?=="
_LINE = re.compile(
    rf"(?:{_WORDS}*[ (])?{_GAP}(?:[ .,;)?!](?:{_WORDS}*[ (])?{_GAP})*(?:[ .,;)?!]{_WORDS}*)?"
)


def gapped(content: str) -> list[Token] | None:
    """The inline tokens of plain words with gaps; None if there is none, or anything else."""
    if "www." in content.lower() or not _LINE.fullmatch(content):
        return None
    tokens: list[Token] = []
    at = 0
    for number, piece in enumerate(content.split(MARKER)):
        inside = number % 2
        if number:
            mark = Token("mark_open", "mark", 1, markup=MARKER, meta={"at": at})
            if not inside:
                mark.type, mark.nesting = "mark_close", -1
            tokens.append(mark)
            at += len(MARKER)
        if piece:
            tokens.append(Token("text", "", 0, level=inside, content=piece))
        at += len(piece)
    return tokens
