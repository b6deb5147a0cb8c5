"""When the weights are fitted anew by themselves, and which fits are taken.

A fit on the answers of the first days stretches what it has not seen: in simulations one at 400
answers made every schedule a little worse, from 1,000 on none did (docs/memory.md).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.memory.fit import Fit

# Scored answers, those that test the memory, before the first fit.
FIRST = 1_000


def time_for(scored: int, at_last: int) -> bool:
    """Whether to fit anew: at 1,000 scored answers, and whenever they have doubled since.

    at_last: how many there were at the last fit, taken or not; 0 if there was none.
    """
    return scored >= max(FIRST, 2 * at_last)


def helps(found: Fit) -> bool:
    """Whether a fit foretells answers that it has not seen better, beyond what chance would do."""
    return found.better and found.split is not None and found.split.low > 0
