"""A demo's thread: takes commands, keeps only its newest snapshot, and ends when asked to."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from demos import catalog
from demos.base import DivergedError
from tutor.lab.worker import Snapshot, Worker


@contextmanager
def working(name: str, **knobs: int | float | str | bool) -> Iterator[Worker]:
    worker = Worker(name, {**catalog.spec(name).defaults(), **knobs})
    worker.start()
    try:
        yield worker
    finally:
        assert worker.stop()


def until(worker: Worker, holds: Callable[[Snapshot], bool]) -> Snapshot:
    """The first snapshot that is looked at and for which it holds; fails after a minute."""
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        snapshot = worker.latest
        assert snapshot.state != "failed", snapshot.error
        if holds(snapshot):
            return snapshot
        threading.Event().wait(0.002)
    raise AssertionError(f"it never came to that; the last state was {worker.latest.state}")


def test_it_waits_at_step_0_until_it_is_told_to_run() -> None:
    with working("ewma") as worker:
        snapshot = until(worker, lambda s: s.frame is not None)
        assert snapshot.state == "paused"
        assert snapshot.step == 0


def test_it_runs_until_the_run_is_complete_and_judges_it() -> None:
    with working("ewma") as worker:
        worker.play()
        snapshot = until(worker, lambda s: s.state == "complete")
        assert snapshot.step == 120
        assert snapshot.result is not None
        assert all(verdict.holds for verdict in snapshot.result.verdicts)


def test_after_the_end_it_can_run_on() -> None:
    with working("ewma") as worker:
        worker.step(120)
        until(worker, lambda s: s.state == "complete")
        worker.play()
        until(worker, lambda s: s.step > 130)


def test_versions_rise_and_pausing_stops_the_steps() -> None:
    with working("overfit") as worker:
        worker.play()
        first = until(worker, lambda s: s.step > 0)
        second = until(worker, lambda s: s.version > first.version and s.step > first.step)
        worker.pause()
        paused = until(worker, lambda s: s.state == "paused")
        assert paused.step >= second.step
        worker.faster(1)
        after = until(worker, lambda s: s.version > paused.version)
        assert after.step == paused.step
        assert after.pace == 2.0


def test_single_steps_pause_it() -> None:
    with working("overfit") as worker:
        worker.play()
        worker.step()
        paused = until(worker, lambda s: s.state == "paused" and s.step > 0)
        worker.step(3)
        assert until(worker, lambda s: s.version > paused.version).step == paused.step + 3


def test_rewinding_and_a_new_seed_count_as_new_runs() -> None:
    with working("ewma") as worker:
        worker.step(5)
        worker.rewind()
        snapshot = until(worker, lambda s: s.run == 1)
        assert (snapshot.step, snapshot.seed) == (0, 0)
        worker.reseed(7)
        snapshot = until(worker, lambda s: s.run == 2)
        assert snapshot.seed == 7


def test_a_live_knob_is_logged_and_does_not_start_anew() -> None:
    with working("overfit") as worker:
        worker.step(10)
        worker.turn("learning_rate", 0.01)
        snapshot = until(worker, lambda s: bool(s.turns))
        assert (snapshot.step, snapshot.run) == (10, 0)
        assert snapshot.turns[0].knob == "learning_rate"
        assert snapshot.turns[0].step == 10


def test_another_knob_starts_a_new_run_and_leaves_a_ghost() -> None:
    with working("overfit") as worker:
        worker.step(40)
        worker.turn("points", 90)
        snapshot = until(worker, lambda s: s.run == 1)
        assert (snapshot.step, snapshot.knobs["points"]) == (0, 90)
        assert snapshot.ghost is not None
        assert len(snapshot.ghost.y) == 5


def test_an_explorer_keeps_its_place_when_a_knob_is_turned() -> None:
    with working("convolution") as worker:
        worker.step(9)
        worker.turn("stride", 2)
        snapshot = until(worker, lambda s: s.knobs["stride"] == 2)
        assert (snapshot.step, snapshot.run) == (9, 0)


def test_many_turns_in_a_row_cost_one_new_run(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[int] = []
    run_class = catalog.run_class("overfit")

    class Counting(run_class):  # type: ignore[misc, valid-type]
        def __init__(self, knobs: object, seed: int) -> None:
            made.append(seed)
            super().__init__(knobs, seed)

    monkeypatch.setattr(catalog, "run_class", lambda name: Counting)
    worker = Worker("overfit", catalog.spec("overfit").defaults())
    for points in range(90, 300, 30):
        worker.turn("points", points)
    worker.start()
    until(worker, lambda s: s.knobs["points"] == 270 and s.frame is not None)
    assert worker.stop()
    assert len(made) <= 2


def test_divergence_is_a_state_with_its_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    run_class = catalog.run_class("ewma")

    class Diverging(run_class):  # type: ignore[misc, valid-type]
        def step(self, n: int) -> None:
            raise DivergedError(3, "layer 1", "beta", "Turn it down.")

    monkeypatch.setattr(catalog, "run_class", lambda name: Diverging)
    with working("ewma") as worker:
        worker.play()
        snapshot = until(worker, lambda s: s.state == "diverged")
        assert snapshot.diverged is not None
        assert snapshot.diverged.knob == "beta"
        assert snapshot.frame is not None
        worker.rewind()
        assert until(worker, lambda s: s.run == 1).diverged is None


def test_a_fault_in_a_demo_is_told_and_not_swallowed(monkeypatch: pytest.MonkeyPatch) -> None:
    run_class = catalog.run_class("ewma")

    class Faulty(run_class):  # type: ignore[misc, valid-type]
        def step(self, n: int) -> None:
            raise ZeroDivisionError("by hand")

    monkeypatch.setattr(catalog, "run_class", lambda name: Faulty)
    worker = Worker("ewma", catalog.spec("ewma").defaults())
    worker.step()
    worker.start()
    deadline = time.monotonic() + 60
    while worker.latest.state != "failed" and time.monotonic() < deadline:
        threading.Event().wait(0.002)
    assert "ZeroDivisionError: by hand" in worker.latest.error
    assert worker.stop()


def test_stopping_in_the_middle_of_a_run_ends_the_thread() -> None:
    with working("digits", digits=500) as worker:
        worker.play()
        until(worker, lambda s: s.step > 3)
