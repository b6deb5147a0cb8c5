"""Who may do what in a class, tried in SQL with the roles themselves."""

# ruff: noqa: E501 - a statement a line

from __future__ import annotations

import csv
import stat
from pathlib import Path

import pytest

from tests.classroom.school import School, run
from tests.session.test_merging import rate
from tutor.cli import main
from tutor.exchange.classroom.keeping import Member
from tutor.exchange.classroom.server import Server, server
from tutor.exchange.classroom.words import ServerError
from tutor.memory.model import Rating

# `.ci/run` looks for the words mark.class, which Python cannot read as they stand.
pytestmark = getattr(pytest.mark, "class")

ZERO = "decode(repeat('00', 32), 'hex')"
# {ben}: another learner's role. {writer}: a writer of theirs.
REFUSED = f"""
    SELECT * FROM tutor.journal
    SELECT learner FROM tutor.journal
    SELECT ctid FROM tutor.journal
    SELECT xmin, seq FROM tutor.journal
    SELECT learner FROM tutor.writer
    SELECT * FROM tutor.report()
    SELECT tutor.forget('{{ben}}')
    SELECT tutor.forget(SESSION_USER)
    INSERT INTO tutor.journal (learner, writer, seq, hash, body) VALUES ('{{ben}}', '{{writer}}', 9, {ZERO}, '')
    INSERT INTO tutor.writer (learner, writer) VALUES ('{{ben}}', 'aaaaaaaaaaaaaaaa')
    INSERT INTO tutor.writer (writer, rows) VALUES ('aaaaaaaaaaaaaaaa', 5)
    INSERT INTO tutor.standing (learner, topic) VALUES ('{{ben}}', 'x')
    INSERT INTO tutor.deck (name, revision, text) VALUES ('a', 1, 'x')
    UPDATE tutor.deck SET text = 'x'
    UPDATE tutor.journal SET body = 'x'
    UPDATE tutor.journal SET learner = '{{ben}}'
    UPDATE tutor.writer SET learner = '{{ben}}'
    UPDATE tutor.standing SET learner = '{{ben}}'
    UPDATE tutor.about SET version = 2
    DELETE FROM tutor.journal
    DELETE FROM tutor.writer
    DELETE FROM tutor.deck
    TRUNCATE tutor.journal
    LOCK TABLE tutor.journal IN ACCESS EXCLUSIVE MODE
    COPY tutor.journal TO STDOUT
    COPY (SELECT learner FROM tutor.writer) TO STDOUT
    COPY tutor.journal FROM STDIN
    ALTER TABLE tutor.journal DISABLE ROW LEVEL SECURITY
    ALTER TABLE tutor.journal NO FORCE ROW LEVEL SECURITY
    DROP POLICY own ON tutor.journal
    CREATE POLICY mine ON tutor.journal USING (true)
    GRANT SELECT ON tutor.journal TO PUBLIC
    DROP TABLE tutor.journal
    DROP SCHEMA tutor CASCADE
    CREATE TABLE tutor.own (x integer)
    CREATE TABLE public.own (x integer)
    CREATE SCHEMA own
    CREATE TEMPORARY TABLE own (x integer)
    CREATE TEMPORARY VIEW own AS SELECT 1
    CREATE VIEW tutor.own AS SELECT * FROM tutor.journal
    CREATE FUNCTION tutor.own() RETURNS integer LANGUAGE sql AS 'SELECT 1'
    CREATE EXTENSION pg_trgm
    CREATE ROLE other
    CREATE DATABASE other
    DO $$ BEGIN END $$
    ALTER ROLE {{ben}} PASSWORD 'x'
    ALTER ROLE {{ben}} RENAME TO other
    SET ROLE {{ben}}
    SET ROLE {{database}}_keeper
    SET ROLE {{database}}_teachers
    SET SESSION AUTHORIZATION {{ben}}
    GRANT {{ben}} TO CURRENT_USER
    GRANT {{database}}_keeper TO CURRENT_USER
    GRANT {{database}}_teachers TO CURRENT_USER
    SELECT rolname FROM pg_roles
    SELECT usename FROM pg_user
    SELECT * FROM pg_authid
    SELECT * FROM pg_shadow
    SELECT count(*) FROM pg_auth_members
    SELECT pg_get_userbyid(10)
    SELECT usename FROM pg_stat_activity
    SELECT * FROM pg_stat_get_activity(NULL)
    SELECT n_live_tup FROM pg_stat_all_tables
    SELECT n_tup_ins FROM pg_stat_user_tables
    SELECT tup_inserted FROM pg_stat_database
    SELECT idx_scan FROM pg_stat_all_indexes
    SELECT * FROM pg_statio_all_tables
    SELECT pg_stat_get_tuples_inserted('tutor.journal'::regclass)
    SELECT pg_stat_get_live_tuples('tutor.journal'::regclass)
    SELECT reltuples FROM pg_class
    SELECT relpages FROM pg_class
    SELECT * FROM pg_class
    SELECT pg_relation_size('tutor.journal')
    SELECT pg_total_relation_size('tutor.journal')
    SELECT pg_table_size('tutor.journal')
    SELECT pg_indexes_size('tutor.journal')
    SELECT pg_database_size(current_database())
    SELECT * FROM pg_statistic
    SELECT * FROM pg_locks
    SELECT pg_current_wal_lsn()
    SELECT lo_create(0)
    SELECT lo_import('/etc/passwd')
    SELECT pg_read_file('PG_VERSION')
    SELECT pg_ls_dir('.')
    COPY (SELECT 1) TO PROGRAM 'true'
    COPY (SELECT 1) TO '/tmp/x'
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    SELECT pg_notify('x', 'y')
    SELECT database_to_xml(true, true, '')
    ALTER SYSTEM SET ssl = 'off'
    CLUSTER tutor.journal USING journal_pkey
    CREATE INDEX ON tutor.journal (seq)
    CREATE RULE r AS ON INSERT TO tutor.journal DO NOTHING
    CREATE TRIGGER t BEFORE INSERT ON tutor.journal EXECUTE FUNCTION suppress_redundant_updates_trigger()
    CREATE PUBLICATION p FOR TABLE tutor.journal
    SECURITY LABEL ON TABLE tutor.journal IS 'x'
    COMMENT ON TABLE tutor.journal IS 'x'
    REASSIGN OWNED BY {{ben}} TO CURRENT_USER
    DROP OWNED BY {{ben}}
    DROP ROLE {{ben}}
"""
# What is answered, but only of one's own: no rows, no counts, no sign that another's row is there.
BLIND = """
    SELECT count(*) FROM tutor.journal
    SELECT count(*) FROM tutor.writer
    SELECT count(*) FROM tutor.standing
    SELECT count(*) FROM tutor.slip
    SELECT count(seq) FROM tutor.journal WHERE writer = '{writer}'
    SELECT count(*) FROM tutor.journal TABLESAMPLE SYSTEM (100)
    SELECT count(*) FROM (SELECT seq FROM tutor.journal UNION ALL SELECT rows FROM tutor.writer) AS a
    SELECT count(*) FROM tutor.journal WHERE seq / (seq - 1) > 0
    SELECT count(*) FROM pg_stats WHERE schemaname = 'tutor' AND attname = 'writer'
    WITH a AS (UPDATE tutor.writer SET rows = 0 WHERE writer = '{writer}' RETURNING rows) SELECT count(*) FROM a
    WITH a AS (DELETE FROM tutor.standing WHERE topic = 'd' RETURNING topic) SELECT count(*) FROM a
    WITH a AS (INSERT INTO tutor.writer (writer) VALUES ('{writer}') ON CONFLICT DO NOTHING RETURNING rows) SELECT sum(rows) FROM a
"""


def lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


@pytest.fixture
def two(school: School) -> tuple[School, Member, Member]:
    """A class of Ada, who has done nothing, and Ben, who has answered and synced."""
    ada, ben = school.add(), school.add()
    b = school.machine("ben")
    for _ in range(4):
        rate(b, Rating.GOOD)
    school.sync(b, ben)
    school.as_keeper("ANALYZE")
    return school, ada, ben


def filled(school: School, ben: Member, statement: str) -> str:
    ((writer,),) = school.as_keeper("SELECT writer FROM tutor.writer")
    return statement.format(ben=ben.role, writer=writer, database=school.database)


def test_all_that_a_learner_must_not_do_is_refused(two: tuple[School, Member, Member]) -> None:
    import psycopg

    school, ada, ben = two
    before = school.as_keeper("SELECT * FROM tutor.journal ORDER BY seq")
    passed = []
    with psycopg.connect(school.address(ada), autocommit=True) as connection:
        for line in lines(REFUSED):
            try:
                connection.execute(filled(school, ben, line).encode())
            except psycopg.Error:
                continue
            passed.append(line)
    assert passed == []
    assert school.as_keeper("SELECT * FROM tutor.journal ORDER BY seq") == before


def test_a_learner_sees_nothing_of_another(two: tuple[School, Member, Member]) -> None:
    school, ada, ben = two
    for line in lines(BLIND):
        ((seen,),) = school.as_member(ada, filled(school, ben, line))
        assert seen == 0, line
    assert school.as_keeper("SELECT rows FROM tutor.writer WHERE rows > 0") == [(4,)]
    assert school.as_keeper("SELECT count(*) FROM tutor.standing") == [(1,)]


