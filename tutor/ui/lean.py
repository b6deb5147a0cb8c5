"""Imports Textual without what it takes along for pages that Today does not have.

That is a fifth of what an app needs to its first paint: fields, lists and buttons of the command
palette, TLS for a loop that opens no connection, names for files that nobody saves.
"""

from __future__ import annotations

import sys

from tutor.later import standing_in

# Module: what Textual takes out of it at its top, and only calls much later or never.
SELDOM = {
    "textual.command": (
        "CommandListItem", "CommandPalette", "DiscoveryHit", "Hit", "Hits", "Provider",
        "SimpleProvider",
    ),
    "rich.table": ("Table",),
    "difflib": ("get_close_matches",),
    "platformdirs": ("user_downloads_path",),
    "uuid": ("uuid4",),
}  # fmt: skip


def import_textual() -> None:
    """Import Textual's app, if nobody has done so yet."""
    if "ssl" not in sys.modules and "asyncio" not in sys.modules:
        sys.modules["ssl"] = None  # type: ignore[assignment]  # asyncio does without it
        import asyncio  # noqa: F401

        del sys.modules["ssl"]
    with standing_in(SELDOM):
        import textual.app  # noqa: F401
