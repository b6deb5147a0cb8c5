"""Write transactions over one connection that stays open."""

from __future__ import annotations

import sqlite3

from sqlalchemy import Engine, PoolProxiedConnection

from tutor.store.engine import raw


class Writing:
    """A write transaction: `with writing as connection`, rolled back when the block fails.

    To borrow a connection for each answer, and to wrap it, costs as much as to write the answer:
    this one is kept. One transaction at a time; whoever has several threads orders them.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._pooled: PoolProxiedConnection | None = None
        self._connection: sqlite3.Connection

    def __enter__(self) -> sqlite3.Connection:
        if self._pooled is None:
            self._pooled = self._engine.raw_connection()
            self._connection = raw(self._pooled)
        self._connection.execute("BEGIN IMMEDIATE")
        return self._connection

    def __exit__(self, failure: object, *_rest: object) -> None:
        if failure is not None:
            self._connection.rollback()
            return
        try:
            self._connection.commit()
        except BaseException:
            self._connection.rollback()
            raise

    def give_back(self) -> None:
        """Let others have the connection, with the pages that it remembers, until it is needed."""
        if self._pooled is not None:
            self._pooled.close()
        self._pooled = None
