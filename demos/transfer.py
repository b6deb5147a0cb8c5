"""Transfer: a network that knows four spiral arms learns, from a few labels, which go together.

Afresh, with its body frozen and a new head, or fine-tuned: each five times, from five seeds.
"""

from __future__ import annotations

import numpy as np

from demos.base import Answers, Ask, Choice, Dare, Int, Knobs, Spec, Value, Verdict, strides
from demos.engine import datasets
from demos.engine.arrays import Ints
from demos.engine.mlp import Mlp
from demos.engine.optimizers import Optimizer
from demos.views import Bar, Bars, Curves, Floats, Frame, Points, Raster, Role, Series, middles

SPEC = Spec(
    name="transfer",
    title="Transfer learning",
    kind="trainer",
    about="A handful of labels: start afresh, train a new head only, or fine-tune everything?",
    topics=("transfer-learning", "pretrained-lms"),
    knobs=(
        Int("labels_per_arm", 3, 1, 20, about="labelled points of each of the four arms"),
        Choice(
            "source", "spiral", ("spiral", "circles"),
            about="what the body learned before: these arms, or something else",
        ),
        Choice("mode", "frozen", ("scratch", "frozen", "fine-tune"), about="which one is drawn"),
    ),
    predict=Ask(
        "A few labels for a new task: what does best?",
        ("Starting afresh", "A new head only", "Fine-tuning all"),
        judged=("scratch", "frozen", "fine_tune",),
    ),
    observe=Ask(
        "Started afresh, how many new points did it get right?",
        ("Under 70 %", "70 to 90 %", "Over 90 %"),
    ),
    why=(
        "The body has learned to tell the four arms apart. Which two arms share the new class is "
        "all that is left to learn: 66 parameters, and twelve labels can settle those.",
        "Afresh, 1,218 parameters must find the arms from twelve points; between them they guess.",
        "Fine-tuning starts well, and may then bend good features to fit the few points.",
        "A body from another task has the wrong features. Frozen, it is worse than a random "
        "start: negative transfer. With many labels the advantage of any body fades.",
    ),
    dare=Dare("source", "circles", "does the frozen body still help?"),
    pace=3,
    steps=400,
    live=("mode",),
    slow=30,
    deciding="gain",
)  # fmt: skip

SEEDS = 5
POINTS = 400
UNITS = 32
SOURCE_STEPS = 2000
RECORD = 10
TARGET = np.array([0, 0, 1, 1])  # the new class of each arm
RATES = {"scratch": 0.01, "frozen": 0.01, "fine-tune": 0.002}
ROLES: dict[str, Role] = {"scratch": "b", "frozen": "a", "fine-tune": "c"}
SIDE, TILE = 40, 12
REACH = 2.2
EXTENT = (-REACH, REACH, -REACH, REACH)
GRID, TILE_GRID = middles(REACH, SIDE), middles(REACH, TILE)


class Task:
    """One seed's arms: points to learn the source from, some of them labelled, and a test set.

    body: fed with the source; once it has learnt that, `begin` makes the networks that start on it.
    """

    def __init__(self, labels: int, source: str, seed: int) -> None:
        X, arms = datasets.make("spiral-4", 2 * POINTS, seed=seed)
        generator = np.random.default_rng((seed, 5))
        order = generator.permutation(len(X))
        X, arms = X[order], arms[order]
        first = np.concatenate([np.flatnonzero(arms[:POINTS] == a)[:labels] for a in range(4)])
        self.labelled: tuple[Floats, Ints] = (X[first], TARGET[arms[first]])
        self.test: tuple[Floats, Ints] = (X[POINTS:], TARGET[arms[POINTS:]])
        same = source == "spiral"
        self.given = (
            (X[:POINTS], arms[:POINTS]) if same else datasets.make(source, POINTS, seed=seed)
        )
        self.body = _net(4, 0.01, seed)
        self.body.feed(*self.given)
        self.seed, self.source_accuracy = seed, 0.0
        self.nets: dict[str, Mlp] = {}

    def begin(self) -> None:
        """Make the networks of the three ways, now that the body has learnt the source."""
        self.source_accuracy = self.body.accuracy(*self.given)
        self.nets = {mode: self._learner(mode, self.seed) for mode in RATES}

    def _learner(self, mode: str, seed: int) -> Mlp:
        net = _net(2, RATES[mode], seed + 1)
        if mode != "scratch":
            for layer in range(net.depth - 1):
                net.weights(layer)[:] = self.body.weights(layer)
                net.biases(layer)[:] = self.body.biases(layer)
        if mode == "frozen":
            net.freeze(net.depth - 1)
        net.feed(*self.labelled)
        return net


def _net(classes: int, rate: float, seed: int) -> Mlp:
    optimizer = Optimizer("adam", rate)
    return Mlp((2, UNITS, UNITS, classes), "tanh", optimizer=optimizer, seed=seed)


