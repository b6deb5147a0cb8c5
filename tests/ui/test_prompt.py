"""The words around a demo: whole lines that fit the smallest terminal, for every demo."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from typing import Any

import numpy as np
import pytest
from textual.content import Content

from demos import catalog
from demos.base import Answers, DivergedError, Spec, Value, Verdict
from demos.views import Curves, Frame, Series
from tutor.lab import telling
from tutor.lab.experiment import Experiment, Result
from tutor.lab.inquiry import Inquiry
from tutor.lab.worker import Snapshot
from tutor.text.numerals import written
from tutor.ui.widgets.prompt import formula, prompt

# What 80x24 leaves, and what 60x15 does.
WIDTH, ROWS = NORMAL = 76, 4
SMALL = 56, 5
# A few steps are enough for the words of a verdict, except where there is none before the end.
WHOLE: dict[str, dict[str, Value]] = {"scaling": {"training_steps": 400}}
every_demo = pytest.mark.parametrize("name", catalog.names())


def snapshot(result: Result | None = None, **others: Any) -> Snapshot:
    return dataclasses.replace(Snapshot(1, "paused", 0, {}, result=result), **others)


def complete(spec: Spec, verdicts: tuple[Verdict, ...] = (), right: int = 0) -> Snapshot:
    return snapshot(Result({}, verdicts, Answers(right, right)))


def lines(inquiry: Inquiry, now: Snapshot, room: tuple[int, int] = NORMAL) -> list[str]:
    width, rows = room
    shown = [line.plain for line in prompt(inquiry, now, width, rows)]
    assert len(shown) <= rows
    assert all(Content(line).cell_length <= width for line in shown)
    return shown


def observing(
    spec: Spec, predicted: int, right: int, verdicts: tuple[Verdict, ...] = ()
) -> Inquiry:
    inquiry = Inquiry(spec)
    inquiry.choose(predicted)
    inquiry.see(complete(spec, verdicts, right))
    assert inquiry.phase == "observe"
    return inquiry


def verdicts_of(name: str) -> tuple[Verdict, ...]:
    knobs = {**catalog.spec(name).defaults(), **WHOLE.get(name, {})}
    experiment = Experiment(name, knobs)
    experiment.advance(experiment.remaining if name in WHOLE else min(3, experiment.remaining))
    return tuple(experiment.run.verdicts())


def pairs(options: tuple[str, ...]) -> Iterator[tuple[int, int]]:
    return ((a, b) for a in range(len(options)) for b in range(len(options)))


@pytest.mark.parametrize("room", [NORMAL, SMALL])
@every_demo
def test_a_question_and_all_its_options_fit(name: str, room: tuple[int, int]) -> None:
    spec = catalog.spec(name)
    for inquiry, ask in (
        (Inquiry(spec), spec.predict),
        (observing(spec, 0, len(spec.predict.options) - 1), spec.observe),
    ):
        shown = " ".join(" ".join(lines(inquiry, complete(spec), room)).split())
        assert ask.question in shown
        assert all(f"{i} {option}" in shown for i, option in enumerate(ask.options, 1))


@every_demo
def test_a_question_keeps_to_two_rows(name: str) -> None:
    spec = catalog.spec(name)
    assert max(len(spec.predict.question), len(spec.observe.question)) <= 2 * (WIDTH - 9)
    first, *rest = lines(Inquiry(spec), snapshot())
    assert first.startswith("Predict  ")
    assert rest[0].startswith((" " * 9, "1 "))


@every_demo
def test_what_was_said_is_told_with_what_is_right(name: str) -> None:
    spec = catalog.spec(name)
    for said, right in pairs(spec.predict.options):
        shown = lines(observing(spec, said, right), complete(spec, right=right))
        assert shown
    for saw, right in pairs(spec.observe.options):
        inquiry = observing(spec, 0, 0)
        inquiry.answers = Answers(0, right)
        inquiry.choose(saw)
        told = "\n".join(lines(inquiry, complete(spec, right=right)))
        assert f"You saw  {spec.observe.options[saw]}" in told
        assert saw == right or f"the run says  {spec.observe.options[right]}" in told


@every_demo
def test_the_first_verdict_is_told_whole_with_its_number(name: str) -> None:
    spec, verdicts = catalog.spec(name), verdicts_of(name)
    for verdict in verdicts:
        for inquiry in (observing(spec, 0, 0, (verdict,)), observing(spec, 0, 1, (verdict,))):
            inquiry.choose(0)
            shown = lines(inquiry, complete(spec, (verdict,), 1))
            whole = " ".join(" ".join(shown).split())
            assert f"{written(verdict.claim)}: {telling.measured(verdict)}" in whole
            assert verdict.holds or written(verdict.advice) in whole


def test_a_prediction_gives_way_to_an_observation_that_needs_the_rows() -> None:
    spec = catalog.spec("fit")
    ask = dataclasses.replace(spec.observe, options=("word " * 10, "word " * 11, "word " * 12))
    inquiry = observing(dataclasses.replace(spec, observe=ask), 0, 0)
    shown = lines(inquiry, complete(spec))
    assert shown[0].startswith("Observe")
    assert len(shown) == ROWS


def test_a_long_answer_stands_above_what_is_right() -> None:
    spec = catalog.spec("fit")
    ask = dataclasses.replace(spec.observe, options=("a" * 40, "b" * 40))
    inquiry = observing(dataclasses.replace(spec, observe=ask), 0, 0)
    inquiry.answers = Answers(0, 1)
    inquiry.choose(0)
    told = lines(inquiry, complete(spec, right=1))
    assert told[-3:-1] == [f"✗ You saw  {'a' * 40}", f"  the run says  {'b' * 40}"]


@pytest.mark.parametrize(
    ("value", "text"), [(13002.0, ": 13,002"), (0.123456, ": 0.1235"), (5e23, ": 5·10²³")]
)
def test_a_count_is_written_in_full(value: float, text: str) -> None:
    verdict = Verdict("It counts", value, "==", value)
    inquiry = observing(catalog.spec("fit"), 0, 0, (verdict,))
    inquiry.choose(0)
    assert lines(inquiry, complete(inquiry.spec, (verdict,)))[2].endswith(text)


@pytest.mark.parametrize(
    ("verdict", "text"),
    [
        (Verdict("Updates", 17.0, "<=", 131.051), "✓ Updates: 17, at most 131.1"),
        (Verdict("Wrong answers", 0.0, "==", 0.0), "✓ Wrong answers: 0"),
        (Verdict("Wrong answers", 3.0, "==", 0.0), "✗ Wrong answers: 3, not 0"),
        (Verdict("Gain", -0.02, ">=", 0.08), "✗ Gain: −0.02, not at least 0.08"),
    ],
)
def test_a_verdict_is_told_in_words(verdict: Verdict, text: str) -> None:
    inquiry = observing(catalog.spec("fit"), 0, 0, (verdict,))
    inquiry.choose(0)
    assert text in lines(inquiry, complete(inquiry.spec, (verdict,)))


@every_demo
def test_the_end_of_a_run_is_a_dare(name: str) -> None:
    spec, verdicts = catalog.spec(name), (Verdict("It counts", 1.0, ">", 0.0),)
    inquiry = observing(spec, 0, 1, verdicts)
    inquiry.choose(0)
    dared = " ".join(" ".join(lines(inquiry, complete(spec, verdicts, 1))).split())
    assert spec.dare is not None
    assert f"Your turn 1 {spec.dare.knob.replace('_', ' ')}" in dared
    assert dared.endswith(spec.dare.question)


def test_a_divergence_is_wrapped_below_its_beginning() -> None:
    error = DivergedError(12, "layer 2, weights", "learning_rate", "Divide it by 3, " * 5)
    shown = lines(Inquiry(catalog.spec("ewma")), snapshot(diverged=error))
    assert shown[0].startswith("DIVERGED at step 12")
    assert shown[1].startswith("Turn back learning_rate")


def test_the_status_gives_way_to_a_long_formula() -> None:
    picture = Curves("line", (Series("y", np.arange(3.0)),))
    frame = Frame(picture, formula="x = " + " + ".join("12345" for _ in range(8)), status="s" * 20)
    (row,) = formula(frame, WIDTH, tall=False)
    assert "…" not in row.plain
    assert "s" not in row.plain
