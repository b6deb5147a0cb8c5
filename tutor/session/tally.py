"""What was done in one session, for the line at its end.

Answers that were taken back do not count.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from tutor.memory.model import Rating


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: which unit, how well, how long, and whether it was a mature review."""

    key: str
    rating: Rating
    elapsed_ms: int
    review: bool


@dataclass(slots=True)
class Tally:
    """The answers of a session in their order."""

    answers: list[Answer] = field(default_factory=list)

    def add(self, key: str, rating: Rating, elapsed_ms: int, *, review: bool) -> None:
        """Count one answer."""
        self.answers.append(Answer(key, rating, elapsed_ms, review))

    def take_back(self, key: str) -> None:
        """Forget the last answer if it was to this unit; an earlier session's is not ours."""
        if self.answers and self.answers[-1].key == key:
            self.answers.pop()

    def rerate(self, key: str, rating: Rating) -> None:
        """Give the last answer another rating if it was to this unit."""
        if self.answers and self.answers[-1].key == key:
            self.answers[-1] = replace(self.answers[-1], rating=rating)

    @property
    def missed(self) -> tuple[str, ...]:
        """The units that were missed, each once, in their order."""
        wrong = (answer.key for answer in self.answers if answer.rating is Rating.AGAIN)
        return tuple(dict.fromkeys(wrong))

    @property
    def minutes(self) -> float:
        """How long the answers took together."""
        return sum(answer.elapsed_ms for answer in self.answers) / 60_000

    @property
    def retention(self) -> float | None:
        """The share of reviews that were remembered; none without a review."""
        reviews = [answer for answer in self.answers if answer.review]
        if not reviews:
            return None
        return sum(answer.rating > Rating.AGAIN for answer in reviews) / len(reviews)

    def words(self) -> str:
        """`20 cards, 3 min, retention 92 %`."""
        count = len(self.answers)
        minutes = "under 1 min" if self.minutes < 1 else f"{self.minutes:.0f} min"
        parts = [f"{count} card{'s' * (count != 1)}", minutes]
        if self.retention is not None:
            parts.append(f"retention {self.retention:.0%}".replace("%", " %"))
        return ", ".join(parts)
