"""Children that share this process's imports, so that killing one costs milliseconds.

A child is forked, does its work through the real store, and never returns into the test.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import sys
import traceback
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

import pytest
from sqlalchemy import event
from sqlalchemy.pool import Pool

needs_fork = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def in_child(work: Callable[[], object]) -> int:
    """Run `work` in a child; its exit status, or minus the signal that ended it."""
    return all_in_children([work])[0]


def all_in_children(works: Sequence[Callable[[], object]]) -> list[int]:
    """Run all of `works` at the same time, each in a child of its own; their statuses."""
    children = []
    for work in works:
        child = os.fork()
        if child == 0:
            _work_and_exit(work)
        children.append(child)
    return [os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) for child in children]


def told_by_child(work: Callable[[], object]) -> str:
    """What `work` returned in a child, or the type and text of what it raised."""
    with speaking_child(lambda say: say(_outcome(work))) as (_, lines):
        return "\n".join(lines)


@contextmanager
def speaking_child(
    work: Callable[[Callable[[str], None]], None],
) -> Iterator[tuple[int, Iterator[str]]]:
    """A child that says lines; gives its process id and an iterator over what it says."""
    receiver, sender = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(receiver)
        _work_and_exit(lambda: work(lambda text: _say(sender, text)))
    os.close(sender)
    try:
        with os.fdopen(receiver, encoding="utf-8") as pipe:
            yield child, (line.rstrip("\n") for line in pipe)
    finally:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)


def killed_at(number: int, work: Callable[[], object]) -> bool:
    """Run `work` in a child that is killed as SQLite begins its statement `number`.

    Returns False when the work was done before it came to that statement.
    """

    def die_at_work() -> None:
        _die_at(number)
        work()

    status = in_child(die_at_work)
    assert status in (0, -signal.SIGKILL), "the child failed; its traceback is above"
    return status != 0


def _die_at(number: int) -> None:
    seen = 0

    def count(_statement: str) -> None:
        nonlocal seen
        seen += 1
        if seen == number:
            os.kill(os.getpid(), signal.SIGKILL)

    @event.listens_for(Pool, "first_connect")
    @event.listens_for(Pool, "connect")
    def trace(connection: sqlite3.Connection, _record: object) -> None:
        connection.set_trace_callback(count)


def _outcome(work: Callable[[], object]) -> str:
    try:
        return str(work())
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def _say(sender: int, text: str) -> None:
    os.write(sender, f"{text}\n".encode())


def _work_and_exit(work: Callable[[], object]) -> None:
    status = 1
    try:
        work()
        status = 0
    except BaseException:
        traceback.print_exc()
        sys.stderr.flush()
    finally:
        os._exit(status)
