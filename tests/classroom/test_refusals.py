"""What the server of a class refuses, and what is wrong with an address, is said in words."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from tests.classroom.school import School
from tutor.cli import main
from tutor.errors import NewerError
from tutor.exchange.classroom import server as server_module
from tutor.exchange.classroom.address import parsed
from tutor.exchange.classroom.keeping import Member
from tutor.exchange.classroom.words import ServerError
from tutor.session.syncing_class import sync_with_class

# `.ci/run` looks for the words mark.class, which Python cannot read as they stand.
pytestmark = getattr(pytest.mark, "class")


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


def test_what_is_wrong_is_said_in_words(school: School, capsys: pytest.CaptureFixture[str]) -> None:
    ada = school.add()
    words = ["--data-dir", str(school.folder / "x"), "--no-bundled", "sync"]
    for what, (make, word) in WRONG.items():
        assert main([*words, make(school, ada)]) in {2, 3}, what
        out, err = capsys.readouterr()
        assert word in err, what
        assert ada.password not in out + err and "secret-wrong" not in out + err, what
        assert "Traceback" not in err, what


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
