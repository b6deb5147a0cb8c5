"""Runs on a cluster of Dask's: only on one that is trusted.

A scheduler runs code on its workers, and whoever speaks for it can send us what it likes; `tls://`
keeps others out. What we send is the name of a function that both sides have, and plain text; what
comes back is text, which is read as rows and checked before it is used.
"""

from __future__ import annotations

import json
import time
from collections.abc import Iterator, Mapping
from typing import Any

from demos import sweep
from demos.sweep import Row
from tutor.errors import DataError, TutorError, UsageError
from tutor.lab.sweep.plan import Member, Plan
from tutor.lab.sweep.rows import as_json, checked_row

# A task costs the one scheduler 2 to 6 ms, whoever does it: a portion is so long that the scheduler
# is not kept busy by that alone, however many workers there are.
LEAST_SECONDS, A_WORKER = 0.3, 0.006
_WAIT, _RETRIES, _AHEAD = 5, 5, 3


def in_cluster(plan: Plan, portions: Iterator[list[Member]], address: str) -> Iterator[list[Row]]:
    """Portions on a cluster's workers; a worker that is lost is made up for by the others.

    Raises UsageError without `distributed` or where no scheduler answers, DataError for results
    that are no rows.
    """
    first = next(portions, None)
    if first is None:
        return
    client, as_completed = _connected(address)
    try:
        began = time.perf_counter()
        found = sweep.measure(plan.spec.name, first)
        each = (time.perf_counter() - began) / len(first)
        yield found
        # A worker that is lost meanwhile compiles when it comes back.
        text = json.dumps(_plain(first[:1]))
        client.run(warm, plan.spec.name, text, on_error="ignore")
        workers = len(client.scheduler_info(n_workers=-1)["workers"])
        work = gathered(portions, each, max(LEAST_SECONDS, A_WORKER * workers))
        waiting = as_completed(loop=client.loop)
        for _ in range(_AHEAD * max(1, workers)):
            _send(client, waiting, plan, work)
        for future in waiting:
            yield _received(plan, future)
            _send(client, waiting, plan, work)
    finally:
        client.close()


def _connected(address: str) -> tuple[Any, Any]:
    try:
        from distributed import Client, as_completed
    except ImportError:
        raise UsageError(
            "No way to a cluster", "The package `distributed` is not installed.",
            "Install nn-tutor[cluster], here and on the workers.",
        ) from None  # fmt: skip
    try:
        client = Client(address, timeout=_WAIT, set_as_default=False)
    except (OSError, ValueError, TypeError, RuntimeError, ImportError) as error:
        # TypeError: tls:// without certificates; ImportError: a way that takes one more package.
        hint = "Is its scheduler running, and the address right?"
        if address.startswith("tls:"):
            hint += " Dask's configuration names the certificates: distributed.comm.tls."
        raise UsageError(
            "The cluster does not answer",
            f"{address}: {str(error).rstrip('.') or type(error).__name__}.", hint,
        ) from error  # fmt: skip
    if not client.scheduler_info()["workers"]:
        client.close()
        raise UsageError(
            "The cluster has no workers", f"{address}.", "Start some: dask worker ADDRESS"
        )
    return client, as_completed


def gathered(portions: Iterator[list[Member]], each: float, least: float) -> Iterator[list[Member]]:
    """Portions joined until they last `least` seconds, at `each` seconds a run."""
    some: list[Member] = []
    for portion in portions:
        some += portion
        if len(some) * each >= least:
            yield some
            some = []
    if some:
        yield some


def _send(client: Any, waiting: Any, plan: Plan, work: Iterator[list[Member]]) -> None:
    portion = next(work, None)
    if portion is not None:
        text = json.dumps(_plain(portion))
        waiting.add(client.submit(measured, plan.spec.name, text, pure=False, retries=_RETRIES))


def _received(plan: Plan, future: Any) -> list[Row]:
    """A portion's rows, checked; whatever a worker raised is told."""
    try:
        text = future.result()
    except TutorError:
        raise
    except Exception as error:
        raise DataError(
            "A worker failed", f"{type(error).__name__}: {error}.",
            "Has it the same version of nn-tutor?",
        ) from error  # fmt: skip
    try:
        rows = [checked_row(plan.spec, found) for found in json.loads(text)]
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError, TutorError) as error:
        raise DataError(
            "What a worker sent is no row", f"{type(error).__name__}.", "Do you trust this cluster?"
        ) from error
    return rows


def _plain(members: list[Member]) -> list[tuple[Mapping[str, Any], int]]:
    return [(dict(knobs), seed) for knobs, seed in members]


def measured(demo: str, members: str) -> str:
    """On a worker: the rows of members, both as JSON."""
    given = [(knobs, int(seed)) for knobs, seed in json.loads(members)]
    return json.dumps([as_json(row) for row in sweep.measure(demo, given)])


def warm(demo: str, members: str) -> None:
    """On each worker, once: have the kernels compiled or loaded, in the worker's own cache."""
    from tutor import paths

    paths.use_kernel_cache(paths.cache_dir())
    measured(demo, members)
