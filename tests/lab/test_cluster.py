"""Sweeps on a cluster: the same rows, also when a worker is killed; nothing believed unread."""

from __future__ import annotations

import json
import os
import signal
import threading
import time
from typing import Any

import pytest

from tutor.errors import TutorError
from tutor.lab.sweep import cluster, plan, running


def swept(planned: plan.Plan, engine: str, address: str = "") -> running.Sweep:
    sweep = running.Sweep(planned, "solved", engine, 1, cluster=address)
    sweep.run(lambda rows: None)
    return sweep


@pytest.mark.cluster
def test_a_killed_worker_is_made_up_for() -> None:
    distributed = pytest.importorskip("distributed")
    planned = plan.make("xor", (), ["init_scale=0.05..8:log:40"], 200)
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as local:
        pids = [worker.pid for worker in local.workers.values()]

        def kill() -> None:
            time.sleep(1.0)
            os.kill(pids[0], signal.SIGKILL)

        threading.Thread(target=kill, daemon=True).start()
        found = swept(planned, "dask", local.scheduler_address)
    assert found.rows == swept(planned, "threads").rows
    assert len(found.rows) == 8_000


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("tcp://127.0.0.1:9", "5 s"), ("bogus", "port"), ("carrier://127.0.0.1:9", "scheme"),
        ("tcp://", "port"), ("tls://127.0.0.1:9", "certificates"),
    ],
)  # fmt: skip
def test_a_cluster_that_does_not_answer_is_told(
    address: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
    monkeypatch.setattr("demos.sweep.measure", lambda *_: pytest.fail("it ran"))
    with pytest.raises(TutorError, match=f"does not answer(.|\n)*{why}"):
        swept(plan.make("xor", (), (), 4), "dask", address)


def test_without_the_package_the_way_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(__import__("sys").modules, "distributed", None)
    with pytest.raises(TutorError, match="not installed"):
        swept(plan.make("xor", (), (), 4), "dask", "tcp://127.0.0.1:9")


class Future:
    """What a worker might send."""

    def __init__(self, result: Any) -> None:
        self._result = result

    def result(self) -> Any:
        """Its result, or what it raised."""
        if isinstance(self._result, Exception):
            raise self._result
        return self._result


@pytest.mark.parametrize(
    "sent",
    ["", "[1]", "[{}]", '[{"knobs": {}, "seed": 0}]', "{", 3, None, ["a"], b"\x80", "[[]]",
     ValueError("no"), '[{"knobs": {"hidden_units": 99}, "seed": 1}]'],
)  # fmt: skip
def test_what_is_no_row_is_refused(sent: Any) -> None:
    with pytest.raises(TutorError):
        cluster._received(plan.make("xor", (), (), 1), Future(sent))


def test_what_a_worker_does_is_what_we_do() -> None:
    planned = plan.make("xor", (), (), 3)
    (portion,) = planned.portions()
    text = cluster.measured("xor", json.dumps(portion))
    rows = cluster._received(planned, Future(text))
    assert {planned.key(row.knobs, row.seed): row for row in rows} == swept(planned, "threads").rows


def test_short_portions_are_gathered() -> None:
    portions: list[list[plan.Member]] = [[({}, i)] for i in range(10)]
    found = [len(some) for some in cluster.gathered(iter(portions), 0.1, 0.25)]
    assert found == [3, 3, 3, 1]
