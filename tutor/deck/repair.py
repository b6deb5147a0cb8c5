"""Closes what a broken file leaves open, so that one slip never hides the cards below it.

An unclosed comment or fence, or a block of raw HTML, would swallow everything after it: here its
first line is made harmless and reported. Line numbers stay; the work is linear in the file.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Callable

Report = Callable[[int, str, str], None]

_FENCE = re.compile(r" {0,3}(`{3,}(?=[^`]*$)|~{3,})\s*(\w*)")
_FENCE_END = re.compile(r" {0,3}(`{3,}|~{3,})\s*$")
_COMMENT = re.compile(r" {0,3}<!--")
# What any line begins with that opens something.
_SIGN = re.compile(" {0,3}[`~<#]")
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
        # The numbers of the lines that close, open or own something, in order.
        self.closes = [i for i, line in enumerate(lines) if "-->" in line]
        self.comments = [i for i, line in enumerate(lines) if "<!--" in line and _is_comment(line)]
        self.owners = [i - 1 for i in self.comments if i and _HEADING.match(lines[i - 1])]
        marked = ((i, line) for i, line in enumerate(lines) if "```" in line or "~~~" in line)
        ends = [(i, end[1]) for i, line in marked if (end := _FENCE_END.match(line))]
        self.ends, self.runs = [i for i, _ in ends], [run for _, run in ends]
        self.longest = {sign: _longest(self.runs, sign) for sign in "`~"}

    def mended(self) -> list[str]:
        lines, i = list(self.lines), 0
        while i < len(lines):
            line = lines[i]
            if not _SIGN.match(line):
                i += 1
            elif fence := _FENCE.match(line):
                i = self._fence(lines, i, fence[1], fence[2])
            elif _is_comment(line):
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
        limit = len(lines)
        if info == "params":  # numbers never hold a card: an end below one is another fence's
            limit = _next(self.owners, start, limit)
        at = bisect_left(self.ends, start + 1)
        if self.longest[run[0]][at] >= len(run):
            while at < len(self.ends) and self.ends[at] < limit:
                if self.runs[at].startswith(run):
                    return self.ends[at] + 1
                at += 1
        message = f"This fence is never closed: end it with a line of {run}."
        self.report(start + 1, "unclosed-fence", message)
        lines[start] = "\\" + lines[start].lstrip()
        return start + 1

    def _comment(self, lines: list[str], start: int) -> int:
        """Skip a comment, or blank its opener when no `-->` comes before the next comment."""
        opened_here = lines[start].index("<!--")
        if "-->" in lines[start][opened_here + 2 :]:
            return start + 1
        close = _next(self.closes, start + 1, len(lines))
        if close < _next(self.comments, start + 1, len(lines)):
            return close + 1
        message = "This comment is never closed: end it with -->."
        self.report(start + 1, "unclosed-comment", message)
        lines[start] = ""
        return start + 1


def _is_comment(line: str) -> bool:
    return _COMMENT.match(line) is not None


def _longest(runs: list[str], sign: str) -> list[int]:
    """For each run, and one past the end, the length of the longest of `sign` from it on."""
    longest = [0]
    for run in reversed(runs):
        longest.append(max(longest[-1], len(run) if run[0] == sign else 0))
    return longest[::-1]


def _next(places: list[int], at: int, end: int) -> int:
    """The first of the places, which rise, that is `at` or after it; `end` without one."""
    found = bisect_left(places, at)
    return places[found] if found < len(places) else end
