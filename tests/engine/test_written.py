"""Formulas written down as Python give what they give as machine code."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from demos.engine import activations, ir
from demos.engine.emitting import Slot, each, when
from demos.engine.exponentials import log
from demos.engine.values import Value, choose
from demos.engine.written import SINGLE, Writer, text

NAMES: dict[str, Any] = {
    "float32": np.float32, "float64": np.float64, "int32": np.int32, "INF": math.inf, "math": math,
    "as_int": lambda x: np.float32(x).view(np.int32),
    "as_float": lambda x: np.int32(x).view(np.float32),
}  # fmt: skip


def written(formula: Callable[[Value], tuple[Value, ...]]) -> Callable[[Any], Any]:
    """A function of one float32, from what the formula writes."""
    writer = Writer()
    results = formula(writer.value("x", SINGLE))
    names = ", ".join(text(result.llvm) for result in results)
    space = dict(NAMES)
    exec("def function(x):\n" + "\n".join(writer.lines) + f"\n    return {names}", space)
    return space["function"]  # type: ignore[no-any-return]


FUNCTIONS = {
    name: written(lambda z, kind=kind: activations.activate(kind, z, z.like(0.01)))  # type: ignore[misc]
    for kind, name in enumerate(activations.NAMES)
}
LOG = written(lambda x: (log(x), x))


@pytest.mark.parametrize("name", activations.NAMES)
@settings(max_examples=60, deadline=None)
@given(st.floats(-100, 100, width=32))
@example(17.0)  # where 1 - sigmoid(z) is less than half of what float32 can tell from 0
def test_activations_are_those_of_machine_code(name: str, z: float) -> None:
    found = FUNCTIONS[name](np.float32(z))
    exact = activations.apply(name, np.array([z]))
    for one, other in zip(found, exact, strict=True):
        assert isinstance(one, np.float32)
        # The slope of swish holds z times 1 - sigmoid(z), a multiple of 2^-24.
        bound = 3e-7 * max(1.0, abs(other[0])) + 2**-24 * abs(z)
        assert abs(float(one) - other[0]) <= bound


@settings(max_examples=60, deadline=None)
@given(st.floats(2.0**-100, 2.0**100, width=32))
def test_the_logarithm_is_the_c_librarys(x: float) -> None:
    assert float(LOG(np.float32(x))[0]) == pytest.approx(math.log(x), rel=3e-7, abs=3e-7)


def test_nan_stays_nan_and_is_no_number() -> None:
    for name in activations.NAMES:
        assert math.isnan(FUNCTIONS[name](np.float32(math.nan))[0])


def test_loops_branches_and_variables_are_pythons() -> None:
    """The Collatz steps of 27 that stay odd, an odd way to count: 41 of 111."""

    def formula(x: Value) -> tuple[Value, ...]:
        writer = x.builder
        n, odd = Slot(writer.value("27", ir.I64)), Slot(writer.whole(0))
        with each(0, writer.whole(111)):
            is_odd = (n.get() & 1).equals(1)
            with when(is_odd):
                odd.set(odd.get() + 1)
            n.set(choose(is_odd, n.get() * 3 + 1, n.get() / 2))
        with when(n.get().equals(0)):
            pass  # a branch without anything in it
        return n.get(), odd.get()

    assert written(formula)(np.float32(0)) == (1, 41)
