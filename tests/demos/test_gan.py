"""The game on the ring: counting clouds, both losses, and the setting that must collapse."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from demos import gan
from demos.base import DivergedError
from demos.views import Curves, Raster
from tutor.lab import headless


def report(*settings: str, seed: int = 0) -> dict[str, Any]:
    return headless.run("gan", settings, seed)


def run(**changed: Any) -> gan.Run:
    return gan.Run({**gan.SPEC.defaults(), **changed}, 0)


def plane(game: gan.Run) -> Raster:
    picture = game.frame().picture
    assert isinstance(picture, Raster)
    return picture


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
        game._generate(game.drawn()[0][0])
        sizes[loss] = np.linalg.norm(game.generator.gradient)
    assert sizes["non-saturating"] / sizes["minimax"] == pytest.approx(99.0, rel=0.01)


@pytest.mark.parametrize("loss", ["minimax", "non-saturating"])
def test_the_generators_gradient_is_the_slope_of_its_loss(loss: str) -> None:
    game = run(loss=loss, hidden_units=16)
    game.generator.optimizer.learning_rate = 0.0
    game.random = np.random.default_rng(5)
    game._generate(game.drawn()[0][0])
    gradient = game.generator.gradient.copy()
    i = int(np.abs(gradient).argmax())
    values = []
    for nudge in (1e-6, -1e-6):
        game.generator.theta[i] += nudge
        game.random = np.random.default_rng(5)
        values.append(game._generate(game.drawn()[0][0]))
        game.generator.theta[i] -= nudge
    assert gradient[i] == pytest.approx((values[0] - values[1]) / 2e-6, rel=1e-5)


def own_loss(game: gan.Run, fakes: np.ndarray) -> np.ndarray:
    """The generator's loss on each fake by itself, written out from the logit of D."""
    s = game.discriminator.logits(fakes)[:, 0]
    return -np.logaddexp(0.0, s) if game.minimax else np.logaddexp(0.0, -s)


@pytest.mark.parametrize("preset", ["healthy", "collapse"])
@pytest.mark.parametrize("loss", ["minimax", "non-saturating"])
def test_an_arrow_is_minus_the_slope_of_the_loss_at_its_fake(loss: str, preset: str) -> None:
    game = run(loss=loss, preset=preset)
    game.step(60)
    arrows = plane(game).arrows
    assert arrows is not None
    assert len(arrows.xy) > 4
    for axis in range(2):
        nudge = 1e-6 * np.eye(2)[axis]
        slope = (own_loss(game, arrows.xy + nudge) - own_loss(game, arrows.xy - nudge)) / 2e-6
        np.testing.assert_allclose(arrows.by[:, axis], -slope, rtol=1e-5, atol=1e-8)


@pytest.mark.parametrize("preset", ["healthy", "collapse"])
def test_arrows_stand_on_a_few_fakes_that_are_in_the_picture(preset: str) -> None:
    game = run(preset=preset)
    for _ in range(4):
        picture = plane(game)
        assert picture.arrows is not None
        assert picture.points is not None
        fakes = picture.points.xy[picture.points.labels == 1].tolist()
        assert all(xy in fakes for xy in picture.arrows.xy.tolist())
        assert len(picture.arrows.xy) <= 16
        assert np.abs(picture.arrows.xy).max(initial=0.0) < gan.REACH
        game.step(20)


def test_fakes_out_of_the_picture_leave_no_arrows() -> None:
    game = run()
    game.generator.biases(2)[:] = 100.0
    arrows = plane(game).arrows
    assert arrows is not None
    assert arrows.xy.shape == arrows.by.shape == (0, 2)


def test_looking_at_it_does_not_change_the_game() -> None:
    alone, watched = run(), run()
    alone.step(10)
    for _ in range(10):
        watched.frame()
        watched.step(1)
    assert alone.generator.theta.tobytes() == watched.generator.theta.tobytes()
    assert alone.discriminator.theta.tobytes() == watched.discriminator.theta.tobytes()


def test_the_grid_of_noise_goes_through_the_generator_line_by_line() -> None:
    game = run()
    game.step(20)
    panel = game.frame().extra[0]
    assert isinstance(panel, Curves)
    corners = game.generator.logits([[-2.0, -2.0], [2.0, 2.0]])
    for series, across in zip(panel.series[:2], ([-2.0, 2.0], [2.0, -2.0]), strict=True):
        assert series.x is not None
        xy = np.stack([series.x, series.y], axis=1)
        gaps = np.nonzero(np.isnan(series.y))[0]
        assert len(gaps) == 7
        np.testing.assert_allclose(xy[[0, -2]], corners)
        np.testing.assert_allclose(xy[gaps[0] - 1], game.generator.logits([across])[0])


def test_a_judge_that_always_says_one_half_loses_two_ln_two() -> None:
    game = run()
    game.discriminator.weights(2)[:] = 0.0
    assert game._discriminate(*(some[0] for some in game.drawn())) == pytest.approx(2 * np.log(2))


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
