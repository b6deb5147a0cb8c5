"""A turn: one question while it is asked, from its first sight to its mark or its reveal.

A page turns keys into it, a pipe turns lines into it, so that the same input leads to the same
answer in either. What is shown of it meanwhile is theirs.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from time import monotonic
from typing import TYPE_CHECKING

from tutor.deck.library import Library
from tutor.errors import TutorError
from tutor.memory.model import Outcome, Rating
from tutor.quiz.question import WORDED, Question
from tutor.quiz.report import Confidence
from tutor.quiz.verdict import Mark
from tutor.session.accepting import ACCEPTED
from tutor.session.answers import ceiling

if TYPE_CHECKING:
    from tutor.quiz.terms import Terms

UNKNOWN = "?"
"""Written instead of an answer, it says: I do not know."""


class Turn:
    """One question while it is asked.

    hints: how many were given. given: the answer as it was typed. answer: what counts of it; it is
    empty where the learner did not know. mark: what marking, or the learner,
    said of it; None as long as nobody did. confidence: how sure the learner was.
    over: the answer is known now, because it was marked or revealed; nothing can be written more.
    seconds: from the first sight to that; up to now while the turn is not over.
    """

    def __init__(
        self, question: Question, library: Library | None = None, *, rated: bool = False
    ) -> None:
        """library: the decks whose terms a wrong word may be.

        rated: the learner rates the answer, so that an empty one just reveals it.
        """
        self.question = question
        self._library = library
        self.rated = rated
        self.hints = 0
        self.given = self.answer = ""
        self.mark: Mark | None = None
        self.confidence: Confidence | None = None
        self._began = monotonic()
        self._spent: float | None = None
        self._missed: Mark | None = None

    @cached_property
    def terms(self) -> Terms:
        """What else a wrong word may be."""
        from tutor.quiz.terms import NONE, terms_of

        if self._library is None or self.question.kind not in WORDED:
            return NONE
        return terms_of(self._library)

    @property
    def over(self) -> bool:
        """Whether the answer is known."""
        return self._spent is not None

    @property
    def seconds(self) -> float:
        """How long the learner has thought; reading the answer does not count."""
        return monotonic() - self._began if self._spent is None else self._spent

    @property
    def elapsed_ms(self) -> int:
        """The same for the journal."""
        return round(self.seconds * 1000)

    def hint(self) -> str | None:
        """The next hint; None when there is none left, or it comes too late."""
        if self.over or self.hints == len(self.question.hints):
            return None
        self.hints += 1
        return self.question.hints[self.hints - 1]

    def reply(self, answer: str) -> Mark | None:
        """Answer the question: "?" gives up, and what cannot be read leaves it open.

        None when the answer is left to the learner's own rating.
        """
        # Marking costs as much to load as all of a session, and the first card waits for neither.
        from tutor.quiz.marking import give_up, mark

        self.given = answer
        if self.rated and not (answer.strip() and self.question.marked):
            self.reveal(answer)
            return None
        unknown = answer.strip() == UNKNOWN
        said = give_up(self.question) if unknown else mark(self.question, answer, self.terms)
        if said.verdict != "ask-again":
            if unknown and not self.rated:
                answer, self.confidence = "", "unsure"
            self.reveal(answer)
            self.mark = said
        return said

    def reveal(self, answer: str = "") -> None:
        """Show the answer; whether it was known is the learner's to say."""
        if self._spent is None:
            self._spent = self.seconds
            self.answer = answer

    @contextmanager
    def kept_open(self) -> Iterator[None]:
        """Saves the answer inside; where that fails the question is open as before."""
        try:
            yield
        except TutorError:
            self.given = self.answer = ""
            self.mark = self._spent = None
            raise

    def judge(self, right: bool) -> Mark:
        """The learner's own verdict on what the program cannot mark, after it was revealed."""
        self.given = self.answer = "y" if right else "n"
        self.mark = Mark("right" if right else "wrong", expected=self.question.expected)
        return self.mark

    def accept(self) -> None:
        """Let a miss count as right: it is in the journal."""
        assert self.mark is not None
        right = replace(
            self.mark,
            verdict="right",
            message=ACCEPTED,
            misconception=None,
            parts=(True,) * len(self.mark.parts),
        )
        self._missed, self.mark = self.mark, right

    def take_back_accept(self) -> bool:
        """Let it be a miss again; whether it was one."""
        if self._missed is None:
            return False
        self.mark, self._missed = self._missed, None
        return True

    def resume(self, before: Turn) -> None:
        """Go on where the turn of the same card stood, as when its file was edited meanwhile."""
        self.hints = min(before.hints, len(self.question.hints))
        self.given, self.answer = before.given, before.answer
        self.mark, self.confidence = before.mark, before.confidence
        self._began, self._spent = before._began, before._spent
        self._missed = before._missed

    @property
    def correct(self) -> bool | None:
        """Whether the answer was right; None if the learner is to say."""
        return None if self.mark is None else self.mark.right

    @property
    def highest(self) -> Rating:
        """The best rating that this answer may have."""
        return ceiling(self.question, self.correct, self.hints)

    def ratings(self, outcomes: Mapping[Rating, Outcome]) -> dict[Rating, Outcome]:
        """What each button really does: one above the highest does what the highest does."""
        return {rating: outcomes[min(rating, self.highest)] for rating in outcomes}
