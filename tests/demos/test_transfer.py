"""A body that fits helps, one that does not harms, and many labels make up for either."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from demos import transfer
from demos.catalog import spec
from tutor.lab import headless


def report(*settings: str) -> dict[str, Any]:
    return headless.run("transfer", settings)


def test_a_body_from_another_task_is_negative_transfer() -> None:
    found = report("source=circles")
    assert found["measured"]["gain"] < -0.02
    assert [verdict["holds"] for verdict in found["verdicts"]] == [False, True]


def test_with_many_labels_the_body_is_no_longer_needed() -> None:
    found = report("labels_per_arm=20")
    assert found["measured"]["gain"] == pytest.approx(0.0, abs=0.05)
    assert not found["verdicts"][0]["holds"]


def test_a_new_head_has_66_of_1218_parameters_to_learn() -> None:
    run = transfer.Run(spec("transfer").defaults(), 0)
    net = run.shown.nets["frozen"]
    before = net.theta.copy()
    run.step(20)
    assert before.size == 1218
    assert np.count_nonzero(net.theta != before) == 66


def test_every_arm_has_its_labels_and_none_of_them_is_in_the_test() -> None:
    task = transfer.Task(5, "spiral", 0)
    X, y = task.labelled
    assert np.bincount(y).tolist() == [10, 10]
    assert not {tuple(x) for x in X} & {tuple(x) for x in task.test[0]}


def test_drawing_another_way_changes_no_number() -> None:
    run = transfer.Run({**spec("transfer").defaults(), "labels_per_arm": 1}, 0)
    run.step(10)
    before = run.measured()
    run.set("mode", "scratch")
    assert run.measured() == before
    assert "scratch" in run.frame().picture.title
