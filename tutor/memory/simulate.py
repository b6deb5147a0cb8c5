"""How much work a desired retention costs: the decks learned from nothing, day by day.

The engine's simulation with the learner's own pace, buttons and limits. It gives a curve, not
one best number: what a card is worth, only the learner knows.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import fsrs_rs_python as engine

from tutor.memory.log import Life

RETENTIONS = (0.70, 0.75, 0.80, 0.85, 0.90, 0.93, 0.95, 0.97)
# How many answers the usual shares of the buttons weigh against the learner's own.
_PRIOR = 50
_SEED = 42


@dataclass(slots=True)
class Buttons:
    """How often each button was pressed first, and Hard, Good, Easy when a card was remembered."""

    first: list[int] = field(default_factory=lambda: [0] * 4)
    later: list[int] = field(default_factory=lambda: [0] * 3)

    @classmethod
    def of(cls, lives: Iterable[Life]) -> Buttons:
        """Those of all answers, one life after the other."""
        found = cls()
        for life in lives:
            found.first[life.ratings[0] - 1] += 1
            for rating, elapsed in zip(life.ratings, life.days, strict=True):
                if elapsed and rating > 1:
                    found.later[rating - 2] += 1
        return found


@dataclass(frozen=True, slots=True)
class Study:
    """Who studies: how many cards, limits a day, seconds an answer, and the buttons pressed."""

    cards: int
    new_a_day: int
    reviews_a_day: int
    seconds: float
    buttons: Buttons


@dataclass(frozen=True, slots=True)
class Workload:
    """What a desired retention costs and gives.

    reviews, minutes: in all the days. remembered: cards known on the last day, by chance;
    introduced: cards begun until then.
    """

    retention: float
    reviews: int
    minutes: float
    introduced: int
    remembered: float


def workload(weights: Sequence[float], retention: float, days: int, study: Study) -> Workload:
    """Simulate so many days. Deterministic."""
    result = engine.simulate(list(weights), retention, _config(study, days), _SEED)
    return Workload(
        retention=retention,
        reviews=sum(result.review_cnt_per_day),
        minutes=sum(result.cost_per_day) / 60,
        introduced=sum(result.learn_cnt_per_day),
        remembered=result.memorized_cnt_per_day[-1],
    )


def _config(study: Study, days: int) -> engine.SimulatorConfig:
    config = engine.default_simulator_config()
    config.deck_size = study.cards
    config.learn_span = days
    config.learn_limit = study.new_a_day
    config.review_limit = study.reviews_a_day
    # The limits count cards, as in a session; the time is what comes out.
    config.max_cost_perday = 1e9
    config.first_rating_prob = _shares(config.first_rating_prob, study.buttons.first)
    config.review_rating_prob = _shares(config.review_rating_prob, study.buttons.later)
    usual = config.state_rating_costs[1][2]
    config.state_rating_costs = [
        [cost * study.seconds / usual for cost in row] for row in config.state_rating_costs
    ]
    return config


def _shares(usual: Sequence[float], counts: Sequence[int]) -> list[float]:
    """The learner's shares, drawn to the usual ones while there are few answers."""
    total = sum(counts) + _PRIOR
    return [(count + _PRIOR * share) / total for count, share in zip(counts, usual, strict=True)]
