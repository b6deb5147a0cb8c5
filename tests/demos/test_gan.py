"""The game on the ring: counting clouds, both losses, and the setting that must collapse."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from demos import gan
from demos.base import DivergedError
from tutor.lab import headless


def report(*settings: str, seed: int = 0) -> dict[str, Any]:
    return headless.run("gan", settings, seed)


def run(**changed: Any) -> gan.Run:
    return gan.Run({**gan.SPEC.defaults(), **changed}, 0)


@pytest.mark.parametrize("seed", [0, 1, 2])
def test_a_fast_generator_before_a_slow_discriminator_collapses(seed: int) -> None:
    found = report("preset=collapse", seed=seed)
    assert found["measured"]["clouds_filled"] <= 2
    assert not found["verdicts"][0]["holds"]


@pytest.mark.seeds
@pytest.mark.parametrize("seed", range(3, 10))
def test_it_collapses_on_more_seeds(seed: int) -> None:
    assert report("preset=collapse", seed=seed)["measured"]["clouds_filled"] <= 2


def test_counting_the_clouds() -> None:
    counts = gan.near(gan.CENTRES + 0.01)
    assert counts.tolist() == [1.0] * gan.MODES
    assert gan.near(np.zeros((5, 2))).sum() == 0


def test_real_points_fill_every_cloud() -> None:
    points = gan.Run.real(gan.SAMPLES, np.random.default_rng(0))
    counts = gan.near(points)
    assert counts.min() > gan.LEAST
    assert counts.sum() > 0.98 * gan.SAMPLES


def test_a_bad_fake_gets_hardly_a_slope_from_the_minimax_loss() -> None:
    """At D = 0.01 the slopes at D's logit are -0.01 and -0.99."""
    sizes = {}
    for loss in ("minimax", "non-saturating"):
        game = run(loss=loss)
        game.discriminator.weights(2)[:] = 0.0
        game.discriminator.biases(2)[:] = np.log(0.01 / 0.99)
        game.discriminator.weights(2)[0, 0] = 1e-6
        game._generate()
        sizes[loss] = np.linalg.norm(game.generator.gradient)
    assert sizes["non-saturating"] / sizes["minimax"] == pytest.approx(99.0, rel=0.01)


@pytest.mark.parametrize("loss", ["minimax", "non-saturating"])
def test_the_generators_gradient_is_the_slope_of_its_loss(loss: str) -> None:
    game = run(loss=loss, hidden_units=16)
    game.generator.optimizer.learning_rate = 0.0
    game.random = np.random.default_rng(5)
    game._generate()
    gradient = game.generator.gradient.copy()
    i = int(np.abs(gradient).argmax())
    values = []
    for nudge in (1e-6, -1e-6):
        game.generator.theta[i] += nudge
        game.random = np.random.default_rng(5)
        values.append(game._generate())
        game.generator.theta[i] -= nudge
    assert gradient[i] == pytest.approx((values[0] - values[1]) / 2e-6, rel=1e-5)


def test_a_judge_that_always_says_one_half_loses_two_ln_two() -> None:
    game = run()
    game.discriminator.weights(2)[:] = 0.0
    assert game._discriminate() == pytest.approx(2 * np.log(2))


def test_turning_a_rate_keeps_the_game() -> None:
    game = run()
    game.step(5)
    game.set("generator_rate", 2.0)
    game.set("discriminator_steps", 1)
    assert game.generator.optimizer.learning_rate == pytest.approx(4e-3)
    assert game.turns == 1
    assert game.step_count == 5


def test_divergence_names_the_generator_and_keeps_finite_weights() -> None:
    game = run()
    game.step(2)
    game.generator.optimizer.learning_rate = 1e300
    with pytest.raises(DivergedError) as stopped:
        game.step(50)
    assert stopped.value.knob == "generator_rate"
    assert np.isfinite(game.generator.theta).all()
