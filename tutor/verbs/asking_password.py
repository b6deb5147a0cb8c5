"""Asks for the password of a class where the address has none and someone can type it."""

from __future__ import annotations

import sys
from getpass import getpass

from tutor.errors import UsageError


def password(where: str) -> str:
    """The password for `where`, typed unseen. Raises UsageError where nobody can type."""
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise UsageError(
            "The server asks for a password", f"{where} was given without one.",
            "Put it into ~/.pgpass or PGPASSWORD: it is asked for on a terminal only.",
        )  # fmt: skip
    return getpass(f"Password for {where}: ")
