"""A frame is cheap in memory: no large array is made for it, and a hundred of them leave nothing.

15 times a second a frame is made beside the training, in the same thread. What it makes anew should
stay in the processor's own cache, and below what the system is asked for page by page.
"""

from __future__ import annotations

import gc
import sys
import tracemalloc

import pytest

from demos import catalog
from tutor.lab.experiment import Experiment

MOST = 256 * 1024
# Python keeps some blocks of its own: of the last frame, and of numbers and words it has met.
FEW = 200


@pytest.fixture(scope="module", params=catalog.names())
def running(request: pytest.FixtureRequest) -> Experiment:
    """A run at its beginning, of which frames were shown before."""
    experiment = Experiment(request.param, catalog.spec(request.param).defaults())
    experiment.advance(max(1, round(4 * experiment.spec.pace)))
    for _ in range(2):
        experiment.frame()
    return experiment


def test_a_frame_makes_no_large_array(running: Experiment) -> None:
    gc.collect()
    tracemalloc.start()
    try:
        frame = running.frame()
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert frame.picture.title
    assert peak <= MOST


def test_a_hundred_frames_leave_nothing(running: Experiment) -> None:
    gc.collect()
    before = sys.getallocatedblocks()
    for _ in range(100):
        running.frame()
    gc.collect()
    assert sys.getallocatedblocks() - before <= FEW
