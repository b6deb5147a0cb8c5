"""The file of a class's keys: who is behind a pseudonym, and the password to be handed out.

It stays with whoever keeps the class; the server knows neither names nor passwords.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from tutor.errors import UnwritableError, UsageError
from tutor.exchange.classroom.address import is_near, parsed
from tutor.exchange.classroom.keeping import Class, Kind
from tutor.exchange.output import PRIVATE

_COLUMNS = ["name", "role", "password", "server"]


@dataclass(frozen=True, slots=True)
class Host:
    """How members reach the server."""

    name: str
    port: str
    is_near: bool

    @classmethod
    def of(cls, address: str, given: str | None) -> Host:
        """From the keeper's own address, unless another host is `given`."""
        found = parsed(address)
        host = given or str(found.get("host") or "localhost")
        name, _, port = host.partition(":") if host.count(":") == 1 else (host, "", "")
        near = is_near({"host": name})
        own = str(found.get("port", ""))
        return cls("localhost" if name.startswith(("/", "@")) else name, port or own, near)

    def address(self, role: str, database: str) -> str:
        """What a member types; without the password."""
        name = f"[{self.name}]" if ":" in self.name else self.name
        return f"postgresql://{role}@{name}{self.port and f':{self.port}'}/{database}"


@contextmanager
def opened(file: Path) -> Iterator[TextIO]:
    """The file, to be added to; nobody else may read it. Raises UnwritableError, UsageError."""
    try:
        handle = os.open(file, os.O_RDWR | os.O_CREAT, PRIVATE)
        with os.fdopen(handle, "r+", encoding="utf-8", newline="") as ring:
            first = next(csv.reader([ring.readline()]), None)
            if first and first != _COLUMNS:
                raise UsageError(
                    "This is no file of keys", f"{file} holds something else.",
                    "Name another one: --keys FILE",
                )  # fmt: skip
            file.chmod(PRIVATE)
            ring.seek(0, os.SEEK_END)
            if not first:
                csv.writer(ring).writerow(_COLUMNS)
            yield ring
    except OSError as error:
        raise UnwritableError(
            "The keys cannot be written", f"{file}: {error.strerror or error}.",
            "Name another file: --keys FILE. Who is not in it was not let in.",
        ) from error  # fmt: skip


def let_in(ring: TextIO, into: Class, kind: Kind, name: str, host: Host) -> str:
    """Let one in once the key is on disk; the role. Raises ServerError, OSError."""
    member = into.add(kind)
    before = ring.tell()
    address = host.address(member.role, into.database)
    try:
        csv.writer(ring).writerow([name, member.role, member.password, address])
        ring.flush()
        os.fsync(ring.fileno())
        into.server.commit()
    except BaseException:
        ring.seek(before)
        ring.truncate()
        raise
    return member.role
