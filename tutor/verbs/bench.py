"""`tutor bench`: how fast the lab trains on this machine, beside NumPy and PyTorch."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile

from tutor import paths
from tutor.text.printing import say, say_json, tell
from tutor.verbs.progress_line import clear, show, watched

# One thread for every contender; read by the libraries when they are first imported.
THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def run(args: argparse.Namespace, place: paths.Place) -> int:
    """Measure, with kernels compiled anew in a folder of their own; report on stdout."""
    os.environ.update(dict.fromkeys(THREADS, "1"))
    with tempfile.TemporaryDirectory(prefix=f"{paths.PROGRAM}-bench-") as kernels:
        os.environ["NUMBA_CACHE_DIR"] = kernels
        from tutor.lab import bench

        report = bench.run(_narrate)
    if watched(sys.stderr):
        clear(sys.stderr)
    if args.json:
        say_json(report)
    else:
        say(bench.table(report))
    return 0


def _narrate(words: str) -> None:
    """What is going on, on stderr: one line that changes, or lines where no one watches."""
    if watched(sys.stderr):
        show(words, sys.stderr)
    else:
        tell(words)
