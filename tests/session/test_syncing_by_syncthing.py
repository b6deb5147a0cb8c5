"""Two real Syncthing instances on loopback carry the folder between two machines."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from pathlib import Path

import pytest

from tests.session.test_merging import Machines, states
from tests.session.test_syncing import answers, files
from tutor.session.syncing import sync

pytestmark = pytest.mark.skipif(
    shutil.which("syncthing") is None, reason="syncthing is not installed"
)
KEY = "key-of-the-test"
PATIENCE_S = 90
OFF = ("globalAnnounceEnabled", "localAnnounceEnabled", "relaysEnabled", "natEnabled",
       "startBrowser", "crashReportingEnabled")  # fmt: skip


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port


class Instance:
    """One Syncthing with its folder, and the ports on which it listens."""

    def __init__(self, home: Path) -> None:
        self.home, self.folder = home, home / "shared"
        made = subprocess.run(
            ["syncthing", "generate", f"--home={home}", "--no-default-folder"],
            capture_output=True, text=True, check=True,
        )  # fmt: skip
        found = re.search(r"Device ID: (\S+)", made.stdout + made.stderr)
        assert found is not None
        self.device, self.port, self.gui = found[1], free_port(), free_port()
        (self.folder / ".stfolder").mkdir(parents=True)

    def start(self, both: list[Instance]) -> subprocess.Popen[bytes]:
        members = "".join(f'<device id="{one.device}"></device>' for one in both)
        known = "".join(
            f'<device id="{one.device}" name="{one.home.name}">'
            f"<address>tcp://127.0.0.1:{one.port}</address></device>"
            for one in both
        )
        off = "".join(f"<{name}>false</{name}>" for name in OFF)
        (self.home / "config.xml").write_text(
            f'<configuration version="36"><folder id="t" path="{self.folder}" type="sendreceive"'
            f' rescanIntervalS="3600" fsWatcherEnabled="true" fsWatcherDelayS="1">{members}'
            "</folder>"
            f'{known}<gui enabled="true" tls="false"><address>127.0.0.1:{self.gui}</address>'
            f"<apikey>{KEY}</apikey></gui><options>"
            f"<listenAddress>tcp://127.0.0.1:{self.port}</listenAddress>{off}"
            "<reconnectionIntervalS>1</reconnectionIntervalS><urAccepted>-1</urAccepted>"
            "<autoUpgradeIntervalH>0</autoUpgradeIntervalH></options></configuration>",
            encoding="utf-8",
        )
        return subprocess.Popen(
            ["syncthing", "serve", f"--home={self.home}", "--no-browser", "--no-restart"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def scan(self) -> None:
        """Let it look at its folder now."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.gui}/rest/db/scan?folder=t", method="POST",
            headers={"X-API-Key": KEY},
        )  # fmt: skip
        with suppress(OSError):
            urllib.request.urlopen(request, timeout=5).close()


@pytest.fixture
def pair(tmp_path: Path) -> Iterator[list[Instance]]:
    both = [Instance(tmp_path / f"carrier-{name}") for name in "ab"]
    running = [one.start(both) for one in both]
    yield both
    for program in running:
        program.terminate()
    for program in running:
        program.wait(30)


def carried(pair: list[Instance]) -> None:
    """Wait until both folders hold the same."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        for one in pair:
            one.scan()
        held = [{file.name: file.read_bytes() for file in files(one.folder)} for one in pair]
        if held[0] == held[1]:
            return
        time.sleep(0.5)
    pytest.skip("syncthing did not carry the folder in time on this machine")


def test_two_machines_are_kept_in_step(tmp_path: Path, pair: list[Instance]) -> None:
    with ExitStack() as stack:
        machines = Machines(tmp_path, stack)
        both = [machines.start(name) for name in "ab"]
        for number in range(4):
            machines.forward(days=1)
            for one, carrier in zip(both, pair, strict=True):
                answers(one, 3 + number)
                assert not [told for told in sync(one, carrier.folder).told if "follow" in told]
            carried(pair)
        for one, carrier in zip(both, pair, strict=True):
            assert sync(one, carrier.folder).told == ()
        assert [one.store.numbers()[0] for one in both] == [36, 36]
        assert states(both[0]) == states(both[1])
