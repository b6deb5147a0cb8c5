"""Machines of a learner that are kept in step through the server of a class."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.classroom.school import School
from tests.session.test_learner import assert_one
from tests.session.test_merging import rate, states
from tutor.cli import main
from tutor.errors import NewerError
from tutor.exchange.classroom import rows
from tutor.exchange.classroom import server as server_module
from tutor.exchange.classroom.address import parsed
from tutor.exchange.classroom.keeping import Member
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
            each.close()


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


WRONG: dict[str, tuple[Callable[[School, Member], str], str]] = {
    "down": (
        lambda school, ada: school.address(ada).replace(str(school.cluster.port), "1"),
        "does not answer",
    ),
    "password": (
        lambda school, ada: school.address(replace(ada, password="secret-wrong")),
        "Name or password is wrong",
    ),
    "name": (
        lambda school, ada: school.address(replace(ada, role="nobody")),
        "Name or password is wrong",
    ),
    "no database": (
        lambda school, ada: school.address(ada).replace(school.database, "nosuch"),
        "no such class",
    ),
    "a superuser's database": (
        lambda school, ada: school.address(ada).replace(school.database, "postgres"),
        "not of the class",
    ),
    "no host": (
        lambda school, ada: "postgresql://x:secret-wrong@nosuch.invalid/class",
        "no server of that name",
    ),
    "no address": (lambda school, ada: "postgresql://x:secret-wrong%zz@h/c", "no address"),
    "bad option": (lambda school, ada: school.address(ada, "?nosuch=1"), "no address"),
}


@pytest.mark.parametrize("what", WRONG)
def test_what_is_wrong_is_said_in_words(
    school: School, what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    ada = school.add()
    make, word = WRONG[what]
    folder = school.folder / "x"
    status = main(["--data-dir", str(folder), "--no-bundled", "sync", make(school, ada)])
    out, err = capsys.readouterr()
    assert status in {2, 3}
    assert word in err
    assert ada.password not in out + err and "secret-wrong" not in out + err
    assert "Traceback" not in err


def test_tls_is_asked_for_and_never_done_without(
    school: School, capsys: pytest.CaptureFixture[str]
) -> None:
    ada, a = school.add(), school.machine("a")
    strict = f"?sslmode=verify-full&sslrootcert={school.cluster.certificate}"
    known = school.address(ada, strict).replace("127.0.0.1", "localhost")
    assert sync_with_class(a, known).told == ()
    other = school.folder / "other.crt"
    certify(other)
    with pytest.raises(ServerError, match="certificate is not to be trusted"):
        sync_with_class(a, known.replace(str(school.cluster.certificate), str(other)))
    try:
        school.as_keeper("ALTER SYSTEM SET ssl = 'off'", "SELECT pg_reload_conf()")
        until(lambda: school.as_keeper("SHOW ssl") == [("off",)])
        with pytest.raises(ServerError, match="speaks no TLS"):
            sync_with_class(a, school.address(ada, "?sslmode=require"))
    finally:
        school.as_keeper("ALTER SYSTEM RESET ssl", "SELECT pg_reload_conf()")
        until(lambda: school.as_keeper("SHOW ssl") == [("on",)])


def certify(file: Path) -> None:
    words = ["req", "-x509", "-newkey", "ec", "-nodes", "-subj", "/CN=localhost"]
    words += ["-pkeyopt", "ec_paramgen_curve:prime256v1"]
    command = ["openssl", *words, "-keyout", f"{file}.key", "-out", str(file)]
    subprocess.run(command, check=True, capture_output=True)


def until(holds: Callable[[], bool]) -> None:
    for _ in range(200):
        if holds():
            return
        time.sleep(0.05)
    raise AssertionError("it never came to be so")


@pytest.mark.parametrize("far", ["postgresql://x@school/c", "postgres://x@10.1.2.3:99/c"])
def test_beyond_this_machine_nothing_goes_without_tls_and_no_password_at_all(far: str) -> None:
    found = parsed(far)
    assert (found["sslmode"], found["require_auth"]) == ("require", "scram-sha-256")
    assert parsed(f"{far}?sslmode=disable")["sslmode"] == "disable"
    assert "sslmode" not in parsed("postgresql:///c") | parsed("postgresql://x@localhost/c")


def test_a_form_that_does_not_fit_is_said(school: School) -> None:
    ada, a = school.add(), school.machine("a")
    school.as_keeper("UPDATE tutor.about SET version = 99")
    with pytest.raises(NewerError, match="later tutor"):
        school.sync(a, ada)


def test_an_older_form_is_said(school: School, monkeypatch: pytest.MonkeyPatch) -> None:
    ada, a = school.add(), school.machine("a")
    monkeypatch.setattr(server_module, "VERSION", 2)
    with pytest.raises(ServerError, match="older tutor"):
        school.sync(a, ada)


def test_a_database_without_a_class_is_said(school: School) -> None:
    ada, a = school.add(), school.machine("a")
    school.as_keeper("DROP SCHEMA tutor CASCADE")
    with pytest.raises(ServerError, match="no class in this database"):
        school.sync(a, ada)


def test_a_name_that_is_not_of_the_class_is_said(school: School) -> None:
    ada, a = school.add(), school.machine("a")
    school.as_keeper(f"REVOKE {school.database}_learners FROM {ada.role}")
    with pytest.raises(ServerError, match="not of the class"):
        school.sync(a, ada)
    teacher = school.add("teacher")
    with pytest.raises(ServerError, match="may not do that"):
        school.sync(a, teacher)


def test_a_password_that_is_missing_is_asked_for_once(
    school: School, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PGPASSFILE", str(tmp_path / "none"))
    ada, a = school.add(), school.machine("a")
    bare = school.address(ada).replace(f":{ada.password}@", "@")
    asked: list[str] = []

    def ask(where: str) -> str:
        asked.append(where)
        return ada.password

    assert sync_with_class(a, bare, ask).sent == 0
    assert asked == [bare]
    with pytest.raises(ServerError, match="asks for a password"):
        sync_with_class(a, bare)
    with pytest.raises(ServerError, match="Name or password is wrong"):
        sync_with_class(a, bare, lambda where: "wrong")


def test_wrong_usage_prints_no_password(capsys: pytest.CaptureFixture[str]) -> None:
    given = "postgresql://x:secret-wrong@h/c?password=secret-too"
    assert main(["sync", given, given]) == 2
    out, err = capsys.readouterr()
    assert "secret" not in out + err and "postgresql://x:***@h/c" in err
