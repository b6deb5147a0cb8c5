"""Syncs a learner's journal with the server of a class, which carries it to other machines."""

from __future__ import annotations

from tutor.deck.load_progress import OnProgress, ignore
from tutor.errors import DataError
from tutor.exchange.classroom.counting import put_standing
from tutor.exchange.classroom.rows import OutrunError, ServerChain, chains, push
from tutor.exchange.classroom.server import STEP_S, Ask, Server, server
from tutor.exchange.classroom.words import ServerError
from tutor.session.learner import Learner
from tutor.session.merging import Merged, take_in
from tutor.session.standing import standing
from tutor.session.syncing import Synced, let_others_keep_the_name
from tutor.store.union import common_rows, writers

MOST_TRIES = 10


def sync_with_class(
    learner: Learner,
    address: str,
    ask: Ask | None = None,
    on_progress: OnProgress = ignore,
    step_s: float = STEP_S,
) -> Synced:
    """Take in what the server has more of this learner, send what it lacks.

    One transaction there; where another machine was faster to push, all is done again. Rows that
    cannot be taken are told, and the others are. Raises ServerError, UsageError, and DataError as
    the store does; what had come in by then stays.
    """
    added = 0
    with server(address, ask, step_s) as found:
        for attempt in range(1, MOST_TRIES + 1):
            refused: list[DataError] = []
            there = chains(found, writers(learner.store))
            done = _pull(learner, there, refused, on_progress)
            added += done.added
            now = standing(learner)
            try:
                sent = _push(learner, found, there)
            except OutrunError:
                found.roll_back()
                continue
            put_standing(found, now.topics, now.unmet, now.slips)
            found.commit()
            told = (*done.warnings, *(error.message for error in refused))
            return Synced(added, done.present + done.added - added, sent, told, attempt)
    raise ServerError(
        "Other machines of yours were faster", f"They pushed first {MOST_TRIES} times.",
        "Sync again in a while.",
    )  # fmt: skip


def _pull(
    learner: Learner, there: list[ServerChain], refused: list[DataError], on_progress: OnProgress
) -> Merged:
    """Bring all rows here before any is taken in: the journal does not wait for the network."""
    try:
        for number, each in enumerate(there):
            on_progress(number / len(there))
            let_others_keep_the_name(learner, each)
            if (common := common_rows(learner.store, each)) < each.rows:
                each.fetch(common)
        return take_in(learner, there, refused, on_progress)
    finally:
        for each in there:
            each.close()


def _push(learner: Learner, found: Server, there: list[ServerChain]) -> int:
    """Send the rows that the server lacks, of whatever writer, in an order that all keep to."""
    seen = {each.name: each.rows for each in there}
    return sum(
        push(found, ours, learner.store, seen.get(name, 0))
        for name, ours in sorted(writers(learner.store).items())
        if ours.rows > seen.get(name, 0)
    )
