"""`tutor warm`: compile the demos' kernels now, with a progress bar.

Without a terminal on stdout it prints a line `done/all name` for each kernel and lowers its own
priority: the app runs it as a child and reads those lines. What a person should know is said on
stderr.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence

from tutor import paths
from tutor.text.printing import say, tell, watched
from tutor.verbs.progress_line import show_bar


def run(args: argparse.Namespace, place: paths.Place) -> int:
    """Compile what is not compiled yet, or the demos that are named."""
    paths.use_kernel_cache(place.cache)
    from tutor.lab import link
    from tutor.lab.compilation import readiness, recipes

    for name in args.names:
        link.find(name)
    live = watched(sys.stdout)
    if not live and not args.first and hasattr(os, "nice"):
        os.nice(10)
    if readiness.sweep():
        tell(readiness.DAMAGED)
    extent: recipes.Extent = "first" if args.first else "all"
    cold = readiness.cold(args.names, extent)
    if not cold:
        tell(_nothing_to_do(args.names))
        if not live:
            _line(0, 0, "ready")
        return 0
    from tutor.lab.compilation.kernels import compile_kernels

    compile_kernels(cold, extent, _bar if live else _line)
    if live:
        say()
    return 0


def _nothing_to_do(names: Sequence[str]) -> str:
    """Why nothing is compiled: the demos named have no kernels, or theirs are there already."""
    from demos import catalog

    if any(map(catalog.has_kernels, names or catalog.names())):
        which = "These demos'" if len(names) > 1 else "This demo's" if names else "All demos'"
        return f"{which} kernels are compiled already: nothing to do."
    which = "These demos have" if len(names) > 1 else "This demo has"
    return f"{which} no kernels to compile: nothing to do."


def _line(done: int, total: int, name: str) -> None:
    say(f"{done}/{total} {name}")


def _bar(done: int, total: int, name: str) -> None:
    show_bar(done, total, name, sys.stdout)
