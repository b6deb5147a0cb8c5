"""Sweeps of a hundred seeds for `docs/seeds.md`: `python -m findings.seeds.swept [DEMO ...]`.

Of each demo whose networks train together, by `tutor sweep` as anyone may run it. The summaries go
to `findings/seeds/swept.json`, from which `findings/seeds/table.py` makes their part of the page.
"""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from demos import catalog, sweep
from findings.seeds.cases import CASES

FILE = Path(__file__).with_name("swept.json")
SEEDS = 100
# Of a summary, what the page tells.
KEPT = ("runs", "finite", "holds", "mean", "median", "low", "high", "median_seed")


def command(demo: str) -> list[str]:
    """The sweep of a demo's default knobs."""
    return ["tutor", "sweep", demo, "--seeds", str(SEEDS)]


def swept(demo: str) -> dict[str, Any]:
    """Run it; its only cell and the number that it tells."""
    done = subprocess.run(
        [sys.executable, "-m", *command(demo), "--engine", "threads", "--json"],
        check=True, capture_output=True, text=True,
    )  # fmt: skip
    summary = json.loads(done.stdout.splitlines()[-1])["summary"]
    (cell,) = summary["cells"]
    return {"metric": summary["metric"], **{name: cell[name] for name in KEPT}}


def load() -> dict[str, dict[str, Any]]:
    """The summaries there are, by demo."""
    found: dict[str, dict[str, Any]] = {}
    if FILE.exists():
        found = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def save(found: dict[str, dict[str, Any]]) -> None:
    """Write them, a demo a line."""
    lines = [f"{json.dumps(demo)}: {json.dumps(found[demo])}" for demo in sorted(found)]
    FILE.write_text("{\n  " + ",\n  ".join(lines) + "\n}\n", encoding="utf-8")


def main() -> None:
    """Sweep the demos named, or all that have a crowd and in which chance plays a part."""
    random = {case.demo for case in CASES if not case.fixed}
    names = sys.argv[1:] or [name for name in catalog.names() if sweep.has_crowd(name)]
    names = [name for name in names if name in random]
    found = load()
    for demo in names:
        found[demo] = swept(demo)
        save(found)
        print(demo, found[demo], flush=True)


if __name__ == "__main__":
    main()
