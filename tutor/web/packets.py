"""The packets between the server and the app: Textual's own form (`textual.drivers.web_driver`).

A letter ("D" for what a terminal would get, "M" for JSON about the session), four bytes of
length, the payload.
"""

from __future__ import annotations

import json
from asyncio import IncompleteReadError, StreamReader

BEGINS = b"__GANGLION__\n"
"""The line with which the app says that packets follow."""


def data(payload: bytes) -> bytes:
    """Keys as a packet."""
    return b"D%s%s" % (len(payload).to_bytes(4, "big"), payload)


def meta(**about: object) -> bytes:
    """Something about the session as a packet, such as `type="resize"`."""
    payload = json.dumps(about).encode()
    return b"M%s%s" % (len(payload).to_bytes(4, "big"), payload)


async def read(stream: StreamReader) -> tuple[bytes, bytes] | None:
    """The next packet: its letter and its payload; None at the end."""
    try:
        letter = await stream.readexactly(1)
        size = int.from_bytes(await stream.readexactly(4), "big")
        return letter, await stream.readexactly(size)
    except (IncompleteReadError, ConnectionError):
        return None
