"""What a server of PostgreSQL refuses, in words for who typed its address.

A server speaks the language that it was set up in, so what it reports by a code is known by that
code. What stands before the first code, at connecting, is told by its English words, and in any
other language as the server says it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tutor.errors import DataError

if TYPE_CHECKING:
    from psycopg import Error

SAFE = "Your answers are safe in your journal."


class ServerError(DataError):
    """The server of a class cannot be reached, or refuses; what was answered is safe."""


# What libpq says at connecting: a title, and the way out.
_AT_CONNECTING: tuple[tuple[str, str, str], ...] = (
    (
        r"does not support SSL|SSL is not enabled|no encryption|SSL off",
        "The server speaks no TLS, or asks for it",
        "Without TLS all that is sent can be read on the way. Let the server have a certificate "
        "(`ssl = on`); only on a network that you trust add ?sslmode=disable to the address.",
    ),
    (
        r"certificate|SSL error|tlsv1|channel binding",
        "The server's certificate is not to be trusted",
        "Ask who keeps the class for its root certificate, and name it: ?sslrootcert=FILE",
    ),
    (
        r"authentication failed|role \".*\" does not exist",
        "Name or password is wrong",
        "Look at the line that you were given: the name is the one of the class, not your own.",
    ),
    (
        r"no password supplied",
        "The server asks for a password",
        "Put it into ~/.pgpass or PGPASSWORD, or type it when you are asked on a terminal.",
    ),
    (
        r"authentication method requirement",
        "The server asks for the password itself",
        "That would show it to whoever answers there. Let the server use scram-sha-256.",
    ),
    (
        r"database \".*\" does not exist",
        "There is no such class on the server",
        "Look at the last part of the address; who keeps the server makes it: createdb NAME",
    ),
    (
        r"permission denied for database|no pg_hba.conf entry",
        "This name is not of the class",
        "Ask who keeps it: tutor class add",
    ),
    (
        r"too many connections|too many clients|remaining connection slots",
        "The server has no room just now",
        "Try again in a while.",
    ),
    (
        r"could not translate host name|[Nn]ame or service not known|resolve host",
        "There is no server of that name",
        "Look at the address, and whether you are on the network.",
    ),
    (
        r"[Cc]onnection refused|timeout|timed out|No such file|unreachable|starting up|"
        r"shutting down",
        "The server does not answer",
        "Look at the address, and whether the server is up; try again later.",
    ),
)
# What the server reports by its code (SQLSTATE), once connected.
_BY_CODE: dict[str, tuple[str, str]] = {
    "42501": ("This name may not do that in the class", "Ask who keeps the class."),
    "3F000": ("There is no class in this database", "Who keeps it says: tutor class init"),
    "42P01": ("There is no class in this database", "Who keeps it says: tutor class init"),
    "42710": ("This name is taken on the server", "Choose another, or remove it first."),
    "42704": ("There is no such name on the server", "Look at its spelling."),
    "2BP01": ("This name still owns something on the server", "Let its keeper look at it."),
    "53100": ("The server's disk is full", "Tell who keeps it; then sync again."),
    "53300": ("The server has no room just now", "Try again in a while."),
    "57014": ("The server did not get ready in time", "Try again in a while."),
    "40P01": ("Another machine of yours is busy there", "Sync again in a while."),
    "55P03": ("Another machine of yours is busy there", "Sync again in a while."),
    "25006": ("The server only reads just now", "Tell who keeps it; try again later."),
}


def at_connecting(error: Error, where: str) -> ServerError:
    """The failure to connect to `where`."""
    said = _said(error)
    for pattern, title, hint in _AT_CONNECTING:
        if re.search(pattern, said):
            return ServerError(title, f"{where}: {said}.", _with_comfort(hint))
    return ServerError(
        "The server cannot be used", f"{where}: {said}.", f"Look at the address. {SAFE}"
    )


def connected(error: Error, where: str, late: bool, seconds: float) -> ServerError:
    """A failure of a connection that stood. late: our own deadline has cut it."""
    if late:
        return ServerError(
            "The server does not answer",
            f"{where}: nothing came for {seconds:.0f} seconds.", f"Sync again later. {SAFE}",
        )  # fmt: skip
    if error.sqlstate is None:
        return ServerError(
            "The connection to the server is lost", f"{where}: {_said(error)}.",
            f"Sync again: what had arrived there is not sent twice. {SAFE}",
        )  # fmt: skip
    title, hint = _BY_CODE.get(
        error.sqlstate, ("The server refuses", "Tell who keeps the class what it said.")
    )
    code = f"{_said(error)} ({error.sqlstate})"
    return ServerError(title, f"{where}: {code}.", _with_comfort(hint))


def _with_comfort(hint: str) -> str:
    return f"{hint.rstrip('.')}. {SAFE}"


def _said(error: Error) -> str:
    """The words of the server or of libpq, in one line."""
    given = error.diag.message_primary or str(error)
    lines = [line.strip() for line in given.splitlines() if line.strip()]
    said = " ".join(line for line in lines if not line.startswith("- host:"))
    said = said.removeprefix("connection failed: ").removeprefix("connection is bad: ")
    return said.rstrip(".:")[:500] or type(error).__name__
