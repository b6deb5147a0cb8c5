"""A learner's year, for a page of their own: topics, retention, exams, predictions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from tutor.session import past, statistics
from tutor.session.exam_result import Passed, Result, passed, results
from tutor.session.learner import Learner
from tutor.session.past import Past
from tutor.session.statistics import Stats, day_of

DAYS = 365


@dataclass(frozen=True, slots=True)
class ChapterYear:
    """One chapter: its topics, those that are known, and the mean chance to remember its cards.

    recall: None where no card of it was answered.
    """

    number: int
    title: str
    topics: int
    known: int
    recall: float | None


@dataclass(frozen=True, slots=True)
class Year:
    """What a year came to. exams: those of its days, the newest first; passed: what counts now."""

    today: date
    stats: Stats
    past: Past
    chapters: tuple[ChapterYear, ...]
    exams: tuple[Result, ...]
    passed: tuple[Passed, ...]

    def as_json(self) -> dict[str, Any]:
        """The shape of `tutor report --year --json`."""
        span = self.stats.over(DAYS, self.today)
        told = self.past.as_json()
        return {
            "until": self.today.isoformat(),
            "answers": span.reviews,
            "days": span.studied,
            "hours": round(span.seconds / 3600, 2),
            "remembered": round(self.stats.knowledge, 1),
            "chapters": [
                {
                    "number": each.number,
                    "title": each.title,
                    "topics": each.topics,
                    "known": each.known,
                    "recall": each.recall,
                }
                for each in self.chapters
            ],
            "intervals": told["intervals"],
            "judged": told["judged"],
            "exams": [result.as_json() for result in self.exams],
            "passed": [each.mark.as_json() for each in self.passed],
        }


def gather(learner: Learner) -> Year:
    """Read and count it. Raises DataError."""
    stats, told, found = statistics.gather(learner), past.gather(learner), results(learner)
    day = learner.now().study_day
    return Year(
        day_of(day),
        stats,
        told,
        tuple(_chapters(learner, stats)),
        tuple(result for result in found if result.study_day > day - DAYS),
        passed(found, day),
    )


def _chapters(learner: Learner, stats: Stats) -> Sequence[ChapterYear]:
    made = []
    for number, title in learner.library.chapters.items():
        topics = [topic for topic in stats.topics if topic.chapter == number]
        seen = [t for t in topics if t.retrievability is not None]
        cards = sum(topic.seen for topic in seen)
        recall = sum((t.retrievability or 0.0) * t.seen for t in seen) / cards if cards else None
        known = sum(topic.known for topic in topics)
        made.append(ChapterYear(number, title, len(topics), known, recall and round(recall, 4)))
    return made
