"""Machines of a learner that are kept in step through the server of a class."""

from __future__ import annotations

import json
import shutil
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from typing import Any

import pytest

from tests.classroom.school import School
from tests.session.test_learner import assert_one
from tests.session.test_merging import rate, states
from tutor.cli import main
from tutor.exchange.classroom import rows
from tutor.exchange.classroom import server as server_module
from tutor.exchange.classroom.server import Server
from tutor.exchange.classroom.words import ServerError
from tutor.memory.model import Rating
from tutor.session import syncing_class
from tutor.session.learner import Learner
from tutor.session.merging import merge, take_in
from tutor.session.syncing_class import sync_with_class
from tutor.store.union import writers

# `.ci/run` looks for the words mark.class, which Python cannot read as they stand.
pytestmark = getattr(pytest.mark, "class")


def answers(one: Learner, count: int) -> None:
    for number in range(count):
        rate(
            one,
            Rating.GOOD if number % 3 else Rating.AGAIN,
            "d/alpha" if number % 2 else "d/second",
        )


def in_step(*machines: Learner) -> None:
    first = machines[0]
    for each in machines[1:]:
        assert states(each) == states(first)
        assert each.store.numbers() == first.store.numbers()
    for each in machines:
        assert_one(each)


def test_rows_go_both_ways(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rows, "CHUNK", 3)
    ada = school.add()
    a, b = school.machine("a"), school.machine("b")
    answers(a, 8)
    answers(b, 2)
    first, second = school.sync(a, ada), school.sync(b, ada)
    assert (first.added, first.sent, first.told) == (0, 8, ())
    assert (second.added, second.sent) == (8, 2)
    third = school.sync(a, ada)
    assert (third.added, third.present, third.sent) == (2, 8, 0)
    in_step(a, b)
    again = school.sync(a, ada)
    assert (again.added, again.present, again.sent) == (0, 10, 0)
    answers(b, 2)
    school.sync(b, ada)
    assert school.sync(a, ada).added == 2
    assert len(writers(a.store)) == 2, "what is only longer there is no fork"


def test_what_a_row_may_hold_comes_back_as_it_was(school: School) -> None:
    ada = school.add()
    a, b = school.machine("a"), school.machine("b")
    odd = "NUL \0, a lone \udc80, 1e400, “quotes”, \\u0000, \U0001f600, \ufdd0 % {x}"
    a.append(lambda: [a.event("review", "d/alpha", rating=Rating.GOOD, answer=odd)])
    school.sync(a, ada)
    assert school.sync(b, ada).added == 1
    mine, theirs = ([event.answer for event in one.store.events()] for one in (a, b))
    assert mine == theirs and mine[0] and "\0" in mine[0]


def test_a_restored_backup_gets_its_rows_back(school: School) -> None:
    ada, a = school.add(), school.machine("a")
    answers(a, 3)
    copy = school.folder / "copy.db"
    assert main(["--data-dir", str(a.place.data), "--no-bundled", "backup", str(copy)]) == 0
    answers(a, 3)
    school.sync(a, ada)
    a.close()
    assert main(["--data-dir", str(a.place.data), "--no-bundled", "restore", str(copy)]) == 0
    again = school.machine("a")
    assert again.store.numbers()[0] == 3
    assert school.sync(again, ada).added == 3


def test_a_copied_folder_goes_on_as_another_writer(school: School) -> None:
    ada, a = school.add(), school.machine("a")
    answers(a, 3)
    a.close()
    shutil.copytree(school.folder / "a", school.folder / "b")
    a, b = school.machine("a"), school.machine("b")
    answers(a, 2)
    answers(b, 4)
    for one in (a, b, a):
        assert school.sync(one, ada).told == ()
    in_step(a, b)
    assert a.store.numbers()[0] == 9


def test_of_a_fork_the_branch_that_others_have_keeps_its_name(school: School) -> None:
    """An image of a disk came back: the same file, the same writer, an older state."""
    ada, a, b = school.add(), school.machine("a"), school.machine("b")
    answers(a, 3)
    file = a.place.database
    a.close()
    image = file.read_bytes()
    a = school.machine("a")
    answers(a, 2)
    school.sync(a, ada)
    school.sync(b, ada)
    a.close()
    file.write_bytes(image)
    a = school.machine("a")
    answers(a, 4)
    for one in (a, b, a):
        assert school.sync(one, ada).told == ()
    in_step(a, b)
    assert a.store.numbers()[0] == 9


def test_rows_that_do_not_hold_together_are_told_and_the_others_come_in(school: School) -> None:
    ada, a, b = school.add(), school.machine("a"), school.machine("b")
    answers(a, 4)
    school.sync(a, ada)
    answers(b, 2)
    school.sync(b, ada)
    (broken,) = writers(a.store)
    school.as_keeper(
        "UPDATE tutor.journal SET body = replace(body, 'review', 'reset')"
        f" WHERE writer = '{broken}'"
    )
    c = school.machine("c")
    done = school.sync(c, ada)
    assert done.added == 2 and "row 1 of the writer " + broken in done.told[0]
    school.as_keeper(f"DELETE FROM tutor.journal WHERE writer = '{broken}' AND seq = 3")
    assert broken in school.sync(c, ada).told[0]
    assert school.sync(a, ada).sent == 0


