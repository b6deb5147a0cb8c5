"""Ids of journal events: UUIDs of version 7, so that their order is the order of answering.

Their time is the clock's, but always later than the last id's, even when the clock goes back.
Source: RFC 9562, section 5.7.
"""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Iterator, Sequence
from contextlib import suppress
from functools import reduce
from operator import xor
from struct import unpack
from uuid import UUID

# The first digit of the second part that is by chance holds the two bits of the variant.
_VARIANT = {digit: "89ab"[int(digit, 16) & 3] for digit in "0123456789abcdef"}

# Digits of chance of one id, and how many ids the system is asked for at once.
_DIGITS, _AT_ONCE = 20, 100


class Ids:
    """Gives out one id after another, each greater than all before it as text."""

    def __init__(self, last: str | None = None) -> None:
        self._last_ms = -1
        self._ends = _ends()
        # An id that is no UUID was not made here; what comes next need not be greater.
        with suppress(ValueError):
            self._last_ms = time_of(last) if last else -1

    def next(self, utc_ms: int) -> str:
        """The id of an event at `utc_ms`; at least 1 ms later than the id before."""
        following = self._last_ms + 1
        self._last_ms = utc_ms if utc_ms > following else following
        time = f"{self._last_ms:012x}"
        return f"{time[:8]}-{time[8:]}-{next(self._ends)}"

    def many(self, utc_ms: int, count: int) -> list[str]:
        """The ids of so many events of that moment, 1 ms apart."""
        return [self.next(utc_ms) for _ in range(count)]


def _ends() -> Iterator[str]:
    """The second halves of ids, made of chance; the system is asked once for many."""
    while True:
        drawn = secrets.token_hex(_DIGITS // 2 * _AT_ONCE)
        yield from [_end(drawn[at : at + _DIGITS]) for at in range(0, len(drawn), _DIGITS)]


def _end(chance: str) -> str:
    """Version, variant and 74 bits of chance, which follow the 48 bits of time.

    chance: 20 hexadecimal digits.
    """
    return f"7{chance[1:4]}-{_VARIANT[chance[0]]}{chance[4:7]}-{chance[7:19]}"


def ids_from(utc_ms: int) -> str:
    """The text at or above which the ids of that moment and later ones are."""
    text = f"{utc_ms << 80:032x}"
    return f"{text[:8]}-{text[8:12]}"


def made_after(uid: str, utc_ms: int) -> bool:
    """Whether an id is of a later time; also when it is no UUID, for then nothing is known."""
    try:
        return time_of(uid) > utc_ms
    except ValueError:
        return True


def time_of(uid: str) -> int:
    """The UTC milliseconds in an id. Raises ValueError for text that is no UUID."""
    return UUID(uid).int >> 80


def digest_of(uid: str) -> int:
    """63 bits that stand for an id; `CardState.applied` is the exclusive or of them."""
    # The last bits of a UUID are drawn by chance: they are a digest already.
    if len(uid) == 36:
        try:
            return int(uid[19:23] + uid[24:], 16) & _MASK
        except ValueError:
            pass
    made = hashlib.blake2b(uid.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(made, "big") & _MASK


def digest_of_all(uids: Sequence[str]) -> int:
    """The exclusive or of the digests of many ids, which is faster at once."""
    told = "".join([uid[19:23] + uid[24:] for uid in uids])
    # Only where each of them is digits alone do both ways read the same.
    if set(map(len, uids)) == {36} and told.isascii() and told.isalnum():
        with suppress(ValueError):
            whole: int = reduce(xor, unpack(f">{len(uids)}Q", bytes.fromhex(told)))
            return whole & _MASK
    return reduce(xor, map(digest_of, uids), 0)


_MASK = (1 << 63) - 1
