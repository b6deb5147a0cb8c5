"""Keeps what a learner predicted of a demo, or saw in it, in the journal, and tells it of each."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from demos.base import Value
    from tutor.deck.model import Topic
    from tutor.memory.model import Event
    from tutor.session.learner import Learner

# So many of the newest predictions are told of.
_MOST = 10_000


@dataclass(frozen=True, slots=True)
class Judgement:
    """An answer about a run of a demo, marked by the run's own number.

    asked: whether it was predicted, or observed afterwards. knobs, seed: which run.
    chosen, right: the option that was taken, and the one that the run proves.
    """

    demo: str
    asked: Literal["predict", "observe"]
    knobs: Mapping[str, Value]
    seed: int
    chosen: str
    right: str


def keep(learner: Learner, said: Judgement) -> None:
    """Put a judgement into the journal. Raises DataError."""
    payload = {
        "asked": said.asked,
        "knobs": dict(said.knobs),
        "seed": said.seed,
        "chosen": said.chosen,
        "right": said.right,
    }
    learner.append(
        lambda: [
            learner.event(
                "prediction",
                said.demo,
                source="demo",
                correct=said.chosen == said.right,
                payload=json.dumps(payload, ensure_ascii=False),
            )
        ]
    )


@dataclass(frozen=True, slots=True)
class Seen:
    """What became of one demo: how often its outcome was predicted, and how often rightly."""

    predicted: int = 0
    right: int = 0

    def __str__(self) -> str:
        """`seen`, or `predicted 2 of 3`."""
        return f"predicted {self.right} of {self.predicted}" if self.predicted else "seen"


def seen(learner: Learner) -> dict[str, Seen]:
    """The demos whose question was answered, by name. Raises DataError."""
    return _counted(learner.store.recent(_MOST, "prediction"))


def _counted(events: Iterable[Event]) -> dict[str, Seen]:
    found: dict[str, Seen] = {}
    for event in events:
        before = found.get(event.card_key, Seen())
        asked = json.loads(event.payload or "{}").get("asked") == "predict"
        found[event.card_key] = replace(
            before,
            predicted=before.predicted + asked,
            right=before.right + (asked and bool(event.correct)),
        )
    return found


def in_course_order(names: Sequence[str], topics: Iterable[Topic]) -> list[str]:
    """Demos in the order in which the topics lead to them; those without a topic come last."""
    met = dict.fromkeys(topic.demo.partition("?")[0] for topic in topics if topic.demo)
    places = {name: place for place, name in enumerate(met)}
    return sorted(names, key=lambda name: (places.get(name, len(places)), name))
