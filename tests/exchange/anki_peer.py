"""Anki's own backend, asked in a process and environment of its own; it is AGPL, we are not."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
PYTHON = ROOT / ".venv-anki" / "bin" / "python"
CHILD = Path(__file__).with_name("anki_child.py")


def ask(collection: Path, *steps: dict[str, Any]) -> list[Any]:
    """What Anki answers to these steps, on a collection that is made when it is missing."""
    if not PYTHON.exists():
        pytest.skip("Anki's backend is not installed: see .ci/peers/anki.txt and .ci/run")
    told = json.dumps({"collection": str(collection), "steps": steps})
    done = subprocess.run(
        [PYTHON, CHILD], input=told, text=True, capture_output=True, check=False, timeout=120
    )
    assert done.returncode == 0, done.stderr
    answers = json.loads(done.stdout)
    assert isinstance(answers, list)
    return answers
