"""How a quiz went: the score with its uncertainty, topic by topic, and what to review.

The JSON is an interface; its keys stay.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass
from typing import Any, Literal

from tutor.deck.format import MINUS
from tutor.deck.model import Kind
from tutor.memory.stats import wilson
from tutor.quiz.question import Question
from tutor.quiz.verdict import Mark

Confidence = Literal["sure", "unsure"]
CONFIDENCE: tuple[Confidence, ...] = ("sure", "unsure")


@dataclass(frozen=True, slots=True)
class Item:
    """One answered question.

    question: as it was asked, with its numbers. given: as it was typed, "?" too. answer: what
    counts of it. shown: the answer in words, such as the text of an option for its letter.
    """

    key: str
    kind: Kind
    question: str
    given: str
    answer: str
    expected: str
    right: bool
    misconception: str | None
    seconds: float
    confidence: Confidence | None
    topic: str = ""
    shown: str = ""

    @classmethod
    def of(
        cls,
        question: Question,
        mark: Mark,
        answer: str,
        seconds: float,
        confidence: Confidence | None,
        given: str | None = None,
    ) -> Item:
        """The item of a marked answer; `seconds` is how long it took.

        given: as it was typed, where that is not the answer.
        """
        return cls(
            key=question.key,
            kind=question.kind,
            question=question.text,
            given=answer if given is None else given,
            answer=answer,
            expected=question.expected,
            right=mark.right,
            misconception=mark.misconception,
            seconds=round(seconds, 3),
            confidence=confidence,
            topic=question.card.topic or question.card.deck,
            shown=question.chosen(mark.picked) or answer,
        )

    def as_json(self) -> dict[str, Any]:
        """The item's public keys; a number keeps the hyphen that programs read."""
        data = asdict(self)
        if self.kind == "numeric":
            data["expected"] = self.expected.replace(MINUS, "-")
        del data["topic"], data["shown"]
        return data


@dataclass(frozen=True, slots=True)
class Report:
    """All answers of a quiz, in the order of answering."""

    items: tuple[Item, ...]

    @property
    def asked(self) -> int:
        """How many questions were answered."""
        return len(self.items)

    @property
    def right(self) -> int:
        """How many of them rightly."""
        return sum(item.right for item in self.items)

    @property
    def interval(self) -> tuple[float, float]:
        """The 95 % interval of the share of right answers."""
        return wilson(self.right, self.asked)

    @property
    def topics(self) -> tuple[tuple[str, int, int], ...]:
        """(topic, right, asked), the weakest first, then in the order of asking."""
        asked = Counter(item.topic for item in self.items)
        right = Counter(item.topic for item in self.items if item.right)
        rows = [(topic, right[topic], count) for topic, count in asked.items()]
        return tuple(sorted(rows, key=lambda row: row[1] / row[2]))

    @property
    def calibration(self) -> tuple[tuple[Confidence, int, int], ...]:
        """(how sure, right, asked), for what was said to be sure and what to be unsure."""
        said = [(item.confidence, item.right) for item in self.items]
        rows = [(word, said.count((word, True)), said.count((word, False))) for word in CONFIDENCE]
        return tuple((word, right, right + wrong) for word, right, wrong in rows if right + wrong)

    @property
    def to_review(self) -> tuple[Item, ...]:
        """The answers to look at again: what was wrong, then what was right but unsure."""
        wrong = [item for item in self.items if not item.right]
        unsure = [item for item in self.items if item.right and item.confidence == "unsure"]
        return (*wrong, *unsure)

    @property
    def review(self) -> tuple[str, ...]:
        """The keys of `to_review`, each once."""
        return tuple(dict.fromkeys(item.key for item in self.to_review))

    def as_json(self) -> dict[str, Any]:
        """The report as `quiz --json` prints it."""
        return {
            "asked": self.asked,
            "right": self.right,
            "score_interval": [round(end, 4) for end in self.interval],
            "items": [item.as_json() for item in self.items],
            "review": list(self.review),
        }
