"""What every demo is: a spec of plain data, and a state that can step, show and judge itself.

A demo file declares `SPEC = Spec(...)` with literal arguments only (`demos.catalog` reads it
without running the file, so that listing the demos imports neither NumPy nor Numba) and a class
`Run` that follows the protocol below.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

if TYPE_CHECKING:
    from demos.views import Floats, Frame

Value = int | float | str | bool
Knobs = Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class Int:
    """A whole-number knob, both ends included."""

    name: str
    default: int
    min: int
    max: int
    step: int = 1
    about: str = ""

    def __post_init__(self) -> None:
        _require(self.min <= self.default <= self.max, f"{self.name}: default out of range")


@dataclass(frozen=True, slots=True)
class Real:
    """A real-number knob. With `log` the keys climb 1, 2, 5, 10 ... instead of adding `step`."""

    name: str
    default: float
    min: float
    max: float
    step: float = 0.1
    log: bool = False
    about: str = ""

    def __post_init__(self) -> None:
        _require(self.min <= self.default <= self.max, f"{self.name}: default out of range")
        _require(self.min > 0 or not self.log, f"{self.name}: a log knob must stay above 0")


@dataclass(frozen=True, slots=True)
class Choice:
    """One of a few words."""

    name: str
    default: str
    choices: tuple[str, ...]
    about: str = ""

    def __post_init__(self) -> None:
        _require(self.default in self.choices, f"{self.name}: default is no choice")


@dataclass(frozen=True, slots=True)
class Flag:
    """On or off."""

    name: str
    default: bool
    about: str = ""


@dataclass(frozen=True, slots=True)
class Cells:
    """The numbers of a small square, each set by itself: rows divided by `/`, numbers by `,`.

    The default is no text at all: the numbers are as other knobs make them.
    most: how many rows and columns there may be.
    of: those other knobs; turning one of them forgets what was set.
    The run shows the numbers in a `Grid` that names this knob as its `edits`.
    """

    name: str
    most: int
    min: float
    max: float
    step: float = 1.0
    of: tuple[str, ...] = ()
    about: str = ""
    default: str = ""

    def __post_init__(self) -> None:
        _require(self.min < self.max, f"{self.name}: the range is empty")
        _require(not self.default or bool(square(self.default)), f"{self.name}: no square")


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text that the learner types: printable characters, at least one, at most `most`."""

    name: str
    default: str
    most: int = 300
    about: str = ""

    def __post_init__(self) -> None:
        _require(is_line(self.default, self.most), f"{self.name}: the default is no such line")


def is_line(text: str, most: int) -> bool:
    """Whether `text` is one that a `Line` takes."""
    return 0 < len(text) <= most and text.isprintable() and not text.isspace()


Rows = tuple[tuple[float, ...], ...]


def square(text: str) -> Rows:
    """The rows of a `Cells` knob's text. Raises ValueError when they are no square of numbers."""
    rows = tuple(tuple(float(number) for number in row.split(",")) for row in text.split("/"))
    _require(all(len(row) == len(rows) for row in rows), f"{text!r} is no square")
    return rows


Knob = Int | Real | Choice | Flag | Cells | Line


@dataclass(frozen=True, slots=True)
class Ask:
    """A question with fixed options, answered by the run's own numbers.

    judged: which numbers of `Run.measured` decide it; a prediction's are in no frame of step 0.
    """

    question: str
    options: tuple[str, ...]
    judged: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Dare:
    """What to try next, at the end of a run: a knob to set to a value, and what to ask oneself."""

    knob: str
    value: Value
    question: str


@dataclass(frozen=True, slots=True)
class Spec:
    """A demo's plain data. Raises ValueError when the parts do not fit together.

    about: one line for the list of demos.
    pace: steps a frame at 15 frames a second, so that the phenomenon is complete in 10 s; 0 for
        a demo in which only the knobs move.
    draws: it reads what the learner draws: its run is one that `Reads` describes.
    slow: so many first steps are done at a quarter of the pace, where they teach the most.
    deciding: the number of `measured` that a crowd of runs is told by; empty: whether all verdicts
        hold.
    steps: after how many steps the run is complete and can be judged (0: at once).
    live: names of knobs that may change while it runs; another one starts it anew.
    predict, observe: asked before and after the run.
    why: what to look at and why it happens, a few sentences; one line a paragraph.
    dare: what to try after a run; it makes another option right, or another verdict.
    """

    name: str
    title: str
    kind: Literal["explorer", "stepper", "trainer"]
    topics: tuple[str, ...]
    knobs: tuple[Knob, ...]
    predict: Ask
    observe: Ask
    why: tuple[str, ...]
    pace: float = 1
    steps: int = 0
    live: tuple[str, ...] = ()
    about: str = ""
    slow: int = 0
    draws: bool = False
    deciding: str = ""
    dare: Dare | None = None

    def __post_init__(self) -> None:
        names = [knob.name for knob in self.knobs]
        _require(len(set(names)) == len(names), "two knobs have the same name")
        _require(set(self.live) <= set(names), "live names a knob that does not exist")
        _require(bool(self.topics), "a demo belongs to at least one topic")
        _require(self.dare is None or self.dare.knob in names, "the dare is about no knob")
        others = {name for knob in self.knobs if isinstance(knob, Cells) for name in knob.of}
        _require(others <= set(names), "cells are made by a knob that does not exist")

    def knob(self, name: str) -> Knob:
        """The knob called `name`. Raises KeyError."""
        for knob in self.knobs:
            if knob.name == name:
                return knob
        raise KeyError(name)

    def defaults(self) -> dict[str, Value]:
        """Every knob at its default."""
        return {knob.name: knob.default for knob in self.knobs}


