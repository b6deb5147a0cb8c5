"""A learner's rows on the server of a class: pulled by number, pushed above what is there.

All in the one transaction of a `Server`. A pull says "of each writer I have n", so that no clock,
sequence or late commit matters; a push locks its writer's line, and two machines of one learner
wait for each other there. Policies of the server let each role see its own rows alone.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Mapping
from itertools import islice
from struct import Struct
from typing import IO

from tutor.exchange.classroom.server import Server
from tutor.store.chain import Writer
from tutor.store.journal import Store
from tutor.store.union import Link, hash_at, rows_above

CHUNK = 500
"""So many rows travel in one step, which has a deadline."""
_HASH = 32
_SIZE = Struct(">I")
_CHAINS = """
    WITH mine (writer, rows) AS (SELECT * FROM unnest(%s::text[], %s::bigint[]))
    SELECT there.writer, there.rows, common.hash FROM tutor.writer AS there
    LEFT JOIN mine USING (writer)
    LEFT JOIN tutor.journal AS common ON common.writer = there.writer
      AND common.seq = least(there.rows, mine.rows)
    ORDER BY there.writer
"""
_ABOVE = """
    SELECT seq, hash, body FROM tutor.journal
    WHERE writer = %s AND seq > %s AND seq <= %s ORDER BY seq LIMIT %s
"""
_HASH_AT = "SELECT hash FROM tutor.journal WHERE writer = %s AND seq = %s"
_BEGIN = "INSERT INTO tutor.writer (writer) VALUES (%s) ON CONFLICT DO NOTHING"
# Whoever holds the line is let go of when nothing comes from them, as when their network is gone.
_LOCK = """
    SELECT there.rows, (
      SELECT hash FROM tutor.journal AS last
      WHERE last.writer = there.writer AND last.seq = there.rows
    ), set_config('idle_in_transaction_session_timeout', '10000', true)
    FROM tutor.writer AS there WHERE writer = %s FOR UPDATE
"""
_ADD = "INSERT INTO tutor.journal (writer, seq, hash, body) VALUES (%s, %s, %s, %s)"
_SAY = "UPDATE tutor.writer SET rows = %s WHERE writer = %s"


class ServerChain:
    """One writer's rows on the server; a `Chain`.

    What is wanted of them is fetched into a file first, so that the journal is not held while the
    network is waited for.
    """

    def __init__(self, server: Server, name: str, rows: int, known: Mapping[int, bytes]) -> None:
        self.name, self.rows = name, rows
        self._server, self._known = server, dict(known)
        self._first = rows  # the fetched rows stand above this one
        self._file: IO[bytes] | None = None

    def hash_at(self, seq: int) -> bytes:
        """The hash of row `seq`; empty where the server lacks it."""
        if seq not in self._known:
            found = self._server.rows(_HASH_AT, (self.name, seq))
            self._known[seq] = bytes(found[0][0]) if found else b""
        return self._known[seq]

    def fetch(self, above: int) -> None:
        """Bring the rows after row `above` here."""
        self._first = above
        self._file = tempfile.TemporaryFile()  # noqa: SIM115 - it is read later, and closed by `close`
        seq = above
        while seq < self.rows:
            found = self._server.rows(_ABOVE, (self.name, seq, self.rows, CHUNK))
            if not found:
                return  # whoever reads will miss them, and say so
            for seq, hash, body in found:  # noqa: B007
                text = body.encode()
                self._file.write(bytes(hash) + _SIZE.pack(len(text)) + text)

    def above(self, seq: int) -> Iterator[Link]:
        """The rows after `seq`, in order."""
        if self._file is None or seq < self._first:
            self.close()
            self.fetch(seq)
        assert self._file is not None
        self._file.seek(0)
        for at, row in enumerate(_links(self._file), self._first + 1):
            if at > seq:
                yield row

    def close(self) -> None:
        """Let go of what was fetched."""
        if self._file is not None:
            self._file.close()
            self._file = None


def chains(server: Server, ours: Mapping[str, Writer]) -> list[ServerChain]:
    """The learner's chains on the server, each with its hash where ours and it have one in common.

    ours: the writers of our journal by name.
    """
    names = list(ours)
    found = server.rows(_CHAINS, (names, [ours[name].rows for name in names]))
    there = []
    for name, rows, hash in found:
        common = min(rows, ours[name].rows) if name in ours else rows
        there.append(ServerChain(server, name, rows, {common: bytes(hash)} if hash else {}))
    return there


class OutrunError(Exception):
    """Another machine of the learner was faster: what it pushed is to be pulled first."""


def push(server: Server, writer: Writer, store: Store, seen: int) -> int:
    """Send what the server lacks of a writer; how many rows. Raises OutrunError, and ServerError.

    seen: how many rows a pull found there. What the server has under that name and we could not
    take stays as it is. The writer's line stays locked until the transaction ends.
    """
    server.run(_BEGIN, (writer.name,))
    rows, tip, _ = server.rows(_LOCK, (writer.name,))[0]
    if rows != seen:
        raise OutrunError
    if rows and bytes(tip or b"") != hash_at(store, writer.name, rows):
        return 0
    sent = rows
    above = rows_above(store, writer.name, rows)
    while chunk := list(islice(above, CHUNK)):
        server.run_many(
            _ADD,
            [
                (writer.name, seq, link.hash, link.text.decode())
                for seq, link in enumerate(chunk, sent + 1)
            ],
        )
        sent += len(chunk)
    if sent > rows:
        server.run(_SAY, (sent, writer.name))
    return int(sent - rows)


def _links(file: IO[bytes]) -> Iterator[Link]:
    while head := file.read(_HASH + _SIZE.size):
        (size,) = _SIZE.unpack(head[_HASH:])
        yield Link(head[:_HASH], file.read(size))
