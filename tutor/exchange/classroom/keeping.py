"""What keeps a class: its tables are made, learners and teachers come and go."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from tutor.errors import UsageError
from tutor.exchange.classroom.server import Server, check_version, version_of
from tutor.exchange.classroom.words import ServerError

if TYPE_CHECKING:
    from psycopg.sql import Composed

Kind = Literal["learner", "teacher"]
OLDEST_SERVER = 14
_HERE = Path(__file__).parent
_LONGEST = 48  # a name has 63 bytes, and what we add must fit
_CONNECTIONS = 8
# No letter that is read as another one, and none that two fonts draw alike.
_SIGNS = "abcdefghjkmnpqrstuvwxyz23456789"


@dataclass(frozen=True, slots=True)
class Member:
    """Someone who came into the class: the role that is seen on the server, and its password."""

    role: str
    password: str


class Class:
    """The class in the database that a server was opened with."""

    def __init__(self, server: Server) -> None:
        self.server = server

    @cached_property
    def database(self) -> str:
        """The name of its database."""
        return str(self.server.rows("SELECT current_database()")[0][0])

    def group(self, name: str) -> str:
        """The role that all learners, or all teachers, are in; or the keeper's."""
        return f"{self.database}_{name}"

    def found(self) -> list[str]:
        """Make the tables and rights; what remains open is told. Raises ServerError, UsageError.

        A class that is there stays as it is. All or nothing.
        """
        if version_of(self.server):
            check_version(self.server)
            return ["The class is there already; nothing was changed."]
        self._check()
        self.server.run(self._filled("class.sql"))
        told = list(self._close())
        self.server.commit()
        return told

    def add(self, kind: Kind) -> Member:
        """Let a learner or a teacher in, under a name made by chance; to be committed.

        Raises ServerError.
        """
        role = f"{kind}_{_chance(8)}"
        password = _chance(20)
        self.server.run(
            self._sql(
                "CREATE ROLE {role} LOGIN PASSWORD {hash} CONNECTION LIMIT {most} IN ROLE {group}",
                names={"role": role, "group": self.group(f"{kind}s")},
                values={"hash": self._hashed(role, password), "most": _CONNECTIONS},
            )
        )
        return Member(role, password)

    def remove(self, role: str) -> None:
        """Take a member and all their rows away. Raises ServerError, and UsageError for others."""
        if role not in self.members():
            raise UsageError(
                "There is no such name in the class", f"{role} is neither a learner nor a teacher.",
                "Give the name of the role, as in the file that `tutor class add` wrote.",
            )  # fmt: skip
        self.server.run("SELECT tutor.forget(%s)", (role,))
        self.server.run(self._sql("DROP ROLE {role}", {"role": role}, {}))
        self.server.commit()

    def members(self) -> dict[str, Kind]:
        """The roles of all learners and teachers."""
        kinds: dict[str, Kind] = {
            self.group("learners"): "learner",
            self.group("teachers"): "teacher",
        }
        found = self.server.rows(
            "SELECT member.rolname, role.rolname FROM pg_auth_members AS of"
            " JOIN pg_roles AS member ON member.oid = of.member"
            " JOIN pg_roles AS role ON role.oid = of.roleid"
            " WHERE role.rolname = ANY (%s) AND member.rolcanlogin AND NOT member.rolcreaterole"
            " AND NOT member.rolsuper",
            (list(kinds),),
        )
        return {member: kinds[role] for member, role in found}

    def _check(self) -> None:
        (row,) = self.server.rows(
            "SELECT current_setting('server_version_num')::integer / 10000,"
            " pg_encoding_to_char(encoding) FROM pg_database WHERE datname = current_database()"
        )
        if row[0] < OLDEST_SERVER:
            raise ServerError(
                "The server is too old", f"It is PostgreSQL {row[0]}.",
                f"A class needs {OLDEST_SERVER} or later.",
            )  # fmt: skip
        if row[1] != "UTF8":
            raise ServerError(
                "The database does not hold all letters", f"Its encoding is {row[1]}.",
                "Make another one: createdb --encoding=UTF8 --template=template0 NAME",
            )  # fmt: skip
        if len(self.database.encode()) > _LONGEST:
            raise UsageError(
                "The database's name is too long",
                f"{self.database} has more than {_LONGEST} bytes.", "Make one with a shorter name.",
            )  # fmt: skip

    def _close(self) -> Iterator[str]:
        """Close what PostgreSQL shows to everybody, where that can be done."""
        if self.server.rows("SELECT rolsuper FROM pg_roles WHERE rolname = CURRENT_USER")[0][0]:
            self.server.run((_HERE / "closing.sql").read_text(encoding="utf-8"))
        else:
            yield (
                "Learners can see each other's pseudonyms, who is connected, and how many rows"
                " there are in all: only a superuser can close that."
            )
        others = self.server.rows(
            "SELECT datname FROM pg_database WHERE datallowconn AND datname <> current_database()"
            " AND has_database_privilege(%s, oid, 'CONNECT') ORDER BY datname",
            (self.group("learners"),),
        )
        if others:
            names = ", ".join(name for (name,) in others)
            yield f"Learners can also connect to other databases of this server: {names}."

    def _filled(self, file: str) -> Composed:
        names = {name: self.group(name) for name in ("keeper", "learners", "teachers")}
        text = (_HERE / file).read_text(encoding="utf-8")
        return self._sql(text, names | {"database": self.database}, {})

    @staticmethod
    def _sql(text: str, names: dict[str, str], values: dict[str, str | int]) -> Composed:
        from psycopg import sql

        # The text is one of ours; what is put into it is quoted.
        return sql.SQL(text).format(
            **{key: sql.Identifier(name) for key, name in names.items()},
            **{key: sql.Literal(value) for key, value in values.items()},
        )

    def _hashed(self, role: str, password: str) -> str:
        """What the server keeps instead of the password, made here: it never sees the password."""
        made = self.server.connection.pgconn.encrypt_password(
            password.encode(), role.encode(), b"scram-sha-256"
        )
        return bytes(made).decode()


def _chance(length: int) -> str:
    return "".join(secrets.choice(_SIGNS) for _ in range(length))
