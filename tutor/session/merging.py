"""Takes in what a learner did on other machines: rows first, then the states of their cards.

States are a function of the set of rows, so it does not matter who merged what in which order.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tutor.deck.load_progress import OnProgress, ignore
from tutor.errors import DamagedError, DataError
from tutor.session.clock import ahead, warning
from tutor.session.learner import Learner
from tutor.session.replaying import ELSEWHERE
from tutor.session.verifying import Replaying
from tutor.store.other import chains_of
from tutor.store.union import Chain, United, unite


@dataclass(frozen=True, slots=True)
class Merged:
    """How many rows came in, and how many were here already.

    warnings: what the learner should be told, as rows of a clock that ran ahead.
    """

    added: int
    present: int
    warnings: tuple[str, ...] = ()


def merge(learner: Learner, other: Path, on_progress: OnProgress = ignore) -> Merged:
    """Unite the journal with another one: a database, a backup or a data folder.

    All or nothing, on disk when this returns; a second time changes nothing. Raises DataError and
    UsageError as `chains_of` and `unite` do.
    """
    with chains_of(other.expanduser(), learner.store.files) as chains:
        return take_in(learner, chains, None, on_progress)


def take_in(
    learner: Learner,
    chains: Iterable[Chain],
    refused: list[DataError] | None = None,
    on_progress: OnProgress = ignore,
) -> Merged:
    """Take in the rows of these chains that are not here, and what follows from them.

    refused: takes the reasons against single chains, each of which then is all or nothing;
    without it all chains together are.
    """
    with learner.at_rest():
        united = United()
        for group in [chains] if refused is None else ([each] for each in chains):
            try:
                united.add(unite(learner.store, group, on_progress))
            except DamagedError as error:
                if refused is None:
                    raise
                refused.append(error)
        if united.added:
            _settle(learner, united.touched)
        told = warning(ahead(learner.store, learner.now()), learner.now()) if united.added else ()
        return Merged(united.added, united.present, tuple(told))


def _settle(learner: Learner, touched: set[str]) -> None:
    """Work the states of these cards out anew; all states, where other weights count now."""
    store, by = learner.store, learner.made_scheduler()
    replaying = Replaying(store, by, learner.renames)
    store.states(but=ELSEWHERE)  # what is written next is built on what is there now
    if by.model.id != learner.scheduler.model.id:
        store.replace_states(replaying.states().values())
    else:
        states = replaying.states_of(touched)
        store.exchange_states(states.values(), touched - states.keys())
    learner.refresh()
    store.put_glance(learner.glance())
