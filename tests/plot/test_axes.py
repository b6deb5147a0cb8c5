"""Axes in round numbers, and words that nothing is written over."""

from __future__ import annotations

import math
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from demos import catalog
from demos.views import Bars, Curves, Frame, Panel, Raster, Role, Series
from tests.demos.test_every_demo import begun, panels
from tutor.plot import DARK, marks, paint
from tutor.plot.scale import Axis
from tutor.plot.ticks import laid_out, ticks, word

SMALL = (42, 12)


def text(panel: Panel, width: int = SMALL[0], height: int = SMALL[1]) -> list[str]:
    return ["".join(s.text for s in row) for row in paint(panel, width, height, DARK)]


def is_round(value: float) -> bool:
    """Whether `value` has two significant digits at most."""
    return value == 0 or math.isclose(value, float(f"{value:.1e}"), rel_tol=1e-9)


@given(
    st.floats(-1e6, 1e6), st.floats(1e-6, 1e6), st.integers(2, 7),
)  # fmt: skip
def test_an_axis_has_two_round_numbers_or_more(lo: float, span: float, most: int) -> None:
    hi = lo + span
    found = ticks(Axis(lo, hi, 100), most)
    assert len(found) <= max(most, 5)
    assert found == sorted(found)
    if span > 1e-5 * abs(lo):
        assert all(lo - 1e-3 * span <= value <= hi + 1e-3 * span for value in found)
        assert len(found) >= 2
        steps = np.diff(found)
        assert np.allclose(steps, steps[0], rtol=1e-3)
        assert is_round(float(f"{steps[0]:.3g}"))


@given(st.floats(-12, 8), st.floats(0.2, 14), st.integers(2, 7))
def test_a_logarithmic_axis_has_powers_of_ten_or_round_numbers(
    lo: float, span: float, most: int
) -> None:
    found = ticks(Axis(lo, lo + span, 100, log=True), most)
    assert len(found) >= 2
    assert all(is_round(float(f"{value:.6g}")) or span < 1 for value in found)
    assert all(lo - 1e-6 <= math.log10(value) <= lo + span + 1e-6 for value in found)


def test_the_ends_are_no_ticks_unless_they_are_round() -> None:
    curve = Series("loss", np.array([0.458, 1.3, 2.61]), np.array([0.0, 700.0, 1447.0]))
    rows = text(Curves("loss", (curve,), "step"))
    assert [row.split("┤")[0].strip() for row in rows if "┤" in row] == ["2", "1"]
    assert rows[-1].split() == ["0", "step", "500", "1,000"]


def test_a_word_at_a_level_is_not_written_over() -> None:
    noise = np.random.default_rng(0).normal(0.5, 0.05, 400)
    x = np.arange(400.0)
    panel = Curves(
        "scores", (Series("model", noise, x, "quiet", dots=True),), "model", y_range=(0.2, 0.8),
        levels=((0.5, "a coin"),), marks=((200.0, "best"),),
    )  # fmt: skip
    shown = "\n".join(text(panel))
    assert "a coin" in shown
    assert "best" in shown


@given(st.lists(st.floats(0, 100), min_size=2, max_size=6), st.integers(20, 60))
def test_words_never_stand_on_each_other(at: list[float], width: int) -> None:
    words = [f"word{i}" for i in range(len(at))]
    panel = Curves("", (Series("y", np.arange(101.0)),), marks=tuple(zip(at, words, strict=True)))
    shown = "\n".join(text(panel, width, 12))
    assert len(re.findall(r"word\d", shown)) == shown.count("w")
    assert set(re.findall(r"word\d", shown)) <= set(words)


ROLES: tuple[Role, ...] = ("a", "b", "c", "d", "e", "f")


def test_a_runner_keeps_its_sign_whoever_runs_beside_it() -> None:
    six = [(f"runner {role}", role) for role in ROLES]
    assert [marks.places(six)[i] for i in range(6)] == list(range(6))
    assert marks.places([six[4], six[1]]) == [4, 1]
    assert marks.places([("last run", "quiet"), *six[:3]])[1:] == [0, 1, 2]
    assert marks.places([("one", "a"), ("two", "accent")])[0] == 0
    assert len(set(marks.places([("one", "a"), ("two", "accent")]))) == 2


@pytest.mark.parametrize("width", [12, 20, 42, 76])
def test_a_legend_tells_every_name(width: int) -> None:
    told = marks.entries([("Momentum", "b"), ("RMSprop", "e"), ("validation", "a"), ("", "c")])
    rows = marks.legend(told, width, 2)
    words = [word for row in rows for _, word, _ in row]
    assert len(rows) <= 2
    assert [one[0] for one in words] == ["◆", "★", "●"]
    assert all(x + len(one) <= width for row in rows for x, one, _ in row)


def runners(panel: Panel) -> list[tuple[str, Role]]:
    """The names and roles of what runs in a panel."""
    match panel:
        case Curves():
            return [(series.name, series.role) for series in panel.series]
        case Raster():
            return [(name, role) for name, role, _ in panel.paths]
        case Bars():
            return [(bar.label, bar.role) for bar in panel.bars]
    return []


def frames(name: str) -> list[Frame]:
    experiment = begun(name)
    start = experiment.frame()
    experiment.advance(3)
    return [start, experiment.frame()]


@pytest.mark.parametrize("name", catalog.names())
def test_one_colour_a_runner_in_all_panels_of_a_demo(name: str) -> None:
    for frame in frames(name):
        seen: dict[str, str] = {}
        for panel in panels(frame):
            if not isinstance(panel, Curves | Raster):
                continue
            named = [(n, role) for n, role in runners(panel) if n]
            colours = [DARK.colour(role) for _, role in named]
            assert len(set(colours)) == len(colours), f"{panel.title}: two of one colour"
            for who, colour in zip(named, colours, strict=True):
                assert seen.setdefault(who[0], colour) == colour, who[0]


@pytest.mark.parametrize("name", ["optimizers", "memory-lane", "transfer", "think-longer"])
def test_every_runner_of_a_race_is_in_the_legend_at_80x24(name: str) -> None:
    experiment = begun(name)
    experiment.advance(3)
    for panel in (experiment.frame().picture, *experiment.frame().side[:1]):
        if isinstance(panel, Curves | Raster):
            shown = "\n".join(text(panel)[:3])
            for entry in marks.entries(runners(panel)):
                assert f"{entry.sign} {entry.name[:3]}" in shown


def test_a_tick_is_written_like_every_number() -> None:
    assert [word(v) for v in (-0.5, 1500.0, 1e-4, 0.0)] == ["−0.5", "1,500", "10⁻⁴", "0"]


def test_there_is_no_half_step() -> None:
    for label, halves in (("step", False), ("x", True)):
        words, _ = laid_out(Axis(0.0, 1.0, 80), label, 40, lambda value, size: int(30 * value))
        assert any("." in text for _, text in words) == halves
        assert len(words) >= 2
