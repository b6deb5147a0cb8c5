"""A connection to the server of a class, with a deadline of its own at every step.

A server whose answer never comes leaves libpq waiting whatever its timeouts are, so a timer of ours
cuts the connection; after that it is closed, not used again.
"""

from __future__ import annotations

import importlib.util
import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from threading import Timer
from typing import TYPE_CHECKING, Any

from tutor.errors import NewerError, UsageError
from tutor.exchange.classroom import words
from tutor.exchange.classroom.address import parsed, shown
from tutor.exchange.classroom.words import ServerError

if TYPE_CHECKING:
    from psycopg import Connection
    from psycopg.sql import Composed

VERSION = 1
"""The form of the tables that this program writes; `tutor class init` makes it."""
CONNECT_S = 10
"""So long each address of a server may take to let us in."""
STEP_S = 30.0
"""So long each step may take from its sending to the whole of its answer."""
_OPTIONS = (
    "-c statement_timeout=25000 -c lock_timeout=20000 -c idle_in_transaction_session_timeout=600000"
)

Ask = Callable[[str], str]


class Server:
    """The server, in one transaction from the first step to `commit`.

    where: its address as it may be printed. Raises ServerError from every step.
    """

    def __init__(self, connection: Connection[tuple[Any, ...]], where: str, step_s: float) -> None:
        self.connection, self.where, self.step_s = connection, where, step_s
        self._late = False

    def rows(self, query: str | Composed, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """The rows that a query gives."""
        with self.step():
            found: list[tuple[Any, ...]]
            found = self.connection.execute(_sent(query), values or None).fetchall()
            return found

    def run(self, statement: str | Composed, values: Sequence[Any] = ()) -> int:
        """Run a statement; how many rows it was about."""
        with self.step():
            return int(self.connection.execute(_sent(statement), values or None).rowcount)

    def run_many(self, statement: str, values: Sequence[Sequence[Any]]) -> None:
        """Run a statement once for each of the values, all sent at once."""
        with self.step(), self.connection.cursor() as cursor:
            cursor.executemany(_sent(statement), values)

    def commit(self) -> None:
        """Let all steps hold. When this fails it may hold or not: ask again."""
        with self.step():
            self.connection.commit()

    def roll_back(self) -> None:
        """Undo all steps since the last commit, and let go of what they locked."""
        with self.step():
            self.connection.rollback()

    @contextmanager
    def step(self) -> Iterator[None]:
        """What is done inside has its deadline, and fails in words."""
        from psycopg import Error

        timer = Timer(self.step_s, self._cut)
        timer.daemon = True
        timer.start()
        try:
            yield
        except Error as error:
            raise words.connected(error, self.where, self._late, self.step_s) from error
        finally:
            timer.cancel()

    def _cut(self) -> None:
        self._late = True
        with suppress(Exception):  # it may be closed by now
            ours = socket.socket(fileno=self.connection.fileno())
            try:
                ours.shutdown(socket.SHUT_RDWR)
            finally:
                ours.detach()


def _sent(statement: str | Composed) -> bytes | Composed:
    return statement.encode() if isinstance(statement, str) else statement


@contextmanager
def server(
    address: str, ask: Ask | None = None, step_s: float = STEP_S, *, founding: bool = False
) -> Iterator[Server]:
    """The server at `address`; what was not committed is undone at the end.

    ask: asks for a password that is missing, told where it is for. founding: there need be no
    class yet. Raises ServerError, and UsageError without the extra or for what is no address.
    """
    if importlib.util.find_spec("psycopg") is None:
        raise UsageError(
            "A class needs an extra", "What speaks to its server is not installed.",
            "Install it: pip install 'nn-tutor[class]'",
        )  # fmt: skip
    parameters = parsed(address)
    connection = _connected(parameters, ask)
    try:
        found = Server(connection, shown(parameters), step_s)
        if not founding:
            check_version(found)
        yield found
    finally:
        connection.close()


def _connected(parameters: dict[str, Any], ask: Ask | None) -> Connection[tuple[Any, ...]]:
    from psycopg import OperationalError

    try:
        return _connect(parameters)
    except OperationalError as error:
        needs = error.pgconn is not None and error.pgconn.needs_password
        if needs and ask and "password" not in parameters:
            with_password = parameters | {"password": ask(shown(parameters))}
            with _told(shown(parameters)):
                return _connect(with_password)
        raise words.at_connecting(error, shown(parameters)) from error


@contextmanager
def _told(where: str) -> Iterator[None]:
    from psycopg import OperationalError

    try:
        yield
    except OperationalError as error:
        raise words.at_connecting(error, where) from error


def _connect(parameters: dict[str, Any]) -> Connection[tuple[Any, ...]]:
    import psycopg

    usual: dict[str, Any] = {
        "connect_timeout": CONNECT_S, "client_encoding": "UTF8", "application_name": "tutor",
        "options": _OPTIONS,
    }  # fmt: skip
    # Statements are few and short-lived; prepared ones would trouble a pool in between.
    return psycopg.connect(**usual | parameters, prepare_threshold=None)


def version_of(found: Server) -> int:
    """The form of the class's tables; 0 where there is no class."""
    (there,) = found.rows("SELECT to_regclass('tutor.about') IS NOT NULL")
    return found.rows("SELECT version FROM tutor.about")[0][0] if there[0] else 0


def check_version(found: Server) -> None:
    """Raises ServerError or NewerError where this program and the class do not fit together."""
    version = version_of(found)
    if version == VERSION:
        return
    if version > VERSION:
        raise NewerError(
            "The class is of a later tutor", f"{found.where} has form {version}, this one knows "
            f"{VERSION}.", "Bring this tutor up to date: pip install -U 'nn-tutor[class]'",
        )  # fmt: skip
    if version:
        raise ServerError(
            "The class is of an older tutor", f"{found.where} has form {version}, this one needs "
            f"{VERSION}.", f"Who keeps it says once: tutor class init. {words.SAFE}",
        )  # fmt: skip
    raise ServerError(
        "There is no class in this database", f"{found.where} has none of its tables.",
        "Who keeps it says: tutor class init",
    )  # fmt: skip
