"""`python -m claims.table [keras]`: ask the recorded questions again, all or Keras's alone."""

from __future__ import annotations

import importlib
import os
import subprocess
import sys

from claims.table.rows import compare

KERAS = ("keras_layers", "keras_training")
OTHERS = (
    "torch_starts",
    "torch_layers",
    "torch_training",
    "torch_numbers",
    "jax_layers",
    "jax_training",
    "learn",
    "arrays",
)


def ask(*names: str) -> int:
    """Print what differs in these parts and the counts; how many rows differ."""
    made, found = 0, []
    for name in names:
        rows = importlib.import_module(f"claims.table.{name}").ROWS
        asked, lines = compare(rows)
        made += asked
        found += lines
        print("\n".join([*lines, f"{name}: {asked} rows, {len(lines)} differences"]), flush=True)
    backend = os.environ.get("KERAS_BACKEND", "torch")
    print(f"table, Keras on {backend}: {made} rows, {len(found)} differences", flush=True)
    return len(found)


def everything() -> int:
    """All rows with Keras on its torch backend, then Keras's again on that of JAX."""
    here = ask(*OTHERS, *KERAS)
    other = subprocess.run(
        [sys.executable, "-W", "ignore", "-m", "claims.table", "keras"],
        env={**os.environ, "KERAS_BACKEND": "jax"},
        check=False,
    )
    return here + other.returncode


if __name__ == "__main__":
    sys.exit(min(1, ask(*KERAS) if sys.argv[1:] == ["keras"] else everything()))
