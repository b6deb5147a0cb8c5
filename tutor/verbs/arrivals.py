"""How an import tells what comes in and what does not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tutor.text.printing import say

if TYPE_CHECKING:
    from tutor.exchange.decks import Plan
    from tutor.exchange.notes import LeftOut

_SHOWN = 3
REASONS = 10
"""So many sentences and reasons are shown; --json has all."""


def show_cards(plan: Plan) -> None:
    """The first cards that are new."""
    from tutor.text.markdown import plain

    for card in [card for deck in plan.decks for card in deck.cards][:_SHOWN]:
        say(f"  {card.kind}: {plain(card.front, None)}")


def show_left_out(left_out: Sequence[LeftOut]) -> None:
    """What does not come in, and why; the first of it where it is much."""
    for left in left_out[:REASONS]:
        where = f"line {left.line}: " if left.line else ""
        say(f"  not taken: {where}{left.what} ({left.why})")
    if len(left_out) > REASONS:
        say(f"  and {len(left_out) - REASONS:,} more; --json names them all")
