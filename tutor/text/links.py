"""How a link is shown: its words, and its address behind them, seen before anything is opened."""

from __future__ import annotations


def address(words: str, href: str) -> str:
    """What is shown of `href` behind a link's `words`: nothing where they are the address."""
    bare = href.removeprefix("mailto:").split("://", 1)[-1]
    return "" if words in {href, bare} else href
