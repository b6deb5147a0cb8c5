"""Two crowds that play against each other: each pair is the pair that the lab plays alone."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np
import pytest

from demos import catalog, gan, sweep
from demos.engine.crowd.crowd import Crowd
from demos.engine.crowd.duel import Duel

PAIRS, TURNS = 18, 12
DEFAULTS = {**catalog.spec("gan").defaults(), "hidden_units": 16}


def games(**knobs: Any) -> list[gan.Run]:
    return [gan.Run({**DEFAULTS, **knobs}, seed) for seed in range(PAIRS)]


def crowds(runs: list[gan.Run]) -> tuple[Crowd, Crowd]:
    for run in runs:
        run.generator.feed(np.zeros((64, 2)), np.zeros((64, 2)), 64)
        run.discriminator.feed(np.zeros((64, 2)), np.zeros((64, 1)), 64)
    nets = [run.generator for run in runs], [run.discriminator for run in runs]
    return Crowd(nets[0], np.float64, 2), Crowd(nets[1], np.float64, 2)


def played(sides: tuple[Crowd, Crowd], runs: list[gan.Run], turns: int = TURNS) -> np.ndarray:
    """Play; the last losses of the discriminators."""
    numbers = [[run.drawn() for _ in range(turns)] for run in runs]
    noise = np.array([[n for n, _ in some] for some in numbers])
    real = np.array([[r for _, r in some] for some in numbers])
    return Duel(*sides, gan.BATCH, runs[0].minimax).step(noise, real, np.arange(PAIRS))


@pytest.mark.parametrize(
    "knobs", [{}, {"preset": "collapse", "loss": "minimax"}, {"discriminator_steps": 2}]
)
def test_each_pair_is_the_labs(knobs: dict[str, Any]) -> None:
    runs, alone = games(**knobs), games(**knobs)
    sides = crowds(runs)
    losses = played(sides, runs)
    for game in alone:
        game.step(TURNS)
    generators, discriminators = ([getattr(game, side).theta for game in alone]
                                  for side in ("generator", "discriminator"))  # fmt: skip
    np.testing.assert_allclose(sides[0].theta, generators, rtol=0, atol=1e-9)
    np.testing.assert_allclose(sides[1].theta, discriminators, rtol=0, atol=1e-9)
    np.testing.assert_allclose(2.0 * losses, [game.losses[0] for game in alone], rtol=1e-9)


def test_a_pair_that_diverges_stays_and_touches_no_other() -> None:
    calm, wild = games(), games()
    wild[3].generator.optimizer.learning_rate = 1e300
    first, second = crowds(calm), crowds(wild)
    start = [side.theta[3] for side in second]
    played(first, calm)
    played(second, wild)
    others = np.arange(PAIRS) != 3
    for one, other, before in zip(first, second, start, strict=True):
        assert list(np.flatnonzero(~other.finite)) == [3]
        assert (other.theta[3] == before).all()
        assert (one.theta[others] == other.theta[others]).all()


def test_a_sweep_counts_what_the_lab_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    """A short game, and rates that differ from pair to pair."""
    monkeypatch.setattr(gan, "SPEC", dataclasses.replace(gan.SPEC, steps=50))
    monkeypatch.setattr(catalog, "spec", lambda name: gan.SPEC)
    members = [
        ({**DEFAULTS, "generator_rate": rate}, seed) for rate in (1.0, 2.0) for seed in (1, 2)
    ]
    together = sweep.measure("gan", members, threads=2)
    for one, other in zip(together, sweep.measure("gan", members, together=False), strict=True):
        assert one.holds == other.holds
        assert list(one.measured) == list(other.measured)
        np.testing.assert_allclose(
            list(one.measured.values()), list(other.measured.values()), atol=1e-6
        )
