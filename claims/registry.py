"""A claim: what a card says of a framework, as a function that asks the framework itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

# What a framework answers: a number for numeric cards; the text of the right option for choices
# and statements, a word of the answer for prose; left side -> right side for matches.
Answer = float | str | Mapping[str, str]
Ask = Callable[..., Answer]

CLAIMS: dict[str, Claim] = {}


@dataclass(frozen=True, slots=True)
class Claim:
    """`right` answers the card; `slips` answer the wrong lines whose text holds the key."""

    right: Ask
    slips: Mapping[str, Ask] = field(default_factory=dict)


def claim(name: str, **slips: Ask) -> Callable[[Ask], Ask]:
    """Register a function under the `claim=` of a card; it gets the card's drawn values by name."""

    def register(ask: Ask) -> Ask:
        if name in CLAIMS:
            raise ValueError(f"the claim {name} is registered twice")
        CLAIMS[name] = Claim(ask, slips)
        return ask

    return register


def with_rest(ask: Callable[..., Answer], *names: str) -> Ask:
    """`ask` called with only the drawn values that it wants."""

    def call(**values: Any) -> Answer:
        return ask(**{name: values[name] for name in names})

    return call