def test_the_list_finds_what_is_open(two: tuple[School, Member, Member]) -> None:
    """Each wall that is taken out lets something of the list through."""
    school, ada, _ = two
    assert school.as_member(ada, "SELECT count(*) FROM tutor.journal") == [(0,)]
    school.as_keeper("ALTER TABLE tutor.journal DISABLE ROW LEVEL SECURITY")
    assert school.as_member(ada, "SELECT count(*) FROM tutor.journal") == [(4,)]
    school.as_keeper(f"GRANT SELECT ON tutor.journal TO {school.database}_learners")
    assert len(school.as_member(ada, "SELECT * FROM tutor.journal")) == 4


def test_a_learner_may_enter_no_other_database(two: tuple[School, Member, Member]) -> None:
    import psycopg

    school, ada, _ = two
    open_ones = []
    for (name,) in school.as_keeper("SELECT datname FROM pg_database WHERE datallowconn"):
        if name != school.database:
            try:
                run(school.cluster.address(ada.role, ada.password, name), "SELECT 1")
            except psycopg.OperationalError:
                continue
            open_ones.append(name)
    assert open_ones == []


def test_nothing_of_the_class_is_for_everybody(school: School) -> None:
    """The list of rights is read from the catalogue: a new table or function is in it."""
    rights = school.as_keeper(
        "SELECT proname FROM pg_proc WHERE pronamespace = 'tutor'::regnamespace"
        " AND has_function_privilege('public', oid, 'EXECUTE')"
    )
    assert rights == []
    tables = school.as_keeper(
        "SELECT relname, relrowsecurity, relforcerowsecurity FROM pg_class"
        " WHERE relnamespace = 'tutor'::regnamespace AND relkind = 'r' ORDER BY relname"
    )
    own = {"journal", "slip", "standing", "writer"}
    assert {name for name, *_ in tables} == own | {"about", "deck"}
    assert {name for name, *secured in tables if secured == [True, True]} == own
    to_public = "SELECT count(*) FROM information_schema.role_table_grants"
    to_public += " WHERE table_schema = 'tutor' AND grantee = 'PUBLIC'"
    assert school.as_keeper(to_public) == [(0,)]


def test_a_teacher_sees_sums_alone(two: tuple[School, Member, Member]) -> None:
    import psycopg

    school, _, ben = two
    teacher = school.add("teacher")
    assert school.as_member(teacher, "SELECT * FROM tutor.report()") == []
    for line in (
        "SELECT seq FROM tutor.journal", "SELECT rows FROM tutor.writer",
        "SELECT topic FROM tutor.standing", "SELECT slip FROM tutor.slip",
        f"SELECT tutor.forget('{ben.role}')", f"SET ROLE {school.database}_keeper",
        "INSERT INTO tutor.standing (topic) VALUES ('x')", "SELECT rolname FROM pg_roles",
    ):  # fmt: skip
        with pytest.raises(psycopg.Error):
            school.as_member(teacher, line)


