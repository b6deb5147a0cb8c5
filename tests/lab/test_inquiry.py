"""Predict, run, observe: who says what is right, and when."""

from __future__ import annotations

from dataclasses import replace

from demos import catalog
from demos.base import Answers
from tutor.lab.experiment import Result
from tutor.lab.inquiry import Answered, Inquiry
from tutor.lab.worker import Snapshot

SPEC = catalog.spec("overfit")
START = Snapshot(1, "paused", 0, SPEC.defaults())
DONE = replace(START, state="complete", result=Result({}, (), Answers(0, 2)))


def test_a_prediction_is_marked_when_the_run_is_complete() -> None:
    inquiry = Inquiry(SPEC)
    assert inquiry.question == SPEC.predict
    assert inquiry.choose(1) is None
    assert inquiry.see(START) is None
    assert inquiry.see(DONE) == Answered("predict", 1, 0)
    assert inquiry.question == SPEC.observe


def test_an_observation_is_marked_by_the_run() -> None:
    inquiry = Inquiry(SPEC)
    inquiry.skip()
    inquiry.see(DONE)
    assert inquiry.choose(2) == Answered("observe", 2, 2)
    assert inquiry.phase == "told"
    assert inquiry.question is None


def test_what_was_skipped_is_not_reported() -> None:
    inquiry = Inquiry(SPEC)
    inquiry.skip()
    assert inquiry.see(DONE) is None
    inquiry.skip()
    assert inquiry.phase == "told"
    assert inquiry.choose(0) is None


def test_digits_without_an_option_do_nothing() -> None:
    inquiry = Inquiry(SPEC)
    assert inquiry.choose(5) is None
    assert inquiry.phase == "predict"


def test_a_new_run_asks_anew() -> None:
    inquiry = Inquiry(SPEC)
    inquiry.choose(1)
    inquiry.see(DONE)
    inquiry.see(replace(START, run=1))
    assert inquiry.phase == "predict"
    assert inquiry.predicted is None
