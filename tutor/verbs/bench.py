"""`tutor bench`: how fast the lab trains on this machine, beside NumPy and the frameworks."""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
from typing import Any

from tutor import children, paths
from tutor.text.printing import say, say_json, tell, watched
from tutor.verbs.progress_line import clear, show

# How many threads the contenders have; read by the libraries when they are first imported.
THREADS = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "OMP_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")
# What the process that measures with all threads is told by.
ALL_THREADS = "TUTOR_BENCH_ALL_THREADS"


def run(args: argparse.Namespace, place: paths.Place) -> int:
    """Measure, with kernels compiled anew in a folder of their own; report on stdout.

    With one thread each first; then once more with all, in a process of its own, where there are
    more than one.
    """
    alone = ALL_THREADS not in os.environ
    count = 1 if alone else os.cpu_count() or 1
    os.environ.update(dict.fromkeys(THREADS, str(count)))
    with tempfile.TemporaryDirectory(prefix=f"{paths.PROGRAM}-bench-") as kernels:
        if alone:
            os.environ["NUMBA_CACHE_DIR"] = kernels
        from tutor.lab import bench

        report = bench.run(_narrate)
        if alone and (os.cpu_count() or 1) > 1:
            report["all_threads"] = _with_all_threads()
    if watched(sys.stderr):
        clear(sys.stderr)
    if args.json:
        say_json(report)
        return 0
    say(bench.table(report))
    if "all_threads" in report:
        say(f"\n{bench.table(report['all_threads'])}")
    return 0


def _with_all_threads() -> Any:
    """The report of a process in which each contender may use every CPU."""
    done = subprocess.run(
        [*children.COMMAND, "bench", "--json"],
        cwd=children.NEUTRAL,
        env=children.environment(os.environ, ("TUTOR_CONTENT",)) | {ALL_THREADS: "1"},
        stdout=subprocess.PIPE,
        check=True,
    )
    return json.loads(done.stdout)


def _narrate(words: str) -> None:
    """What is going on, on stderr: one line that changes, or lines where no one watches."""
    if watched(sys.stderr):
        show(words, sys.stderr)
    else:
        tell(words)
