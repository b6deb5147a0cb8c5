"""Memory lane: three recurrent cells must remember two numbers from long ago and add them.

Whoever cannot remember answers 1 every time, which costs 1/6: the variance of the sum.
"""

from __future__ import annotations

import numpy as np

from demos.base import (
    Answers,
    Ask,
    Choice,
    Dare,
    Flag,
    Int,
    Knobs,
    Real,
    Spec,
    Value,
    Verdict,
    strides,
)
from demos.engine.optimizers import Optimizer
from demos.engine.recurrent import Recurrent
from demos.engine.sequences import AddingProblem
from demos.views import Curves, Floats, Frame, Raster, Role, Series

SPEC = Spec(
    name="memory-lane",
    title="Memory lane",
    kind="trainer",
    about="RNN, LSTM and GRU must add two marked numbers out of thirty: who remembers?",
    topics=("rnn", "bptt", "lstm", "gru", "gradient-clipping", "vanishing-gradients"),
    knobs=(
        Choice("cell", "all", ("all", "RNN", "LSTM", "GRU"), about="which to train"),
        Int("length", 30, 10, 60, 5, about="numbers in a sequence, two of them marked"),
        Int("hidden_units", 24, 8, 32, 4, about="in the cell's state"),
        Flag("clip", True, about="cut gradients to a length of 1"),
        Real("forget_bias", 1.0, 0.0, 2.0, 0.5, about="start of the LSTM's forget gate"),
        Real("learning_rate", 0.02, 0.0001, 1.0, log=True, about="of Adam"),
    ),
    predict=Ask(
        "Always answering 1 costs 1/6. Which cells get well below that?",
        ("None", "Only the plain RNN", "Only gated ones", "The RNN and others"),
        judged=(
            "RNN_loss",
            "LSTM_loss",
            "GRU_loss",
        ),
    ),
    observe=Ask(
        "Which curve was the first below half of the line?",
        ("RNN", "LSTM", "GRU", "None of them"),
    ),
    why=(
        "A plain RNN rewrites its state at every step. On the way back the error is multiplied by "
        "the same weights and slopes thirty times, and fades: early numbers get no gradient.",
        "The LSTM's cell is changed by adding. Its way back has the factor f, the forget gate, "
        "which it can keep near 1; the GRU's is its update gate, here the share that is kept.",
        "The second panel shows it: how much the answer at the end still depends on each number.",
        "Clipping shortens gradients that explode, and keeps their direction. It does nothing for "
        "those that vanish.",
    ),
    dare=Dare("length", 10, "can the plain RNN remember that far?"),
    pace=4,
    steps=400,
    live=("learning_rate",),
    slow=20,
)

CELLS: dict[str, Role] = {"RNN": "a", "LSTM": "b", "GRU": "c"}
GATED = {"LSTM": "forget", "GRU": "update"}
# In both gated cells the second block of gates says how much of the old state is kept.
KEEP = 1
BATCH, RECORD, TEST = 32, 10, 128
HALF = AddingProblem.BASELINE / 2


