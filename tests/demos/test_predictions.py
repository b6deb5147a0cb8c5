"""No frame gives a prediction away, and each dare changes what a run shows.

A prediction is open only while its run stands at step 0: the lab refuses to step before. So what a
frame of step 0 shows, in words or as data, must not hold a number that the run is judged by later.
"""

from __future__ import annotations

import dataclasses
import math
import re
from collections.abc import Iterator

import numpy as np
import pytest

from demos import catalog
from demos.base import Knob, Spec, Value
from demos.views import Bars, Curves, Frame, Grid, Panel, Raster, Series
from tests.demos.test_every_demo import begun, every_demo, panels, report
from tutor.lab import headless
from tutor.lab import knobs as rules
from tutor.lab.experiment import Experiment, Result
from tutor.plot import DARK, paint
from tutor.plot.arrange import arrange
from tutor.text import math as formulas
from tutor.text.numerals import written

SIZES = [(80, 12), (120, 26)]
# What turns an explorer's numbers into ones that no axis or count has by chance.
UNUSUAL: dict[str, dict[str, Value]] = {
    "activations": {"function": "swish"},
    "convolution": {"input_size": 27, "kernel_size": 2},
    "ewma": {"beta": 0.83},
    "parameter-count": {"inputs": 731},
    "think-longer": {"probability": 0.37, "tries": 13},
}
# Only these are told before: the lab's list says how many parameters the digit reader has.
TOLD = {"digits": {"Parameters held"}}
NUMBER = re.compile(r"−?\d[\d,]*(?:\.\d+)?")


def complete(name: str, **knobs: Value) -> Result:
    experiment = begun(name, **knobs)
    experiment.advance(experiment.remaining)
    assert experiment.result is not None
    return experiment.result


def judged(name: str) -> dict[str, float]:
    """The numbers that decide the prediction, and those that the verdicts are about."""
    found = report(name, 0)
    if knobs := UNUSUAL.get(name):
        found = headless.run(name, [f"{knob}={value}" for knob, value in knobs.items()])
    numbers = {key: found["measured"][key] for key in catalog.spec(name).predict.judged}
    told = TOLD.get(name, set())
    verdicts = {v["claim"]: v["value"] for v in found["verdicts"] if v["claim"] not in told}
    # Without a number (infinite, none) there is none to give away.
    return {key: value for key, value in (numbers | verdicts).items() if value is not None}


def is_telling(value: float) -> bool:
    """Whether one can know the number again: not a small count, nor 0.05 or half."""
    return math.isfinite(value) and abs(value) > 1e-4 and abs(value * 20 - round(value * 20)) > 0.02


def words(frame: Frame) -> str:
    """All that a frame says in words, on a small and on a large terminal."""
    shown = [frame.status, formulas.inline(frame.formula)]
    for size in SIZES:
        for placed in arrange(frame, *size):
            rows = paint(placed.panel, placed.width, placed.height, DARK)
            shown += ["".join(segment.text for segment in row) for row in rows]
    for panel in panels(frame):
        shown += ["".join(s.text for s in row) for row in paint(panel, 120, 40, DARK)]
    return "\n".join(shown)


def data(panel: Panel) -> Iterator[float]:
    """The numbers that a panel draws."""
    match panel:
        case Bars():
            yield from (bar.value for bar in panel.bars)
        case Curves():
            yield from (float(y) for series in panel.series for y in np.ravel(series.y))
            yield from (at for at, _ in (*panel.levels, *panel.marks))
        case Raster() | Grid():
            yield from np.ravel(panel.values).tolist()


def says(text: str, value: float) -> bool:
    """Whether `value` stands in `text`, rounded to three digits or more."""
    for token in NUMBER.findall(text):
        plain = token.replace(",", "").replace("−", "-")
        decimals = len(plain.partition(".")[2])
        digits = len(plain.replace(".", "").lstrip("-0"))
        if digits >= 3 and f"{abs(value):.{decimals}f}" == plain.lstrip("-"):
            return True
    return False


def leaks(frame: Frame, numbers: dict[str, float]) -> list[str]:
    text = words(frame)
    drawn = np.array([x for panel in panels(frame) for x in data(panel)])
    return [
        name
        for name, value in numbers.items()
        if is_telling(value)
        and (says(text, value) or bool(np.isclose(drawn, value, rtol=1e-6, atol=0).any()))
    ]


def beside(spec: Spec) -> str:
    """What stands around the picture and in the list of demos before a question is answered."""
    return "\n".join((spec.title, spec.about, spec.predict.question, *map(about, spec.knobs)))


def about(knob: Knob) -> str:
    """What is said of a knob while it is in hand."""
    return f"{knob.about} {rules.range_of(knob)}"


@every_demo
def test_a_frame_of_step_0_holds_no_number_that_is_judged(name: str) -> None:
    assert catalog.spec(name).predict.judged, "say which numbers decide the prediction"
    numbers = judged(name)
    assert leaks(begun(name, **UNUSUAL.get(name, {})).frame(), numbers) == []
    around = beside(catalog.spec(name))
    assert [key for key, n in numbers.items() if is_telling(n) and says(around, n)] == []


def test_the_rule_finds_what_is_given_away() -> None:
    frame = begun("peeking").frame()
    number = {"validation": 0.643}
    assert leaks(frame, number) == []
    assert leaks(dataclasses.replace(frame, status="the winner: 0.643"), number)
    curve = Curves("", (Series("best", np.array([0.643])),))
    assert leaks(dataclasses.replace(frame, side=(curve,)), number)


def test_sealed_sizes_and_curves_are_not_in_the_picture_either() -> None:
    start = begun("convolution").frame()
    assert not any(isinstance(p, Raster) for p in start.side)
    lines = begun("think-longer").frame().picture
    assert isinstance(lines, Curves)
    assert all(np.isnan(series.y).all() for series in lines.series)


@every_demo
def test_no_demo_is_complete_before_its_first_step(name: str) -> None:
    assert catalog.spec(name).steps > 0
    assert begun(name).run.step_count == 0


@pytest.mark.seeds
@every_demo
def test_a_dare_changes_what_a_run_shows(name: str) -> None:
    dare = catalog.spec(name).dare
    assert dare is not None
    spec = catalog.spec(name)
    assert spec.defaults()[dare.knob] != dare.value
    usual = complete(name)
    experiment = Experiment(name, {**spec.defaults(), dare.knob: dare.value})
    experiment.advance(experiment.remaining)
    dared = experiment.result
    assert dared is not None
    verdicts = [v.holds for v in usual.verdicts] != [v.holds for v in dared.verdicts]
    moved = any(
        abs(dared.measured[key] - usual.measured[key]) > 0.2 * abs(usual.measured[key])
        for key in usual.measured
        if key in dared.measured
    )
    assert usual.answers != dared.answers or verdicts or moved


def test_words_in_a_frame_are_in_one_notation() -> None:
    for name in catalog.names():
        experiment = begun(name)
        for _ in range(2):
            frame = experiment.frame()
            assert frame.status == written(frame.status)
            text = words(frame)
            assert not re.search(r"\de[+-]?\d|(?<![\w.])-\d|(?<![\d.,])\d{4,}(?!\d)", text), name
            assert not re.search(r"gamma|kappa|lambda|\bbeta|\^\d", text), name
            experiment.advance(2)
