"""A class for one test: its database, its members, their machines."""

from __future__ import annotations

from contextlib import ExitStack, closing
from pathlib import Path
from typing import Any

from tests.session.decks import DECK, Clock, learner
from tools.postgres import Cluster
from tutor.exchange.classroom.keeping import Class, Kind, Member
from tutor.exchange.classroom.server import server
from tutor.session.learner import Learner
from tutor.session.syncing import Synced
from tutor.session.syncing_class import sync_with_class


class School:
    """A class in a database of its own."""

    def __init__(self, cluster: Cluster, database: str, folder: Path, stack: ExitStack) -> None:
        self.cluster, self.database, self.folder, self.stack = cluster, database, folder, stack

    def create_database(self) -> None:
        self.as_keeper(f"CREATE DATABASE {self.database}", database="postgres")

    @property
    def keeper(self) -> str:
        return self.cluster.keeper(self.database)

    def init(self) -> list[str]:
        with server(self.keeper, founding=True) as found:
            return Class(found).found()

    def add(self, kind: Kind = "learner") -> Member:
        with server(self.keeper) as found:
            member = Class(found).add(kind)
            found.commit()
            return member

    def remove(self, member: Member) -> None:
        with server(self.keeper) as found:
            Class(found).remove(member.role)

    def address(self, member: Member, more: str = "") -> str:
        return self.cluster.address(member.role, member.password, self.database, more)

    def machine(self, name: str, clock: Clock | None = None, deck: str = DECK) -> Learner:
        folder = self.folder / name
        folder.mkdir(parents=True, exist_ok=True)
        return self.stack.enter_context(closing(learner(folder, clock, deck)))

    def sync(self, one: Learner, member: Member) -> Synced:
        return sync_with_class(one, self.address(member))

    def as_keeper(self, *statements: str, database: str = "") -> list[tuple[Any, ...]]:
        """What the superuser sees; the rows of the last statement."""
        return run(self.cluster.keeper(database or self.database), *statements)

    def as_member(self, member: Member, *statements: str) -> list[tuple[Any, ...]]:
        return run(self.address(member), *statements)


def run(address: str, *statements: str) -> list[tuple[Any, ...]]:
    """Run SQL, each statement by itself; the rows of the last one."""
    import psycopg

    found: list[tuple[Any, ...]] = []
    with psycopg.connect(address, autocommit=True) as connection:
        for statement in statements:
            done = connection.execute(statement.encode())
            found = done.fetchall() if done.description else []
    return found
