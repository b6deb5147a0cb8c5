"""SQLAlchemy and SQLite: schema, journal, queries, migrations, backups."""
