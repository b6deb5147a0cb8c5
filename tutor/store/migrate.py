"""Brings a database to the newest schema with Alembic, in one transaction.

Import it only when the versions differ: Alembic costs a tenth of a second.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from tutor.store.version import APPLICATION_ID

SCRIPTS = Path(__file__).parent / "migrations"


def upgrade(connection: Connection, tell: Callable[[float], None] = lambda _share: None) -> None:
    """Run every missing migration inside the transaction of `connection`.

    The caller commits: until then nothing has happened, and a kill leaves the old schema.
    `tell` hears how far a long one is.
    """
    config = Config()
    # The config is read with %-interpolation, and folders may be called anything.
    config.set_main_option("script_location", str(SCRIPTS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    config.attributes["tell"] = tell
    command.upgrade(config, "head")
    head = ScriptDirectory.from_config(config).get_current_head()
    assert head is not None
    connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
    # Migrations are numbered, and the header's number is the newest one's.
    connection.exec_driver_sql(f"PRAGMA user_version = {int(head)}")
