"""The fit against the engine's own scores, and against learners whose weights are known."""

from __future__ import annotations

from dataclasses import replace

import fsrs_rs_python as engine
import pytest

from tests.memory import synthetic
from tutor.memory.fit import LEAST, fit
from tutor.memory.fsrs import BOUNDS, DEFAULT_WEIGHTS, Memory, Model, retrievability
from tutor.memory.log import ReviewLog, review_log
from tutor.memory.model import Event, Rating
from tutor.memory.score import forecasts, losses, mean, recency, reviews, rmse_bins


@pytest.fixture(scope="module")
def log() -> ReviewLog:
    return synthetic.log(500)


def first(log: ReviewLog, count: int) -> ReviewLog:
    """The log as it was after so many scored answers."""
    return ReviewLog(log.lives, log.scored[:count], count)


def review(number: int, day: int, rating: Rating, key: str = "d/a") -> Event:
    return Event(f"{number:04d}", "review", key, 0, 0, day, rating=rating)


def test_which_answers_test_the_memory() -> None:
    days = [10, 10, 13, 12, 15]
    events = [review(i, day, Rating.GOOD) for i, day in enumerate(days)]
    events.append(replace(review(5, 15, Rating.GOOD), kind="reset", rating=None))
    events += [review(6, 20, Rating.GOOD), review(7, 21, Rating.AGAIN)]
    log = review_log(events)
    assert [life.days for life in log.lives] == [[0, 0, 3, 0, 2], [0, 1]]
    assert log.scored == [(0, 2), (0, 4), (1, 1)]
    assert log.recalled() == [True, True, False]
    assert log.reviews == 7


def test_a_moved_card_is_one_card() -> None:
    events = [review(1, 1, Rating.GOOD, "old/a"), review(2, 4, Rating.GOOD, "new/a")]
    log = review_log(events, lambda key: key.replace("old", "new"))
    assert [life.card for life in log.lives] == ["new/a"]
    assert log.scored == [(0, 1)]


def test_an_imported_log_is_in_the_order_of_its_days() -> None:
    events = [
        review(1, 50, Rating.GOOD), review(2, 60, Rating.GOOD),
        review(3, 5, Rating.GOOD, "d/b"), review(4, 9, Rating.GOOD, "d/b"),
    ]  # fmt: skip
    assert review_log(events).scored == [(1, 1), (0, 1)]


def test_forecasts_are_those_of_the_scheduler(log: ReviewLog) -> None:
    model, chances = Model(), forecasts(log, DEFAULT_WEIGHTS)
    for at in range(0, len(chances), 97):
        life, place = log.lives[log.scored[at][0]], log.scored[at][1]
        memory: Memory | None = None
        for rating, days in list(zip(life.ratings, life.days, strict=True))[:place]:
            memory = model.after(memory, days)[Rating(rating)]
        assert memory is not None
        expected = retrievability(memory.stability, life.days[place])
        assert chances[at] == pytest.approx(expected, rel=1e-6)


@pytest.mark.parametrize("weights", [DEFAULT_WEIGHTS, synthetic.OTHER])
def test_scores_equal_the_engines(log: ReviewLog, weights: tuple[float, ...]) -> None:
    chances, recent = forecasts(log, weights), recency(len(log.scored))
    items = [engine.FSRSItem(reviews(log.lives[life])[: place + 1]) for life, place in log.scored]
    theirs = engine.FSRS(list(weights)).evaluate(items)
    loss = mean(losses(chances, log.recalled()), recent)
    assert loss == pytest.approx(theirs.log_loss, rel=1e-5)
    assert rmse_bins(log, chances, recent) == pytest.approx(theirs.rmse_bins, rel=1e-5)


def test_a_certain_forecast_that_fails_costs_a_finite_amount() -> None:
    assert losses([1.0, 0.0], [False, True]) == pytest.approx([16.118, 16.118], abs=1e-3)


def test_a_fit_foretells_another_learner_better(log: ReviewLog) -> None:
    found = fit(log)
    assert found.better
    assert found.split is not None
    assert found.split.after < found.split.before
    assert found.split.low <= found.split.before - found.split.after <= found.split.high
    assert found.scored == len(log.scored)
    assert found.rmse_bins_before is not None
    assert found.rmse_bins_after is not None
    assert found.rmse_bins_after < found.rmse_bins_before
    for weight, (low, high) in zip(found.weights, BOUNDS, strict=True):
        assert low - 1e-6 <= weight <= high + 1e-6


def test_a_fit_nears_the_loss_of_the_truth(log: ReviewLog) -> None:
    truth = mean(losses(forecasts(log, synthetic.OTHER), log.recalled()))
    default = mean(losses(forecasts(log, DEFAULT_WEIGHTS), log.recalled()))
    found = fit(log).log_loss_after
    assert found is not None
    assert found - truth < 0.5 * (default - truth)


def test_a_fit_is_the_same_every_time(log: ReviewLog) -> None:
    few = first(log, 300)
    assert fit(few).weights == fit(few).weights


def test_nothing_is_better_than_the_truth() -> None:
    found = fit(synthetic.log(300), synthetic.OTHER)
    assert found.split is not None
    assert found.split.low < 0.002, "no real gain over the weights that made the answers"


def test_noise_is_no_gain(log: ReviewLog) -> None:
    found = fit(log)
    assert found.moved
    again = fit(log, found.weights)
    assert not again.moved
    assert not again.better
    assert found.log_loss_before is not None
    hardly = replace(found, log_loss_after=found.log_loss_before - 5e-7)
    assert not hardly.better
    assert replace(found, log_loss_after=found.log_loss_before - 2e-6).better


def test_thirty_epochs_describe_a_log_better_than_five(log: ReviewLog) -> None:
    items = [engine.FSRSItem(reviews(log.lives[life])[: place + 1]) for life, place in log.scored]
    five = engine.FSRS(list(DEFAULT_WEIGHTS)).compute_parameters(items)
    found = fit(log).log_loss_after
    assert found is not None
    assert found < mean(losses(forecasts(log, five), log.recalled()))


def test_too_few_answers_change_nothing(log: ReviewLog) -> None:
    found = fit(first(log, LEAST - 1))
    assert found.weights == DEFAULT_WEIGHTS
    assert not found.better
    assert found.log_loss_before is None
    assert fit(ReviewLog()).scored == 0


def test_few_answers_fit_the_first_stabilities_only(log: ReviewLog) -> None:
    young = [(life, 1) for life, each in enumerate(log.lives) if each.days[1:2] > [0]]
    found = fit(ReviewLog(log.lives, young[:63], 63))
    assert found.weights[:4] != pytest.approx(DEFAULT_WEIGHTS[:4])
    assert found.weights[4:] == pytest.approx(DEFAULT_WEIGHTS[4:], rel=1e-6)
