"""What every demo in the catalog keeps to, whoever wrote it."""

from __future__ import annotations

import copy
import dataclasses
import json
import subprocess
import sys
from functools import cache
from typing import Any

import numpy as np
import pytest

from demos import catalog
from demos.base import Cells, Choice, Flag, Int, Knob, Line, Real, Value
from demos.engine.kernel import Kernel
from demos.views import Frame, Panel
from tutor.errors import KnobError
from tutor.lab import headless, knobs
from tutor.lab.experiment import Experiment
from tutor.plot import DARK, paint
from tutor.text.numerals import written

NAMES = catalog.names()
every_demo = pytest.mark.parametrize("name", NAMES)


@cache
def report(name: str, seed: int) -> dict[str, Any]:
    """A whole run, made once for all tests that look at it."""
    return headless.run(name, seed=seed)


def begun(name: str, **changed: Value) -> Experiment:
    return Experiment(name, {**catalog.spec(name).defaults(), **changed})


def panels(frame: Frame) -> list[Panel]:
    return [frame.picture, *frame.side, *frame.extra]


def same(a: object, b: object) -> bool:
    """Equality down to the bits of every array."""
    if isinstance(a, np.ndarray):
        return isinstance(b, np.ndarray) and a.dtype == b.dtype and a.tobytes() == b.tobytes()
    if isinstance(a, tuple):
        return isinstance(b, tuple) and len(a) == len(b) and all(map(same, a, b))
    if dataclasses.is_dataclass(a):
        fields = dataclasses.fields(a)
        return type(a) is type(b) and all(
            same(getattr(a, field.name), getattr(b, field.name)) for field in fields
        )
    return a == b


@every_demo
def test_its_plain_data_is_complete(name: str) -> None:
    spec = catalog.spec(name)
    assert name == spec.name
    assert spec.title
    assert spec.about
    assert spec.why
    for ask in (spec.predict, spec.observe):
        assert 2 <= len(ask.options) <= 6
        assert ask.question


@every_demo
def test_its_words_write_numbers_in_the_one_notation(name: str) -> None:
    spec = catalog.spec(name)
    asked = [word for ask in (spec.predict, spec.observe) for word in (ask.question, *ask.options)]
    dared = [spec.dare.question] if spec.dare else []
    words = [spec.title, spec.about, *spec.why, *asked, *dared]
    assert words == list(map(written, words))


