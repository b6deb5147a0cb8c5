"""Syncs a learner's journal with a folder that something else carries between machines."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tutor.deck.load_progress import OnProgress, ignore
from tutor.errors import DataError, NotFoundError
from tutor.exchange import segments
from tutor.exchange.git import GitError, Repository
from tutor.session.learner import Learner
from tutor.session.merging import take_in
from tutor.store.backup import sync_folder
from tutor.store.chain import ELSEWHERE
from tutor.store.union import Chain, common_rows, give_way, rows_above, writers

MOST_TRIES = 30


@dataclass(frozen=True, slots=True)
class Synced:
    """What a sync did: rows that came in, rows that were here too, rows that were written.

    told: what is waited for, was refused or does not belong in the folder. tries: how often git
    was asked to push.
    """

    added: int
    present: int
    sent: int
    told: tuple[str, ...] = ()
    tries: int = 0


def sync(learner: Learner, folder: Path, on_progress: OnProgress = ignore) -> Synced:
    """Take in what the folder has more, write what it lacks.

    Raises NotFoundError for a folder that is not there, and DataError as the store does. What a
    file has that cannot be taken is told, and the others are.
    """
    if not folder.is_dir():
        raise NotFoundError(
            "No such folder", f"{folder} is no folder.",
            "Make it first, or mount what carries it; then sync again.",
        )  # fmt: skip
    with learner.at_rest():
        found = segments.look(folder)
        refused: list[DataError] = []
        for each in found.chains.values():
            let_others_keep_the_name(learner, each)
        done = take_in(learner, found.chains.values(), refused, on_progress)
        sent = _send(learner, folder, found)
    told = (*done.warnings, *found.told, *(error.message for error in refused))
    return Synced(done.added, done.present, sent, told)


def sync_with_git(learner: Learner, folder: Path, on_progress: OnProgress = ignore) -> Synced:
    """The same in a clone of a git repository: pulled before, committed and pushed after.

    Where another machine was faster to push, it is done again. Raises GitError, after which
    everything is written and committed here.
    """
    repository = Repository(folder)
    added = sent = 0
    for attempt in range(1, MOST_TRIES + 1):
        repository.pull()
        repository.mark()
        done = sync(learner, folder, on_progress)
        added, sent = added + done.added, sent + done.sent
        repository.commit()
        if repository.push():
            return Synced(added, done.present + done.added - added, sent, done.told, attempt)
    raise GitError(
        "git could not push", f"Others were faster {MOST_TRIES} times.", "Sync again in a while."
    )


def let_others_keep_the_name(learner: Learner, found: Chain) -> None:
    """After a fork the branch out there has been read by others: ours gets a new name."""
    ours = writers(learner.store).get(found.name)
    common = common_rows(learner.store, found)
    if ours and common < min(ours.rows, found.rows):
        give_way(learner.store, found.name, common)


def _send(learner: Learner, folder: Path, found: segments.Folder) -> int:
    """Write the rows that the folder lacks, of whatever writer: also what was lost there."""
    sent, changed = 0, False
    for name, ours in writers(learner.store).items():
        chain = found.chains.get(name)
        there = chain.rows if chain else 0
        # Behind the last row of a writer of this machine there is nothing but damage.
        ends = bool(chain and chain.told) and ours.home != ELSEWHERE
        if ours.rows > there or ends:
            after = max(0, there - 1) // segments.ROWS * segments.ROWS
            rows = rows_above(learner.store, name, after)
            changed |= bool(segments.write(folder, name, after, rows, ends))
            sent += ours.rows - there
    if changed:
        sync_folder(folder)
    return sent
