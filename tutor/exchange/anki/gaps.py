"""Anki's gaps, `{{c1::answer::hint}}`, in the HTML of a field: found, closed, opened."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

_BOUND = re.compile(r"\{\{c[0-9]+(?:,[0-9]+)*::|\}\}")
_MATH = re.compile(
    r"\\\(.*?\\\)|\\\[.*?\\\]|\[\$\$?\].*?\[/\$\$?\]|\[latex\].*?\[/latex\]", re.DOTALL
)
_HINT = "::"
OCCLUSION = "image-occlusion:"
_MOST, _DEEPEST = 2_000, 8


@dataclass(frozen=True, slots=True)
class Gap:
    """One gap: its numbers, its answer and hint (HTML), where it stands, and how deep in others."""

    numbers: tuple[int, ...]
    answer: str
    hint: str
    start: int
    end: int
    depth: int


def find(html: str) -> list[Gap]:
    """All gaps that are closed, in the order in which they open."""
    found: list[Gap] = []
    opened: list[tuple[int, int, tuple[int, ...]]] = []
    for match in _BOUND.finditer(html):
        if match[0] != "}}":
            numbers = tuple(int(each[:6]) for each in match[0][3:-2].split(","))
            opened.append((match.start(), match.end(), numbers))
        elif opened:
            start, inside, numbers = opened.pop()
            answer, _, hint = html[inside : match.start()].partition(_HINT)
            if "{{c" in answer + hint:
                answer, hint = html[inside : match.start()], ""
            found.append(Gap(numbers, answer, hint, start, match.end(), len(opened)))
        if len(found) > _MOST:
            raise ValueError(f"it has more than {_MOST:,} gaps")
    return sorted(found, key=lambda gap: gap.start)


def shown(html: str, show: Callable[[Gap], str]) -> str:
    """The text with each gap as `show` gives it; a gap in a gap is shown with the outer one."""
    outer = [gap for gap in find(html) if gap.depth == 0]
    pieces, at = [], 0
    for gap in outer:
        pieces += [html[at : gap.start], show(gap)]
        at = gap.end
    return "".join([*pieces, html[at:]])


def opened(html: str, depth: int = 0) -> str:
    """The text with all gaps filled. Raises ValueError for gaps that stand too deep."""
    if depth > _DEEPEST:
        raise ValueError(f"its gaps stand more than {_DEEPEST} deep in one another")
    return shown(html, lambda gap: opened(gap.answer, depth + 1))


def closed(html: str, number: int, depth: int = 0) -> str:
    """The question about a number: its gaps are dots or their hint, all others filled."""
    if depth > _DEEPEST:
        raise ValueError(f"its gaps stand more than {_DEEPEST} deep in one another")

    def show(gap: Gap) -> str:
        if number in gap.numbers:
            return f"[{opened(gap.hint) or '…'}]"
        return closed(gap.answer, number, depth + 1)

    return shown(html, show)


def answered(html: str, number: int, depth: int = 0) -> str:
    """The answer to it: the whole text with its gaps in bold."""
    if depth > _DEEPEST:
        raise ValueError(f"its gaps stand more than {_DEEPEST} deep in one another")

    def show(gap: Gap) -> str:
        if number in gap.numbers:
            return f"<b>{opened(gap.answer)}</b>"
        return answered(gap.answer, number, depth + 1)

    return shown(html, show)


def in_a_formula(html: str, gaps: Sequence[Gap]) -> bool:
    """Whether a gap stands inside a formula, where the decks know none."""
    spans = [match.span() for match in _MATH.finditer(html)]
    return any(start < gap.start < end for gap in gaps for start, end in spans)
