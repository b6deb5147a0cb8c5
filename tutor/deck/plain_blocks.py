"""The quick way through a card of plain paragraphs, options and notes, which most cards are.

A comment of one line, and lines that begin with a letter, can be nothing but themselves in
CommonMark: their tokens are those that the parser would make, without its asking every rule.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it.token import Token

from tutor.deck.plain_choices import alert, choice_list

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
    """The tokens of plain paragraphs, options and alerts; None if there is anything else."""
    tokens: list[Token] = []
    first, at = start, start
    while at <= end:
        line = lines[at] if at < end else ""
        if line.strip() and not _PLAIN.fullmatch(line):
            found = None if first < at else _other(lines, at, end)
            if found is None:
                return None
            tokens += found[0]
            first = at = found[1]
            continue
        if not line.strip():
            if first < at:
                tokens += _paragraph(lines, first, at)
            first = at + 1
        at += 1
    return tokens


def _other(lines: Sequence[str], at: int, end: int) -> tuple[list[Token], int] | None:
    if lines[at].startswith("- ["):
        return choice_list(lines, at, end)
    return alert(lines, at, end) if lines[at].startswith("> [!") else None


def _paragraph(lines: Sequence[str], start: int, end: int) -> list[Token]:
    content = "\n".join(lines[start:end]).strip()
    return [
        Token("paragraph_open", "p", 1, map=[start, end], block=True),
        Token("inline", "", 0, map=[start, end], level=1, children=[], content=content, block=True),
        Token("paragraph_close", "p", -1, block=True),
    ]
