"""A learner made of numbers: forgets exactly as given weights say, and answers in time order."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence

from tutor.memory.fsrs import DEFAULT_WEIGHTS, Memory, Model
from tutor.memory.log import ReviewLog, review_log
from tutor.memory.model import Event, Rating
from tutor.memory.time import DAY_MS

# Forgets more slowly at first and faster later than the defaults say.
OTHER = (0.6, 2.0, 4.0, 15.0, *DEFAULT_WEIGHTS[4:8], 1.3, *DEFAULT_WEIGHTS[9:20], 0.3)


def log(cards: int, days: int = 200, weights: Sequence[float] = OTHER, seed: int = 1) -> ReviewLog:
    """What such a learner's journal says."""
    return review_log(events(cards, days, weights, seed))


def events(cards: int, days: int, weights: Sequence[float] = OTHER, seed: int = 1) -> list[Event]:
    """The answers to so many cards over so many days."""
    rng, model = random.Random(seed), Model(weights)
    answers = [found for card in range(cards) for found in _life(card, days, model, rng)]
    answers.sort(key=lambda answer: answer[:2])
    return [
        Event(f"{i:08d}", "review", f"s/{card}", day * DAY_MS, 0, day, rating=rating)
        for i, (day, _, card, rating) in enumerate(answers)
    ]


def _life(
    card: int, days: int, model: Model, rng: random.Random
) -> Iterator[tuple[int, int, int, Rating]]:
    memory: Memory | None = None
    day, elapsed, count = rng.randrange(days // 2), 0, 0
    while day < days:
        rating = _rating(memory, elapsed, model, rng)
        yield day, count, card, rating
        memory = model.after(memory, elapsed)[rating]
        wait = model.interval(memory.stability, 0.9) * rng.uniform(0.5, 1.6)
        # Now and then a card comes back on the same day.
        elapsed = 0 if rng.random() < 0.05 else max(1, round(wait))
        day, count = day + elapsed, count + 1


def _rating(memory: Memory | None, elapsed: int, model: Model, rng: random.Random) -> Rating:
    if memory is None:
        return rng.choices(list(Rating), [0.2, 0.1, 0.55, 0.15])[0]
    if rng.random() > model.retrievability(memory.stability, elapsed):
        return Rating.AGAIN
    return rng.choices(list(Rating)[1:], [0.15, 0.7, 0.15])[0]
