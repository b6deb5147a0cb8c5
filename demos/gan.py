"""The GAN ring: a generator must fill eight clouds on a ring, a discriminator watches it.

It may find a single cloud that the discriminator believes, and make nothing else: mode collapse.
Arrows show where the generator's loss pushes its fakes, a warped grid what it makes of its noise.
"""

from __future__ import annotations

import math

import numpy as np

from demos.base import (
    Answers,
    Ask,
    Choice,
    Dare,
    DivergedError,
    Int,
    Knobs,
    Real,
    Spec,
    Value,
    Verdict,
    strides,
)
from demos.engine.mlp import Mlp
from demos.engine.optimizers import Optimizer
from demos.views import Arrows, Bar, Bars, Curves, Floats, Frame, Points, Raster, Series, middles

SPEC = Spec(
    name="gan",
    title="GAN ring",
    kind="trainer",
    about="Generator against discriminator on eight clouds: how many will it fill?",
    topics=("gan", "gan-losses", "mode-collapse", "gan-variants"),
    knobs=(
        Choice("preset", "healthy", ("healthy", "collapse"), about="rates and turns of the two"),
        Choice("loss", "non-saturating", ("non-saturating", "minimax"), about="the generator's"),
        Int("discriminator_steps", 0, 0, 5, about="a generator step; 0: as the preset has it"),
        Real("generator_rate", 1.0, 0.1, 10.0, log=True, about="times the preset's learning rate"),
        Real("discriminator_rate", 1.0, 0.1, 10.0, log=True, about="times the preset's"),
        Int("hidden_units", 32, 16, 64, 16, about="in each of two hidden layers, in both networks"),
    ),
    predict=Ask(
        "How many of the 8 clouds will the generator fill?",
        ("None or 1", "2 to 4", "5 or 6", "7 or 8"),
        judged=("clouds_filled",),
    ),
    observe=Ask(
        "How many of the samples near a cloud were at the fullest one?",
        ("Under 1/4", "1/4 to 3/4", "More", "None were near a cloud"),
    ),
    why=(
        "The generator never sees the clouds. It only follows the slope of the discriminator, "
        "uphill to where fakes look most real: the arrows show where some of them are pushed.",
        "If it moves faster than the discriminator learns, all its samples run to one place; when "
        "that place is found out, they run on to the next. Nothing in its loss asks for variety.",
        "A discriminator that learns as fast, and more often, keeps every cloud worth visiting.",
        "A wide terminal also shows what the generator makes of a grid of noise: stretched over "
        "the whole ring, or crumpled in one place.",
        "Its loss near 2 ln 2 = 1.386 says only that it can hardly tell: it stands there in a "
        "collapse too, because the one cloud is worth believing in.",
        "The minimax loss ln(1 - D) has hardly a slope where fakes are bad; -ln D has its "
        "steepest there.",
    ),
    dare=Dare("preset", "collapse", "how many clouds does it fill?"),
    pace=10,
    steps=1000,
    live=("generator_rate", "discriminator_rate", "discriminator_steps"),
    slow=80,
    deciding="clouds_filled",
)

MODES, SPREAD, NOISE, BATCH, RECORD, SAMPLES = 8, 0.05, 2, 64, 25, 2000
# A cloud is filled when so many of 2,000 samples lie within three standard deviations of it.
LEAST = 20
FILLED = 4.5
ANGLES = 2.0 * np.pi * np.arange(MODES) / MODES
CENTRES = np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1)
# preset: learning rate of the generator, of the discriminator, discriminator steps a turn.
PRESETS = {"healthy": (2e-3, 2e-3, 3), "collapse": (5e-3, 1e-3, 1)}
SIDE, REACH = 40, 1.6
GRID = middles(REACH, SIDE)
EXTENT = (-REACH, REACH, -REACH, REACH)
# A frame takes the mean D of so many fakes and shows the first of them; of those at most so many
# as arrows, one in a square of this side.
JUDGED, SHOWN, ARROWS, APART = 500, 60, 16, 0.4
# A grid of noise: 7 lines of one z1, then 7 of one z2, from -2 to 2: (2, 7, points a line, 2).
HELD, ALONG = np.meshgrid(np.linspace(-2.0, 2.0, 7), np.linspace(-2.0, 2.0, 33), indexing="ij")
NOISE_GRID = np.stack([np.stack([HELD, ALONG], axis=-1), np.stack([ALONG, HELD], axis=-1)])
NEARER = (-1.4, 1.4, -1.4, 1.4)


