"""Inference-time compute: ask the same question many times, then vote, check or take the best.

How much it helps depends on p, the chance that one try is right, and on how wrong tries spread.
"""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from demos.base import Answers, Ask, Choice, Dare, Explorer, Int, Knobs, Real, Spec, Verdict
from demos.views import Bar, Bars, Curves, Floats, Frame, Raster, Role, Series

SPEC = Spec(
    name="think-longer",
    title="Think longer: many tries",
    kind="explorer",
    about="Ask one question many times and vote, check, or take the best: when does it help?",
    topics=("inference-time-compute", "reasoning-models"),
    knobs=(
        Real("probability", 0.4, 0.1, 0.95, 0.05, about="that one try is right"),
        Int("tries", 11, 1, 101, 2, about="answers drawn for each question"),
        Int("distractors", 4, 1, 9, about="wrong answers, all equally tempting"),
        Choice(
            "rule", "plurality", ("plurality", "majority", "pass@k", "best-of-n"),
            about="most votes; over half; one hit is enough; a verifier picks",
        ),
        Real("verifier_error", 0.1, 0.0, 0.5, 0.05, about="how often best-of-n's judge is wrong"),
    ),
    predict=Ask(
        "What do many tries make of one try's chance, by this rule?",
        ("They score higher", "They score lower", "About the same"),
        judged=("exact", "gain",),
    ),
    observe=Ask(
        "What share of the 200 questions did the rule get right?",
        ("Under 40 %", "40 to 60 %", "60 to 80 %", "80 % or more"),
    ),
    why=(
        "A vote strengthens the most likely answer, right or wrong. With 40 % right and all wrong "
        "tries agreeing, the wrong answer wins more surely with every try.",
        "Spread the same 60 % over four wrong answers and 40 % is the largest share: now the vote "
        "helps.",
        "If someone can recognise a right answer, one hit is enough: 1 − (1 − p)ᵏ. A verifier "
        "that errs puts a ceiling on that, however many tries there are.",
    ),
    dare=Dare("distractors", 1, "does the vote still help?"),
    pace=2,
    steps=200,
    slow=16,
)  # fmt: skip

MOST = 101
N = np.arange(1, MOST + 1)
GRID = np.linspace(0.05, 0.95, 19)
ROLES: dict[str, Role] = {"plurality": "a", "majority": "b", "pass@k": "c", "best-of-n": "d"}
FACTORIAL = np.array([float(math.factorial(n)) for n in range(MOST + 1)])


