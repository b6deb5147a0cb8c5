"""`tutor fit`: fit the memory model to your answers, and say whether it helps."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from time import perf_counter
from typing import TYPE_CHECKING, Any

from tutor.paths import Place
from tutor.text.numerals import plural
from tutor.text.printing import say, say_json

if TYPE_CHECKING:
    from tutor.memory.fit import Fit


def run(args: argparse.Namespace, place: Place) -> int:
    """Fit, report, and keep the weights if they are better. Returns the exit status."""
    from tutor.session import fitting
    from tutor.verbs.opening import open_learner

    if args.undo:
        return _undo(args, place)
    with open_learner(place) as learner:
        started = perf_counter()
        found = fitting.fit_learner(learner)
        seconds = perf_counter() - started
        kept = found.better and not args.dry_run
        if kept:
            fitting.keep(learner, found)
        moved = fitting.reschedule(learner) if args.reschedule and not args.dry_run else 0
    if args.json:
        say_json(_json(found, seconds, kept))
    else:
        say("\n".join(_lines(found, kept)))
        if args.reschedule:
            say(f"{moved:,} due dates moved")
    return 0


def _undo(args: argparse.Namespace, place: Place) -> int:
    """Go back to the weights that were in force before."""
    from tutor.session import fitting
    from tutor.session.refitting import take_back
    from tutor.verbs.opening import open_learner

    with open_learner(place) as learner:
        weights = take_back(learner)
        moved = fitting.reschedule(learner) if args.reschedule and weights else 0
    if args.json:
        say_json({"undone": weights is not None, "weights": list(weights or ()), "moved": moved})
    elif weights is None:
        say("There is no fit to take back: the usual weights are in force.")
    else:
        say("The weights from before the fit are in force again. Promised dates stay as they are.")
        if args.reschedule:
            say(f"{moved:,} due dates moved")
    return 0


def _json(found: Fit, seconds: float, kept: bool) -> dict[str, Any]:
    split = asdict(found.split) if found.split else None
    return {
        "reviews": found.reviews,
        "scored": found.scored,
        "used": found.used,
        "log_loss_before": found.log_loss_before,
        "log_loss_after": found.log_loss_after,
        "split": split or {"before": None, "after": None, "low": None, "high": None, "n": 0},
        "rmse_bins_before": found.rmse_bins_before,
        "rmse_bins_after": found.rmse_bins_after,
        "weights": list(found.weights),
        "seconds": round(seconds, 4),
        "longest": found.longest,
        "kept": kept,
    }


def _lines(found: Fit, kept: bool) -> Iterator[str]:
    from tutor.memory.refits import FIRST

    yield f"answers       {found.reviews:,}, of them {found.scored:,} test the memory"
    if found.used < found.scored:
        yield f"read          {found.used:,} of these, all those of some cards"
    if found.log_loss_before is None:
        yield "Too few answers to fit anything: the weights stay as they are."
        return
    if found.scored < FIRST:
        yield f"Only {found.scored:,} answers test the memory, the longest after {_days(found)}."
        yield "Of longer intervals so small a log says nothing: it cannot promise better dates."
    if not found.moved:
        yield "These answers move no weight. The weights stay as they are."
        return
    yield f"log loss      {found.log_loss_before:.4f} -> {found.log_loss_after:.4f} on them"
    yield f"RMSE (bins)   {found.rmse_bins_before:.4f} -> {found.rmse_bins_after:.4f}"
    if found.split:
        split = found.split
        yield f"foretelling   {split.before:.4f} -> {split.after:.4f} on {split.n:,} later answers"
        yield f"              gain {split.low:+.4f} to {split.high:+.4f} (95 %)"
        if split.low <= 0:
            yield "              That may be chance: fit again when there are more answers."
    yield "The new weights are in force." if kept else "The weights stay as they are."


def _days(found: Fit) -> str:
    return plural(found.longest, "day")
