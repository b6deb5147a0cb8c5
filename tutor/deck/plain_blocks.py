"""The quick way through a card of plain paragraphs, which most cards are.

A comment of one line, and lines that begin with a letter, can be nothing but themselves in
CommonMark: their tokens are those that the parser would make, without its asking every rule.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it.token import Token

_COMMENT = re.compile(r"<!--(?:(?!-->).)*-->[ \t]*")
# Begins no list, quote, fence, heading, table, formula, HTML or definition, and underlines nothing.
_PLAIN = re.compile(r"[^\W\d_][^\n]*|\"[^\n]*")


def comment_block(lines: Sequence[str], at: int, end: int) -> Token | None:
    """The comment that stands alone in line `at`, as its block; None without one."""
    if at >= end or not _COMMENT.fullmatch(lines[at]):
        return None
    content = lines[at] + ("\n" if at + 1 < end else "")
    return Token("html_block", "", 0, map=[at, at + 1], content=content, block=True)


def paragraphs(lines: Sequence[str], start: int, end: int) -> list[Token] | None:
    """The tokens of lines that are paragraphs of plain text; None if there is anything else."""
    tokens: list[Token] = []
    first = start
    for at in range(start, end + 1):
        line = lines[at] if at < end else ""
        if line.strip():
            if not _PLAIN.fullmatch(line):
                return None
            continue
        if first < at:
            tokens += _paragraph(lines, first, at)
        first = at + 1
    return tokens


def _paragraph(lines: Sequence[str], start: int, end: int) -> list[Token]:
    content = "\n".join(lines[start:end]).strip()
    return [
        Token("paragraph_open", "p", 1, map=[start, end], block=True),
        Token("inline", "", 0, map=[start, end], level=1, children=[], content=content, block=True),
        Token("paragraph_close", "p", -1, block=True),
    ]
