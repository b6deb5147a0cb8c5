"""Which questions an exam asks: drawn so that they speak for all that could be asked."""

from __future__ import annotations

import math
import random
import secrets
from collections.abc import Iterable
from itertools import chain, islice

from tutor.deck.expr import seed_of
from tutor.errors import NotFoundError
from tutor.quiz.asking import UNASKABLE, make_question
from tutor.quiz.question import Question
from tutor.quiz.sampling import sample
from tutor.session.choosing import placed_in
from tutor.session.exam_rows import Sitting
from tutor.session.learner import Learner
from tutor.session.plans import ExamPlan
from tutor.session.quiz import check_kinds

DEFAULT_COUNT = 20
MINUTES_A_QUESTION = 1.5
_SEEDS = 1_000_000


def drawn_up(learner: Learner, plan: ExamPlan) -> Sitting:
    """A new exam: its questions drawn so that they speak for all that could be asked.

    Without topics and chapters it is over the topics that were begun; a new learner's is over
    all. Raises UsageError for a kind, NotFoundError for a topic or a chapter, or if nothing fits.
    """
    check_kinds(plan.kinds)
    seed = secrets.randbelow(_SEEDS) if plan.seed is None else plan.seed
    library = learner.library
    entries, placed = library.entries.values(), placed_in(library, plan)
    topics = _begun(learner) if placed is None and plan.seed is None else ()
    count = DEFAULT_COUNT if plan.count is None else plan.count
    pool = [entry for entry in entries if placed is None or entry.key in placed]
    chosen, spare = sample(pool, count, random.Random(seed), kinds=plan.kinds, topics=topics)
    keys = _only_askable(learner, chosen, spare, seed)
    if not keys:
        raise NotFoundError(
            "Nothing to ask",
            "No card that the program can mark fits this choice.",
            "Choose other topics, chapters or kinds, or all of them.",
        )
    minutes = math.ceil(MINUTES_A_QUESTION * len(keys)) if plan.minutes is None else plan.minutes
    return Sitting(tuple(keys), seed, minutes * 60_000 or None)


def _only_askable(
    learner: Learner, chosen: Iterable[str], spare: Iterable[str], seed: int
) -> list[str]:
    """The cards that can be asked and marked; others stand in for those that cannot."""
    others = iter(spare)
    keys: list[str] = []
    for key in chosen:
        tried = chain((key,), others)
        keys += islice((each for each in tried if askable(learner, each, seed)), 1)
    return keys


def askable(learner: Learner, key: str, seed: int) -> Question | None:
    """The question of a card in an exam; None if it cannot be asked, or not be marked."""
    try:
        # The seed of a card's first question in a quiz, so that the two ask the same.
        question = make_question(learner.library.card(key), seed_of(f"{key}#1", seed))
    except UNASKABLE:
        return None
    return question if question.marked else None


def _begun(learner: Learner) -> set[str]:
    """The topics of which a card was answered."""
    unit = learner.library.unit
    return {unit(state.key)[0].topic or "" for state in learner.states() if state.reps} - {""}
