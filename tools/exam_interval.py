"""Does the 95 % interval of an exam's score hold what it should? Simulated exams say how often.

    python -m tools.exam_interval

A simulated learner knows each card of the bundled decks with a chance that hangs on its topic: some
topics are known well, others hardly. What the interval should hold is the share that this learner
would get right over all cards that could be asked.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from statistics import mean

from tutor import paths
from tutor.deck import library as decks
from tutor.deck.model import MARKED, Entry
from tutor.memory.stats import wilson
from tutor.quiz.sampling import sample
from tutor.text.printing import say

EXAMS = 1_000
_SPREAD = 4.0  # of the beta distribution of the topics' chances: from hardly to very well


def coverage(
    share: float, count: int, *, exams: int = EXAMS, seed: int = 0, entries: Sequence[Entry] = ()
) -> float:
    """How often the interval of an exam of `count` questions holds the learner's own share.

    share: the mean chance over the topics. entries: the cards; without any, 40 topics of 3 to 30.
    """
    rng = random.Random(seed)
    cards = list(entries) or _made(rng)
    held = 0
    for _ in range(exams):
        topics = sorted({card.topic or card.deck for card in cards})
        chance = {
            topic: rng.betavariate(_SPREAD * share, _SPREAD * (1 - share)) for topic in topics
        }
        by_key = {card.key: chance[card.topic or card.deck] for card in cards}
        truth = mean(by_key.values())
        asked, _ = sample(cards, count, rng)
        right = sum(rng.random() < by_key[key] for key in asked)
        low, high = wilson(right, len(asked))
        held += low <= truth <= high
    return held / exams


def _made(rng: random.Random) -> list[Entry]:
    from tutor.deck.model import Source

    sizes = [rng.randint(3, 30) for _ in range(40)]
    return [
        Entry(f"d/{topic}-{n}", "d", "typed", "", f"t{topic}", (f"d/{topic}-{n}",), Source("", 1))
        for topic, size in enumerate(sizes)
        for n in range(size)
    ]


def main() -> None:
    """Print the coverage for several learners and lengths."""
    place = paths.settle(data_dir="")
    library = decks.load(place.content, place.cache)
    entries = [entry for entry in library.entries.values() if entry.kind in MARKED]
    say(f"{len(entries)} cards, {EXAMS} exams each; a 95 % interval should hold 95 %")
    found = []
    for count in (10, 20, 30, 50):
        row = [coverage(share, count, seed=count, entries=entries) for share in SHARES]
        found += row
        say(f"{count:>4} questions  " + "  ".join(f"{each:.1%}" for each in row))
    say(f"mean {mean(found):.1%}, least {min(found):.1%}")


SHARES = (0.3, 0.5, 0.7, 0.8, 0.9, 0.95)

if __name__ == "__main__":
    main()
