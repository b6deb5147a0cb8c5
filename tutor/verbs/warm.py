"""`tutor warm`: compile the demos' kernels now, with a progress bar.

Without a terminal on stdout it prints a line `done/all name` for each kernel and lowers its own
priority: the app runs it as a child and reads those lines.
"""

from __future__ import annotations

import argparse
import os
import sys

from tutor import paths

BAR = 30


def run(args: argparse.Namespace, place: paths.Place) -> int:
    """Compile what is not compiled yet, or the demos that are named."""
    paths.use_kernel_cache(place.cache)
    from tutor.lab import link, warm

    for name in args.names:
        link.find(name)
    live = sys.stdout.isatty()
    if not live and hasattr(os, "nice"):
        os.nice(10)
    from tutor.lab.compiling import compile_kernels

    compile_kernels(warm.cold(args.names), _bar if live else _line)
    if live:
        print()
    return 0


def _line(done: int, total: int, name: str) -> None:
    print(f"{done}/{total} {name}", flush=True)


def _bar(done: int, total: int, name: str) -> None:
    """A bar that overwrites the one before."""
    filled = BAR * done // total if total else BAR
    print(f"\r\x1b[K{'█' * filled}{'·' * (BAR - filled)} {done}/{total} {name}", end="", flush=True)