class Run:
    """Two networks take turns; every 25 turns 2,000 samples are counted."""

    def __init__(self, knobs: Knobs, seed: int) -> None:
        self.knobs = dict(knobs)
        self.minimax = knobs["loss"] == "minimax"
        hidden = int(knobs["hidden_units"])
        self.generator = Mlp(
            (NOISE, hidden, hidden, 2), "relu", loss="mse", weights="xavier",
            optimizer=Optimizer("adam", beta1=0.5), seed=seed,
        )  # fmt: skip
        self.discriminator = Mlp(
            (2, hidden, hidden, 1), "leaky_relu", loss="logistic", weights="xavier", leak=0.2,
            optimizer=Optimizer("adam", beta1=0.5), seed=seed + 1_000_003,
        )  # fmt: skip
        self.random = np.random.default_rng((seed, 7))
        self.noise = np.random.default_rng((seed, 8)).normal(size=(SAMPLES, NOISE))
        self._tune()
        self.step_count = 0
        self.losses = self._first_losses(seed)
        self.history: list[tuple[float, ...]] = []
        self._record()

    def _first_losses(self, seed: int) -> tuple[float, float]:
        """Both losses before the first turn, on points of their own."""
        fake = self.samples()[:BATCH]
        X = np.concatenate([self.real(BATCH, np.random.default_rng((seed, 9))), fake])
        labels = np.repeat([1.0, 0.0], BATCH)[:, None]
        return 2.0 * self.discriminator.evaluate(X, labels), self._loss(fake)

    def _loss(self, fake: Floats) -> float:
        """The generator's loss on its fakes (n, 2): -ln D, or ln(1 - D) for minimax."""
        D = _sigmoid(self.discriminator.logits(fake))
        value = np.log(np.maximum(1.0 - D if self.minimax else D, 1e-300)).mean()
        return float(value if self.minimax else -value)

    def _tune(self) -> None:
        """Set both learning rates and the turns from the preset and the knobs."""
        g, d, turns = PRESETS[str(self.knobs["preset"])]
        self.generator.optimizer.learning_rate = g * float(self.knobs["generator_rate"])
        self.discriminator.optimizer.learning_rate = d * float(self.knobs["discriminator_rate"])
        self.turns = int(self.knobs["discriminator_steps"]) or turns

    def set(self, name: str, value: Value) -> None:
        """Change a rate or the number of discriminator steps as the run goes on."""
        self.knobs[name] = value
        self._tune()

    def step(self, n: int) -> None:
        """Take `n` turns: some steps of the discriminator, one of the generator."""
        for stride in strides(self.step_count, n, 1):
            before = self.generator.theta.copy(), self.discriminator.theta.copy()
            noise, real = self.drawn()
            for turn in range(self.turns):
                d_loss = self._discriminate(noise[turn], real[turn])
            g_loss = self._generate(noise[-1])
            if not (math.isfinite(d_loss + g_loss) and np.isfinite(self.generator.theta).all()):
                self.generator.theta[:], self.discriminator.theta[:] = before
                advice = "The generator's steps are too long; divide its rate by 3."
                raise DivergedError(self.step_count, "the generator", "generator_rate", advice)
            self.losses = d_loss, g_loss
            self.step_count += stride
            if self.step_count % RECORD == 0:
                self._record()

    def drawn(self) -> tuple[list[Floats], list[Floats]]:
        """The noises of a turn, one a step of either network, and the real points; each (64, 2)."""
        noise, real = [], []
        for _ in range(self.turns):
            noise.append(self.random.normal(size=(BATCH, NOISE)))
            real.append(self.real(BATCH, self.random))
        return [*noise, self.random.normal(size=(BATCH, NOISE))], real

    def _discriminate(self, noise: Floats, real: Floats) -> float:
        """One step of D: real points have label 1, fakes 0. Return both losses' sum.

        The mean over the joint batch is half of -mean ln D(x) - mean ln(1 - D(G(z))).
        """
        X = np.concatenate([real, self.generator.forward(noise)])
        loss = self.discriminator.learn(X, np.repeat([1.0, 0.0], BATCH)[:, None])
        self.discriminator.update()
        return 2.0 * loss

    def _generate(self, noise: Floats) -> float:
        """One step of G, along D's slope; the loss is the mean over the batch."""
        fake = self.generator.forward(noise)
        loss = self._loss(fake)
        self.generator.backward(self._slopes(fake) / BATCH)
        self.generator.update()
        return loss

    def _slopes(self, fake: Floats) -> Floats:
        """For each fake (n, 2) the gradient of its own loss with respect to it (n, 2).

        With s the logit of D, D = sigma(s): non-saturating -ln D, dL/ds = D - 1; minimax
        ln(1 - D), dL/ds = -D. It goes over D's tape, which D's own step fills anew.
        """
        D = _sigmoid(self.discriminator.forward(fake))
        return self.discriminator.backward(-D if self.minimax else D - 1.0)

    @staticmethod
    def real(n: int, random: np.random.Generator) -> Floats:
        """Draw n real points (n, 2): a cloud by lot, then its scatter."""
        points: Floats = CENTRES[random.integers(MODES, size=n)]
        return points + SPREAD * random.normal(size=(n, 2))

    def samples(self) -> Floats:
        """What the generator makes of 2,000 noises (2000, 2), the same ones each time."""
        return self.generator.logits(self.noise)

    def _record(self) -> None:
        """Count the samples near each cloud; keep them with both losses."""
        self.history.append((*self.losses, *near(self.samples())))

    def frame(self) -> Frame:
        """D over the plane with fakes and their push; counts a cloud, losses; the warped grid."""
        history = np.array(self.history)
        steps = RECORD * np.arange(len(history), dtype=float)
        filled = Series("clouds", (history[:, 2:] >= LEAST).sum(axis=1) * 1.0, steps, "c")
        fakes = self.generator.logits(self.noise[:JUDGED])
        D = float(_sigmoid(self.discriminator.logits(fakes)).mean())
        slope = rf"-D = -{D:.2f}" if self.minimax else rf"D - 1 = {D - 1:.2f}"
        near_one = history[-1, 2:].sum() / SAMPLES
        loss = r"\ln(1 - D)" if self.minimax else r"-\ln D"
        return Frame(
            picture=self._plane(fakes),
            side=(self._coverage(history[-1, 2:]), self._losses(history, steps)),
            extra=(self._warped(), Curves("clouds filled", (filled,), "step", y_range=(0.0, 8.0))),
            formula=rf"D = \sigma(s),\ L_G = {loss},\ \partial L_G / \partial s = {slope}",
            status=f"clouds {filled.y[-1]:.0f} of 8   near one {near_one:.0%}",
            curve=filled,
        )  # fmt: skip

    def _plane(self, fakes: Floats) -> Raster:
        """D over the plane; o the middle of a cloud, * a fake, an arrow one with its push."""
        D = _sigmoid(self.discriminator.logits(GRID)).reshape(SIDE, SIDE)
        shown = fakes[:SHOWN]
        points = np.concatenate([CENTRES, shown])
        labels = np.repeat([0, 1], [MODES, len(shown)])
        pushed = _apart(shown)
        return Raster(
            "D; o cloud, * fake, → push", D, extent=EXTENT,
            points=Points(points, labels, "o*"), arrows=Arrows(pushed, -self._slopes(pushed)),
        )  # fmt: skip

    def _warped(self) -> Curves:
        """What the generator makes of a regular grid of noise, among the clouds."""
        xy = self.generator.logits(NOISE_GRID).reshape(NOISE_GRID.shape)
        broken = np.pad(xy, ((0, 0), (0, 0), (0, 1), (0, 0)), constant_values=np.nan)
        lines = broken.reshape(2, -1, 2)
        return Curves(
            "a grid of noise through G",
            (
                Series("", lines[0, :, 1], lines[0, :, 0], "a"),
                Series("", lines[1, :, 1], lines[1, :, 0], "b"),
                Series("cloud", CENTRES[:, 1], CENTRES[:, 0], "quiet", dots=True),
            ),
            extent=NEARER,
        )

    @staticmethod
    def _losses(history: Floats, steps: Floats) -> Curves:
        """Both losses on one scale, which holds 0 to 2 and what is beyond."""
        D, G = Series("D", history[:, 0], steps, "a"), Series("G", history[:, 1], steps, "b")
        both = history[:, :2]
        return Curves(
            "losses", (D, G), "step", levels=((2 * math.log(2), "2 ln 2"),),
            y_range=(min(0.0, float(both.min())), max(2.0, float(both.max()))),
        )  # fmt: skip

    def _coverage(self, counts: Floats) -> Bars:
        bars = tuple(
            Bar(f"at {360 * i // MODES:3d}°", float(n), f"{n:.0f}", "good" if n >= LEAST else "bad")
            for i, n in enumerate(counts)
        )
        filled = int((counts >= LEAST).sum())
        return Bars(f"{filled} of 8 clouds filled", bars, 0.0, max(500.0, float(counts.max())))

    def measured(self) -> dict[str, float]:
        """Clouds filled now and at most, the share of samples near one, the loss of D."""
        history = np.array(self.history)
        filled = (history[:, 2:] >= LEAST).sum(axis=1)
        last = history[-max(1, len(history) // 5) :, 0]
        return {
            "clouds_filled": float(filled[-1]),
            "most_clouds_filled": float(filled.max()),
            "share_near_a_cloud": float(history[-1, 2:].sum()) / SAMPLES,
            "largest_share": float(history[-1, 2:].max()) / SAMPLES,
            "discriminator_loss": float(last.mean()),
        }

    def verdicts(self) -> list[Verdict]:
        """It fills more than half of the clouds, and its samples are good ones."""
        m = self.measured()
        advice = "Let D keep up: preset healthy, a lower generator_rate, more discriminator_steps."
        return [
            Verdict("Clouds filled at the end", m["clouds_filled"], ">=", FILLED, advice),
            Verdict("Share of samples near a cloud", m["share_near_a_cloud"], ">=", 0.53, advice),
        ]

    def answers(self) -> Answers:
        """Judged by the clouds filled and by the crowd near the fullest one."""
        m = self.measured()
        crowd = m["largest_share"] / max(m["share_near_a_cloud"], 1e-9)
        return Answers(
            sum(m["clouds_filled"] >= limit for limit in (2, 5, 7)),
            sum(crowd > limit for limit in (0.25, 0.75)) if m["share_near_a_cloud"] else 3,
        )


def near(points: Floats) -> Floats:
    """How many of the points (n, 2) lie within three standard deviations of each cloud (8,)."""
    distances = np.linalg.norm(points[:, None] - CENTRES, axis=2)
    counts: Floats = (distances < 3 * SPREAD).sum(axis=0).astype(float)
    return counts


def _apart(fakes: Floats) -> Floats:
    """Few of the fakes that are in the picture, the first in each square, so none crowd."""
    inside = fakes[np.abs(fakes).max(axis=1) < REACH]
    first: dict[tuple[float, ...], int] = {}
    for i, square in enumerate(np.floor(inside / APART).tolist()):
        first.setdefault(tuple(square), i)
    chosen: Floats = inside[list(first.values())[:ARROWS]]
    return chosen


def _sigmoid(s: Floats) -> Floats:
    e = np.exp(-np.abs(s))
    value: Floats = np.where(s >= 0, 1.0, e) / (1.0 + e)
    return value
