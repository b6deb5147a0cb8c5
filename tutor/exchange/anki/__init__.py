"""Anki's packages and text files: its tables and note types, written and read as plain data."""
