"""Who draws a fenced block of plain text that is a picture, such as `plot`.

The painters live in a room above this one; whoever prints puts them in here.
"""

from __future__ import annotations

from collections.abc import Callable

PLOT = "plot"
"""The language of a fence that holds curves; `tutor.deck.plots` reads it."""

Draw = Callable[[str, int | None], list[str] | None]
"""From a block's text and a width to its lines; None leaves the block as it is written."""

PAINTERS: dict[str, Draw] = {}
"""The painter of each language."""

IN_WORDS: dict[str, Callable[[str], list[str] | None]] = {}
"""What says a block of each language in sentences, for ears and fingers."""
