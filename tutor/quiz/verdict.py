"""What marking an answer says: right, wrong, or please write it again.

An answer that cannot be read is never wrong: the markers raise UnreadableError with the way out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Verdict = Literal["right", "wrong", "ask-again"]


class UnreadableError(ValueError):
    """The answer cannot be marked as it is written; the words say what would help."""


class NearlyError(UnreadableError):
    """The same for an answer that comes so near to the right one that the words give that away."""


@dataclass(frozen=True, slots=True)
class Mark:
    """The verdict on one answer and the feedback to show with it.

    message: why to ask again, or what of a partly right answer was right; else empty.
    misconception: the name of the slip that gives exactly this wrong answer.
    expected: the right answer in words.
    reason: what the deck says about the option that was chosen.
    parts: which options, places, pairs or gaps the answer got right; empty for one-part answers.
    picked: what was chosen by its label, as positions: the options of a choice, the items of an
        order in the order that was given, for each left cell of a match its right cell.
    near: to be written again because the right answer seems to be meant; where nothing may be
        given away, as in an exam, it counts as that.
    """

    verdict: Verdict
    message: str = ""
    misconception: str | None = None
    expected: str = ""
    reason: str | None = None
    parts: tuple[bool, ...] = ()
    picked: tuple[int, ...] = ()
    near: bool = False

    @property
    def right(self) -> bool:
        """Whether the answer counts."""
        return self.verdict == "right"
