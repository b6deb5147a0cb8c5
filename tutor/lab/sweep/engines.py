"""Who does the runs: threads of this process, processes of this machine, a card, or a cluster.

Each takes portions of runs and yields rows as they are done, a portion at a time, in any order.
Only plain data travel, and a function that the other side imports: a compiled kernel that was sent
along would be compiled anew there.
"""

from __future__ import annotations

import itertools
import multiprocessing
import os
import signal
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from contextlib import contextmanager

from demos import sweep
from demos.sweep import Row
from tutor import children
from tutor.errors import UsageError
from tutor.lab.sweep.plan import Member, Plan

Portions = Iterable[list[Member]]
NAMES = ("auto", "threads", "processes", "cuda", "dask")
# One thread a worker: several in each would only be in each other's way.
ONE_THREAD = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "NUMBA_NUM_THREADS")
_AHEAD = 2  # portions that wait for each worker
# Networks that a card trains at once; and of a plan so many settings are tried whether it takes
# them, the ends of each axis.
CARD_TOGETHER, _CORNERS = 65_536, 16


def chosen(name: str, plan: Plan) -> tuple[str, str]:
    """Who does the runs, and why no card does where one might have.

    auto: a card where one answers and takes the networks, else threads where networks train
    together, else processes. Raises UsageError where a card was asked for and cannot.
    """
    if name not in ("auto", "cuda"):
        return name, ""
    if name == "auto" and not sweep.has_crowd(plan.spec.name):
        return "processes", ""
    why = _no_card(plan, name == "auto")
    if not why:
        return "cuda", ""
    if name == "cuda":
        raise UsageError(
            "No card for this", f"{why[0].upper()}{why[1:]}.", "Leave --engine out: CPUs do it."
        )
    return "threads", why


def _no_card(plan: Plan, by_itself: bool) -> str:
    """Why no card trains a plan's networks; by itself nobody takes the simulator for one."""
    from demos.engine.crowd import card

    if by_itself and card.simulated():
        return "there is only its simulator"
    ends = [list(axis.values)[:: max(1, len(axis.values) - 1)] for axis in plan.swept]
    names = [axis.knob for axis in plan.swept]
    corners = itertools.islice(itertools.product(*ends), _CORNERS)
    settings = [{**plan.base, **dict(zip(names, values, strict=True))} for values in corners]
    return sweep.no_card(plan.spec.name, settings)


def workers(count: int | None) -> int:
    """How many work at once; by default as many as there are CPUs for us. Raises UsageError."""
    if count is None:
        affinity = getattr(os, "sched_getaffinity", None)
        return len(affinity(0)) if affinity else os.cpu_count() or 1
    if not 1 <= count <= 1024:
        raise UsageError("No such number of workers", f"{count}.", "Give 1 to 1024.")
    return count


def in_threads(plan: Plan, portions: Portions, count: int) -> Iterator[list[Row]]:
    """One portion after the other, each by all threads: kernels leave the interpreter to others."""
    for portion in portions:
        yield sweep.measure(plan.spec.name, portion, threads=count)


def on_card(plan: Plan, portions: Portions, count: int) -> Iterator[list[Row]]:
    """As in threads, but for the training of the networks that a card takes."""
    for portion in portions:
        yield sweep.measure(plan.spec.name, portion, threads=count, on_card=True)


def in_processes(plan: Plan, portions: Portions, count: int) -> Iterator[list[Row]]:
    """Portions in processes of their own, begun anew and not forked: we have threads.

    This process does the first portion itself, so that its kernels are compiled once for all.
    """
    work = iter(portions)
    first = next(work, None)
    if first is None:
        return
    yield sweep.measure(plan.spec.name, first)
    with processes(count) as pool:
        yield from _ahead(
            lambda portion: pool.submit(measured, plan.spec.name, portion), work, count
        )


@contextmanager
def processes(count: int) -> Iterator[ProcessPoolExecutor]:
    """Begin `count` processes of one thread each, which leave Ctrl-C to this one.

    What still waits when the block ends is left out.
    """
    context = multiprocessing.get_context("spawn")
    with children.given(children.SAFE_PATH | dict.fromkeys(ONE_THREAD, "1")):
        pool = ProcessPoolExecutor(count, context, initializer=_ignore_interrupts)
        try:
            yield pool
        finally:
            pool.shutdown(wait=False, cancel_futures=True)


def _ahead(
    submit: Callable[[list[Member]], Future[list[Row]]],
    portions: Iterator[list[Member]],
    count: int,
) -> Iterator[list[Row]]:
    """Keep a few portions waiting for each worker; yield what is done."""
    waiting: set[Future[list[Row]]] = set()
    for portion in portions:
        waiting.add(submit(portion))
        if len(waiting) >= _AHEAD * count:
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            yield from (future.result() for future in done)
    while waiting:
        done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
        yield from (future.result() for future in done)


def measured(demo: str, members: Sequence[Member]) -> list[Row]:
    """One portion, in whichever process it is."""
    return sweep.measure(demo, members)


def _ignore_interrupts() -> None:
    """Leave Ctrl-C to the process that keeps the rows."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