def test_listing_the_demos_imports_neither_numpy_nor_numba() -> None:
    code = (
        "import sys; from tutor.lab import listing; listing.demos();"
        "print([m for m in ('numpy', 'numba', 'textual') if m in sys.modules])"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert out.stdout.strip() == "[]"


@pytest.mark.parametrize("seed", [0, 1, 2])
@every_demo
def test_its_verdicts_hold_at_the_defaults(name: str, seed: int) -> None:
    verdicts = report(name, seed)["verdicts"]
    assert verdicts
    assert not [verdict for verdict in verdicts if not verdict["holds"]]


@pytest.mark.seeds
@pytest.mark.parametrize("seed", range(3, 10))
@every_demo
def test_its_verdicts_hold_on_more_seeds(name: str, seed: int) -> None:
    assert all(verdict["holds"] for verdict in report(name, seed)["verdicts"])


@every_demo
def test_a_headless_run_is_complete_and_can_be_written_as_json(name: str) -> None:
    found = report(name, 0)
    assert found["diverged"] is None
    assert catalog.spec(name).steps == found["steps"]
    assert catalog.spec(name).defaults() == found["knobs"]
    assert found["measured"]
    json.dumps(found, allow_nan=False)


@every_demo
def test_the_answers_are_options(name: str) -> None:
    experiment = begun(name)
    experiment.advance(experiment.remaining)
    answers = experiment.run.answers()
    assert 0 <= answers.predict < len(experiment.spec.predict.options)
    assert 0 <= answers.observe < len(experiment.spec.observe.options)


@every_demo
def test_a_rewound_run_is_as_quick_as_the_first(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A copy's arrays are NumPy's own kind, too: no kernel has to look at them a second time."""
    experiment = begun(name)
    experiment.advance(3)
    experiment.rewind()
    experiment.advance(3)
    experiment.frame()
    slow: list[str] = []
    anew = Kernel._run_anew

    def noted(kernel: Kernel, arguments: tuple[Any, ...]) -> Any:
        slow.append(kernel.name)
        return anew(kernel, arguments)

    monkeypatch.setattr(Kernel, "_run_anew", noted)
    experiment.advance(3)
    experiment.frame()
    assert slow == []


@every_demo
def test_the_same_seed_gives_the_same_run(name: str) -> None:
    first, second = begun(name), begun(name)
    for experiment in (first, second):
        experiment.advance(12)
    assert same(first.frame(), second.frame())
    assert first.run.measured() == second.run.measured()


@every_demo
def test_it_does_not_matter_how_steps_are_cut_into_chunks(name: str) -> None:
    whole, cut = begun(name), begun(name)
    whole.advance(25)
    while cut.step < whole.step:
        cut.advance(min(7, whole.step - cut.step))
    assert same(whole.frame(), cut.frame())


@every_demo
def test_rewinding_repeats_the_run_bit_for_bit(name: str) -> None:
    experiment = begun(name)
    start = experiment.frame()
    experiment.advance(13)
    after = experiment.frame()
    experiment.rewind()
    assert experiment.step == 0
    assert same(start, experiment.frame())
    experiment.advance(13)
    assert same(after, experiment.frame())


@every_demo
def test_a_frame_does_not_change_when_the_run_goes_on(name: str) -> None:
    experiment = begun(name)
    experiment.advance(3)
    frame = experiment.frame()
    kept = copy.deepcopy(frame)
    experiment.advance(10)
    assert same(kept, frame)


@pytest.mark.parametrize("size", [(42, 18), (36, 9), (76, 30), (9, 3), (1, 1), (0, 0)])
@every_demo
def test_its_panels_fill_any_room(name: str, size: tuple[int, int]) -> None:
    width, height = size
    experiment = begun(name)
    for _ in range(2):
        for panel in panels(experiment.frame()):
            rows = paint(panel, width, height, DARK)
            assert [width] * height == [sum(segment.cell_length for segment in row) for row in rows]
        experiment.advance(10)


def ends(knob: Knob) -> list[Value]:
    match knob:
        case Int() | Real():
            return [knob.min, knob.max]
        case Choice():
            return list(knob.choices)
        case Flag():
            return [False, True]
        case Cells():
            row = ",".join([f"{knob.max:g}"] * knob.most)
            return ["", f"{knob.min:g}", "/".join([row] * knob.most)]
        case Line():
            return ["a", "0", "é" * knob.most, ("ab 漢🙂" * knob.most)[: knob.most]]


@every_demo
def test_it_runs_at_both_ends_of_every_knob(name: str) -> None:
    for knob in catalog.spec(name).knobs:
        for value in ends(knob):
            experiment = begun(name, **{knob.name: value})
            experiment.advance(3)
            assert panels(experiment.frame())
            assert experiment.run.measured()


@every_demo
def test_turning_a_knob_while_it_runs_is_replayed_by_the_log(name: str) -> None:
    spec = catalog.spec(name)
    experiment = begun(name)
    experiment.advance(5)
    for knob in spec.live:
        experiment.turn(knob, knobs.turned(spec.knob(knob), experiment.knobs[knob], 1))
    experiment.advance(5)
    again = begun(name)
    for turn in experiment.turns:
        again.advance(turn.step - again.step)
        again.turn(turn.knob, turn.value)
    again.advance(experiment.step - again.step)
    assert same(experiment.frame(), again.frame())


@every_demo
def test_a_knob_outside_its_range_is_refused_with_the_range(name: str) -> None:
    for knob in catalog.spec(name).knobs:
        with pytest.raises(KnobError) as refused:
            outside = "x" * 10_000 if isinstance(knob, Line) else "1e99"
            knobs.parse(catalog.spec(name), [f"{knob.name}={outside}"])
        assert knobs.range_of(knob) in refused.value.hint
