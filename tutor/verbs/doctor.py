"""`tutor doctor`: verify the database, the states and the backups; mend what can be mended.

Exit status 0 when all is well, 1 when something was found, also if it was mended.
"""

from __future__ import annotations

import argparse
import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from tutor.paths import Place
from tutor.text.printing import say, say_json, tell
from tutor.text.sanitize import clean

if TYPE_CHECKING:
    from tutor.memory.model import CardState, Event
    from tutor.session.learner import Learner
    from tutor.store.catalog import Backup
    from tutor.store.doctor import Findings

_NAMED = 10


def run(args: argparse.Namespace, place: Place) -> int:
    """Examine and report. Returns the exit status."""
    if args.terminal:
        from tutor.verbs import terminal_check

        return terminal_check.run(place, as_json=args.json)
    from tutor.verbs.opening import open_learner

    with open_learner(place) as learner:
        if args.retime:
            count = learner.cut_back()
            tell(f"{count} rows of the future count as of now; the key u takes that back")
        findings = _examine(learner)
    if args.json:
        say_json(findings.as_json())
    else:
        say("\n".join(_lines(findings)))
    return 0 if findings.healthy else 1


def _examine(learner: Learner) -> Findings:
    from tutor.session.replaying import ELSEWHERE
    from tutor.session.verifying import Replaying
    from tutor.store.doctor import examine

    def states_after(_events: Iterable[Event]) -> Mapping[str, CardState]:
        return Replaying(learner.store, learner.scheduler, learner.renames).states()

    present = learner.course.entry_of.keys() | learner.library.topics.keys()
    # Imported answers to cards of another program are not lost: they never had a card here.
    elsewhere = set(learner.store.keys_of(ELSEWHERE))
    findings = examine(learner.store, states_after, present | elsewhere)
    if not findings.healthy and not findings.integrity:
        # The first screen was prepared from the states that were wrong.
        learner.refresh()
        learner.store.put_glance(learner.glance())
    return findings


def _lines(found: Findings) -> Iterator[str]:
    good = [backup for backup, verdict in found.backups if verdict.good]
    yield f"database   {clean('; '.join(found.integrity)) or 'sound'}"
    if found.integrity:
        yield f"           {_way_out(found.integrity, good)}"
    yield (
        f"journal    {found.events} rows: {found.reviews} answers that count,"
        f" {found.undone} taken back"
    )
    yield from (f"mended     {clean(done)}" for done in found.mended)
    yield f"states     {_states(found)}"
    yield f"cards      {_cards(found)}"
    for old, new in found.renamed:
        yield f"           {old} may now be {new}; then write deck: {old} into its front matter"
    renamed = dict(found.renamed)
    for each in found.proposals:
        if each.orphan.partition("/")[0] in renamed:
            continue
        yield f"           {each.orphan} may now be {each.likely}; then give it aka={each.orphan}"
    newest = f", the newest good one {good[0].path}" if good else ""
    yield f"backups    {len(good)} good of {len(found.backups)}{newest}"
    for backup, verdict in found.backups:
        if not verdict.good:
            yield f"           {backup.path}: {verdict.fault}"


def _way_out(integrity: Sequence[str], good: Sequence[Backup]) -> str:
    """What the learner can do about what is wrong with the file, the rows or their chains."""
    if all(fault.endswith("is not ours") for fault in integrity):
        return "Your answers are whole: take that out with the program that put it in."
    if not good:
        return "There is no good backup. What can be read still counts, and you may go on with it."
    return (
        f"What can be read still counts. To go on from the newest good backup instead:"
        f" tutor restore {shlex.quote(str(good[0].path))}; what was answered since stays in a copy."
    )


def _states(found: Findings) -> str:
    if found.integrity:
        return "not compared as long as that is so"
    if not found.differing:
        return "all as the journal says"
    mended = "mended from the journal" if found.repaired else "not mended"
    told = f"{len(found.differing)} not as the journal says, {mended}"
    if found.late:
        # The first version replayed answers in the order in which they came in.
        told += (
            f"; to {len(found.late)} of them older answers were imported after younger ones,"
            " and now count at their own time"
        )
    return told


def _cards(found: Findings) -> str:
    if not found.orphans:
        return "every answered card is in the decks"
    named = ", ".join(found.orphans[:_NAMED])
    more = ", ..." if len(found.orphans) > _NAMED else ""
    return f"{len(found.orphans)} answered, but no longer in the decks: {named}{more}"
