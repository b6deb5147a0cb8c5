"""The convolution microscope with a kernel of the learner's own."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from demos import catalog, convolution
from demos.base import Value
from demos.views import Grid, Raster
from tutor.errors import KnobError
from tutor.lab import headless
from tutor.lab.experiment import Experiment

SPEC = catalog.spec("convolution")
COPY = "0,0,0/0,1,0/0,0,0"
LAPLACE = "0,1,0/1,-4,1/0,1,0"


def at_the_end(**changed: Value) -> Experiment:
    experiment = Experiment("convolution", {**SPEC.defaults(), **changed})
    experiment.advance(experiment.remaining)
    return experiment


def output(experiment: Experiment) -> np.ndarray:
    (panel,) = (p for p in experiment.frame().side if isinstance(p, Raster))
    return np.asarray(panel.values)


def kernel_panel(experiment: Experiment) -> Grid:
    frame = experiment.frame()
    panels = (*frame.side, *frame.extra)
    return next(p for p in panels if isinstance(p, Grid) and p.edits == "weights")


def report(*settings: str) -> dict[str, Any]:
    return headless.run("convolution", settings)


def test_one_in_the_middle_of_zeros_copies_the_picture() -> None:
    experiment = at_the_end(weights=COPY, padding="same", input_size=9)
    assert np.array_equal(output(experiment), convolution.picture(9))


def test_one_beside_the_middle_shifts_the_picture() -> None:
    experiment = at_the_end(weights="0,0,0/0,0,1/0,0,0", padding="same", input_size=9)
    assert np.array_equal(output(experiment)[:, :-1], convolution.picture(9)[:, 1:])


def test_what_adds_up_to_zero_is_blind_to_a_plain_area() -> None:
    found = report(f"weights={LAPLACE}")
    assert found["knobs"]["weights"] == LAPLACE
    assert all(verdict["holds"] for verdict in found["verdicts"])
    plain = convolution.convolve(np.ones((6, 6)), np.array([[0, 1, 0], [1, -4, 1], [0, 1, 0]]), 1)
    assert not plain.any()


@pytest.mark.parametrize("k", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("preset", ["vertical", "horizontal", "blur", "sharpen"])
def test_the_preset_written_out_is_the_preset(k: int, preset: str) -> None:
    weights = convolution.kernel(preset, k)
    text = "/".join(",".join(f"{weight:.17g}" for weight in row) for row in weights.tolist())
    mine = report(f"weights={text}", "kernel=blur")["measured"]
    theirs = report(f"kernel={preset}", f"kernel_size={k}")["measured"]
    assert mine == pytest.approx(theirs, abs=1e-12)


def test_the_panel_shows_the_numbers_that_can_be_set() -> None:
    preset, own = kernel_panel(at_the_end(kernel="blur")), kernel_panel(at_the_end(weights=LAPLACE))
    assert preset.title == "blur kernel"
    assert np.allclose(preset.values, 1 / 9)
    assert own.title == "your kernel"
    assert np.asarray(own.values).tolist() == [[0, 1, 0], [1, -4, 1], [0, 1, 0]]


def test_its_own_size_counts() -> None:
    found = report("weights=1,-1/1,-1", "kernel_size=5")["measured"]
    assert (found["weights"], found["output_size"]) == (4, 11)


def test_an_upright_kernel_of_ones_own_is_known_as_one() -> None:
    assert at_the_end(weights="1,-1/1,-1").run.answers().observe == 0
    assert at_the_end(weights="1,1/-1,-1").run.answers().observe == 1


@pytest.mark.parametrize("weights", ["1,2", "1,2/3", "1,x/0,0", "99", "/", "1,2/3,4/5,6"])
def test_what_is_no_kernel_is_refused(weights: str) -> None:
    with pytest.raises(KnobError, match="rows such as"):
        report(f"weights={weights}")


def test_a_kernel_may_have_five_rows_and_no_more() -> None:
    def zeros(k: int) -> str:
        return "/".join([",".join(["0"] * k)] * k)

    assert report(f"weights={zeros(5)}")["measured"]["weights"] == 25
    with pytest.raises(KnobError):
        report(f"weights={zeros(6)}")
