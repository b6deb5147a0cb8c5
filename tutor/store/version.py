"""What marks a file as the tutor's database: two numbers in SQLite's own header.

They stand apart from the schema so that the first screen can check them without SQLAlchemy.
"""

# "nntu" in ASCII, kept in `PRAGMA application_id`: tells our file from any other SQLite file.
APPLICATION_ID = 0x6E6E7475

# Kept in `PRAGMA user_version`; always the number of the newest migration.
SCHEMA_VERSION = 2
