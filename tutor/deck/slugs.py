"""Ids are slugs: a-z, 0-9 and single hyphens. This makes them from text and tells them apart."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container

MAX_LENGTH = 80
MADE_LENGTH = 40

_SLUG = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")


def is_slug(text: str) -> bool:
    """Whether `text` may be an id."""
    return len(text) <= MAX_LENGTH and _SLUG.fullmatch(text) is not None


def slug(text: str) -> str:
    """`text` as a slug of at most `MADE_LENGTH` characters, cut between words; may be empty."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
    if len(words) > MADE_LENGTH:
        words = words[: MADE_LENGTH + 1].rpartition("-")[0] or words[:MADE_LENGTH]
    return words


def free(name: str, taken: Container[str]) -> str:
    """`name`, or the first of `name-2`, `name-3`, ... that is not taken."""
    number, candidate = 2, name
    while candidate in taken:
        number, candidate = number + 1, f"{name}-{number}"
    return candidate
