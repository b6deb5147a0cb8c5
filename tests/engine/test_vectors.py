"""The number of many lanes: operators as NumPy has them, and exp, tanh, sigmoid, log by error."""

from __future__ import annotations

import os
import platform
import subprocess
import sys
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from demos.engine import exponentials, subnormals
from demos.engine.kernel import part
from demos.engine.loads import (
    block,
    column,
    filled,
    first,
    gather,
    load,
    loader,
    scatter,
    span,
    store,
    total,
    width,
)
from demos.engine.vectors import absolute, choose, copysign, larger, smaller, sqrt

Array = NDArray[Any]
DTYPES = [np.float32, np.float64]
ROWS = 4
load16 = loader(16)


def mapped(function: Callable[..., Any]) -> Callable[[Array], Array]:
    """A function of lanes, over a whole array whose length is a multiple of 16."""

    @part
    def run(x: Array, y: Array) -> None:
        for i in range(0, x.size, width(x)):
            store(y, i, 0, function(load(x, i)))

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
    error = np.abs(mapped(getattr(exponentials, name))(x) - expected)
    limit = double if dtype == np.float64 else single
    if relative:
        error /= np.maximum(np.abs(expected), 1.0 if name == "log" else 0.0)
    assert error.max() < limit


@pytest.mark.parametrize("dtype", DTYPES)
def test_nan_stays_and_far_arguments_stay_finite(dtype: Any) -> None:
    x = np.zeros(16, dtype)
    x[:5] = np.nan, np.inf, -np.inf, 1e30, -1e30
    for name, values in (("tanh", [1, -1, 1, -1]), ("sigmoid", [1, 0, 1, 0])):
        found = mapped(getattr(exponentials, name))(x)
        assert np.isnan(found[0])
        np.testing.assert_allclose(found[1:5], values, atol=1e-37)
    powers = mapped(exponentials.exp)(x)
    assert np.isnan(powers[0])
    assert np.isfinite(powers[1:]).all()
    logs = mapped(exponentials.log)(np.abs(x) + dtype(1))
    assert np.isnan(logs[0])
    assert np.isinf(logs[1])


@part
def mixed(a: Array, b: Array, out: Array) -> None:
    for i in range(0, a.size, width(a)):
        x, y = load(a, i), load(b, i)
        z = -(x + 2.0 * y) / (1.0 + y * y) - x
        z += sqrt(absolute(x))
        z = choose(x <= y, larger(z, y), smaller(z, x)) + copysign(y, x)
        store(out, i, 0, choose(z > 0.5, 1, z))


@pytest.mark.parametrize("dtype", DTYPES)
def test_arithmetic_is_that_of_numpy(dtype: Any) -> None:
    a, b = np.random.default_rng(1).normal(size=(2, 64)).astype(dtype)
    out = np.empty_like(a)
    mixed(a, b, out)
    z = -(a + 2 * b) / (1 + b * b) - a + np.sqrt(np.abs(a))
    z = np.where(a <= b, np.maximum(z, b), np.minimum(z, a)) + np.copysign(b, a)
    tolerance = 1e-5 if dtype == np.float32 else 1e-14
    np.testing.assert_allclose(out, np.where(z > 0.5, 1, z), rtol=tolerance, atol=tolerance)


@part
def product(a: Array, b: Array, starts: Array, out: Array) -> float:
    """out = a b for four rows that begin at `starts`; the sum of the last row in return."""
    n = width(a)
    tile = filled(a, 0.0, ROWS)
    for p in range(b.shape[0]):
        tile += column(a, starts, 0, p, ROWS) * load(b, p * n)
    store(out, 0, n, tile)
    return float(total(load(out, 3 * n)))


@pytest.mark.parametrize("dtype", DTYPES)
def test_a_column_times_a_vector_is_the_outer_product(dtype: Any) -> None:
    n = int(wide(np.zeros(1, dtype)))
    draw = np.random.default_rng(2)
    a, b = draw.normal(size=(9, 7)).astype(dtype), draw.normal(size=(7, n)).astype(dtype)
    rows = np.array([4, 0, 8, 3])
    out = np.zeros((ROWS, n), dtype)
    last = product(a, b, rows * 7, out)
    np.testing.assert_allclose(out, a[rows] @ b, rtol=1e-5, atol=1e-5)
    assert last == pytest.approx(out[3].sum(), rel=1e-5)


@part
def wide(a: Array) -> int:
    return int(width(a))


@part
def moved(a: Array, out: Array, last: int) -> None:
    n = width(a)
    lanes = gather(a, 1, 3, last)
    scatter(out, 0, 2, last, choose(first(lanes, 2), lanes, 0.0))
    store(out, 40, n, block(a, 5, 2, ROWS) * span(a, 7, ROWS))


@pytest.mark.parametrize("last", [0, 2, 15])
def test_lanes_are_gathered_and_scattered_and_nothing_beyond_the_last(last: int) -> None:
    a, out = np.arange(80.0), np.full(200, -1.0)
    n = wide(a)
    moved(a, out, min(last, n - 1))
    expected = np.full(40, -1.0)
    kept = min(last, n - 1) + 1
    expected[0 : 2 * kept : 2] = [1.0 + 3 * lane if lane < 2 else 0.0 for lane in range(kept)]
    np.testing.assert_array_equal(out[:40], expected)
    tiles = [(7.0 + r) * a[5 + 2 * r : 5 + 2 * r + n] for r in range(ROWS)]
    np.testing.assert_array_equal(out[40 : 40 + ROWS * n], np.concatenate(tiles))


@part
def sixteen(a: Array, out: Array) -> None:
    for i in range(0, a.size, 16):
        x = load16(a, i)
        store(out, i, 0, exponentials.tanh(x * x - 1))


def test_sixteen_lanes_are_there_on_every_machine() -> None:
    a = np.random.default_rng(3).normal(size=64).astype(np.float32)
    out = np.empty_like(a)
    sixteen(a, out)
    np.testing.assert_allclose(out, np.tanh(a * a - 1), atol=1e-6)


@part
def halve(x: Array, flush: bool) -> None:
    mode = subnormals.flush() if flush else 0
    for _ in range(60):
        for i in range(x.size):
            x[i] *= 0.5
    if flush:
        subnormals.restore(mode)


@pytest.mark.skipif(
    platform.machine().lower() not in {"x86_64", "amd64", "aarch64", "arm64"},
    reason="this processor's control register is not known",
)
def test_subnormals_are_flushed_only_between_flush_and_restore() -> None:
    for flush in (True, False, True):
        tiny = np.full(5, 1e-300)
        halve(tiny, flush)
        assert (tiny == 0.0).all() == flush
    assert 1e-300 * np.full(1, 0.5**60)[0] > 0.0  # Python's own arithmetic is as before


@pytest.mark.skipif(platform.machine().lower() not in {"x86_64", "amd64"}, reason="names of x86")
@pytest.mark.parametrize(("processor", "size"), [("x86-64", 16), ("haswell", 32),
                                                 ("x86-64-v4", 64)])  # fmt: skip
def test_a_register_is_as_wide_as_the_processor_has_it(processor: str, size: int) -> None:
    code = "from demos.engine import vectors; print(vectors.register_bytes())"
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"NUMBA_CPU_NAME": processor},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.strip() == str(size)
