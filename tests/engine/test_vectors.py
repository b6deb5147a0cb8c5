"""The number of many lanes: operators as NumPy has them, and exp, tanh, sigmoid, log by error."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numba
import numpy as np
import pytest
from numpy.typing import NDArray

from demos.engine import vectors
from demos.engine.emitting import Array as Numbers
from demos.engine.kernel import kernel_of
from demos.engine.products import times, transposed_times
from demos.engine.values import Value
from demos.engine.vectors import (
    absolute,
    choose,
    copysign,
    first,
    flush,
    larger,
    like,
    load,
    loader,
    restore,
    smaller,
    sqrt,
    store,
    tanh,
    total,
    width,
)

Array = NDArray[Any]
compiled: Any = numba.njit  # typed as what takes any arguments
DTYPES = [np.float32, np.float64]
load16 = loader(16)


def mapped(function: Callable[..., Any]) -> Callable[[Array], Array]:
    """A function of lanes, over a whole array whose length is a multiple of 16."""

    @compiled
    def run(x: Array, y: Array) -> None:
        for i in range(0, x.size, width(x)):
            store(y, i, function(load(x, i)))

    def over(x: Array) -> Array:
        y = np.empty_like(x)
        run(x, y)
        return y

    return over


# name: the true value in extended precision, where it is tried, the largest difference allowed in
# float64 and float32, and whether that is a share of the value.
FUNCTIONS: dict[str, tuple[Callable[[Any], Any], tuple[float, float], float, float, bool]] = {
    "exp": (np.exp, (-80.0, 80.0), 4e-16, 1.8e-7, True),
    "tanh": (np.tanh, (-12.0, 12.0), 2.2e-16, 1.2e-7, False),
    "sigmoid": (lambda x: 1 / (1 + np.exp(-x)), (-40.0, 40.0), 1.8e-16, 1e-7, False),
    "log": (np.log, (1e-3, 1e3), 2.5e-16, 1.5e-7, True),
}


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_keep_their_error_bounds(name: str, dtype: Any) -> None:
    true, (low, high), double, single, relative = FUNCTIONS[name]
    x = np.random.default_rng(0).uniform(low, high, 1 << 18).astype(dtype)
    x[:32] = np.linspace(low, high, 32)
    expected = true(x.astype(np.longdouble))
    error = np.abs(mapped(getattr(vectors, name))(x) - expected)
    limit = double if dtype == np.float64 else single
    if relative:
        error /= np.maximum(np.abs(expected), 1.0 if name == "log" else 0.0)
    assert error.max() < limit


@pytest.mark.parametrize("dtype", DTYPES)
def test_nan_stays_and_far_arguments_stay_finite(dtype: Any) -> None:
    x = np.zeros(16, dtype)
    x[:5] = np.nan, np.inf, -np.inf, 1e30, -1e30
    for name, values in (("tanh", [1, -1, 1, -1]), ("sigmoid", [1, 0, 1, 0])):
        found = mapped(getattr(vectors, name))(x)
        assert np.isnan(found[0])
        np.testing.assert_allclose(found[1:5], values, atol=1e-37)
    powers = mapped(vectors.exp)(x)
    assert np.isnan(powers[0])
    assert np.isfinite(powers[1:]).all()
    logs = mapped(vectors.log)(np.abs(x) + dtype(1))
    assert np.isnan(logs[0])
    assert np.isinf(logs[1])


@compiled
def mixed(a: Array, b: Array, out: Array) -> None:
    for i in range(0, a.size, width(a)):
        x, y = load(a, i), load(b, i)
        z = -(x + 2.0 * y) / (1.0 + y * y) - x
        z += sqrt(absolute(x))
        z = choose(x <= y, larger(z, y), smaller(z, x)) + copysign(y, x)
        store(out, i, choose(z > 0.5, 1, z))


@pytest.mark.parametrize("dtype", DTYPES)
def test_arithmetic_is_that_of_numpy(dtype: Any) -> None:
    a, b = np.random.default_rng(1).normal(size=(2, 64)).astype(dtype)
    out = np.empty_like(a)
    mixed(a, b, out)
    z = -(a + 2 * b) / (1 + b * b) - a + np.sqrt(np.abs(a))
    z = np.where(a <= b, np.maximum(z, b), np.minimum(z, a)) + np.copysign(b, a)
    tolerance = 1e-5 if dtype == np.float32 else 1e-14
    np.testing.assert_allclose(out, np.where(z > 0.5, 1, z), rtol=tolerance, atol=tolerance)


@compiled
def summed(a: Array, count: int) -> float:
    """The sum of the first lanes of a row, twice."""
    lanes = load(a, 0)
    return float(total(choose(first(lanes, count), lanes, like(lanes, 0.0)) * 2))


@pytest.mark.parametrize("dtype", DTYPES)
def test_lanes_are_masked_and_summed(dtype: Any) -> None:
    a = np.arange(1, 17).astype(dtype)
    assert [summed(a, count) for count in (0, 1, 2)] == [0.0, 2.0, 6.0]


def _both(X: Numbers, W: Numbers, Z: Numbers, G: Numbers, starts: Numbers, places: Numbers,
          rate: Value) -> None:  # fmt: skip
    n, inputs, outputs = places.length, W.length - 1, W.shape[1]
    times(n, inputs, outputs, X, starts, W, n * 0, inputs * outputs, Z, places)
    transposed_times(n, inputs, outputs, X, starts, starts, Z, places, W, G, n * 0, rate, n > 0)


@kernel_of(_both)
def both(X: Array, W: Array, Z: Array, G: Array, starts: Array, places: Array, rate: float) -> None:
    """`_both`, for Python."""


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(
    ("n", "inputs", "lanes"), [(1, 1, 1), (10, 3, 2), (33, 70, 5), (9, 600, 3)]
)
def test_products_of_any_size_are_those_of_numpy(
    n: int, inputs: int, lanes: int, dtype: Any
) -> None:
    outputs = lanes * 32 // np.dtype(dtype).itemsize
    draw = np.random.default_rng(2)
    X, W = (
        draw.normal(size=shape).astype(dtype) for shape in ((50, inputs), (inputs + 1, outputs))
    )
    Z, G, rows = (
        np.zeros((n, outputs), dtype),
        np.zeros((inputs, outputs), dtype),
        draw.permutation(50),
    )
    moved = W.copy()
    both(X, moved, Z, G, rows[:n] * inputs, np.arange(n) * outputs, 0.01)
    tolerance = 1e-4 if dtype == np.float32 else 1e-12
    np.testing.assert_allclose(Z, X[rows[:n]] @ W[:-1] + W[-1], rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(G, X[rows[:n]].T @ Z, rtol=tolerance, atol=50 * tolerance)
    np.testing.assert_allclose(moved[:-1], W[:-1] - dtype(0.01) * G, rtol=1e-5, atol=1e-6)


@compiled
def sixteen(a: Array, out: Array) -> None:
    for i in range(0, a.size, 16):
        x = load16(a, i)
        store(out, i, tanh(x * x - 1))


def test_sixteen_lanes_are_there_on_every_machine() -> None:
    a = np.random.default_rng(3).normal(size=64).astype(np.float32)
    out = np.empty_like(a)
    sixteen(a, out)
    np.testing.assert_allclose(out, np.tanh(a * a - 1), atol=1e-6)


@compiled
def halve(x: Array, flushing: bool) -> None:
    mode = flush() if flushing else 0
    for _ in range(60):
        for i in range(x.size):
            x[i] *= 0.5
    if flushing:
        restore(mode)


@pytest.mark.skipif(
    platform.machine().lower() not in {"x86_64", "amd64", "aarch64", "arm64"},
    reason="this processor's control register is not known",
)
def test_subnormals_are_flushed_only_between_flush_and_restore() -> None:
    for flushing in (True, False, True):
        tiny = np.full(5, 1e-300)
        halve(tiny, flushing)
        assert (tiny == 0.0).all() == flushing
    assert 1e-300 * np.full(1, 0.5**60)[0] > 0.0  # Python's own arithmetic is as before


@pytest.mark.skipif(platform.machine().lower() not in {"x86_64", "amd64"}, reason="names of x86")
@pytest.mark.parametrize(("processor", "size"), [("x86-64", 16), ("haswell", 32),
                                                 ("x86-64-v4", 64)])  # fmt: skip
def test_a_register_is_as_wide_as_the_processor_has_it(processor: str, size: int) -> None:
    code = "from demos.engine import processor; print(processor.register_bytes())"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"NUMBA_CPU_NAME": processor},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == str(size)
