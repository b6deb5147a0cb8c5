"""Plans a quiz for one learner: the cards that were asked for, or a mix over what is known.

The app and the plain session both begin here, so that one seed asks the same in either.
"""

from __future__ import annotations

import secrets
from collections.abc import Collection

from tutor.deck.model import KINDS, MARKED
from tutor.errors import NotFoundError, UsageError
from tutor.quiz.sequence import DEFAULT_COUNT, QuestionSequence, choose
from tutor.session.learner import Learner
from tutor.session.plans import QuizPlan

_SEEDS = 1_000_000


def draw_up(learner: Learner, plan: QuizPlan) -> QuestionSequence:
    """The quiz that `plan` asks for.

    Cards already met come first, unless a seed is given: then the questions depend on the decks
    and the seed alone. Raises UsageError for a kind, NotFoundError for a topic, a card, or when
    nothing fits.
    """
    _check_kinds(plan.kinds)
    seed = secrets.randbelow(_SEEDS) if plan.seed is None else plan.seed
    if plan.cards:
        keys = [_key(learner, key) for key in plan.cards][: plan.count]
    else:
        keys = choose(
            learner.library.entries.values(),
            count=DEFAULT_COUNT if plan.count is None else plan.count,
            seed=seed,
            kinds=plan.kinds,
            topics=learner.library.topic_ids(plan.topics),
            prefer=_met(learner) if plan.seed is None else (),
        )
    if not keys and plan.count != 0:
        raise NotFoundError(
            "Nothing to ask",
            "No card that the program can mark fits this choice.",
            "Choose other topics or kinds, or all of them.",
        )
    return QuestionSequence(keys, seed, learner.library.card)


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
