"""What the babbler knows before, after, and when it is too hot or has learnt too little."""

from __future__ import annotations

import math

import numpy as np
import pytest

from demos import babbler, catalog
from demos.engine.sequences import ALPHABET, CORPUS, known_share
from tutor.lab import headless
from tutor.lab.experiment import Experiment


def test_the_text_has_242_letters_of_25_kinds() -> None:
    assert (len(CORPUS), len(ALPHABET)) == (242, 25)
    assert pytest.approx(math.log(25)) == babbler.UNKNOWN


@pytest.mark.parametrize("cell", ["RNN", "LSTM", "GRU"])
def test_before_the_first_step_it_knows_nothing(cell: str) -> None:
    run = babbler.Run({**babbler.SPEC.defaults(), "cell": cell}, 0)
    assert run.measured()["first_loss"] == pytest.approx(math.log(25), abs=0.2)
    assert run.measured()["known_words"] < 0.2


def test_too_small_steps_do_not_learn_it() -> None:
    found = headless.run("babbler", ["learning_rate=0.0005", "hidden_units=16"])
    assert not found["verdicts"][0]["holds"]


def test_words_that_stand_in_the_text() -> None:
    assert known_share("a network, reads. xyzzy rea") == 0.75
    assert known_share("") == 0.0


def test_temperature_changes_the_text_and_not_the_run() -> None:
    experiment = Experiment("babbler", catalog.spec("babbler").defaults())
    experiment.advance(20)
    before = experiment.run.net.theta.copy()  # type: ignore[attr-defined]
    cool = experiment.frame().picture
    experiment.turn("temperature", 2.0)
    assert experiment.step == 20
    assert experiment.frame().picture != cool
    assert np.array_equal(experiment.run.net.theta, before)  # type: ignore[attr-defined]


def test_a_cold_draw_is_nearly_always_the_likeliest() -> None:
    run = babbler.Run({**babbler.SPEC.defaults(), "hidden_units": 16}, 0)
    run.step(40)
    text, states, p = run.babble(0.02)
    assert len(text) == len(states) == babbler.BABBLED
    assert p.max() > 0.9
