"""Retention and knowledge read from a log: what the states themselves say, by another way."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest

from tests.memory import synthetic
from tutor.memory.log import review_log
from tutor.memory.model import Rating
from tutor.memory.replay import replay
from tutor.memory.retention import days_of, kept, knowledge, trials
from tutor.memory.schedule import Scheduler
from tutor.memory.score import forecasts

EVENTS = synthetic.events(40, 120)
LOG = review_log(EVENTS)
BY = Scheduler(synthetic.OTHER)
CHANCES = forecasts(LOG, synthetic.OTHER)


def test_each_trial_is_an_answer_of_its_own_day() -> None:
    found = list(trials(LOG, CHANCES))
    assert len(found) == len(LOG.scored) > 100
    answered = Counter((each.card_key, each.study_day) for each in EVENTS)
    assert all(answered[trial.card, trial.day] and trial.interval > 0 for trial in found)
    # What the states before each answer foretold, replayed one by one.
    for place in range(0, len(EVENTS), 17):
        event = EVENTS[place]
        before = replay(EVENTS[:place], BY).get(event.card_key)
        if before is None or before.last_day == event.study_day:
            continue
        same = [t for t in found if (t.card, t.day) == (event.card_key, event.study_day)]
        assert same[0].chance == pytest.approx(BY.retrievability(before, event.study_day), abs=1e-5)
        assert same[0].remembered == (event.rating != Rating.AGAIN)


def test_groups_add_up_to_all() -> None:
    all_of_them, weeks = kept(LOG, CHANCES, lambda _: 0, lambda trial: trial.day // 7)
    every = all_of_them[0]
    assert sum(each.remembered.n for each in weeks.values()) == every.remembered.n
    hits = sum(each.remembered.value * each.remembered.n for each in weeks.values())
    assert hits / every.remembered.n == pytest.approx(every.remembered.value)
    # A learner who forgets as these weights say remembers as often as they foretell.
    assert every.remembered.low <= every.foretold <= every.remembered.high


def test_knowledge_is_the_sum_over_the_states_of_each_day() -> None:
    days = [10, 55, 56, 119, 300]
    cards = {f"s/{card}" for card in range(30)}
    found = knowledge(LOG, synthetic.OTHER, days, cards)
    for day, value in zip(days, found, strict=True):
        states = replay([event for event in EVENTS if event.study_day <= day], BY)
        known = sum(BY.retrievability(states[key], day) for key in cards & states.keys())
        assert value == pytest.approx(known, rel=1e-4)
    assert knowledge(LOG, synthetic.OTHER, days, ()) == [0.0] * len(days)


def test_a_card_that_was_reset_is_not_known_twice() -> None:
    first = EVENTS[0]
    again = replace(first, id="99999998", kind="reset", rating=None, study_day=first.study_day + 5)
    later = replace(first, id="99999999", study_day=first.study_day + 9)
    log = review_log([first, again, later])
    assert [days_of(life) for life in log.lives] == [[first.study_day], [first.study_day + 9]]
    at = [first.study_day + 9]
    assert knowledge(log, synthetic.OTHER, at, {first.card_key}) == [1.0]
