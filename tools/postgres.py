"""A PostgreSQL server of one's own, on loopback, for tests and measurements of a class.

PostgreSQL refuses to run as root: then it runs as Debian's user `postgres`.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

KEEPER = "keeper"
PASSWORD = "the keeper's"
_SETTINGS = {
    "listen_addresses": "127.0.0.1",
    "unix_socket_directories": "",
    "max_connections": "300",
    "password_encryption": "scram-sha-256",
    # What is thrown away at the end need not survive a power cut; the load tool turns it on again.
    "fsync": "off",
}


class UnavailableError(Exception):
    """Why no server can be started here."""


@dataclass(frozen=True)
class Cluster:
    """A running server. folder: its files. program: the folder of its programs."""

    folder: Path
    program: Path
    port: int

    def address(self, user: str, password: str, database: str = "class", more: str = "") -> str:
        """The address of a database for a user."""
        from urllib.parse import quote

        secret = f"{quote(user, safe='')}:{quote(password, safe='')}"
        return f"postgresql://{secret}@127.0.0.1:{self.port}/{database}{more}"

    def keeper(self, database: str = "class") -> str:
        """The address for its superuser."""
        return self.address(KEEPER, PASSWORD, database)

    @property
    def certificate(self) -> Path:
        """What a client trusts that wants to know whom it speaks to."""
        return self.folder / "data" / "server.crt"

    def control(self, *words: str) -> None:
        """Run pg_ctl: `stop`, `start`."""
        _run(self.program / "pg_ctl", "-D", str(self.folder / "data"), "-w",
             "-l", str(self.folder / "log"), *words)  # fmt: skip


@contextmanager
def cluster(tls: bool = False, **settings: str) -> Iterator[Cluster]:
    """A server that is gone at the end. Raises UnavailableError with the reason.

    tls: it has a certificate for `localhost`, which it signed itself.
    """
    program = _programs()
    with tempfile.TemporaryDirectory(prefix="tutor-postgres-", dir=_short()) as name:
        folder = Path(name)
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        secret = folder / "password"
        secret.write_text(PASSWORD, encoding="utf-8")
        secret.chmod(0o644)
        _run(program / "initdb", "-D", str(folder / "data"), "-U", KEEPER, "--encoding=UTF8",
             "--locale=C", "--auth=scram-sha-256", f"--pwfile={secret}", "--no-sync")  # fmt: skip
        found = Cluster(folder, program, _free_port())
        if tls:
            _certify(folder / "data")
            settings |= {"ssl": "on"}
        for key, value in (_SETTINGS | settings | {"port": str(found.port)}).items():
            with (folder / "data" / "postgresql.conf").open("a", encoding="utf-8") as file:
                file.write(f"{key} = '{value}'\n")
        found.control("start")
        try:
            yield found
        finally:
            found.control("stop", "-m", "immediate")


def _certify(data: Path) -> None:
    program = shutil.which("openssl")
    if program is None:
        raise UnavailableError("openssl is not installed here")
    _run(Path(program), "req", "-x509", "-nodes", "-days", "2",
         "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1",
         "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
         "-keyout", str(data / "server.key"), "-out", str(data / "server.crt"))  # fmt: skip


def _programs() -> Path:
    """The newest programs that Debian has put beside each other, or those on the path."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    on_path = shutil.which("initdb")
    if found:
        return found[-1].parent
    if on_path:
        return Path(on_path).resolve().parent
    raise UnavailableError("PostgreSQL's initdb is not installed here")


def _short() -> str | None:
    """A folder that its user may pass through."""
    return "/tmp" if Path("/tmp").is_dir() else None


def _run(program: Path, *words: str) -> None:
    other = ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
    as_other = other if os.geteuid() == 0 else []
    if as_other and not shutil.which("setpriv"):
        raise UnavailableError("PostgreSQL does not run as root, and setpriv is not installed")
    done = subprocess.run(
        [*as_other, str(program), *words], cwd="/", stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, check=False,
    )  # fmt: skip
    if done.returncode:
        raise UnavailableError(f"{program.name} failed: {done.stderr.strip()}")


def _free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port