def _require(condition: bool, complaint: str) -> None:
    if not condition:
        raise ValueError(complaint)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A claim and the run's own number against its threshold; it may fail.

    advice: what to change when it does not hold.
    """

    claim: str
    value: float
    relation: Literal["<", "<=", ">", ">=", "=="]
    threshold: float
    advice: str = ""

    @property
    def holds(self) -> bool:
        """Whether the number keeps the claim."""
        value, limit = self.value, self.threshold
        return {
            "<": value < limit,
            "<=": value <= limit,
            ">": value > limit,
            ">=": value >= limit,
            "==": value == limit,
        }[self.relation]


@dataclass(frozen=True, slots=True)
class Answers:
    """Which option of `predict` and of `observe` the finished run makes right."""

    predict: int
    observe: int


class DivergedError(ArithmeticError):
    """A number left the finite range: at which step, where, and which knob to turn back."""

    def __init__(self, step: int, where: str, knob: str, advice: str) -> None:
        super().__init__(step, where, knob, advice)
        self.step = step
        self.where = where
        self.knob = knob
        self.advice = advice


class Run(Protocol):
    """One run of a demo. All mutable state lives in attributes that `copy.deepcopy` can copy.

    Randomness comes from generators made of `seed` and kept as attributes, so that a deep copy
    is a snapshot and rewinding repeats the same numbers bit for bit. `step(a); step(b)` must
    leave the same state as `step(a + b)`: the lab decides how many steps go into one call.
    """

    step_count: int

    def __init__(self, knobs: Knobs, seed: int) -> None:
        """Build the state at step 0."""

    def step(self, n: int) -> None:
        """Advance `n` steps. Raises DivergedError and then keeps the last finite state."""

    def set(self, name: str, value: Value) -> None:
        """Change a `live` knob while running; any other knob starts the run anew."""

    def frame(self) -> Frame:
        """What to show now; cheap enough for 15 calls a second.

        Its arrays must not change when the run steps on: the screen paints them in its own time.
        """

    def measured(self) -> dict[str, float]:
        """The numbers that the verdicts and the headless run report."""

    def verdicts(self) -> list[Verdict]:
        """The claims, judged by this run's own numbers, the most telling first."""

    def answers(self) -> Answers:
        """The right options of `SPEC.predict` and `SPEC.observe` for this run."""


class Reads(Run, Protocol):
    """A run that also reads what the learner draws; its spec says `draws=True`."""

    def draw(self, image: Floats | None) -> None:
        """Show and read a drawing (any height, any width), 0 paper to 1 ink; None: no drawing.

        While there is one, the frame's picture is the drawing as it is seen, and the frame's first
        side panel what is read in it.
        """


# Asked while many runs train: whether nobody waits for them any more.
Stop = Callable[[], bool]


class StoppedError(Exception):
    """The work was left, because nobody waits for it any more."""


def strides(done: int, n: int, every: int) -> Iterator[int]:
    """Cut the next `n` steps after `done` where a multiple of `every` is reached.

    A run that records itself at those cuts records the same whatever `n` it is called with.
    """
    end = done + n
    while done < end:
        stride = min(every - done % every, end - done)
        done += stride
        yield stride


# Files that the program lends to a demo, by what is in them; a demo never asks where they came
# from. "reviews": an .npz file with arrays card, rating and days, see demos/forgetting.py.
# One table for a process, since a process has one learner. Only tutor/session/lending.py writes
# it, and anew before each run that asks, so that no run depends on what was open before it.
lent: dict[str, Path] = {}


class Explorer:
    """The half of `Run` that an explorer shares: no knob is live, and steps only count.

    An explorer's numbers follow from its knobs; turning one makes a new run.
    """

    step_count = 0

    def step(self, n: int) -> None:
        """Count `n` steps; a demo may show a different part of itself at each."""
        self.step_count += n

    def set(self, name: str, value: Value) -> None:
        """Refuse: the lab makes a new run instead."""
        raise KeyError(f"{name} is not live")
