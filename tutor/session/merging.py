"""Takes in what a learner did on other machines: rows first, then the states of their cards.

States are a function of the set of rows, so it does not matter who merged what in which order.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from tutor.errors import DamagedError, DataError
from tutor.memory.model import CardState
from tutor.memory.replay import replay
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


def merge(learner: Learner, other: Path) -> Merged:
    """Unite the journal with another one: a database, a backup or a data folder.

    All or nothing, on disk when this returns; a second time changes nothing. Raises DataError and
    UsageError as `chains_of` and `unite` do.
    """
    with chains_of(other.expanduser(), learner.store.files) as chains:
        return take_in(learner, chains)


def take_in(
    learner: Learner, chains: Iterable[Chain], refused: list[DataError] | None = None
) -> Merged:
    """Take in the rows of these chains that are not here, and what follows from them.

    refused: takes the reasons against single chains, each of which then is all or nothing;
    without it all chains together are.
    """
    with learner.at_rest():
        united = United()
        for group in [chains] if refused is None else ([each] for each in chains):
            try:
                united.add(unite(learner.store, group))
            except DamagedError as error:
                if refused is None:
                    raise
                refused.append(error)
        if united.added:
            _settle(learner, united.touched)
        told = warning(ahead(learner.store, learner.now()), learner.now()) if united.added else ()
        return Merged(united.added, united.present, tuple(told))


def _settle(learner: Learner, touched: Iterable[str]) -> None:
    """Work the states of these cards out anew; all states, where other weights count now."""
    before = learner.scheduler.model.id
    learner.refresh()  # replays what the union has marked as unfinished
    if learner.scheduler.model.id != before:
        states = Replaying(learner.store, learner.scheduler, learner.renames).states()
        learner.store.replace_states(states.values())
        learner.refresh()
    else:
        _settle_elsewhere(learner, [key for key in touched if key.startswith(f"{ELSEWHERE}/")])
    learner.store.put_glance(learner.glance())


def _settle_elsewhere(learner: Learner, touched: Iterable[str]) -> None:
    """Cards of other programs are not among the states that a session reads."""
    new: dict[str, CardState] = {}
    for key in touched:
        told = learner.renames.everything(key, learner.store)
        new |= replay(told, learner.scheduler, learner.renames.key)
    learner.store.exchange_states(new.values(), set(touched) - new.keys())
