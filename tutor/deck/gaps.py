"""Finds the `==gaps==` of a cloze and cuts its source text at them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from markdown_it.token import Token

from tutor.deck.model import Cloze, Gap
from tutor.deck.sections import inline
from tutor.deck.slugs import free, slug

# Stand for an opening and a closing `==`; the sanitiser lets neither into a text.
_OPEN, _CLOSE = "\x02", "\x03"
_SENTINELS = {"mark_open": _OPEN, "mark_close": _CLOSE}
_CUT = re.compile(f"{_OPEN}([^{_OPEN}{_CLOSE}]*){_CLOSE}")
# A `==` that could mark something and found no partner; `a == b` is prose.
_LONE = re.compile(r"(?<!=)==(?=[^\s=])|(?<=[^\s=])==(?!=)")
# What keeps its bars, and the bars that stand between wordings.
_WHOLE = re.compile(r"(`[^`]*`|\([^()]*\)|\||\s\\\|\s|\\.)")
_MATH = re.compile(r"(?<!\\)\$[^$]+\$")


def has_gap(token: Token) -> bool:
    """Whether an `inline` token holds a `==gap==`."""
    return "==" in token.content and any(t.type == "mark_open" for t in inline(token))


def lone_mark(token: Token) -> bool:
    """Whether an `inline` token holds a `==` without its partner."""
    if "==" not in token.content:
        return False
    return any(t.type == "text" and _LONE.search(t.content) for t in inline(token))


def mark_gaps(lines: list[str], tokens: Iterable[Token]) -> dict[int, str]:
    """The lines with gaps, by number, with a sentinel for each `==` that bounds a gap."""
    marked: dict[int, str] = {}
    for token in tokens:
        for row, content, marks in _marks(token):
            line = marked.get(row, lines[row])
            marked[row] = _with_sentinels(line, content, marks)
    return marked


def cut(text: str) -> Cloze:
    """The cloze of a text that went through `mark_gaps`."""
    pieces = _CUT.split(text)
    gaps: list[Gap] = []
    for number, inner in enumerate(pieces[1::2], 1):
        formula = _MATH.search(inner) is not None
        shown, *others = [inner.strip()] if formula else wordings(inner)
        # The key is of the wording shown, so that another may be added later.
        name = free(slug(shown) or f"gap-{number}", {gap.slug for gap in gaps})
        gaps.append(Gap(name, shown, formula, tuple(others)))
    return Cloze(tuple(pieces[0::2]), tuple(gaps))


def wordings(inner: str) -> list[str]:
    """The wordings of a gap, the one to be shown first: `weight decay | L2 regularization`.

    A bar in code or in brackets, as in P(A|B), is a bar; in a table, where a bar between wordings
    must be escaped, blanks around it make it one.
    """
    parts = [""]
    for piece in _WHOLE.split(inner):
        if piece == "|" or piece[1:-1] == r"\|":
            parts.append("")
        else:
            parts[-1] += piece
    found = [part.strip() for part in parts]
    return found if all(found) else [inner.strip()]


def _marks(token: Token) -> Iterator[tuple[int, str, list[tuple[int, str]]]]:
    """The gaps' bounds in one inline token: source line, what of it is content, places therein.

    Each line of a token's content stands unchanged in a source line, behind its containers'
    markers; only in a table can several contents share a line.
    """
    row, start = (token.map or (0,))[0], 0
    bounds = [child for child in inline(token) if child.type in _SENTINELS]
    for content in token.content.split("\n"):
        end = start + len(content)
        marks = [
            (bound.meta["at"] - start, _SENTINELS[bound.type])
            for bound in bounds
            if start <= bound.meta["at"] < end
        ]
        if marks:
            yield row, content, marks
        row, start = row + 1, end + 1


def _with_sentinels(line: str, content: str, marks: list[tuple[int, str]]) -> str:
    offset = line.find(content)
    if offset < 0:  # a bar in a cell of a table is escaped in the source
        marks = [(at + content[:at].count("|"), sentinel) for at, sentinel in marks]
        offset = line.find(content.replace("|", r"\|"))
    if offset < 0:
        return line
    for at, sentinel in sorted(marks, reverse=True):
        place = offset + at
        line = line[:place] + sentinel + line[place + 2 :]
    return line