class Run:
    """Five tasks, three networks each; the first task is the one that is drawn.

    learnt: else the bodies wait, to learn their source beside others; then `begin`.
    """

    def __init__(self, knobs: Knobs, seed: int, learnt: bool = True) -> None:
        labels, source = int(knobs["labels_per_arm"]), str(knobs["source"])
        self.mode = str(knobs["mode"])
        self.tasks = [Task(labels, source, seed * SEEDS + i) for i in range(SEEDS)]
        self.shown = self.tasks[0]
        self.step_count = 0
        self.history: list[dict[str, float]] = []
        if learnt:
            for task in self.tasks:
                task.body.step(SOURCE_STEPS)
            self.begin()

    def begin(self) -> None:
        """Start on the bodies as they are now."""
        for task in self.tasks:
            task.begin()
        body = self.shown.body
        self.source = body.logits(GRID).argmax(axis=1).reshape(SIDE, SIDE) / 3.0
        self.features = body.hidden(TILE_GRID)[-2][:, :8].copy()
        self._record()

    def step(self, n: int) -> None:
        """Train all fifteen networks on `n` batches of their labelled points."""
        for stride in strides(self.step_count, n, RECORD):
            for task in self.tasks:
                for net in task.nets.values():
                    net.step(stride)
            self.step_count += stride
            if self.step_count % RECORD == 0:
                self._record()

    def _record(self) -> None:
        """The mean test accuracy of each way."""
        self.history.append({
            mode: float(np.mean([task.nets[mode].accuracy(*task.test) for task in self.tasks]))
            for mode in RATES
        })  # fmt: skip

    def set(self, name: str, value: Value) -> None:
        """Draw another one of the three networks."""
        assert name == "mode"
        self.mode = str(value)

    def frame(self) -> Frame:
        """The boundary of one way; the accuracy of all three; what the body knows."""
        now = self.history[-1]
        steps = RECORD * np.arange(len(self.history), dtype=float)
        series = tuple(
            Series(mode, np.array([accuracies[mode] for accuracies in self.history]), steps, role)
            for mode, role in ROLES.items()
        )
        bars = tuple(Bar(mode, now[mode], f"{now[mode]:.3f}", ROLES[mode]) for mode in RATES)
        p = self.shown.nets[self.mode].probabilities(GRID)[:, 1].reshape(SIDE, SIDE)
        return Frame(
            picture=Raster(
                f"{self.mode}: new classes", p, extent=EXTENT, points=Points(*self.shown.labelled)
            ),
            side=(
                Bars(f"test accuracy, mean of {SEEDS}", bars),
                Curves("over the steps", series, "step", y_range=(0.4, 1.0)),
            ),
            extra=(self._source(), self._features()),
            formula=self._formula(),
            status=f"{len(self.shown.labelled[1])} labels, {self.mode} {now[self.mode]:.3f}",
            curve=series[1],
        )

    def _source(self) -> Raster:
        return Raster("classes the body knew", self.source, extent=EXTENT)

    def _features(self) -> Raster:
        """Eight of the body's last units over the plane, as tiles."""
        tiles = self.features.reshape(TILE, TILE, 2, 4).transpose(2, 0, 3, 1)
        mosaic = tiles.reshape(2 * TILE, 4 * TILE)
        return Raster("eight units of the body", mosaic, -1.0, 1.0, signed=True)

    def _formula(self) -> str:
        """How many parameters the way that is drawn has to learn."""
        head = rf"{UNITS}\cdot 2 + 2"
        if self.mode == "frozen":
            return rf"{head} = {2 * UNITS + 2}\ \mathrm{{parameters}}"
        body = rf"2\cdot {UNITS} + {UNITS} + {UNITS}\cdot {UNITS} + {UNITS}"
        return rf"{body} + {head} = {self.shown.nets[self.mode].theta.size}\ \mathrm{{parameters}}"

    def measured(self) -> dict[str, float]:
        """Mean accuracies of the three ways, of the source, and how far the frozen body moved."""
        now = self.history[-1]
        moved = max(
            float(np.abs(task.nets["frozen"].weights(layer) - task.body.weights(layer)).max())
            for task in self.tasks
            for layer in range(2)
        )
        return {
            "source": float(np.mean([task.source_accuracy for task in self.tasks])),
            "scratch": now["scratch"],
            "frozen": now["frozen"],
            "fine_tune": now["fine-tune"],
            "gain": now["frozen"] - now["scratch"],
            "frozen_body_moved": moved,
        }

    def verdicts(self) -> list[Verdict]:
        """The frozen body beats a fresh start, and it was frozen."""
        m = self.measured()
        return [
            Verdict(
                "Test accuracy with the frozen body less afresh", m["gain"], ">=", 0.09,
                "The source does not fit the task, or labels are plenty without it.",
            ),
            Verdict("The frozen body's weights moved by", m["frozen_body_moved"], "==", 0.0),
        ]  # fmt: skip

    def answers(self) -> Answers:
        """Judged by the three mean accuracies."""
        m = self.measured()
        ways = [m["scratch"], m["frozen"], m["fine_tune"]]
        return Answers(ways.index(max(ways)), sum(m["scratch"] >= least for least in (0.7, 0.9)))