def test_another_machine_that_pushes_meanwhile_is_heard_first(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    """B carries A's rows on while A is between its pull and its push."""
    ada, a, b = school.add(), school.machine("a"), school.machine("b")
    answers(a, 2)
    school.sync(a, ada)
    school.sync(b, ada)
    answers(a, 2)
    answers(b, 3)

    def slowly(*given: Any) -> Any:
        monkeypatch.setattr(syncing_class, "take_in", take_in)
        done = take_in(*given)
        # Both machines carry both writers; here the other one brings A's newer rows.
        c = school.machine("c")
        merge(c, a.place.database)
        school.sync(c, ada)
        school.sync(b, ada)
        return done

    monkeypatch.setattr(syncing_class, "take_in", slowly)
    done = school.sync(a, ada)
    assert (done.tries, done.added, done.sent) == (2, 3, 0)
    school.sync(b, ada)
    in_step(a, b)


def proxied(target: int, hold: threading.Event) -> Iterator[int]:
    """A port of loopback that carries both ways, until `hold` keeps back what the server says."""
    with socket.create_server(("127.0.0.1", 0)) as door:
        open_now: list[socket.socket] = []

        def carry(source: socket.socket, to: socket.socket, holding: bool) -> None:
            with suppress(OSError):
                while data := source.recv(65536):
                    if holding and hold.is_set():
                        continue
                    to.sendall(data)

        def serve() -> None:
            with suppress(OSError):
                while True:
                    inner, _ = door.accept()
                    outer = socket.create_connection(("127.0.0.1", target))
                    open_now.extend((inner, outer))
                    for way in ((inner, outer, False), (outer, inner, True)):
                        threading.Thread(target=carry, args=way, daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield door.getsockname()[1]
        for each in open_now:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)


def test_a_server_that_falls_silent_is_left_in_time(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer to COMMIT is held back: no timeout of libpq's or the server's ends that wait."""
    ada, a = school.add(), school.machine("a")
    answers(a, 3)
    hold = threading.Event()
    with contextmanager(proxied)(school.cluster.port, hold) as port:
        slow = school.address(ada).replace(f":{school.cluster.port}/", f":{port}/")

        def then_silent(*given: Any) -> int:
            sent = rows.push(*given)
            hold.set()
            return sent

        monkeypatch.setattr(syncing_class, "push", then_silent)
        with pytest.raises(ServerError, match="nothing came for 1 seconds"):
            sync_with_class(a, slow, step_s=1)
    monkeypatch.undo()
    again = school.sync(a, ada)
    assert again.sent in {0, 3} and again.told == ()
    assert school.sync(school.machine("b"), ada).added == 3


def test_a_machine_that_dies_in_a_push_keeps_the_others_waiting_for_moments_only(
    school: School,
) -> None:
    """Where the network is gone, nobody tells the server: it lets the lock go by itself."""
    ada, a = school.add(), school.machine("a")
    answers(a, 3)
    (ours,) = writers(a.store).values()
    with server_module.server(school.address(ada)) as found:
        assert rows.push(found, ours, a.store, 0) == 3
        ((held,),) = found.rows("SHOW idle_in_transaction_session_timeout")
        ((wait,),) = found.rows("SHOW lock_timeout")
        assert (held, wait) == ("10s", "20s")
    assert school.sync(a, ada).sent == 3


def test_a_cut_connection_loses_nothing_and_says_so(
    school: School, monkeypatch: pytest.MonkeyPatch
) -> None:
    ada, a = school.add(), school.machine("a")
    answers(a, 3)

    def then_cut(found: Server, *given: Any) -> int:
        sent = rows.push(found, *given)
        school.as_keeper(
            f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = '{ada.role}'"
        )
        return sent

    monkeypatch.setattr(syncing_class, "push", then_cut)
    with pytest.raises(ServerError, match="safe in your journal"):
        school.sync(a, ada)
    monkeypatch.undo()
    assert school.as_keeper("SELECT count(*) FROM tutor.journal") == [(0,)]
    assert school.sync(a, ada).sent == 3


def test_three_machines_at_once_lose_nothing(school: School) -> None:
    ada = school.add()
    machines = [school.machine(name) for name in "abc"]
    for one in machines:
        answers(one, 5)
    with ThreadPoolExecutor(3) as pool:
        done = list(pool.map(lambda one: school.sync(one, ada), machines))
    assert sum(each.sent for each in done) == 15
    for one in machines:
        school.sync(one, ada)
    in_step(*machines)
    assert machines[0].store.numbers()[0] == 15


def test_the_verb_syncs_and_prints_no_password(
    school: School, capsys: pytest.CaptureFixture[str]
) -> None:
    ada, a = school.add(), school.machine("a")
    answers(a, 3)
    a.close()
    words = ["--data-dir", str(a.place.data), "--no-bundled", "--content", str(a.place.content[0])]
    assert main([*words, "sync", school.address(ada), "--json"]) == 0
    out, err = capsys.readouterr()
    assert json.loads(out) == {"added": 0, "present": 0, "sent": 3, "told": []}
    assert ada.password not in out + err
