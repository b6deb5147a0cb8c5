"""Which cards a plan means: by topic, chapter and tag, what was missed lately, what is known.

Study, drill, quiz and exam ask here, so that the same words choose the same cards in each.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.deck.model import Entry
from tutor.deck.search_key import search_key
from tutor.errors import NotFoundError
from tutor.memory.model import Rating
from tutor.session.plans import ExamPlan, QuizPlan, StudyPlan

if TYPE_CHECKING:
    from tutor.deck.library import Library
    from tutor.session.learner import Learner

AnyPlan = StudyPlan | QuizPlan | ExamPlan
MISSED_DAYS = 7
"""So long a card counts as missed, unless it was known on a later day."""
DRILLED = 20
"""So many cards a drill has that nothing else limits."""
_LOOKED_AT = 2_000  # of the newest answers


def is_chapter(word: str, number: int, title: str) -> bool:
    """Whether a search key means a chapter: by its number, or by the beginning of a word."""
    return word == str(number) if word.isdigit() else f" {word}" in f" {search_key(title)}"


def chapters_meant(library: Library, word: str) -> tuple[set[int], set[str]]:
    """The chapters that a word means: by number, and by name the decks without topics.

    Such a deck is a chapter of its own; its whole name means it and nothing else.
    """
    key = search_key(word)
    if exact := {deck for deck in library.bare if search_key(deck) == key}:
        return set(), exact
    numbers = {n for n, title in library.chapters.items() if is_chapter(key, n, title)}
    decks = {deck for deck, place in library.bare.items() if is_chapter(key, *place)}
    return numbers, decks


def topics_of(library: Library, plan: AnyPlan) -> tuple[str, ...]:
    """The ids of the topics that a plan names, those of its chapters too; none for all.

    Raises NotFoundError.
    """
    numbers = {n for word in plan.chapters for n in _chapters(library, word)[0]}
    inside = [topic.id for topic in library.topics.values() if topic.chapter in numbers]
    return tuple(dict.fromkeys((*library.topic_ids(plan.topics), *inside)))


def decks_of(library: Library, plan: AnyPlan) -> set[str]:
    """The decks without topics that a plan names as chapters. Raises NotFoundError."""
    return {deck for word in plan.chapters for deck in _chapters(library, word)[1]}


def placed_in(library: Library, plan: AnyPlan) -> frozenset[str] | None:
    """The keys of the cards of the topics and chapters of a plan; None where it names none.

    Raises NotFoundError.
    """
    if not (plan.topics or plan.chapters):
        return None
    topics, decks = set(topics_of(library, plan)), decks_of(library, plan)
    entries = library.entries.values()
    return frozenset(e.key for e in entries if e.topic in topics or e.deck in decks)


def _chapters(library: Library, word: str) -> tuple[set[int], set[str]]:
    found = chapters_meant(library, word)
    if not any(found):
        places = [*library.chapters.items(), *library.bare.values()]
        known = ", ".join(f"{n} {title}" if n else title for n, title in sorted(places) if title)
        raise NotFoundError(
            "No such chapter", f"No chapter is called {word!r}.", f"Known: {known}."
        )
    return found


def tagged(library: Library, tags: Iterable[str]) -> frozenset[str] | None:
    """The keys of the cards with one of the tags; None where no tag is asked for.

    Raises NotFoundError for a tag that no card has.
    """
    wanted = {tag.lower().lstrip("#") for tag in tags}
    if not wanted:
        return None
    known = {tag.lower() for entry in library.entries.values() for tag in entry.tags}
    for tag in sorted(wanted - known):
        every = ", ".join(sorted(known)) or "no card has any"
        raise NotFoundError("No such tag", f"No card has the tag {tag!r}.", f"Tags: {every}.")
    return frozenset(
        entry.key
        for entry in library.entries.values()
        if any(tag.lower() in wanted for tag in entry.tags)
    )


def accepted(learner: Learner) -> frozenset[str]:
    """The ids of the newest misses that were counted as right after all."""
    rows = learner.store.recent(_LOOKED_AT, "accept")
    return frozenset(json.loads(row.payload)["of"] for row in rows)


def missed(learner: Learner, days: int = MISSED_DAYS) -> tuple[str, ...]:
    """The units that were missed in the last days and not known on a later day, the last first."""
    day, forgiven = learner.now().study_day, accepted(learner)
    found: dict[str, None] = {}
    for event in learner.store.recent(_LOOKED_AT):
        if event.study_day <= day - days:
            break
        unit = learner.renames.key(event.card_key)
        wrong = event.rating is Rating.AGAIN and event.id not in forgiven
        if wrong and unit in learner.course.entry_of:
            state = learner.state(unit)
            if state.last_day == event.study_day and not state.suspended:
                found[unit] = None
    return tuple(found)


def met(learner: Learner) -> frozenset[str]:
    """The keys of the cards that were answered before."""
    unit = learner.library.unit
    return frozenset(
        unit(state.key)[0].key for state in learner.states() if state.reps and not state.suspended
    )


def drilled(learner: Learner, plan: StudyPlan, rng: random.Random) -> StudyPlan:
    """The plan of a drill with its cards chosen: what it names, else what was met, topics mixed.

    What was missed comes as it was missed, the last first. Raises NotFoundError if nothing fits.
    """
    if plan.cards:
        return plan
    # The first card of a day's session waits for nothing of the quiz.
    from tutor.quiz.sequence import mixed

    library, placed = learner.library, placed_in(learner.library, plan)
    tags, lately = tagged(library, plan.tags), missed(learner) if plan.pick == "missed" else ()
    pool = [
        entry
        for entry in library.entries.values()
        if (placed is None or entry.key in placed) and (tags is None or entry.key in tags)
    ]
    if plan.pick == "missed":
        inside = {unit for entry in pool for unit in entry.units}
        units = [unit for unit in lately if unit in inside]
    else:
        known = met(learner)
        units = _units(learner, mixed([e for e in pool if e.key in known], len(pool), rng))
    if not units:
        raise _nothing(plan)
    count = DRILLED if plan.limit is None and plan.minutes is None else len(units)
    return replace(plan, cards=tuple(units[:count]))


def _units(learner: Learner, entries: Sequence[Entry]) -> list[str]:
    """One unit a card: of the gaps of a cloze the one most at risk that was answered."""
    scheduler, day = learner.scheduler, learner.today.day
    found = []
    for entry in entries:
        states = [state for state in map(learner.state, entry.units) if state.reps]
        states = [state for state in states if not state.suspended]
        if states:
            risk = min(states, key=lambda state: scheduler.retrievability(state, day))
            found.append(risk.key)
    return found


def _nothing(plan: StudyPlan | QuizPlan) -> NotFoundError:
    if plan.pick == "missed":
        return NotFoundError(
            "Nothing was missed",
            f"No such card was missed in the last {MISSED_DAYS} days and not known since.",
            "Study what is due, or drill over what you know: tutor study --mixed",
        )
    return NotFoundError(
        "Nothing to drill yet",
        "A drill asks cards that you have met, and you have met none of these.",
        "Study begins them; a drill repeats them without moving their dates.",
    )


def quizzed(learner: Learner, plan: QuizPlan) -> list[Entry]:
    """The cards that a quiz may ask, in teaching order. Raises NotFoundError."""
    library, placed = learner.library, placed_in(learner.library, plan)
    tags = tagged(library, plan.tags)
    picked: frozenset[str] | None = None
    if plan.pick == "missed":
        picked = frozenset(library.unit(unit)[0].key for unit in missed(learner))
        if not picked:
            raise _nothing(plan)
    elif plan.pick == "known":
        picked = met(learner)
    return [
        entry
        for entry in library.entries.values()
        if (placed is None or entry.key in placed)
        and (tags is None or entry.key in tags)
        and (picked is None or entry.key in picked)
    ]
