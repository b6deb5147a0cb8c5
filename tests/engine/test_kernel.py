"""Kernels as Python calls them: which arguments they take, and what they refuse."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from demos.engine.emitting import Array as Numbers
from demos.engine.emitting import each
from demos.engine.kernel import KernelError, kernel, kernel_of
from demos.engine.values import Value, as_double

Array = NDArray[Any]


def _scale(x: Numbers, y: Numbers, factor: Value, extra: Value) -> Value:
    with each(0, x.length) as i:
        y.store(x.load(i) * factor + as_double(extra), i)
    return x.length


@kernel_of(_scale)
def scale(x: Array, y: Array, factor: float, extra: int) -> int:  # type: ignore[empty-body]
    """y = factor · x + extra; the length of x."""


@kernel
def summed(pair: tuple[Array, Array], twice: bool) -> float:
    total = 0.0
    for array in pair:
        for i in range(array.shape[0]):
            for j in range(array.shape[1]):
                total += array[i, j]
    return 2.0 * total if twice else total


@kernel
def wasteful(x: Array) -> float:
    return float(np.zeros(x.size).sum())


@kernel
def refusing(x: Array, y: Array) -> None:
    if x.size != y.size:
        raise ValueError


# As Python calls it, which knows no annotations.
any_scale: Any = scale


def test_numbers_have_the_types_of_the_signature() -> None:
    x, y = np.arange(5.0), np.empty(5)
    for factor, extra in ((2, 1), (2.0, True), (np.float32(2), np.int32(1))):
        assert any_scale(x, y, factor, extra) == 5
        np.testing.assert_array_equal(y, 2 * x + 1)


def test_dtypes_take_turns() -> None:
    for dtype in (np.float64, np.float32, np.float64, np.float32):
        x: Array = np.arange(5).astype(dtype)
        y = np.empty_like(x)
        assert any_scale(x, y, 0.5, 0) == 5
        np.testing.assert_array_equal(y, 0.5 * x)


def test_other_objects_of_the_same_numbers_are_taken(tmp_path: Path) -> None:
    np.save(tmp_path / "x.npy", np.arange(4.0))
    mapped = np.load(tmp_path / "x.npy", mmap_mode="r")
    y = np.empty(4)
    assert any_scale(mapped, y, 1.0, 0) == 4
    np.testing.assert_array_equal(y, mapped)
    whole = np.ones((2, 3), np.longlong)
    assert summed((whole, whole), True) == 24.0
    same = np.ones((2, 3), np.int64)
    assert summed((same, whole), False) == 12.0


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda x: any_scale(x, x, 1.0), "takes 4 arguments"),
        (lambda x: any_scale(x[::2], x[::2], 1.0, 0), "C-contiguous"),
        (lambda x: any_scale(x.astype(np.float16), x, 1.0, 0), "float16"),
        (lambda x: any_scale(x.astype(">f8"), x, 1.0, 0), ">f8"),
        (lambda x: any_scale([1.0], x, 1.0, 0), "not \\[1.0\\]"),
        (lambda x: any_scale(None, x, 1.0, 0), "not None"),
        (lambda x: any_scale(x, x, x, 0), "scale"),
        (lambda x: any_scale(x, x, 1.0, 0.5), "scale"),
        (lambda x: any_scale((x, x), x, 1.0, 0), None),
        (lambda x: summed(x, False), None),
    ],
)
@pytest.mark.parametrize("loaded", [False, True])
def test_wrong_arguments_are_refused(
    call: Callable[[Array], object], word: str | None, loaded: bool
) -> None:
    """By a kernel that has run before, as by one that has not."""
    x = np.ones(4)
    if loaded:
        any_scale(x, x.copy(), 1.0, 0)
    with pytest.raises(Exception if word is None else TypeError, match=word):
        call(x)


def test_a_kernel_makes_no_arrays() -> None:
    with pytest.raises(TypeError, match="arrays are made outside"):
        wasteful(np.ones(3))


def test_shapes_that_do_not_fit_are_told() -> None:
    refusing(np.ones(3), np.empty(3))
    with pytest.raises(KernelError, match="shapes"):
        refusing(np.ones(3), np.empty(4))
