"""A share of `python -m tools.bursts`: noise through a pseudo-terminal gives no answer."""

from __future__ import annotations

import random
import sys
from pathlib import Path

import pytest

from tools.bursts import run


@pytest.mark.skipif(sys.platform != "linux", reason="/proc tells when the program waits")
def test_noise_answers_nothing(tmp_path: Path) -> None:
    seed = random.randrange(10**6)
    print(f"seed {seed}")
    made, _, faults = run(40, seed, tmp_path)
    assert sum(made.values()) == 40
    assert faults == [], f"python -m tools.bursts 40 {seed}"