@lru_cache(maxsize=16)
def arrangements(distractors: int) -> Floats:
    """W[k, w]: weight of all ways in which w wrong votes leave k right ones the winner.

    The exponential generating function of one distractor with fewer than k votes is
    S_k = sum_(j<k) x^j / j!; with t of the m distractors at exactly k the right answer wins one
    draw in 1 + t, so W[k] = sum_t C(m, t) / (1 + t) (x^k / k!)^t S_k^(m - t).
    """
    terms = 1.0 / FACTORIAL
    table = np.zeros((MOST + 1, MOST + 1))
    for k in range(1, MOST + 1):
        powers = [np.eye(1, MOST + 1)[0]]
        fewer = np.where(np.arange(MOST + 1) < k, terms, 0.0)
        for _ in range(distractors):
            powers.append(np.convolve(powers[-1], fewer)[: MOST + 1])
        for t in range(min(distractors, MOST // k) + 1):
            weight = math.comb(distractors, t) / (1 + t) * terms[k] ** t
            table[k, t * k :] += weight * powers[distractors - t][: MOST + 1 - t * k]
    return table


@lru_cache(maxsize=16)
def ways(distractors: int) -> Floats:
    """n! / k! W[k, n-k] for n = 1 .. 101 tries, k = 0 .. 101 of them right: (101, 102)."""
    n, k = np.meshgrid(N, np.arange(MOST + 1), indexing="ij")
    table: Floats = FACTORIAL[n] / FACTORIAL[k] * arrangements(distractors)[k, np.maximum(n - k, 0)]
    table[(k > n) | (k == 0)] = 0.0
    return table


def plurality(p: float, distractors: int) -> Floats:
    """Chance (101,) that the right answer wins the vote of n = 1 .. 101 tries; ties by lot.

    sum_k n! p^k / k! q^(n-k) W[k, n-k] with q = (1 - p) / distractors.
    """
    q, k = (1.0 - p) / distractors, np.arange(MOST + 1)
    wrong = np.maximum(N[:, None] - k, 0)
    chances: Floats = (ways(distractors) * p**k * (q**k)[wrong]).sum(axis=1)
    return chances


def best_of_n(p: float, error: float) -> Floats:
    """Chance (101,) that a random try among those a verifier accepts is right.

    The verifier misjudges each try with probability `error`; if it accepts none, any try is taken.
    """
    accepted = p * (1 - error) + (1 - p) * error
    none = (1.0 - accepted) ** N
    right_if_rejected = p * error / (1.0 - accepted)
    chances: Floats = (1 - none) * p * (1 - error) / accepted + none * right_if_rejected
    return chances


def accuracy(rule: str, p: float, distractors: int, error: float) -> Floats:
    """Chance (101,) that a rule gives the right answer from n = 1 .. 101 tries."""
    if rule == "pass@k":
        hit: Floats = 1.0 - (1.0 - p) ** N
        return hit
    if rule == "best-of-n":
        return best_of_n(p, error)
    return plurality(p, 1 if rule == "majority" else distractors)


class Run(Explorer):
    """All chances are exact; each step also asks one question and counts whether it was right."""

    def __init__(self, knobs: Knobs, seed: int) -> None:
        self.p, self.tries = float(knobs["probability"]), int(knobs["tries"])
        self.distractors, self.rule = int(knobs["distractors"]), str(knobs["rule"])
        self.error = float(knobs["verifier_error"])
        self.curves = {rule: self._curve(rule, self.p) for rule in ROLES}
        self.exact = float(self.curves[self.rule][self.tries - 1])
        generator = np.random.default_rng(seed)
        m = self.distractors
        self.votes = generator.multinomial(
            self.tries, [self.p, *[(1 - self.p) / m] * m], size=SPEC.steps
        )
        self.right = self._judged(generator)
        self.map = np.array([self._curve(self.rule, p) for p in GRID[::-1]])

    def _curve(self, rule: str, p: float) -> Floats:
        return accuracy(rule, p, self.distractors, self.error)

    def _judged(self, generator: np.random.Generator) -> Floats:
        """Whether each question (200,) came out right by the rule: 1 or 0."""
        hits, wrong = self.votes[:, 0], self.tries - self.votes[:, 0]
        if self.rule == "pass@k":
            return (hits > 0).astype(float)
        if self.rule == "best-of-n":
            good, bad = (generator.binomial(hits, 1 - self.error),
                         generator.binomial(wrong, self.error))  # fmt: skip
            some = good + bad > 0
            share = np.where(some, good, hits) / np.where(some, good + bad, self.tries)
            return (generator.random(len(share)) < share).astype(float)
        rivals = wrong[:, None] if self.rule == "majority" else self.votes[:, 1:]
        # A lot below one vote decides between equals.
        lots = generator.random((len(rivals), rivals.shape[1] + 1))
        won: Floats = (hits + lots[:, 0] > (rivals + lots[:, 1:]).max(axis=1)).astype(float)
        return won

    def frame(self) -> Frame:
        """Accuracy over the number of tries; one question's votes; the score; p against tries."""
        n = N.astype(float)
        begun = self.step_count > 0  # what many tries make of one, the prediction asks
        unknown = np.full(MOST, np.nan)
        series = tuple(
            Series(rule.split("@")[0].split("-")[0], curve if begun else unknown, n, ROLES[rule])
            for rule, curve in self.curves.items()
        )
        chosen = Series(f"{self.rule}, p = {self.p:g}", self.curves[self.rule], n)
        return Frame(
            picture=Curves(
                "right answers", series, "tries", y_range=(0.0, 1.0),
                marks=((float(self.tries), str(self.tries)),), levels=((self.p, "one try"),),
            ),
            side=(self._votes(), self._score()),
            extra=(self._map(),),
            formula=self._formula(),
            status=f"{self.rule} of {self.tries}: {self._told(3)}   one try: {self.p:g}",
            curve=chosen,
        )  # fmt: skip

    def _told(self, digits: int) -> str:
        """The chance by the rule, once there has been a step."""
        return f"{self.exact:.{digits}f}" if self.step_count else "?"

    def _votes(self) -> Bars:
        """The votes of the newest question."""
        asked = min(self.step_count, SPEC.steps)
        votes = self.votes[asked - 1] if asked else np.zeros_like(self.votes[0])
        names = ("right", *(f"wrong {i}" for i in range(1, len(votes))))
        bars = (
            Bar(name, float(n), str(n), "accent" if i else "good")
            for i, (name, n) in enumerate(zip(names, votes, strict=True))
        )
        verdict = "right" if self.right[asked - 1] else "wrong"
        title = f"question {asked}: {verdict}" if asked else "votes: no question asked yet"
        return Bars(title, tuple(bars), 0.0, float(max(1, votes.max())))

    def _score(self) -> Bars:
        asked = self.right[: self.step_count]
        share = float(asked.mean()) if len(asked) else 0.0
        bars = (
            Bar("counted", share, f"{share:.3f}"),
            Bar("exact", self.exact if self.step_count else 0.0, self._told(3), "good"),
            Bar("one try", self.p, f"{self.p:.3f}", "quiet"),
        )
        return Bars(f"right after {len(asked)} questions", bars)

    def _map(self) -> Raster:
        shown = self.map[:, : self.tries * 2 + 9]
        return Raster(
            f"{self.rule}: p up, tries to the right",
            shown if self.step_count else np.full_like(shown, np.nan),
            extent=(1.0, min(MOST, self.tries * 2.0 + 9), GRID[0], GRID[-1]),
        )  # fmt: skip

    def _formula(self) -> str:
        p, n, e = f"{self.p:g}", self.tries, f"{self.error:g}"
        if self.rule == "pass@k":
            return rf"1 - (1 - {p})^{{{n}}} = {self._told(4)}"
        if self.rule == "best-of-n":
            ceiling = rf"\frac{{{p}(1-{e})}}{{{p}(1-{e}) + {1 - self.p:g}\cdot {e}}}"
            limit = self.p * (1 - self.error)
            limit /= limit + (1 - self.p) * self.error
            most = f"{limit:.4f}" if self.step_count else "?"
            return rf"P_{{{n}}} = {self._told(4)},\ P_\infty = {ceiling} = {most}"
        if self.rule == "majority":
            choose = rf"\binom{{{n}}}{{k}} {p}^k (1-{p})^{{{n}-k}}"
            tie = "" if n % 2 else rf" + \frac{{1}}{{2}} P(k = {n // 2})"
            return rf"\sum_{{k > {n / 2:g}}} {choose}{tie} = {self._told(4)}"
        m, q = self.distractors, (1 - self.p) / self.distractors
        return rf"q = \frac{{1-{p}}}{{{m}}} = {q:.3g},\ P_{{{n}}} = {self._told(4)}"

    def measured(self) -> dict[str, float]:
        """Exact chances by every rule, and the share counted over the questions so far."""
        asked = self.right[: self.step_count]
        deviation = math.sqrt(max(self.exact * (1 - self.exact), 1e-9) / max(1, len(asked)))
        share = float(asked.mean()) if len(asked) else self.exact
        majority = self.curves["majority"]
        return {
            "exact": self.exact,
            "counted": share,
            "gain": self.exact - self.p,
            "deviations": abs(share - self.exact) / deviation,
            "majority_of_3_error": abs(float(majority[2]) - (3 * self.p**2 - 2 * self.p**3)),
            **{rule: float(curve[self.tries - 1]) for rule, curve in self.curves.items()},
        }

    def verdicts(self) -> list[Verdict]:
        """The vote helps; counting agrees with the exact chance; three tries by hand."""
        m = self.measured()
        advice = (
            "Wrong answers agree too well: add distractors, or take a rule that checks."
            if self.tries > 1 else "One try is no vote: set tries to 11."
        )  # fmt: skip
        return [
            Verdict(f"Gain of {self.tries} tries over one", m["gain"], ">=", 0.08, advice),
            Verdict("Counted against exact, in standard deviations", m["deviations"], "<=", 4.0),
            Verdict("Majority of 3 is 3p² − 2p³, off by", m["majority_of_3_error"], "<=", 1e-12),
        ]

    def answers(self) -> Answers:
        """Judged by the exact gain and by the share counted."""
        m = self.measured()
        gain = m["gain"]
        better = 0 if gain > 0.005 else 1 if gain < -0.005 else 2
        return Answers(better, sum(m["counted"] >= limit for limit in (0.4, 0.6, 0.8)))
