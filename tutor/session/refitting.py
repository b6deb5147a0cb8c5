"""Fits the memory model by itself when there are enough new answers, and takes back a fit.

A fit that is not taken is noted too, as a row with the weights that stay in force, so that it is
tried again when the answers have doubled and not at each start.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

from tutor.errors import DataError
from tutor.memory.fsrs import DEFAULT_WEIGHTS
from tutor.memory.model import Event
from tutor.memory.refits import helps, time_for
from tutor.session.learner import Learner
from tutor.session.replaying import fits, weights_of

if TYPE_CHECKING:
    from tutor.memory.fit import Fit


def is_due(learner: Learner) -> bool:
    """Whether it is time to fit anew, and the learner has not switched that off."""
    if learner.settings.refits == "off":
        return False
    return time_for(learner.summary.history.scored, _scored_at_last(learner))


def refit(learner: Learner) -> str:
    """Fit, and take the fit if it foretells answers that it has not seen better; else note it.

    Returns what to tell the learner: a fit that fails is no reason to keep anyone from studying.
    """
    try:
        return _refit(learner)
    except DataError as error:
        return f"The memory model was not fitted. {error.message} {error.hint}"


def _refit(learner: Learner) -> str:
    from tutor.session import fitting  # each start asks whether it is time, hardly any fits

    found = fitting.fit_learner(learner)
    if helps(found):
        fitting.keep(learner, found)
        return told(found)
    report = {**asdict(found), "kept": False}
    report.pop("weights")
    learner.append(lambda: [fitting.params(learner, learner.scheduler.model.weights, report)])
    return ""


def told(found: Fit) -> str:
    """The one line about a fit that was taken."""
    split = found.split
    assert split is not None  # `helps` asks for it
    return (
        f"The memory model was fitted to {found.scored:,} of your answers: it foretells"
        f" {split.n:,} later ones better than before (log loss {split.before:.3f} →"
        f" {split.after:.3f}). Dates that were promised stay. tutor fit --undo takes it back."
    )


def take_back(learner: Learner) -> Sequence[float] | None:
    """Put the weights in force that counted before the present ones; None where there are none.

    Before the first fit those were the usual ones. Raises DataError.
    """
    from tutor.session import fitting

    now = tuple(learner.scheduler.model.weights)
    rows = [(row, weights) for row in fits(learner.store) if (weights := weights_of(row))]
    if not rows:
        return None
    earlier = (weights for _, weights in rows if weights != now)
    before = next(earlier, tuple(DEFAULT_WEIGHTS))
    if before == now:
        return None
    report = {"undone": rows[0][0].id, "scored": learner.summary.history.scored}
    fitting.put_in_force(learner, before, report)
    return before


def newest(learner: Learner) -> Event | None:
    """The fit whose weights are in force; None where they are the usual ones."""
    now = tuple(learner.scheduler.model.weights)
    if now == tuple(DEFAULT_WEIGHTS):
        return None
    taken = (row for row in fits(learner.store) if _report(row).get("kept") is not False)
    return next((row for row in taken if weights_of(row) == now), None)


def _scored_at_last(learner: Learner) -> int:
    """How many scored answers the newest fit had, taken or not; 0 where it does not say."""
    rows = fits(learner.store)
    scored = _report(rows[0]).get("scored") if rows else 0
    return scored if isinstance(scored, int) else 0


def _report(row: Event) -> dict[str, object]:
    """What a fit says of itself; another program may have written anything."""
    try:
        found = json.loads(row.payload)["report"]
    except (ValueError, TypeError, KeyError):
        return {}
    return found if isinstance(found, dict) else {}
