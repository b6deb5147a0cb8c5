"""SQLAlchemy and SQLite: schema, journal, queries, migrations, backups."""

from tutor.later import put_off

# SQLAlchemy asks it for the plugins of others, which we have none of: 33 modules, 1.4 MB.
put_off("importlib.metadata")
