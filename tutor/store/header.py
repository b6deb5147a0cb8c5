"""What a database file's first 100 bytes and its length already tell, without SQLite.

SQLite forgives a file that lost part of its last page, or all but its first bytes; we do not.
See https://www.sqlite.org/fileformat.html#the_database_header.
"""

from __future__ import annotations

import struct
from pathlib import Path

_MAGIC = b"SQLite format 3\0"
_LENGTH = 100
_LARGEST_PAGE = 65_536


def fault(path: Path) -> str:
    """Why the file cannot be a whole database; empty when nothing speaks against it.

    Raises OSError when it cannot be read.
    """
    with path.open("rb") as file:
        header = file.read(_LENGTH)
    if len(header) < _LENGTH or not header.startswith(_MAGIC):
        return "file is not a database"
    pages = _pages(header)
    # While there is a WAL, pages may be waiting in it.
    wal = path.with_name(f"{path.name}-wal")
    waiting = wal.exists() and wal.stat().st_size > 0
    if not waiting and path.stat().st_size < pages * _page_size(header):
        return f"the file is cut short: it should have {pages} pages"
    return ""


def _page_size(header: bytes) -> int:
    """Bytes a page; the largest size does not fit into its two bytes and is written as 1."""
    (size,) = struct.unpack_from(">H", header, 16)
    return _LARGEST_PAGE if size == 1 else int(size)


def _pages(header: bytes) -> int:
    """The number of pages; 0 when an old SQLite wrote last and did not keep it up to date."""
    (changes,) = struct.unpack_from(">I", header, 24)
    (pages,) = struct.unpack_from(">I", header, 28)
    (counted_at,) = struct.unpack_from(">I", header, 92)
    return int(pages) if changes == counted_at else 0