def test_a_keeper_who_is_no_superuser_is_told_what_stays_open(school: School) -> None:
    name = f"{school.database}b"
    school.as_keeper(
        f"CREATE ROLE {name}_admin LOGIN CREATEROLE PASSWORD 'x'",
        f"CREATE DATABASE {name} OWNER {name}_admin",
    )
    other = School(school.cluster, name, school.folder, school.stack)
    address = school.cluster.address(f"{name}_admin", "x", name)
    from tutor.exchange.classroom.keeping import Class

    with server(address, founding=True) as found:
        told = Class(found).found()
    assert "only a superuser" in told[0]
    with server(address) as found:
        ada = Class(found).add("learner")
        found.commit()
    one = school.machine("x")
    rate(one, Rating.GOOD)
    assert other.sync(one, ada).sent == 1
    with server(address) as found:
        assert Class(found).members() == {ada.role: "learner"}
        Class(found).remove(ada.role)
    assert other.as_keeper("SELECT count(*) FROM tutor.journal") == [(0,)]


def test_who_is_removed_is_gone_with_all_rows(two: tuple[School, Member, Member]) -> None:
    school, ada, ben = two
    a = school.machine("ada")
    rate(a, Rating.GOOD)
    school.sync(a, ada)
    school.remove(ben)
    assert school.as_keeper("SELECT DISTINCT learner FROM tutor.journal") == [(ada.role,)]
    assert school.as_keeper("SELECT DISTINCT learner FROM tutor.standing") == [(ada.role,)]
    assert main(["class", "remove", school.keeper, ben.role]) == 2
    assert main(["class", "remove", school.keeper, "keeper"]) == 2
    again = school.add()
    assert school.sync(school.machine("ben"), again).sent == 4


def test_the_verbs_let_people_in_and_keep_their_keys_private(
    school: School, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys = tmp_path / "keys.csv"
    words = ["class", "add", school.keeper, "--keys", str(keys)]
    assert main([*words, "Ada, of the back row", "Ben"]) == 0
    assert main([*words, "Cem", "--teacher", "--host", "school.example:5433"]) == 0
    out, err = capsys.readouterr()
    rows = list(csv.DictReader(keys.open(encoding="utf-8")))
    assert [row["name"] for row in rows] == ["Ada, of the back row", "Ben", "Cem"]
    assert stat.S_IMODE(keys.stat().st_mode) == 0o600
    assert not any(row["password"] in out + err for row in rows)
    assert (
        rows[2]["server"] == f"postgresql://{rows[2]['role']}@school.example:5433/{school.database}"
    )
    ada = Member(rows[0]["role"], rows[0]["password"])
    one = school.machine("ada")
    rate(one, Rating.GOOD)
    assert school.sync(one, ada).sent == 1
    everything = str(school.as_keeper("SELECT rolname FROM pg_authid"))
    assert "Ada" not in everything and rows[0]["password"] not in everything
    assert main([*words[:3], "Dan", "--keys", str(tmp_path)]) == 3
    assert main([*words[:3], "Dan", "--keys", str(school.folder / "ada" / "deck.md")]) == 2
    members = f"SELECT * FROM pg_auth_members WHERE roleid = '{school.database}_learners'::regrole"
    assert len(school.as_keeper(members)) == 2


def test_a_key_is_written_only_for_who_came_in(
    school: School, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    keys = tmp_path / "keys.csv"
    words = ["class", "add", school.keeper, "--keys", str(keys)]
    assert main([*words, "Ada"]) == 0
    before = keys.read_text(encoding="utf-8")

    def lost(self: Server) -> None:
        raise ServerError("The connection to the server is lost")

    monkeypatch.setattr(Server, "commit", lost)
    assert main([*words, "Ben"]) == 3
    monkeypatch.undo()
    assert keys.read_text(encoding="utf-8") == before
    assert main([*words, "Ben"]) == 0
    assert len(keys.read_text(encoding="utf-8").splitlines()) == 3


def test_init_leaves_the_class_of_a_later_tutor_alone(
    school: School, capsys: pytest.CaptureFixture[str]
) -> None:
    school.as_keeper("UPDATE tutor.about SET version = 99")
    assert main(["class", "init", school.keeper]) == 3
    assert "later tutor" in capsys.readouterr().err


def test_init_twice_changes_nothing(school: School, capsys: pytest.CaptureFixture[str]) -> None:
    ada = school.add()
    assert main(["class", "init", school.keeper]) == 0
    assert "there already" in capsys.readouterr().err
    assert school.sync(school.machine("a"), ada).told == ()
