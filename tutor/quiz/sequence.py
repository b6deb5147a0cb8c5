"""Which questions a quiz asks, in which order, and how far it has come.

Pure and seeded: it knows neither a screen nor the store, and the same seed chooses the same.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from tutor.deck.expr import seed_of
from tutor.deck.model import MARKED, Card, Entry
from tutor.quiz.asking import UNASKABLE, make_question
from tutor.quiz.question import Question
from tutor.quiz.report import Confidence, Item, Report
from tutor.quiz.verdict import Mark

DEFAULT_COUNT = 10


def choose(
    entries: Iterable[Entry],
    *,
    count: int = DEFAULT_COUNT,
    seed: int = 0,
    kinds: Collection[str] = (),
    topics: Collection[str] = (),
    prefer: Collection[str] = (),
) -> list[str]:
    """The keys of at most `count` cards that the program can mark, topics and kinds mixed.

    kinds, topics: only these, if any are given. prefer: keys that come before all others, such as
    those of cards already met. The order of `entries` matters, so give them in teaching order.
    """
    pool = [
        entry
        for entry in entries
        if entry.kind in MARKED
        and (not kinds or entry.kind in kinds)
        and (not topics or entry.topic in topics)
    ]
    rng = random.Random(seed)
    first = mixed([entry for entry in pool if entry.key in prefer], count, rng)
    rest = mixed([entry for entry in pool if entry.key not in prefer], count - len(first), rng)
    return [entry.key for entry in (*first, *rest)]


def mixed(entries: Sequence[Entry], count: int, rng: random.Random) -> list[Entry]:
    """At most `count`: the topic least asked comes next, never twice in a row if avoidable.

    Within a topic the kind least asked so far comes next.
    """
    waiting: dict[str, list[Entry]] = {}
    for entry in rng.sample(entries, len(entries)):
        waiting.setdefault(entry.topic or entry.deck, []).append(entry)
    topics, kinds = Counter[str](), Counter[str]()
    chosen: list[Entry] = []
    last = ""
    while waiting and len(chosen) < count:
        last = min(waiting, key=lambda topic: (topic == last, topics[topic]))
        entry = min(waiting[last], key=lambda entry: kinds[entry.kind])
        chosen.append(entry)
        topics[last] += 1
        kinds[entry.kind] += 1
        waiting[last].remove(entry)
        if not waiting[last]:
            del waiting[last]
    return chosen


@dataclass(frozen=True, slots=True)
class Draw:
    """One question of a sequence: a card, which draw of it, and the gap if it is only one."""

    key: str
    draw: int = 0
    gap: int | None = None


class QuestionSequence:
    """One quiz on its way: the question that is asked now, and the answers so far."""

    def __init__(
        self,
        keys: Sequence[str],
        seed: int,
        card: Callable[[str], Card],
        draws: Sequence[Draw] = (),
    ) -> None:
        """draws: instead of `keys`, the questions as they stood when the quiz was left."""
        self.seed = seed
        self.items: list[Item] = []
        self._card = card
        self._draws = Counter[str]()
        for draw in draws:
            self._draws[draw.key] = max(self._draws[draw.key], draw.draw)
        self._turns = list(draws) or [self._turn(key) for key in keys]
        self._at = 0
        self._asked: Question | None = None

    @property
    def question(self) -> Question | None:
        """The question asked now; None when the quiz is over.

        A card that cannot be asked is left out, as if it had never been in the quiz.
        """
        while self._asked is None and self._at < len(self._turns):
            turn = self._turns[self._at]
            try:
                self._asked = make_question(self._card(turn.key), self._seed(turn), gap=turn.gap)
            except UNASKABLE:
                del self._turns[self._at]
        return self._asked

    @property
    def position(self) -> int:
        """The number of the question asked now, from 1."""
        return self._at + 1

    @property
    def total(self) -> int:
        """How many questions the quiz has."""
        return len(self._turns)

    @property
    def draws(self) -> tuple[Draw, ...]:
        """All questions in their order, those that were answered too."""
        return tuple(self._turns)

    def insert(self, key: str, gap: int | None = None) -> None:
        """Ask a card before the question asked now."""
        self._turns.insert(self._at, self._turn(key, gap))
        self._asked = None

    def note(
        self,
        mark: Mark,
        answer: str,
        *,
        seconds: float,
        confidence: Confidence | None = None,
        given: str | None = None,
    ) -> Item:
        """Keep the marked answer to the question asked now. It stays until `advance`.

        given: as it was typed, where that is not the answer.
        """
        question = self.question
        assert question is not None
        item = Item.of(question, mark, answer, seconds, confidence, given)
        self.items.append(item)
        return item

    def advance(self) -> Question | None:
        """Go on to the next question."""
        self._go_to(self._at + 1)
        return self.question

    def skip(self) -> Question | None:
        """Leave the question out, as if it had never been in the quiz."""
        del self._turns[self._at]
        self._go_to(self._at)
        return self.question

    def postpone(self) -> None:
        """Ask the question after all others."""
        self._turns.append(self._turns.pop(self._at))
        self._go_to(self._at)

    def another(self) -> None:
        """Ask the same card once more right after this question, with other numbers."""
        self._turns.insert(self._at + 1, self._turn(self._turns[self._at].key))

    def accept(self, key: str, *, right: bool) -> None:
        """Let the last answer count as right, or as the miss it was, if it was to this card."""
        if self.items and f"{key}/".startswith(f"{self.items[-1].key}/"):
            self.items[-1] = replace(self.items[-1], right=right)

    def take_back(self, key: str, gap: int | None = None) -> None:
        """Ask the card `key` again, after its last answer has been undone.

        The last answer of this quiz is forgotten if it was to this card; a card from elsewhere
        is put in front of the question asked now.
        """
        if self.items and self.items[-1].key == key:
            self.items.pop()
        else:
            self._turns.insert(len(self.items), self._turn(key, gap))
        self._go_to(len(self.items))

    def report(self) -> Report:
        """How it has gone so far."""
        return Report(tuple(self.items))

    def _turn(self, key: str, gap: int | None = None) -> Draw:
        self._draws[key] += 1
        return Draw(key, self._draws[key], gap)

    def _seed(self, turn: Draw) -> int:
        return seed_of(f"{turn.key}#{turn.draw}", self.seed)

    def _go_to(self, place: int) -> None:
        self._at = place
        self._asked = None
