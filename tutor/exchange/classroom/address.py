"""Where a class is: the address that a learner types, and what is printed of it.

A password may be part of an address; nothing that is printed comes from such an address but by
`shown`.
"""

from __future__ import annotations

import os
import re
from typing import Any

from tutor.errors import UsageError

SCHEMES = ("postgresql://", "postgres://")
_NEAR = frozenset({"", "localhost", "127.0.0.1", "::1"})
_SECRET = re.compile(r"((?:^|[^\w])postgres(?:ql)?://[^\s:@/?#]*):[^\s/?#]*@", re.IGNORECASE)
_SECRET_OPTION = re.compile(r"([?&](?:ssl)?password)=[^\s&]*", re.IGNORECASE)


def is_address(text: str) -> bool:
    """Whether this names a server, and no folder."""
    return text.lower().startswith(SCHEMES)


def without_password(text: str) -> str:
    """A text in which no address holds a password any more."""
    return _SECRET_OPTION.sub(r"\1=***", _SECRET.sub(r"\1:***@", text))


def parsed(address: str) -> dict[str, Any]:
    """The parameters of a connection, ours among them where the address leaves them open.

    Beyond this machine the connection is encrypted, and no server gets the password itself.
    Raises UsageError; it never quotes the address.
    """
    from psycopg import ProgrammingError
    from psycopg.conninfo import conninfo_to_dict

    try:
        found: dict[str, Any] = dict(conninfo_to_dict(address)) if is_address(address) else {}
    except ProgrammingError:
        found = {}
    if not found:
        raise UsageError(
            "This is no address of a class",
            "An address begins with postgresql:// and names a server and a database.",
            "Say: postgresql://NAME@SERVER/DATABASE; signs such as @ in it are written %40.",
        )
    if not is_near(found):
        found = {"sslmode": "require", "require_auth": "scram-sha-256"} | found
    return found


def is_near(parameters: dict[str, Any]) -> bool:
    """Whether all servers are this machine: a socket in a folder, or loopback."""
    names = (parameters.get("hostaddr"), parameters.get("host"), os.environ.get("PGHOST"))
    named = next(filter(None, names), "")
    return all(each in _NEAR or each.startswith(("/", "@")) for each in str(named).split(","))


def shown(parameters: dict[str, Any]) -> str:
    """The address as it may be printed."""
    user = f"{parameters['user']}@" if "user" in parameters else ""
    port = f":{parameters['port']}" if "port" in parameters else ""
    host = parameters.get("host") or parameters.get("hostaddr") or ""
    return f"postgresql://{user}{host}{port}/{parameters.get('dbname', '')}"
