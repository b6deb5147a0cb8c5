"""Examines a database: structure, journal against states, cards that are gone, backups.

The journal is the truth: states that differ from its replay are replaced by the replay.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from difflib import SequenceMatcher, get_close_matches
from typing import Any

from tutor.memory.model import CardState, Event
from tutor.store import plain
from tutor.store.catalog import Backup
from tutor.store.engine import driver
from tutor.store.failures import as_data_errors
from tutor.store.journal import Store
from tutor.store.verify import Verdict, verify
from tutor.store.version import SCHEMA_VERSION

Replay = Callable[[Iterable[Event]], Mapping[str, CardState]]
# Below this likeness of two ids a proposal would be a guess.
_LIKE = 0.6


@dataclass(frozen=True, slots=True)
class Proposal:
    """A card that is gone, and the card it was probably renamed to."""

    orphan: str
    likely: str
    similarity: float


@dataclass(frozen=True, slots=True)
class Findings:
    """What the examination found, and whether it was mended.

    integrity: what is wrong with the file, its rows or their chains, and cannot be mended here.
    mended: what was wrong beside the journal and is right again.
    differing: keys whose stored state was not what the journal says; repaired: it is now.
    late: those of them to which older answers were imported after younger ones.
    orphans: keys with answers, but without a card in the decks.
    renamed: decks whose answered cards all stand, with their ids, in another one: old, new name.
    """

    integrity: tuple[str, ...]
    mended: tuple[str, ...]
    events: int
    reviews: int
    undone: int
    differing: tuple[str, ...]
    repaired: bool
    late: tuple[str, ...]
    orphans: tuple[str, ...]
    proposals: tuple[Proposal, ...]
    renamed: tuple[tuple[str, str], ...]
    backups: tuple[tuple[Backup, Verdict], ...]

    @property
    def healthy(self) -> bool:
        """Nothing needed mending; a card that is gone is the learner's business, not damage."""
        return not self.integrity and not self.mended and not self.differing

    def as_json(self) -> dict[str, Any]:
        """The shape of `tutor doctor --json`."""
        return {
            "integrity": "; ".join(self.integrity) or "ok",
            "schema": SCHEMA_VERSION,
            "journal": {"events": self.events, "reviews": self.reviews, "undone": self.undone},
            "states_match": not self.differing,
            "differing": list(self.differing),
            "repaired": self.repaired,
            "imported_late": list(self.late),
            "mended": list(self.mended),
            "orphans": list(self.orphans),
            "proposals": [
                {"orphan": each.orphan, "likely": each.likely, "similarity": each.similarity}
                for each in self.proposals
            ],
            "backups": [_backup_json(backup, verdict) for backup, verdict in self.backups],
        }


def examine(store: Store, replay: Replay, cards: Collection[str]) -> Findings:
    """Check everything; make anew what is derived and differs from the journal.

    cards: the keys that the decks have now, topics included; replay names renamed cards anew.
    Raises DataError when the database cannot be read or the repair cannot be written.
    """
    mended, structure = store.mend_schema()
    integrity, derived = store.check_apart(structure)
    expected = replay(store.active_events())
    differing = _differing(store.states(), expected) if not integrity else ()
    if not integrity and (differing or derived or not store.days_match()):
        mended += derived or ([] if differing else ["the counts of the study days differed"])
        store.replace_states(expected.values())
    events, reviews, undone = store.numbers()
    orphans = tuple(sorted(key for key in expected if key not in cards))
    proposals = propose(orphans, set(cards) - set(expected))
    answered = {_deck(key) for key in expected if key in cards}
    return Findings(
        integrity=tuple(integrity),
        mended=tuple(mended),
        events=events,
        reviews=reviews,
        undone=undone,
        differing=differing,
        repaired=bool(differing) and not integrity,
        late=_imported_late(store, differing),
        orphans=orphans,
        proposals=proposals,
        renamed=tuple(renamed_decks(orphans, proposals, answered)),
        backups=tuple(
            (backup, verify(backup.path, by_seal=True)) for backup in store.files.listed()
        ),
    )


def propose(orphans: Iterable[str], candidates: Collection[str]) -> tuple[Proposal, ...]:
    """The likeliest new key of each orphan among the cards that were never answered."""
    new = sorted(candidates)
    likely = ((gone, _same_id(gone, new) or get_close_matches(gone, new, n=1, cutoff=_LIKE))
              for gone in orphans)  # fmt: skip
    return tuple(
        Proposal(gone, best, _likeness(gone, best)) for gone, found in likely for best in found
    )


def renamed_decks(
    orphans: Collection[str], proposals: Sequence[Proposal], answered: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Decks whose cards that are gone all have their ids in one other deck, as (old, new) names.

    Nothing of the new deck may be answered under its new name: it would lose that.
    """
    now = {each.orphan: each.likely for each in proposals if _id(each.orphan) == _id(each.likely)}
    for old in dict.fromkeys(map(_deck, orphans)):
        found = {_deck(now.get(key, "")) for key in orphans if _deck(key) == old}
        if len(found) == 1 and (new := found.pop()) and new not in answered:
            yield old, new


def _deck(key: str) -> str:
    return key.partition("/")[0]


def _id(key: str) -> str:
    return key.partition("/")[2]


def _same_id(gone: str, new: Sequence[str]) -> list[str]:
    """The one new card that has the orphan's id in another deck, as when a file was renamed."""
    found = [key for key in new if _id(key) == _id(gone)]
    return found if len(found) == 1 else []


def _likeness(one: str, other: str) -> float:
    return round(SequenceMatcher(None, one, other).ratio(), 2)


def _differing(
    stored: Mapping[str, CardState], expected: Mapping[str, CardState]
) -> tuple[str, ...]:
    keys = stored.keys() | expected.keys()
    return tuple(sorted(key for key in keys if not _same(stored.get(key), expected.get(key))))


def _imported_late(store: Store, keys: Sequence[str]) -> tuple[str, ...]:
    with as_data_errors(store.files), store.engine.begin() as connection:
        return tuple(plain.imported_late(driver(connection), keys))


def _same(one: CardState | None, other: CardState | None) -> bool:
    """Equal, but for the last digits of the two numbers that another machine may round.

    A card whose answers were all taken back is as good as one that was never touched.
    """
    if one is None or other is None:
        touched = one or other
        return touched is None or touched == CardState(touched.key)
    return one == other or (
        replace(one, stability=0.0, difficulty=0.0) == replace(other, stability=0.0, difficulty=0.0)
        and math.isclose(one.stability, other.stability, rel_tol=1e-5)
        and math.isclose(one.difficulty, other.difficulty, rel_tol=1e-5)
    )


def _backup_json(backup: Backup, verdict: Verdict) -> dict[str, Any]:
    return {
        "file": str(backup.path),
        "made": backup.made.isoformat(),
        "reason": backup.reason,
        "good": verdict.good,
        "fault": verdict.fault,
        "events": verdict.events,
    }
