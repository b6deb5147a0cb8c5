"""Alembic's own note of the schema, the table `alembic_version`, kept in step with the header.

The header's number says which schema a file has. Only migrations read the note, and they fail on
one that another program has emptied or changed: so it is looked at, and put right, at opening.
"""

from __future__ import annotations

from sqlalchemy import Connection

TABLE = "alembic_version"
# As Alembic makes it.
_CREATE = (
    f"CREATE TABLE {TABLE} (version_num VARCHAR(32) NOT NULL,"
    f" CONSTRAINT {TABLE}_pkc PRIMARY KEY (version_num))"
)


def noted(connection: Connection) -> list[str] | None:
    """The revisions that the note names, one in a sound file; None without the table."""
    query = f"SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name = '{TABLE}'"
    if not connection.exec_driver_sql(query).scalar_one():
        return None
    return [str(row[0]) for row in connection.exec_driver_sql(f"SELECT * FROM {TABLE}")]


def later(connection: Connection) -> int:
    """The highest number among the noted revisions, 0 when there is none."""
    return max((int(name) for name in noted(connection) or () if _is_number(name)), default=0)


def faults(connection: Connection, version: int) -> list[str]:
    """What is wrong with the note, in words."""
    return [] if noted(connection) == [f"{version:04d}"] else [f"the table {TABLE} is not ours"]


def put_right(connection: Connection, version: int) -> str:
    """Let the note say `version`; what to tell the learner, empty when it said so already."""
    right, found = f"{version:04d}", noted(connection)
    if found == [right]:
        return ""
    connection.exec_driver_sql(f"DROP TABLE IF EXISTS {TABLE}")
    connection.exec_driver_sql(_CREATE)
    connection.exec_driver_sql(f"INSERT INTO {TABLE} VALUES ('{right}')")
    said = "was missing" if found is None else f"said {', '.join(map(repr, found)) or 'nothing'}"
    return (
        f"Another program has changed your answers' file: its table {TABLE} {said[:60]}."
        f" It says {right} again, and your answers are as they were."
    )


def _is_number(name: str) -> bool:
    return name.isascii() and name.isdigit() and len(name) < 10
