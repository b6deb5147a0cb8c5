"""Keeps what a learner predicted of a demo, or saw in it, in the journal."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from demos.base import Value
    from tutor.session.learner import Learner


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
