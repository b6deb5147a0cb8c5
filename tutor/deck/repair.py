"""Closes what a broken file leaves open, so that one slip never hides the cards below it.

An unclosed comment or fence, or a block of raw HTML, would swallow everything after it: here its
first line is made harmless and reported. Line numbers stay; the work is linear in the file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import TypeVar

T = TypeVar("T")
Report = Callable[[int, str, str], None]

_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})\s*(\w*)")
_FENCE_END = re.compile(r" {0,3}(`{3,}|~{3,})\s*$")
_COMMENT = re.compile(r" {0,3}<!--")
_HEADING = re.compile(r" {0,3}#{1,6}(?:\s|$)")
# What CommonMark takes for the start of an HTML block, but comments.
_HTML = re.compile(r" {0,3}<(?:/?[A-Za-z][A-Za-z0-9-]*(?=[\s/>]|$)|\?|!\[CDATA\[|![A-Za-z])")


def repair(lines: list[str], report: Report) -> tuple[list[str], list[int]]:
    """`lines` with every opener that is never closed made plain text, each one reported.

    Also the lines (from 0) of the headings that start sections: those at the start of a line,
    outside of fences and comments.
    """
    mender = _Mender(lines, report)
    return mender.mended(), mender.headings


class _Mender:
    def __init__(self, lines: list[str], report: Report) -> None:
        self.lines = lines
        self.report = report
        self.headings: list[int] = []
        count = len(lines)
        self.next_close = _next(lines, lambda line: "-->" in line)
        self.next_comment = _next(lines, lambda line: _COMMENT.match(line) is not None)
        self.next_owner = _next(list(pairwise([*lines, ""])), _is_owner)
        self.next_end = _next(lines, lambda line: _FENCE_END.match(line) is not None)
        # For each fence character, the longest run that ends a fence at or after each line.
        self.longest = {"`": [0] * (count + 1), "~": [0] * (count + 1)}
        for i in range(count - 1, -1, -1):
            for longest in self.longest.values():
                longest[i] = longest[i + 1]
            end = _FENCE_END.match(lines[i])
            if end:
                longest = self.longest[end[1][0]]
                longest[i] = max(longest[i], len(end[1]))

    def mended(self) -> list[str]:
        lines, i = list(self.lines), 0
        while i < len(lines):
            line = lines[i]
            if fence := _FENCE.match(line):
                i = self._fence(lines, i, fence[1], fence[2])
            elif _COMMENT.match(line):
                i = self._comment(lines, i)
            else:
                if line.startswith("#") and _HEADING.match(line):
                    self.headings.append(i)
                elif _HTML.match(line):
                    self.report(i + 1, "raw-html", "Raw HTML is shown as text: write Markdown.")
                    lines[i] = line.replace("<", "\\<", 1)
                i += 1
        return lines

    def _fence(self, lines: list[str], start: int, run: str, info: str) -> int:
        """Skip a fence, or make its opener plain; returns the line to go on with."""
        end, limit = self.next_end[start + 1], len(lines)
        if info == "params":  # numbers never hold a card: an end below one is another fence's
            limit = self.next_owner[start]
        if end < limit and self.longest[run[0]][end] >= len(run):
            while end < limit and not _ends(lines[end], run):
                end += 1
            if end < limit:
                return end + 1
        message = f"This fence is never closed: end it with a line of {run}."
        self.report(start + 1, "unclosed-fence", message)
        lines[start] = "\\" + lines[start].lstrip()
        return start + 1

    def _comment(self, lines: list[str], start: int) -> int:
        """Skip a comment, or blank its opener when no `-->` comes before the next comment."""
        opened_here = lines[start].index("<!--")
        here = "-->" in lines[start][opened_here + 2 :]
        close = start if here else self.next_close[start + 1]
        if here or close < min(len(lines), self.next_comment[start + 1]):
            return close + 1
        message = "This comment is never closed: end it with -->."
        self.report(start + 1, "unclosed-comment", message)
        lines[start] = ""
        return start + 1


def _ends(line: str, run: str) -> bool:
    end = _FENCE_END.match(line)
    return end is not None and end[1].startswith(run)


def _is_owner(pair: tuple[str, str]) -> bool:
    """Whether two lines are a heading and the comment of its card or topic."""
    return bool(_HEADING.match(pair[0]) and _COMMENT.match(pair[1]))


def _next(lines: Sequence[T], wanted: Callable[[T], bool]) -> list[int]:
    """For each line, and one past the end, the next line at or after it that is wanted."""
    places = [len(lines)] * (len(lines) + 1)
    for i in range(len(lines) - 1, -1, -1):
        places[i] = i if wanted(lines[i]) else places[i + 1]
    return places
