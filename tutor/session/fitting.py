"""Fits the memory model to a learner's journal, keeps the weights, and forecasts the work.

A fit changes what is remembered of every card, by replay; promised dates stay until the next
answer, unless the learner asks to move them.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, replace
from itertools import chain

from tutor.errors import NotFoundError
from tutor.memory.fit import MOST, Fit, fit
from tutor.memory.fsrs import Model
from tutor.memory.log import ReviewLog, is_among, lives_of, log_of_lives
from tutor.memory.model import Event
from tutor.memory.replay import state_after
from tutor.memory.schedule import Scheduler
from tutor.memory.simulate import Buttons, Study, Workload, workload
from tutor.memory.time import Moment
from tutor.session.learner import Learner
from tutor.session.replaying import ELSEWHERE, fits


def log_of(learner: Learner) -> ReviewLog:
    """The learner's answers as the fit reads them."""
    return log_of_lives(lives_of(_answers(learner)))


def _answers(
    learner: Learner, names: Iterable[str] = ()
) -> Iterator[tuple[str, Iterable[tuple[int | None, int]]]]:
    """Each card's answers as they count; a card with more to it is read row by row.

    names: the keys, present and former, of the cards that are wanted; all when there are none.
    """
    renames, slow = learner.renames, dict[str, None]()
    for card in learner.store.cards(names):
        key = renames.key(card.key)
        if card.answers and key == card.key and not renames.was_renamed(key):
            yield key, zip(card.answers.ratings, card.answers.days, strict=True)
        else:
            slow[key] = None
    for key in slow:
        rows = renames.history(key, learner.store)
        yield (
            key,
            (
                (row.rating if row.kind == "review" else None, row.study_day)
                for row in rows
                if row.kind in ("review", "reset")
            ),
        )


def fit_learner(learner: Learner) -> Fit:
    """Fit the weights to the journal; nothing is kept yet.

    Of very many answers only those of some cards are read.
    """
    history = learner.store.history()
    scored, reviews = history.scored, sum(day.reviews for day in history.days.values())
    share = scored // MOST + 1
    log = log_of(learner) if share == 1 else log_of_lives(lives_of(_sample(learner, share)))
    found = fit(log, learner.scheduler.model.weights)
    return found if share == 1 else replace(found, reviews=reviews, scored=scored)


def _sample(learner: Learner, share: int) -> Iterator[tuple[str, Iterable[tuple[int | None, int]]]]:
    """The answers to one card in `share`."""
    keys = chain(learner.today.states, learner.store.keys_of(ELSEWHERE))
    chosen = [key for key in keys if is_among(key, share)]
    return _answers(learner, [name for key in chosen for name in learner.renames.names(key)])


def keep(learner: Learner, found: Fit) -> None:
    """Put the fitted weights in force. All earlier ones stay in the journal."""
    report = asdict(found)
    put_in_force(learner, report.pop("weights"), report)


def put_in_force(learner: Learner, weights: Sequence[float], report: Mapping[str, object]) -> None:
    """Let these weights count from now on, for all cards; the report says where they are from."""
    learner.rebuild(lambda: [params(learner, weights, report)])


def params(learner: Learner, weights: Sequence[float], report: Mapping[str, object]) -> Event:
    """A row with weights, which follows the newest of its kind."""
    payload = json.dumps({"weights": weights, "report": report})
    follows = next((found.id for found in fits(learner.store)), None)
    return learner.event("params", "", payload=payload, model=Model(weights).id, after=follows)


def reschedule(learner: Learner) -> int:
    """Move the due dates of all reviews to what the weights say now. Returns how many moved.

    A date that was promised with these weights stays, and so does one that is no promise.
    """
    moves = list(_moves(learner))
    if moves:
        learner.append(
            lambda: [learner.event("set_due", unit, due_utc_ms=due) for unit, due in moves]
        )
    return len(moves)


def forecast_work(
    learner: Learner, retentions: Sequence[float], days: int, log: ReviewLog | None = None
) -> list[Workload]:
    """What each desired retention would cost, were the decks learned from nothing.

    log: the learner's answers, where they were read already.
    """
    summary = learner.summary
    if not learner.course.entry_of:
        raise NotFoundError("Nothing to simulate", "The decks have no cards.", "See: tutor check")
    study = Study(
        cards=len(learner.course.entry_of),
        new_a_day=summary.limits.new_cards,
        reviews_a_day=summary.limits.reviews,
        seconds=summary.pace.seconds(summary.marked_share),
        buttons=Buttons.of(log.lives if log else lives_of(_answers(learner))),
    )
    weights = learner.scheduler.model.weights
    return [workload(weights, retention, days, study) for retention in retentions]


def _moves(learner: Learner) -> Iterator[tuple[str, int]]:
    """Units in review whose last answer would get another date now, and that date."""
    for state in learner.states():
        if state.phase != "review" or state.last_day is None:
            continue
        rows = learner.renames.history(state.key, learner.store)
        due = _promise(state.key, rows, learner.scheduler)
        if due not in (None, state.due_utc_ms):
            yield state.key, due


def _promise(key: str, rows: Sequence[Event], scheduler: Scheduler) -> int | None:
    """The due time that the card's last answer would get now; None where its date is to stay."""
    last = max((at for at, row in enumerate(rows) if row.kind == "review"), default=-1)
    if last < 0 or any(map(_stays, rows[last + 1 :])):
        return None
    answer, retention = rows[last], scheduler.wishes.of_deck(key)
    assert answer.rating is not None  # the journal's door lets no other in
    if answer.model == scheduler.model.id and answer.retention in (None, retention):
        return None
    then = Moment(answer.at_utc_ms, answer.utc_offset_min, answer.study_day)
    before = state_after(key, rows[:last], scheduler)
    return scheduler.outcome(before, answer.rating, then).state.due_utc_ms


def _stays(row: Event) -> bool:
    """Whether a row gives a date that no weights move: a new life, or due at once."""
    at_once = row.kind == "set_due" and (row.due_utc_ms or 0) <= row.at_utc_ms
    return at_once or row.kind in ("reset", "anchor")
