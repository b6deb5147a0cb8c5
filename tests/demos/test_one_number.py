"""The first model: its number is the one of least squares, wherever it starts."""

from __future__ import annotations

import re

import numpy as np
import pytest

from demos import catalog
from demos.one_number import SPEC, Run
from tutor.deck.library import load
from tutor.lab.listing import demo_facts
from tutor.paths import content_dir
from tutor.ui.screens.welcome import first_topic


def run(start: float, seed: int = 0) -> Run:
    made = Run({"start": start}, seed)
    made.step(SPEC.steps)
    return made


@pytest.mark.parametrize("start", [-2.0, 0.0, 3.0, 8.0])
@pytest.mark.parametrize("seed", range(5))
def test_it_ends_at_the_slope_of_least_squares(start: float, seed: int) -> None:
    made = run(start, seed)
    slope = np.linalg.lstsq(made.x[:, None], made.y, rcond=None)[0][0]
    assert made.numbers[-1] == pytest.approx(slope, abs=0.05)
    assert (np.diff(made.losses) <= 0).all()


def test_a_step_goes_against_the_slope_of_the_loss() -> None:
    made = run(0.0)

    def loss(number: float) -> float:
        return float(((number * made.x - made.y) ** 2).mean())

    slope = (loss(1e-6) - loss(-1e-6)) / 2e-6
    rate = 0.15 / (2 * (made.x**2).mean())
    assert made.numbers[1] == pytest.approx(-rate * slope)


def test_near_its_best_number_the_loss_hardly_moves() -> None:
    far, near = run(0.0), run(3.0)
    assert (far.answers().observe, near.answers().observe) == (0, 2)
    assert [verdict.holds for verdict in near.verdicts()] == [False, True]


def test_the_first_lesson_is_short_and_its_demo_has_one_knob() -> None:
    library = load((content_dir(),), None, demo_facts())
    topic = first_topic(library)
    assert topic is not None
    sentences = re.sub(r"<!--.*?-->", "", topic.lesson, flags=re.S).split("\n")
    assert len([line for line in sentences if line.strip()]) <= 12
    assert topic.demo == SPEC.name
    assert len(catalog.spec(topic.demo).knobs) == 1
    words = {"example", "input", "label", "model", "prediction", "loss", "training"}
    assert all(word in topic.lesson for word in words), "the demo speaks of these"