class Run:
    """Trains one cell or all three on the same sequences."""

    def __init__(self, knobs: Knobs, seed: int) -> None:
        chosen = str(knobs["cell"])
        names = tuple(CELLS) if chosen == "all" else (chosen,)
        self.length = int(knobs["length"])
        self.nets = {name: self._net(name, knobs, seed) for name in names}
        self.X, self.T = AddingProblem(self.length, TEST, seed + 1_000_003).next()
        self.step_count = 0
        self.losses: dict[str, list[float]] = {name: [] for name in names}
        self.norms: dict[str, list[float]] = {name: [] for name in names}
        self._record()

    def _net(self, name: str, knobs: Knobs, seed: int) -> Recurrent:
        clip = 1.0 if knobs["clip"] else 0.0
        net = Recurrent(
            name.lower(), 2, int(knobs["hidden_units"]), 1,
            forget_bias=float(knobs["forget_bias"]),
            optimizer=Optimizer("adam", float(knobs["learning_rate"]), clip=clip), seed=seed,
        )  # fmt: skip
        net.feed(AddingProblem(self.length, BATCH, seed))
        return net

    def step(self, n: int) -> None:
        """Train `n` batches of 32 sequences with each cell."""
        for stride in strides(self.step_count, n, 1):
            for name, net in self.nets.items():
                net.step(stride)
                longest = self.norms[name]
                longest[-1] = max(longest[-1], float(np.linalg.norm(net.gradient)))
            self.step_count += stride
            if self.step_count % RECORD == 0:
                self._record()

    def _record(self) -> None:
        """Keep the loss on 128 sequences that are never trained on; start a new longest norm."""
        for name, net in self.nets.items():
            self.losses[name].append(self._test(net))
            self.norms[name].append(0.0)

    def _test(self, net: Recurrent) -> float:
        """The loss on the 128 sequences, a batch at a time, for which training has room already."""
        squares = [
            np.mean((net.forward(self.X[:, at : at + BATCH]) - self.T[at : at + BATCH]) ** 2)
            for at in range(0, TEST, BATCH)
        ]
        return float(np.mean(squares))

    def set(self, name: str, value: Value) -> None:
        """Change the learning rate as the run goes on."""
        assert name == "learning_rate"
        for net in self.nets.values():
            net.optimizer.learning_rate = float(value)

    def influence(self, name: str) -> Floats:
        """The mean size of d answer / d x_t for each step t, of 32 sequences (T,)."""
        net = self.nets[name]
        net.forward(self.X[:, :BATCH])
        net.dH[:] = 0
        net.dH[-1] = net.parameters(net.theta)[3][0]
        net.back_through_time()
        sizes: Floats = np.linalg.norm(net.dX, axis=2).mean(axis=1)
        return sizes

    def frame(self) -> Frame:
        """Losses against the line; what still matters at the end; gates, norms and states."""
        influences = {name: self.influence(name) for name in self.nets}
        losses = self._over_steps(self.losses)
        best = min(self.nets, key=lambda name: self.losses[name][-1])
        return Frame(
            picture=Curves(
                "loss on 128 new sequences", losses, "step", log_y=True,
                y_range=(1e-4, 1.0), levels=((AddingProblem.BASELINE, "1/6: always 1"),),
            ),
            side=(self._influences(influences), self._gates()),
            extra=(self._norms(), self._states(best)),
            formula=self._formula(best),
            status="   ".join(f"{name} {self.losses[name][-1]:.4f}" for name in self.nets),
            curve=losses[-1],
        )  # fmt: skip

    def _over_steps(self, values: dict[str, list[float]]) -> tuple[Series, ...]:
        steps = RECORD * np.arange(len(self.losses[next(iter(self.nets))]), dtype=float)
        return tuple(
            Series(name, np.array(values[name]), steps[: len(values[name])], CELLS[name])
            for name in self.nets
        )

    def _influences(self, influences: dict[str, Floats]) -> Curves:
        """Over the age of a number; below 1e-6 of the answer nothing is left."""
        ages = self.length - 1 - np.arange(self.length, dtype=float)
        series = tuple(
            Series(name, np.maximum(sizes, 1e-6), ages, CELLS[name])
            for name, sizes in influences.items()
        )
        return Curves("|∂answer/∂xₜ|", series, "steps ago", log_y=True)

    def _gates(self) -> Curves:
        """The mean gate over the first test sequence, with its two marks."""
        marks = np.flatnonzero(self.X[:, 0, 1])
        series = tuple(
            Series(f"{name} {gate}", self._gate(name), role=CELLS[name])
            for name, gate in GATED.items()
            if name in self.nets
        )
        title = "the gate that keeps" if series else "an RNN has no gates"
        words = tuple((float(at), "*") for at in marks)
        return Curves(title, series, "step of one sequence", y_range=(0.0, 1.0), marks=words)

    def _gate(self, name: str) -> Floats:
        """The mean over units of the gate that keeps, step by step (T,)."""
        net = self.nets[name]
        net.forward(self.X[:, :BATCH])
        units = slice(KEEP * net.hidden, (KEEP + 1) * net.hidden)
        mean: Floats = net.gates[:, 0, units].mean(axis=1)
        return mean

    def _norms(self) -> Curves:
        """Each record begins with the longest gradient of the ten steps after it."""
        done = {name: values[:-1] for name, values in self.norms.items()}
        return Curves("longest gradient of 10 steps", self._over_steps(done), "step", log_y=True)

    def _states(self, name: str) -> Raster:
        net = self.nets[name]
        net.forward(self.X[:, :BATCH])
        states = net.H[1:, 0].T.copy()
        return Raster(f"{name}: units over the steps", states, -1.0, 1.0, signed=True)

    def _formula(self, name: str) -> str:
        net = self.nets[name]
        answer = float(net.forward(self.X[:, :BATCH])[0, 0])
        first, second = self.X[self.X[:, 0, 1] > 0, 0, 0]
        return (
            rf"\mathrm{{{name}}}: {first:.2f} + {second:.2f} = {first + second:.2f},"
            rf"\ \hat{{y}} = {answer:.2f}"
        )

    def measured(self) -> dict[str, float]:
        """Each cell's loss, when it fell below half the line, and what the first step still is."""
        found: dict[str, float] = {"baseline": AddingProblem.BASELINE}
        for name, losses in self.losses.items():
            below = [RECORD * i for i, loss in enumerate(losses) if loss < HALF]
            influence = self.influence(name)
            found[f"{name}_loss"] = losses[-1]
            found[f"{name}_below_half_at"] = float(below[0]) if below else float("inf")
            found[f"{name}_first_over_last"] = float(influence[0] / max(influence[-1], 1e-300))
            found[f"{name}_longest_gradient"] = max(self.norms[name])
        return found

    def verdicts(self) -> list[Verdict]:
        """Gates remember and the plain RNN does not: half of the line lies between them."""
        m = self.measured()
        gated = [
            Verdict(
                f"{name} remembers: its loss is below half of 1/6", m[f"{name}_loss"], "<", HALF,
                "Shorten the sequence, or give it more units or a learning rate near 0.02.",
            )
            for name in GATED if name in self.nets
        ]  # fmt: skip
        if "RNN" not in self.nets:
            return gated
        return [
            *gated,
            Verdict(
                "The plain RNN stays near 1/6", m["RNN_loss"], ">=", HALF,
                "Ten steps even an RNN can remember: lengthen the sequence.",
            ),
        ]  # fmt: skip

    def answers(self) -> Answers:
        """Judged by the losses at the end and by who fell below half the line first."""
        m = self.measured()
        rnn = m.get("RNN_loss", 1.0) < HALF
        gated = any(m.get(f"{name}_loss", 1.0) < HALF for name in GATED)
        first = {name: m.get(f"{name}_below_half_at", float("inf")) for name in CELLS}
        winner = min(first, key=lambda name: first[name])
        learnt = first[winner] < float("inf")
        return Answers(
            (3 if gated else 1) if rnn else 2 if gated else 0,
            list(CELLS).index(winner) if learnt else 3,
        )
