"""Migrations: the schema they end in, all or nothing, after a backup."""

from __future__ import annotations

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from itertools import count
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from tests.store.processes import killed_at, needs_fork
from tests.store.samples import fingerprint, opened
from tutor.store import database, migrate, objects, verify
from tutor.store.catalog import Files
from tutor.store.engine import driver, for_writing, journal_engine
from tutor.store.journal import Store
from tutor.store.schema import metadata
from tutor.store.version import APPLICATION_ID, SCHEMA_VERSION

RELEASED = sorted((Path(__file__).parent / "data").glob("schema_*.sql"))

NEXT = f'''
import sqlalchemy as sa
from alembic import op

revision = "{SCHEMA_VERSION + 1:04d}"
down_revision = "{SCHEMA_VERSION:04d}"


def upgrade():
    op.create_table("note", sa.Column("key", sa.Text, primary_key=True))
    with op.batch_alter_table("card_state") as batch:
        batch.add_column(sa.Column("mood", sa.Text))
    op.execute("UPDATE card_state SET mood = 'calm'")
    op.execute("INSERT INTO note SELECT DISTINCT card_key FROM event")
'''


@pytest.fixture
def later(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """A later tutor, with one more migration."""
    scripts = tmp_path / "100 % later"
    shutil.copytree(migrate.SCRIPTS, scripts)
    (scripts / "versions" / "next.py").write_text(NEXT, encoding="utf-8")
    monkeypatch.setattr(migrate, "SCRIPTS", scripts)
    for module in (database, verify):
        monkeypatch.setattr(module, "SCHEMA_VERSION", SCHEMA_VERSION + 1)
    return SCHEMA_VERSION + 1


def test_the_migrations_end_in_the_schema_that_the_queries_know(store: Store) -> None:
    with store.engine.connect() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, metadata) == []
        version = connection.exec_driver_sql("PRAGMA user_version").scalar()
        assert version == int(context.get_current_revision() or 0) == SCHEMA_VERSION
        checks = {
            name: connection.exec_driver_sql(
                "SELECT sql FROM sqlite_master WHERE name = ?", (name,)
            ).scalar_one()
            for name in metadata.tables
        }
    for name, sql in checks.items():
        for constraint in metadata.tables[name].constraints:
            assert str(getattr(constraint, "sqltext", "")) in sql
        for column in metadata.tables[name].columns:
            for constraint in column.constraints:
                assert str(getattr(constraint, "sqltext", "")) in sql
        assert sql.rstrip().endswith("STRICT")


def test_a_new_file_is_what_the_migrations_make(tmp_path: Path) -> None:
    engine = journal_engine(tmp_path / "migrated.db")
    with for_writing(engine).begin() as connection:
        migrate.upgrade(connection)
        assert objects.present(driver(connection)) == objects.expected()
        assert objects.faults(driver(connection)) == []
    engine.dispose()
    assert objects.VERSION == SCHEMA_VERSION == version_of(tmp_path / "migrated.db")


@pytest.mark.parametrize("dump", RELEASED, ids=lambda path: path.stem)
def test_every_released_schema_opens_with_its_rows(files: Files, dump: Path) -> None:
    events, states = load(dump, files)
    with opened(files) as store:
        assert len(list(store.events())) == events > 0
        assert len(store.states()) == states > 0
        assert store.check() == []


def test_the_newest_schema_has_a_fixture() -> None:
    assert RELEASED[-1].stem == f"schema_{SCHEMA_VERSION}"


def test_an_upgrade_keeps_every_row_and_makes_a_backup(files: Files, later: int) -> None:
    events, _ = load(RELEASED[-1], files)
    before = fingerprint(files.database)
    with opened(files) as store:
        assert len(list(store.events())) == events
        assert fingerprint(files.database) != before
    assert version_of(files.database) == later
    backup = next(each for each in files.listed() if each.reason == "migration")
    assert version_of(backup.path) == SCHEMA_VERSION
    assert fingerprint(backup.path) == before


@pytest.mark.parametrize(
    "odd", ["DELETE FROM alembic_version", "UPDATE alembic_version SET version_num = 'beef'"]
)
def test_an_upgrade_goes_by_the_header_not_by_an_odd_note(
    files: Files, later: int, odd: str
) -> None:
    events, _ = load(RELEASED[-1], files)
    with closing(sqlite3.connect(files.database)) as other:
        other.execute(odd)
        other.commit()
    with opened(files) as store:
        assert len(list(store.events())) == events
        assert len(store.warnings) == 1
    assert version_of(files.database) == later


@needs_fork
def test_an_upgrade_killed_at_any_statement_is_all_or_nothing(files: Files, later: int) -> None:
    load(RELEASED[-1], files)
    before = fingerprint(files.database)
    pristine = files.database.with_name("pristine.db")
    shutil.copyfile(files.database, pristine)
    for number in count(1):
        for beside in files.database.parent.glob(f"{files.database.name}*"):
            beside.unlink()
        shutil.copyfile(pristine, files.database)
        killed = killed_at(number, lambda: opened(files).close())
        if version_of(files.database) == later:
            assert tables(files.database) >= {"note", "event"}
        else:
            assert killed
            assert fingerprint(files.database) == before
            assert tables(files.database) == tables(pristine)
        if not killed:
            break
    assert number > 30


def test_an_upgrade_that_fails_leaves_the_old_schema(files: Files, later: int) -> None:
    script = migrate.SCRIPTS / "versions" / "next.py"
    script.write_text(NEXT + "    op.execute('SELECT 1 FROM nowhere')\n", encoding="utf-8")
    load(RELEASED[-1], files)
    before = fingerprint(files.database)
    with pytest.raises(Exception, match="nowhere"):
        opened(files)
    assert version_of(files.database) == SCHEMA_VERSION
    assert fingerprint(files.database) == before
    assert tables(files.database).isdisjoint({"note", "_alembic_tmp_card_state"})


def test_alembic_is_imported_for_a_migration_only(files: Files) -> None:
    assert not imports_alembic(files), "a new database is made from its words"
    assert not imports_alembic(files), "there is nothing to migrate"
    old = Files(files.database.with_name("old") / "tutor.db", files.backups / "old")
    load(RELEASED[0], old)
    assert imports_alembic(old)


def imports_alembic(files: Files) -> bool:
    """Whether a program that opens the database has imported Alembic by then."""
    script = (
        "import sys; from pathlib import Path; from tutor.store.database import open_store\n"
        "open_store(*map(Path, sys.argv[1:])).close(); print('alembic' in sys.modules)"
    )
    command = [sys.executable, "-c", script, str(files.database), str(files.backups)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout == "True\n"


def load(dump: Path, files: Files) -> tuple[int, int]:
    """Make a database from a dump; how many events and states it holds."""
    files.database.parent.mkdir(parents=True)
    with closing(sqlite3.connect(files.database)) as connection:
        connection.executescript(dump.read_text(encoding="utf-8"))
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {int(dump.stem.removeprefix('schema_'))}")
        return tuple(
            connection.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in ("event", "card_state")
        )


def version_of(path: Path) -> int:
    with closing(sqlite3.connect(path)) as connection:
        return int(connection.execute("PRAGMA user_version").fetchone()[0])


def tables(path: Path) -> set[str]:
    with closing(sqlite3.connect(path)) as connection:
        return {row[0] for row in connection.execute("SELECT name FROM sqlite_master")}
