"""What top-k, top-p and temperature keep, and where greedy writing ends."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from demos import catalog
from demos.base import Value
from demos.engine.losses import probabilities
from demos.sampling import LETTERS, Run, circle, cut, drawn


def run(**knobs: Value) -> Run:
    demo = Run({**catalog.spec("sampling").defaults(), **knobs}, 0)
    demo.step(catalog.spec("sampling").steps)
    return demo


def test_the_example_of_the_lesson() -> None:
    p = np.array([[0.5, 0.3, 0.15, 0.05]])
    assert cut(p, 4, 0.8)[0] == pytest.approx([0.625, 0.375, 0.0, 0.0])
    assert cut(p, 1, 1.0)[0] == pytest.approx([1.0, 0.0, 0.0, 0.0])
    assert cut(p, 3, 1.0)[0] == pytest.approx([0.5 / 0.95, 0.3 / 0.95, 0.15 / 0.95, 0.0])
    assert cut(p, 4, 1.0) == pytest.approx(p)


logits = arrays.arrays(np.float64, (2, 25), elements=st.floats(-30, 30))


@given(logits, st.integers(1, 25), st.floats(0.05, 1.0))
def test_what_stays_is_the_likeliest_and_adds_up(z: np.ndarray, k: int, top_p: float) -> None:
    p = probabilities(z)
    after = cut(p, k, top_p)
    assert after.sum(axis=1) == pytest.approx(1.0)
    for before, kept in zip(p, after, strict=True):
        stays = kept > 0
        assert 1 <= stays.sum() <= k
        assert before[stays].min() >= before[~stays].max(initial=0.0)
        if stays.sum() < k and top_p < 1:
            assert before[stays].sum() >= top_p - 1e-9


@given(logits, st.floats(0.0, 1.0, exclude_max=True))
def test_only_what_stays_is_drawn(z: np.ndarray, draw: float) -> None:
    p = cut(probabilities(z), 3, 0.9)
    letters = drawn(p, np.full(len(p), draw))
    assert (p[np.arange(len(p)), letters] > 0).all()


def test_the_likeliest_each_time_goes_round_in_a_circle() -> None:
    demo = run(top_k=1)
    n = int(demo.measured()["circle"])
    assert n > 0
    assert demo.text(0).endswith(demo.text(0)[-n:] * 2)
    assert demo.answers().observe == 1


def test_a_circle_is_found_and_only_there() -> None:
    assert circle("x" + "the " * 30) == 4
    assert circle("the " * 3) == 0
    assert circle("".join(chr(97 + i * i % 23) + chr(97 + i % 26) for i in range(80))) == 0


def test_heat_lets_more_letters_through() -> None:
    kept = [run(temperature=t).measured()["kept_on_average"] for t in (0.5, 1.0, 2.0)]
    assert kept == sorted(kept)
    assert run(top_p=1.0).measured()["kept_on_average"] == LETTERS
