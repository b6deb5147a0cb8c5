"""What a panel shows, in sentences."""

from __future__ import annotations

import numpy as np
import pytest

from demos import catalog
from demos.views import Bar, Bars, Curves, Grid, Points, Raster, Series, Table, Text
from tutor.lab.experiment import Experiment
from tutor.plot.sentences import frame_sentences, number, sentences
from tutor.text.aloud import in_words


def test_a_curve_is_told_by_its_turns() -> None:
    y = np.array([4.0, 1.0, 0.5, 1.0, 3.0])
    (title, said) = sentences(Curves("loss", (Series("test", y),), "step"))
    assert title == "Curves, loss:"
    assert said == "test starts at 4 at step 0, falls to 0.5 at step 2 and rises to 3 at step 4."
    (flat,) = sentences(Curves("", (Series("level", np.ones(3)),)))
    assert flat == "level starts at 1 at x 0 and stays near 1 at x 2."
    (none,) = sentences(Curves("", (Series("", np.array([np.nan])),)))
    assert none == "the curve has no points yet."


def test_a_border_is_found_where_it_lies() -> None:
    """Above the diagonal it is high: the border is at y = x."""
    axis = np.linspace(-1, 1, 41)
    values = (axis[::-1, None] > axis[None, :]).astype(float)
    points = Points(np.array([[0.0, 1.0], [0.0, -1.0]]), np.array([0, 1]))
    said = sentences(Raster("", values, extent=(-1, 1, -1, 1), points=points))
    assert "49% of the area is above 0.5." in said[0]
    places = [line.split("changes at y ")[1].rstrip(".") for line in said[1:6]]
    assert [float(place) for place in places] == pytest.approx([-0.8, -0.4, 0, 0.4, 0.8], abs=0.06)
    assert all("low at the bottom" in line for line in said[1:6])
    assert said[6] == ("Points: 1 of class o around x 0, y 1; 1 of class x around x 0, y -1.")


def test_rows_bars_and_matrices() -> None:
    assert sentences(Bars("p", (Bar("cat", 0.5), Bar("dog", 0.25, "25 %")))) == [
        "Bars, p:", "cat: 0.5.", "dog: 25 %.",
    ]  # fmt: skip
    assert sentences(Table("t", ("", "loss"), (("train", "0.1"),))) == [
        "Table, t:", "train; loss: 0.1.",
    ]  # fmt: skip
    assert sentences(Grid("k", np.eye(2), 1)) == [
        "Matrix, k:",
        "row 1: 1.0, 0.0.",
        "row 2: 0.0, 1.0.",
    ]
    assert sentences(Text("", (("words", "text"),))) == ["words"]
    assert [number(n) for n in (4000.0, 0.36333, 6.2e-5)] == ["4000", "0.363", "6.2e-05"]


@pytest.mark.parametrize(
    "name", ["softmax", "valleys", "parameter-count", "backprop", "convolution"]
)
def test_demos_say_their_picture(name: str) -> None:
    spec = catalog.spec(name)
    said = frame_sentences(Experiment(name, spec.defaults()).frame())
    assert len(said) > 2
    for line in map(in_words, said):
        assert line.isascii() and line.strip()
