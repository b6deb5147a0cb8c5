"""One demo under the learner's hand: a run, its knobs and seed, and what was done to it.

Knows no threads and no time, so that a headless run, a test and the worker drive the same thing.
"""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from demos import catalog
from demos.base import Answers, DivergedError, Reads, Run, Value, Verdict
from demos.views import Floats, Frame, Series
from tutor.lab import knobs as knob_rules
from tutor.lab.notation import readable


@dataclass(frozen=True, slots=True)
class Turn:
    """One knob turned while running: replaying a run takes its seed, its knobs and its turns."""

    step: int
    knob: str
    value: Value


@dataclass(frozen=True, slots=True)
class Result:
    """What a complete run found out about itself."""

    measured: dict[str, float]
    verdicts: tuple[Verdict, ...]
    answers: Answers


class Experiment:
    """A demo being run.

    knobs: the values now; those of the start are kept in the run's own start state.
    turns: the live knobs turned since step 0.
    runs: how many runs there were before this one, rewound ones included.
    ghost: the curve of the run before this one, to compare with.
    result: set when the run has been complete for the first time; kept until a new start.
    diverged: why the run stopped at its last finite state, if it did.
    """

    def __init__(self, name: str, knobs: Mapping[str, Value], seed: int = 0) -> None:
        self.spec = catalog.spec(name)
        self.knobs = dict(knobs)
        self.seed = seed
        self.runs = 0
        self.ghost: Series | None = None
        self._drawing: Floats | None = None
        self._forget()

    def _forget(self) -> None:
        """No run until someone looks: several knobs turned in a row cost one new run."""
        self._run: Run | None = None
        self._start: Run | None = None
        self._clear()

    def _clear(self) -> None:
        self.turns: list[Turn] = []
        self.result: Result | None = None
        self.diverged: DivergedError | None = None

    @property
    def run(self) -> Run:
        """The run of these knobs and this seed; made, and kept as it is at step 0, when asked."""
        if self._run is None:
            self._run = catalog.run_class(self.spec.name)(self.knobs, self.seed)
            self._start = copy.deepcopy(self._run)
            self.draw(self._drawing)
            self._judge_when_complete()
        return self._run

    @property
    def step(self) -> int:
        """How many steps the run has done."""
        return self.run.step_count

    @property
    def remaining(self) -> int:
        """Steps until the run is complete; 0 when it is."""
        return max(0, self.spec.steps - self.step)

    def advance(self, n: int) -> None:
        """Do `n` steps, stopping short where the run becomes complete or diverges."""
        run = self.run
        if self.diverged is not None:
            return
        if 0 < self.remaining < n:
            n = self.remaining
        try:
            run.step(n)
        except DivergedError as error:
            self.diverged = error
        self._judge_when_complete()

    def _judge_when_complete(self) -> None:
        run = self._run
        if run is not None and not (self.result or self.diverged or self.remaining):
            self.result = Result(run.measured(), tuple(run.verdicts()), run.answers())

    def rewind(self) -> None:
        """Back to step 0 with the very same weights; live knobs keep where they were turned to."""
        self._remember()
        turned = {turn.knob for turn in self.turns}
        self._run = copy.deepcopy(self._start)
        self.draw(self._drawing)
        self._clear()
        for name in sorted(turned):
            self.turn(name, self.knobs[name])
        self._judge_when_complete()

    def reseed(self, seed: int) -> None:
        """Start anew from another seed."""
        self._remember()
        self.seed = seed
        self._forget()

    def turn(self, name: str, value: Value) -> None:
        """Set a knob. Raises KnobError.

        A live knob acts on the run as it is; an explorer shows the same place with the new knob;
        any other knob starts a new run.
        """
        value = knob_rules.checked(knob_rules.knob_of(self.spec, name), value)
        self.knobs[name] = value
        if name in self.spec.live:
            self.turns.append(Turn(self.step, name, value))
            self.run.set(name, value)
        elif self.keeps_place(name):
            place = self.step
            self._forget()
            self.advance(place)
        else:
            self._remember()
            self._forget()

    def keeps_place(self, name: str) -> bool:
        """Whether turning this knob leaves the run at the step where it is."""
        return name in self.spec.live or self.spec.kind == "explorer"

    def draw(self, image: Floats | None) -> None:
        """Let a demo that `draws` read this image, in later runs too; None puts it away."""
        self._drawing = image
        if self.spec.draws and self._run is not None:
            cast(Reads, self._run).draw(image)

    def _remember(self) -> None:
        """Count the run that ends and keep its curve, unless it has hardly begun."""
        self.runs += 1
        if self._run is not None and self._run.step_count > 1:
            self.ghost = self.frame().curve or self.ghost

    def frame(self) -> Frame:
        """What to show now, its numbers in the one notation."""
        return readable(self.run.frame())
