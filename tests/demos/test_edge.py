"""Which cells windows read in both programs, as they were measured: PyTorch 2.13, Keras 3.15."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from demos import catalog
from demos.base import Value
from demos.edge import Run


def run(**knobs: Value) -> Run:
    return Run({**catalog.spec("edge").defaults(), **knobs}, 0)


@pytest.mark.parametrize(
    ("size", "keras", "torch"),
    [
        (6, ["0 1 2", "2 3 4", "4 5 ·"], ["· 0 1", "1 2 3", "3 4 5"]),
        (5, ["· 0 1", "1 2 3", "3 4 ·"], ["· 0 1", "1 2 3", "3 4 ·"]),
    ],
)
def test_the_cells_that_were_measured(size: int, keras: list[str], torch: list[str]) -> None:
    demo = run(input_size=size)
    assert [demo.keras.reads(i) for i in range(3)] == keras
    assert [demo.torch.reads(i) for i in range(3)] == torch


@given(n=st.integers(5, 16), k=st.sampled_from((3, 5, 7)), s=st.integers(1, 3))
def test_sizes_agree_and_a_shift_explains_the_rest(n: int, k: int, s: int) -> None:
    m = run(input_size=n, kernel_size=k, stride=s).measured()
    assert m["size_gap"] == 0
    assert m["keras_in_front"] <= m["pytorch_in_front"]
    assert m["gap_after_shift"] == pytest.approx(0, abs=1e-12)
    assert (m["output_gap"] > 0) == (m["cells_apart"] > 0)


def test_padded_by_hand_both_are_one() -> None:
    demo = run(pad_by_hand=True)
    assert np.array_equal(demo.keras.output, demo.torch.output)


def test_step_0_tells_no_cell() -> None:
    frame = run(input_size=6).frame()
    assert "·" not in repr(frame)
    assert "0 1" not in repr(frame)
