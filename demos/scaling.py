"""The scaling ladder: students of 1 to 32 units imitate teachers; loss against parameters.

On two logarithmic axes the losses lie on a line, L = a N^b. Beside it, the published surface for
language models, L(N, D) = E + A / N^alpha + B / D^beta, and its best size for a budget C = 6 N D.
"""

from __future__ import annotations

import math

import numpy as np

from demos.base import Answers, Ask, Choice, Dare, Int, Knobs, Real, Spec, Value, Verdict, strides
from demos.engine.mlp import Mlp
from demos.engine.optimizers import Optimizer
from demos.views import Curves, Floats, Frame, Role, Series, Table

SPEC = Spec(
    name="scaling",
    title="Scaling ladder",
    kind="trainer",
    about="Train students of growing size: can small ones foretell how good a large one will be?",
    topics=("scaling-laws", "compute-optimal", "hyperparameters"),
    knobs=(
        Int("teacher_units", 32, 2, 64, 2, about="hidden units of the networks to be imitated"),
        Real("noise", 0.0, 0.0, 0.5, 0.05, about="added to the teachers' answers"),
        Int("training_steps", 6000, 400, 12000, 400, about="mini-batches for each student"),
        Real("compute", 5.76e23, 1e18, 1e26, log=True, about="operations for a language model"),
        Choice("constants", "refit", ("refit", "published"), about="of the Chinchilla surface"),
    ),
    predict=Ask(
        "A line through students of 1 to 16 units: where will 32 units lie?",
        ("On it, within a factor of 2", "Well above it", "Well below it"),
        judged=("found_over_foretold",),
    ),
    observe=Ask(
        "Twice the parameters multiplied the students' loss by",
        ("More than 0.9, as in language models", "0.5 to 0.9", "Less than 0.5"),
    ),
    why=(
        "A power law L = a N^b is a line on two logarithmic axes, so a few small runs foretell a "
        "large one. That is how the budgets of large models are planned.",
        "These students imitate a smooth function in 3 dimensions, and b is near −1.8. Language "
        "models have exponents near −0.08: the shape is alike, the numbers are not.",
        "Noise puts a floor under the loss that no size removes, and the line bends. The surface's "
        "E is that floor.",
        "For a budget C, size and data should grow alike. With the constants as first printed the "
        "surface asks for 93 tokens a parameter, refitted for 18: rounding of the exponents.",
    ),
    dare=Dare("noise", 0.5, "where will 32 units lie now?"),
    pace=5,
    steps=600,
    live=("compute", "constants"),
    slow=20,
    deciding="exponent",
)

WIDTHS = (1, 2, 4, 8, 16, 32)
PARAMETERS = np.array([5.0 * width + 1.0 for width in WIDTHS])
SMALL = 5
# A student's training: so many rounds, a lower learning rate from round DROP on.
ROUNDS, DROP, RATE = 100, 75, 0.01
TEACHERS, POINTS, TEST = 4, 3000, 1000
# E, A, alpha, B, beta: Besiroglu et al. 2024, and Hoffmann et al. 2022 as printed.
SURFACES = {
    "refit": (1.8172, 482.01, 0.3478, 2085.43, 0.3658),
    "published": (1.69, 406.4, 0.34, 410.7, 0.28),
}
CHINCHILLA = 5.76e23
PF_DAY = 8.64e19


def best_size(compute: float, constants: str) -> float:
    """The N that makes L(N, C / 6N) least.

    N = (alpha A / (beta B))^(1 / (alpha + beta)) (C / 6)^(beta / (alpha + beta))
    """
    _, A, alpha, B, beta = SURFACES[constants]
    scale = (alpha * A / (beta * B)) ** (1.0 / (alpha + beta))
    return float(scale * (compute / 6.0) ** (beta / (alpha + beta)))


def surface(N: Floats, compute: float, constants: str) -> Floats:
    """The loss of models with N parameters trained on the D = C / 6N tokens that C allows."""
    E, A, alpha, B, beta = SURFACES[constants]
    loss: Floats = E + A / N**alpha + B / (compute / (6.0 * N)) ** beta
    return loss


def tokens_per_parameter(compute: float, N: float) -> float:
    """D / N with D = C / 6N."""
    return compute / (6.0 * N * N)


def kaplan_size(compute: float) -> float:
    """N = 1.3e9 (C in PF-days)^0.73, the earlier advice of Kaplan et al. 2020."""
    return float(1.3e9 * (compute / PF_DAY) ** 0.73)


