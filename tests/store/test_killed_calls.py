"""SIGKILL at exact system calls of the real program: a share of `python -m tools.kill_at_calls`."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tools import kill_at_calls
from tools.kill_at_calls import CALLS, VERBS

SEED = 5
# A first start that was killed here once locked the learner out.
ALWAYS = [("create", "fdatasync", 4), ("study", "fdatasync", 3), ("ids", "rename", 1),
          ("add", "rename", 1), ("mend", "rename", 1), ("exam", "fdatasync", 2)]  # fmt: skip
SOME = random.Random(SEED).sample(
    [(verb, call, number) for verb in VERBS for call in CALLS for number in (1, 2, 4, 7)], 6
)

pytestmark = pytest.mark.skipif(
    bool(kill_at_calls.can_trace()), reason=kill_at_calls.can_trace() or "strace is there"
)


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("pristine")
    kill_at_calls.prepare(folder)
    return folder


@pytest.mark.parametrize(("verb", "call", "number"), [*ALWAYS, *SOME])
def test_a_kill_at_a_system_call_loses_nothing(
    pristine: Path, tmp_path: Path, verb: str, call: str, number: int
) -> None:
    print(f"seed {SEED}")
    killed, fault = kill_at_calls.one(pristine, tmp_path / "run", verb, call, number)
    assert fault == ""
    assert killed or (verb, call, number) not in ALWAYS
