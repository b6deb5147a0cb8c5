"""Plans a quiz for one learner: the cards that were asked for, or a mix over what is known.

The app and the plain session both begin here, so that one seed asks the same in either.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence

from tutor.deck.model import KINDS, MARKED
from tutor.errors import NotFoundError, UsageError
from tutor.quiz.sequence import DEFAULT_COUNT, QuestionSequence, choose
from tutor.session.learner import Learner

_SEEDS = 1_000_000


def plan(
    learner: Learner,
    *,
    cards: Sequence[str] = (),
    topics: Collection[str] = (),
    kinds: Collection[str] = (),
    count: int | None = None,
    seed: int | None = None,
) -> QuestionSequence:
    """The quiz over these cards, or over `count` (10) cards of these topics and kinds.

    Cards already met come first, unless a seed is given: then the questions depend on the decks
    and the seed alone. Raises UsageError for a kind, NotFoundError for a topic, a card, or when
    nothing fits.
    """
    _check_kinds(kinds)
    drawn = secrets.randbelow(_SEEDS) if seed is None else seed
    if cards:
        keys = [_key(learner, key) for key in cards][:count]
    else:
        keys = choose(
            learner.library.entries.values(),
            count=DEFAULT_COUNT if count is None else count,
            seed=drawn,
            kinds=kinds,
            topics=learner.topics(topics),
            prefer=_met(learner) if seed is None else (),
        )
    if not keys and count != 0:
        raise NotFoundError(
            "Nothing to ask",
            "No card that the program can mark fits this choice.",
            "Choose other topics or kinds, or all of them.",
        )
    return QuestionSequence(keys, drawn, learner.library.card)


def _check_kinds(kinds: Collection[str]) -> None:
    for name in kinds:
        if name not in MARKED:
            about = "is studied, not quizzed" if name in KINDS else "is no kind of question"
            known = ", ".join(kind for kind in KINDS if kind in MARKED)
            raise UsageError("Wrong kind", f"{name!r} {about}.", f"Kinds: {known}.")


def _key(learner: Learner, key: str) -> str:
    library = learner.library
    entry = library.entries.get(library.resolve(key))
    if entry is None:
        raise NotFoundError(
            "No such card", f"{key!r} is no card of these decks.", "A key is written deck/id."
        )
    if entry.kind not in MARKED:
        raise UsageError(
            "Not a quiz card",
            f"{entry.key} is a {entry.kind} card: you rate it yourself.",
            f"tutor study --topic {entry.topic}" if entry.topic else "tutor study",
        )
    return entry.key


def _met(learner: Learner) -> set[str]:
    """The keys of the cards that were answered before."""
    unit = learner.library.unit
    return {unit(state.key)[0].key for state in learner.states() if state.reps}