def line(N: Floats, losses: Floats) -> tuple[float, float, float]:
    """Least squares of ln L = ln a + b ln N: a, b and R^2."""
    x, y = np.log(N), np.log(losses)
    b, intercept = np.polyfit(x, y, 1)
    rest = y - (b * x + intercept)
    total = float(((y - y.mean()) ** 2).sum())
    return math.exp(intercept), float(b), 1.0 - float((rest**2).sum()) / max(total, 1e-300)


def lesson(units: int, noise: float, seed: int) -> tuple[Floats, Floats]:
    """Points X (4000, 3) and a random teacher's answers Y (4000, 1), scaled to variance 1."""
    generator = np.random.default_rng((seed, 11))
    teacher = Mlp((3, units, 1), "tanh", weights="normal", scale=1.0, seed=seed)
    teacher.biases(0)[:] = generator.normal(size=units)
    X = generator.normal(size=(POINTS + TEST, 3))
    Y = teacher.logits(X)
    Y = (Y - Y.mean()) / Y.std()
    return X, Y + noise * generator.normal(size=Y.shape)


class Run:
    """Four teachers, a student of each; one width after another, judged by the mean of ln loss."""

    def __init__(self, knobs: Knobs, seed: int) -> None:
        self.seed = seed
        self.per_round = int(knobs["training_steps"]) // ROUNDS
        self.compute, self.constants = float(knobs["compute"]), str(knobs["constants"])
        units, noise = int(knobs["teacher_units"]), float(knobs["noise"])
        self.lessons = [lesson(units, noise, TEACHERS * seed + i) for i in range(TEACHERS)]
        self.step_count = 0
        self.losses: list[float] = []
        self.curves: list[list[float]] = []
        self.next_students()

    def next_students(self) -> None:
        """Begin the next width."""
        sizes = (3, WIDTHS[len(self.losses)], 1)
        self.students = [
            Mlp(sizes, "tanh", loss="mse", optimizer=Optimizer("adam", RATE), seed=self.seed + i)
            for i in range(TEACHERS)
        ]
        for student, (X, Y) in zip(self.students, self.lessons, strict=True):
            student.feed(X[:POINTS], Y[:POINTS], batch=32)
        self.curves.append([self._loss()])

    def _loss(self) -> float:
        """The geometric mean of the losses on 1,000 points of each teacher never trained on."""
        pairs = zip(self.students, self.lessons, strict=True)
        losses = [student.evaluate(X[POINTS:], Y[POINTS:]) for student, (X, Y) in pairs]
        return math.exp(sum(math.log(loss) for loss in losses) / TEACHERS)

    def step(self, n: int) -> None:
        """Train `n` rounds; after 100 of them the next width begins."""
        for stride in strides(self.step_count, n, 1):
            if len(self.losses) < len(WIDTHS):
                self._round()
            self.step_count += stride

    def _round(self) -> None:
        done = len(self.curves[-1])
        for student in self.students:
            student.optimizer.learning_rate = RATE if done <= DROP else RATE / 10
            student.step(self.per_round)
        self.curves[-1].append(self._loss())
        if done == ROUNDS:
            self.losses.append(self.curves[-1][-1])
            if len(self.losses) < len(WIDTHS):
                self.next_students()

    def set(self, name: str, value: Value) -> None:
        """Change the budget or the constants of the surface; the students do not mind."""
        if name == "compute":
            self.compute = float(value)
        else:
            self.constants = str(value)

    def frame(self) -> Frame:
        """Losses over parameters with both lines; learning curves; the surface and its optima."""
        steps = self.per_round * np.arange(ROUNDS + 1, dtype=float)
        roles: tuple[Role, ...] = ("a", "b", "c", "d", "e", "f")
        curves = tuple(
            Series(str(width), np.array(curve), steps[: len(curve)], role)
            for width, curve, role in zip(WIDTHS, self.curves, roles, strict=False)
        )
        return Frame(
            picture=self._ladder(),
            side=(
                Curves("loss by units", curves, "step", log_y=True),
                self._optima(),
            ),
            extra=(self._budget(), self._students()),
            formula=self._formula(),
            status=f"{len(self.losses)} of {len(WIDTHS)} students trained",
            curve=Series("students", np.array(self.losses), PARAMETERS[: len(self.losses)]),
        )  # fmt: skip

    def _ladder(self) -> Curves:
        """The losses so far, and the line of the first four as soon as they are known."""
        n = len(self.losses)
        series = [
            Series("student", np.array(self.losses), PARAMETERS[:n], "accent", dots=True),
        ]
        if n >= SMALL:
            a, b, _ = line(PARAMETERS[:SMALL], np.array(self.losses[:SMALL]))
            series.append(Series("line of the first 5", a * PARAMETERS**b, PARAMETERS, "b"))
        return Curves(
            "loss over parameters", tuple(series), "parameters", log_x=True, log_y=True,
            y_range=(min(1e-4, 1.0, *self.losses), 1.0),
            marks=((PARAMETERS[0], "6"), (PARAMETERS[-1], "161")),
        )  # fmt: skip

    def _students(self) -> Table:
        losses = [f"{loss:.5f}" for loss in self.losses]
        losses += [" " * 7] * (len(WIDTHS) - len(losses))
        rows = tuple(
            (str(width), f"{N:.0f}", loss)
            for width, N, loss in zip(WIDTHS, PARAMETERS, losses, strict=True)
        )
        return Table("students", ("units", "parameters", "loss"), rows)

    def _optima(self) -> Table:
        """The best sizes for the budget, by three pieces of advice."""
        sizes = {
            "refit": best_size(self.compute, "refit"),
            "published": best_size(self.compute, "published"),
            "Kaplan": kaplan_size(self.compute),
        }
        rows = tuple(
            (name, f"{N:.1e}", f"{self.compute / 6 / N:.1e}",
             f"{tokens_per_parameter(self.compute, N):.3g}" if self.step_count else "?")
            for name, N in sizes.items()
        )  # fmt: skip
        place = list(SURFACES).index(self.constants)
        return Table(
            f"language model, C = {self.compute:.2g}", ("", "N", "D", "D/N"), rows,
            frozenset({(place, 3)}),
        )  # fmt: skip

    def _budget(self) -> Curves:
        """Loss over N at three budgets: too small a model, or too little data for it."""
        best = best_size(self.compute, self.constants)
        N = best * np.logspace(-1.5, 1.5, 61)
        budgets: tuple[tuple[float, Role], ...] = ((0.1, "b"), (1.0, "accent"), (10.0, "c"))
        series = tuple(
            Series(f"{share:g} C", surface(N, share * self.compute, self.constants), N, role)
            for share, role in budgets
        )
        return Curves(
            f"{self.constants} surface", series, "size N", log_x=True,
            marks=((best, f"{best:.1e}"),),
        )  # fmt: skip

    def _formula(self) -> str:
        if len(self.losses) < 2:
            return r"L = a N^b"
        a, b, fit = line(PARAMETERS[: len(self.losses)], np.array(self.losses))
        return rf"L = {a:.3g} \cdot N^{{{b:.2f}}},\ R^2 = {fit:.3f},\ 2^{{{b:.2f}}} = {2**b:.2f}"

    def measured(self) -> dict[str, float]:
        """The line through all students, what the small ones foretold, and the surface's advice."""
        chinchilla = best_size(CHINCHILLA, self.constants)
        found = {
            "students": float(len(self.losses)),
            "tokens_per_parameter": tokens_per_parameter(CHINCHILLA, chinchilla),
            "best_size": best_size(self.compute, self.constants),
        }
        if len(self.losses) < len(WIDTHS):
            return found
        losses = np.array(self.losses)
        _, b, fit = line(PARAMETERS, losses)
        small_a, small_b, _ = line(PARAMETERS[:SMALL], losses[:SMALL])
        return found | {
            "exponent": b,
            "r_squared": fit,
            "foretold": float(small_a * PARAMETERS[-1] ** small_b),
            "loss_of_largest": float(losses[-1]),
            "found_over_foretold": float(losses[-1] / (small_a * PARAMETERS[-1] ** small_b)),
        }

    def verdicts(self) -> list[Verdict]:
        """The small foretell the large, on a line; the surface's advice, by its constants."""
        m = self.measured()
        off = abs(math.log(m["found_over_foretold"]))
        return [
            Verdict(
                "Largest student off the line of the small ones, in factors", math.exp(off),
                "<", 2.8, "Take the noise away, a larger teacher, or train longer.",
            ),
            Verdict(
                "Straightness of the line, R²", m["r_squared"], ">=", 0.91,
                "Noise puts a floor under the loss and bends the line.",
            ),
            Verdict(
                "Tokens a parameter at 5.76e23 operations", m["tokens_per_parameter"], "<", 40.0,
                "Two printed digits of the exponents are too few: choose the refit.",
            ),
        ]  # fmt: skip

    def answers(self) -> Answers:
        """Judged by the largest student against the line, and by the exponent."""
        m = self.measured()
        ratio, factor = m["found_over_foretold"], 2.0 ** m["exponent"]
        return Answers(
            1 if ratio >= 2 else 2 if ratio <= 0.5 else 0,
            0 if factor > 0.9 else 1 if factor >= 0.5 else 2,
        )
