"""Anki's own backend in a process of its own, under a clock that is set (libfaketime)."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PYTHON = ROOT / ".venv-anki" / "bin" / "python"
"""The Python of Anki's environment: see `.ci/peers/anki.txt`."""
CHILD = ROOT / "tests" / "exchange" / "anki_lives.py"
LIBRARIES = (
    Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1"),
    Path("/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1"),
)


def missing() -> str:
    """What is not there of what `live` needs; empty when all is."""
    if not PYTHON.exists():
        return "Anki's backend in .venv-anki (see .ci/peers/anki.txt)"
    return "" if any(map(Path.exists, LIBRARIES)) else "Debian's package faketime"


def live(folder: Path, zone: str, timeout_s: float = 120, **asked: Any) -> dict[str, Any]:
    """What Anki says of these lives; its package, if any, is `folder / "lives.apkg"`.

    asked: as the child's text says. Raises RuntimeError with the child's last words.
    """
    clock = folder / "clock"
    clock.write_text(f"@{asked['begin']}\n")
    told = {"folder": str(folder), "clock": str(clock), "package": str(folder / "lives.apkg")}
    env = os.environ | {
        "LD_PRELOAD": str(next(filter(Path.exists, LIBRARIES))),
        "FAKETIME_TIMESTAMP_FILE": str(clock), "FAKETIME_NO_CACHE": "1", "FAKETIME_FMT": "%s",
        "FAKETIME_DONT_FAKE_MONOTONIC": "1", "TZ": zone, "ANKI_TEST_MODE": "1",
    }  # fmt: skip
    done = subprocess.run(
        [PYTHON, CHILD], input=json.dumps(told | asked), text=True, capture_output=True,
        check=False, timeout=timeout_s, env=env,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(done.stderr)
    found: dict[str, Any] = json.loads(done.stdout)
    return found
