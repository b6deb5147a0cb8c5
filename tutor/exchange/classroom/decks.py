"""Decks that a class shares: texts on its server, each that a deck ever had as a revision."""

from __future__ import annotations

import re
from dataclasses import dataclass

from tutor.errors import InexpressibleError
from tutor.exchange.classroom.server import Server

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_LONGEST = 100
_NEWEST = """
    SELECT DISTINCT ON (name) name, revision, text FROM tutor.deck ORDER BY name, revision DESC
"""
_REVISIONS = "SELECT text FROM tutor.deck WHERE name = %s ORDER BY revision DESC"
_ADD = """
    INSERT INTO tutor.deck (name, revision, text)
    SELECT %s, coalesce(max(revision), 0) + 1, %s FROM tutor.deck WHERE name = %s
"""


@dataclass(frozen=True, slots=True)
class SharedDeck:
    """A deck of the class in its newest form."""

    name: str
    revision: int
    text: str


def push(server: Server, name: str, text: str) -> bool:
    """Make this the newest text of the deck; False if it is that already. Raises ServerError."""
    if not is_name(name):
        raise InexpressibleError(
            "This name cannot be shared", f"{name} has signs other than a-z, 0-9 and hyphens.",
            "Give the deck another name in its front matter: deck: a-name",
        )  # fmt: skip
    newest = server.rows(f"{_REVISIONS} LIMIT 1", (name,))
    if newest and newest[0][0] == text:
        return False
    server.run(_ADD, (name, text, name))
    return True


def newest(server: Server) -> list[SharedDeck]:
    """All decks of the class, by name; those with a name that no deck has are left out."""
    return [SharedDeck(*row) for row in server.rows(_NEWEST) if is_name(row[0])]


def ever_was(server: Server, name: str, text: str) -> bool:
    """Whether a deck ever had this text."""
    return bool(server.rows("SELECT 1 FROM tutor.deck WHERE name = %s AND text = %s", (name, text)))


def is_name(name: str) -> bool:
    """Whether a deck of this name can be shared, and be a file's name everywhere."""
    return len(name) <= _LONGEST and _NAME.fullmatch(name) is not None
