"""The linter's rules, each in one of three tiers, and the collector that findings go into.

`docs/writing-a-deck.md` shows the same table; a test keeps the two alike.
"""

from __future__ import annotations

from bisect import insort
from collections import Counter
from dataclasses import dataclass, field
from typing import Literal

from tutor.deck.model import Problem

Tier = Literal["unusable", "reported", "advice"]
Level = Literal["error", "advice"]

UNUSABLE: dict[str, str] = {
    "no-id": "a card or topic without `id=`",
    "bad-id": "an id that is no slug (a-z, 0-9 and single hyphens)",
    "duplicate-id": "an id that an earlier card of the deck, or an earlier topic, has",
    "unclosed-comment": "a comment without `-->`: it would swallow the rest of the file",
    "unclosed-fence": "a code fence without its end: it would swallow the rest of the file",
    "too-large": "a section of more than 25,000 characters, or nested too deeply",
    "misplaced-comment": "a card or topic comment that is not right under its heading",
    "text-after-comment": "text after `-->` on its line",
    "option-box": "an option without a box",
    "right-answers": "no right answer, or too many",
    "item-count": "too few or too many options, items or rows",
    "equal-items": "two options, or two items of an `order`, that read the same",
    "match-cells": "a `match` table without two columns of different cells",
    "no-answer": "a card without an answer, or without the one that its `type=` needs",
    "no-front": "a card whose heading is empty",
    "bad-answer": "a line after `=` that is neither a number nor a text in quotes",
    "undefined-parameter": "`@{x}` without an `x` in the `params` block",
    "params": "a `params` block that cannot be read or drawn, or has no numeric answer",
    "tolerance": "a numeric answer that is no whole number and has no tolerance",
    "unpaired-gap": "a `==` without its partner",
    "two-kinds": "a body that fits two kinds, without `type=`",
    "unknown-type": "a `type=` that does not exist",
}
SWALLOWING = frozenset({"unclosed-comment", "unclosed-fence", "too-large"})
REPORTED: dict[str, str] = {
    "control-character": "characters that act on a terminal, hide, or are no valid text",
    "too-long": "a line, a paragraph or a file beyond the size limits",
    "deep-marks": "marks that stand more than 16 deep in one another",
    "unreadable": "a file that cannot be read",
    "more-errors": "a file with more than 1,000 errors: the further ones",
    "front-matter": "front matter that is not `key: value` lines",
    "raw-html": "raw HTML, which is shown as text",
    "unknown-math": "a formula that the renderer does not know",
    "raw-latex": "LaTeX in no formula, and a dollar that opens none, which are shown as typed",
    "gap-in-math": "a `==gap==` inside a formula, where it is no gap",
    "unknown-key": "an unknown or unreadable key in a comment",
    "unknown-asks": "an `asks=` other than diagnosis, prediction, limits and contrast",
    "plot": "a `plot` block that cannot be drawn, which is shown as it is written",
    "unknown-demo": "a demo that does not exist",
    "unknown-knob": "a knob that the demo does not have, or a value that it does not take",
    "unknown-topic": "a `topic=` that no deck opens",
    "same-aka": "a card's `aka=` that another card has, as its key or in its `aka=`",
    "needs-cycle": "topics that need each other",
    "unknown-alert": "an alert other than TIP and NOTE",
    "unread-mark": "a footnote without its note, an open `%%`, a mark of another program",
    "table-cells": "a row with more cells than its table has columns, the last of which are lost",
    "table-bar": "an escaped bar inside math in a table",
    "setext-heading": "a heading made by underlining",
    "false-check": "a `check` that does not hold",
}
ADVICE: dict[str, str] = {
    "no-card": "a file in which nothing is a card",
    "forgotten-card": "a heading among cards, as deep as they, without a comment",
    "no-deck": "cards in a file without `deck:`, whose history hangs on the file's name",
    "unread-key": "keys of the front matter that other programs read",
    "picture": "a picture, of which a terminal shows the words only",
    "digits-star": "`*` or `~` between digits in prose, where it would style the text",
    "long-answer": "an answer of more than 40 words",
    "long-list": "a list of more than 5 items to remember",
    "yes-no": "a question that yes or no answers",
    "short-front": "a front of fewer than 3 words without a topic or deck title",
    "more-advice": "a file with more than 1,000 pieces of advice: the further ones",
    "no-ref": "no `ref=` on the card or its topic",
    "no-explanation": "a quiz without an explanation",
    "no-reason": "a wrong option without a reason",
    "same-front": "the same front on two cards",
    "same-name": "a topic whose title or id is the title or id of another",
    "overridden-changed": "the card that an `overrides=` stands for says something else by now",
    "overrides-nothing": "`overrides=` on a card whose key no other file has",
    "unknown-needs": "`needs=` names a topic that no deck opens",
}
RULES: dict[str, tuple[Tier, str]] = {
    **{rule: ("unusable", what) for rule, what in UNUSABLE.items()},
    **{rule: ("reported", what) for rule, what in REPORTED.items()},
    **{rule: ("advice", what) for rule, what in ADVICE.items()},
}


# What says how many more there are.
_MORE: dict[Level, str] = {"error": "more-errors", "advice": "more-advice"}

BYTE_LIMIT = 32_000_000
"""Bytes of one file that are read; 100,000 cards have about 20 million."""

ENTRY_LIMIT = 100_000
"""Files and folders below one content folder that are looked at."""

MESSAGE_LIMIT = 1_000
"""Characters of a problem's message; a deck decides what is quoted in it."""

PROBLEM_LIMIT = 1_000
"""Errors, and pieces of advice, of one file that are listed; the rest are counted."""


def problem(file: str, line: int, rule: str, message: str) -> Problem:
    """A finding of `rule`, with the level that its tier has; lines count from 1."""
    level: Level = "advice" if rule in ADVICE else "error"
    if len(message) > MESSAGE_LIMIT:
        message = f"{message[: MESSAGE_LIMIT - 1]}…"
    return Problem(file, line, level, rule, message)


@dataclass(slots=True)
class Findings:
    """Collects the problems of one file.

    swallowing: the lines of what swallows the text after it, in order.
    in_vain: how many blocks of parameters could not be drawn.
    """

    file: str
    swallowing: list[int] = field(default_factory=list)
    in_vain: int = 0
    _listed: list[Problem] = field(default_factory=list)
    _counts: Counter[Level] = field(default_factory=Counter)
    _unusable: int = 0

    @property
    def problems(self) -> list[Problem]:
        """What was found, by line, and how much more there is than is listed."""
        listed = sorted(self._listed, key=lambda found: found.line)
        for level, rule in _MORE.items():
            if (more := self._counts[level] - PROBLEM_LIMIT) > 0:
                message = f"{more:,} more are not listed."
                listed.append(problem(self.file, listed[-1].line, rule, message))
        return listed

    def add(self, line: int, rule: str, message: str) -> None:
        """Note one problem at `line`, counted from 1."""
        found = problem(self.file, line, rule, message)
        self._counts[found.level] += 1
        if self._counts[found.level] <= PROBLEM_LIMIT:
            self._listed.append(found)
        self._unusable += rule in UNUSABLE
        if rule in SWALLOWING:
            insort(self.swallowing, line)

    def mark(self) -> int:
        """A place to ask `unusable_since` about."""
        return self._unusable

    def unusable_since(self, mark: int) -> bool:
        """Whether a finding since `mark` means that the card must be set aside."""
        return self._unusable > mark
