"""The quick way through a card of plain paragraphs, options and notes, which most cards are.

A comment of one line, and lines that begin with a letter, can be nothing but themselves in
CommonMark: their tokens are those that the parser would make, without its asking every rule.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from markdown_it.token import Token

from tutor.deck.plain_choices import TEXT, alert, choice_list, is_blank, is_comment, paragraph

_PLAIN = re.compile(TEXT)
_DISPLAY = re.compile(r"\$\$([^$\\]*(?:\\.[^$\\]*)*)\$\$[ \t]*")
_FENCE = re.compile("```([a-z]*)")


def comment_block(lines: Sequence[str], at: int, end: int) -> Token | None:
    """The comment that stands alone in line `at`, as its block; None without one."""
    if at >= end or not is_comment(lines[at]):
        return None
    content = lines[at] + ("\n" if at + 1 < end else "")
    return Token("html_block", "", 0, map=[at, at + 1], content=content, block=True)


def paragraphs(lines: Sequence[str], start: int, end: int) -> list[Token] | None:
    """The tokens of plain paragraphs, options, alerts and code; None if there is anything else."""
    tokens: list[Token] = []
    first, at = start, start
    while at <= end:
        line = lines[at] if at < end else ""
        if _PLAIN.fullmatch(line):
            at += 1
            continue
        blank = is_blank(line)
        opening = None if blank else comment_block(lines, at, end)
        if first < at and (opening or blank):
            tokens += paragraph("\n".join(lines[first:at]).strip(), first, at)
            first = at
        if opening or blank:
            tokens += [opening] if opening else []
            first = at = at + 1
            continue
        found = None if first < at else _other(lines, at, end)
        if found is None:
            return None
        tokens += found[0]
        first = at = found[1]
    return tokens


def _other(lines: Sequence[str], at: int, end: int) -> tuple[list[Token], int] | None:
    line = lines[at]
    if line.startswith("- ") or line[0].isdigit():
        return choice_list(lines, at, end)
    if line.startswith("> [!"):
        return alert(lines, at, end)
    if line.startswith("$$"):
        return _display(line, at)
    return _fence(lines, at, end) if line.startswith("```") else None


def _display(line: str, at: int) -> tuple[list[Token], int] | None:
    """The token of a formula that has its line for itself, and the line after it."""
    found = _DISPLAY.fullmatch(line)
    if not found or not found[1].strip():
        return None
    place = [at, at + 1]
    token = Token("math_block", "math", 0, map=place, content=found[1], markup="$$", block=True)
    return [token], at + 1


def _fence(lines: Sequence[str], at: int, end: int) -> tuple[list[Token], int] | None:
    """The token of code between two lines of ```, and the line after it."""
    head = _FENCE.fullmatch(lines[at])
    last = at + 1
    while last < end and not lines[last].lstrip().startswith("```"):
        last += 1
    if head is None or last == end or lines[last] != "```":
        return None
    content = "".join([f"{line}\n" for line in lines[at + 1 : last]])
    return [
        Token("fence", "code", 0, map=[at, last + 1], content=content, markup="```",
              info=head[1], block=True)
    ], last + 1  # fmt: skip
