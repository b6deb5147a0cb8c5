"""What other seeds do stands beside the verdicts of a single run."""

from __future__ import annotations

import dataclasses

import pytest

from demos import catalog
from demos.base import Answers, Verdict
from demos.sweep import Row
from tutor import cli
from tutor.lab import seeds
from tutor.lab.experiment import Result, Turn
from tutor.lab.inquiry import Inquiry
from tutor.lab.worker import Snapshot
from tutor.ui.widgets.prompt import prompt

SPEC = catalog.spec("boundary")
VERDICTS = (Verdict("Right", 0.99, ">=", 0.93), Verdict("Held out", 0.8, ">=", 0.9, "Wait."))


def told(rows: int = 8, turns: tuple[Turn, ...] = (), **knobs: float) -> str:
    """The words after a run of `boundary` with its defaults but for some knobs."""
    complete = Snapshot(
        1, "paused", 0, {**SPEC.defaults(), **knobs}, result=Result({}, VERDICTS, Answers(0, 0)),
        turns=turns,
    )  # fmt: skip
    inquiry = Inquiry(dataclasses.replace(SPEC, dare=None))
    inquiry.choose(0)
    inquiry.see(complete)
    inquiry.choose(0)
    return " ".join(" ".join(line.plain for line in prompt(inquiry, complete, 76, rows)).split())


def test_a_verdict_tells_what_other_seeds_do() -> None:
    right, held_out = seeds.recorded()["boundary"]
    assert f"at least 0.93; so do {right.hold} of 100 seeds" in told()
    assert f"not at least 0.9; it holds on {held_out.hold} of 100 seeds Wait." in told()


def test_other_seeds_give_way_to_verdicts() -> None:
    assert "seeds" not in told(rows=3)
    assert "Held out: 0.8, not at least 0.9" in told(rows=3)


def test_a_run_with_other_knobs_is_compared_with_its_own_crowd_only() -> None:
    assert "seeds" not in told(units=4)
    assert "seeds" not in told(turns=(Turn(5, "learning_rate", 0.1),))
    knobs = {**SPEC.defaults(), "units": 4}
    seeds.keep(SPEC, knobs, [Row(knobs, seed, {}, True, seed < 7) for seed in range(9)])
    assert "In the crowd all verdicts hold on 7 of 9 other seeds." in told(units=4)


def test_the_record_fits_the_verdicts_of_a_run(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["demo", "xor", "--headless", "--seed", "3"]) == 0
    (share,) = seeds.recorded()["xor"]
    assert f"holds; so do {share.hold} of {share.of} seeds" in capsys.readouterr().out
    assert cli.main(["demo", "xor", "--headless", "--set", "init_scale=2"]) == 0
    assert "seeds" not in capsys.readouterr().out
