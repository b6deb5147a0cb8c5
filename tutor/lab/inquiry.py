"""Predict, run, observe: the questions around a run, and what it itself says is right.

A prediction before the run and one question after it; each can be skipped with one key.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from demos.base import Answers, Ask, Spec
from tutor.lab.worker import Snapshot

Phase = Literal["predict", "run", "observe", "told"]


@dataclass(frozen=True, slots=True)
class Answered:
    """A prediction or an observation with the option that the run made right."""

    kind: Literal["predict", "observe"]
    chosen: int
    right: int


class Inquiry:
    """Where the learner stands with one run.

    asks: whether it asks at all; beside a card it waits until the card is answered.
    predicted, observed: the options chosen, or None while open and when skipped.
    answers: the right options, known once the run is complete.
    """

    def __init__(self, spec: Spec, *, asks: bool = True) -> None:
        self.spec = spec
        self.asks = asks
        self._begin(0)

    def _begin(self, run: int) -> None:
        self.run = run
        self.phase: Phase = "predict" if self.asks else "run"
        self.predicted: int | None = None
        self.observed: int | None = None
        self.answers: Answers | None = None

    @property
    def question(self) -> Ask | None:
        """What is being asked now."""
        asks = {"predict": self.spec.predict, "observe": self.spec.observe}
        return asks.get(self.phase)

    def see(self, snapshot: Snapshot) -> Answered | None:
        """Follow the run. The prediction is marked at the moment when the run is complete."""
        if snapshot.run != self.run:
            self._begin(snapshot.run)
        if snapshot.result is None:
            return None
        self.answers = snapshot.result.answers
        if self.phase != "run" or not self.asks:
            return None
        self.phase = "observe"
        if self.predicted is None:
            return None
        return Answered("predict", self.predicted, self.answers.predict)

    def begin_to_ask(self, snapshot: Snapshot) -> None:
        """From now on ask; of a run that is under way only what was seen in it."""
        if not self.asks:
            self.asks = True
            if snapshot.step == 0:
                self.phase = "predict"

    def choose(self, option: int) -> Answered | None:
        """Take an option, counted from 0; an observation is marked at once."""
        ask = self.question
        if ask is None or not 0 <= option < len(ask.options):
            return None
        if self.phase == "predict":
            self.predicted, self.phase = option, "run"
            return None
        assert self.answers is not None
        self.observed, self.phase = option, "told"
        return Answered("observe", option, self.answers.observe)

    def skip(self) -> None:
        """Leave the open question unanswered."""
        if self.phase == "predict":
            self.phase = "run"
        elif self.phase == "observe":
            self.phase = "told"
