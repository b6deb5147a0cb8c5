"""Draw every card that is bound to a claim, ask the framework, compare both sides."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from claims.registry import CLAIMS, Answer
from tutor import paths
from tutor.deck import expr, numbers
from tutor.deck.library import load
from tutor.deck.model import Card, Choice, Match, Numeric
from tutor.text.markdown import plain

# A slip that names one of these must be asked, too.
FRAMEWORKS = ("PyTorch", "Keras", "Flax", "JAX", "Optax", "NumPy", "pandas", "Haiku")
# Slips that draw numbers at random in the framework agree to this share only.
RELATIVE = 0.01


@dataclass(frozen=True, slots=True)
class Difference:
    """Where course and framework do not agree."""

    card: str
    draw: str
    ours: str
    theirs: str

    def __str__(self) -> str:
        return f"{self.card} {self.draw}: ours {self.ours}, theirs {self.theirs}"


def bound_cards() -> list[Card]:
    """The course's cards that carry `claim=`."""
    library = load((paths.content_dir(),), None, {})
    cards = (library.card(key) for key in library.entries)
    return [card for card in cards if card.claim]


def compare(draws: int, only: str) -> tuple[int, list[Difference]]:
    """Comparisons made, and differences found, over all bound cards."""
    compared, found = 0, []
    for card in bound_cards():
        if only not in card.key and only not in card.claim:
            continue
        for difference in _card(card, draws):
            compared += 1
            if difference:
                found.append(difference)
    return compared, found


def _card(card: Card, draws: int) -> Iterator[Difference | None]:
    claim = CLAIMS.get(card.claim)
    if claim is None:
        yield Difference(card.key, "", card.claim, "no such claim")
        return
    if isinstance(card.answer, Numeric):
        yield from _numeric(card, card.answer, draws)
        return
    theirs = claim.right()
    ours = _words(card)
    same = _agrees(ours, theirs)
    yield None if same else Difference(card.key, "", str(ours), str(theirs))


def _agrees(ours: str | Mapping[str, str], theirs: Answer) -> bool:
    if isinstance(theirs, Mapping):
        return isinstance(ours, Mapping) and all(
            ours.get(left) == right for left, right in theirs.items()
        )
    return isinstance(ours, str) and str(theirs) in ours


def _words(card: Card) -> str | Mapping[str, str]:
    answer = card.answer
    if isinstance(answer, Choice):
        return " | ".join(plain(option.text, None) for option in answer.options if option.right)
    if isinstance(answer, Match):
        return {plain(left, None): plain(right, None) for left, right in answer.pairs}
    return plain(getattr(answer, "text", str(answer)), None)


def _numeric(card: Card, answer: Numeric, draws: int) -> Iterator[Difference | None]:
    claim = CLAIMS[card.claim]
    for seed in range(draws if answer.params else 1):
        drawn = expr.draw(answer.params, seed, answer) if answer.params else expr.Draw({})
        text = ", ".join(f"{name}={value}" for name, value in drawn.values.items())
        theirs = claim.right(**drawn.values)
        assert isinstance(theirs, (int, float))
        if expr.accepts(answer, theirs, drawn.values):
            yield None
        else:
            ours = numbers.resolve(answer.value, drawn.values)
            yield Difference(card.key, text, f"{ours:g}", f"{theirs:g}")
        yield from _slips(card, drawn, text)


def _slips(card: Card, drawn: expr.Draw, text: str) -> Iterator[Difference | None]:
    """The wrong lines: those that name a framework must have a function, and agree with it."""
    slips = CLAIMS[card.claim].slips
    for label, value in drawn.wrongs:
        ask = next((ask for word, ask in slips.items() if word in label), None)
        if ask is None:
            named = [name for name in FRAMEWORKS if f"that is {name}" in label]
            if named:
                yield Difference(card.key, text, label, f"nothing asks {named[0]}")
            continue
        theirs = ask(**drawn.values)
        assert isinstance(theirs, (int, float))
        if math.isclose(value, theirs, rel_tol=RELATIVE, abs_tol=1e-6):
            yield None
        else:
            yield Difference(card.key, f"{text} [{label}]", f"{value:g}", f"{theirs:g}")
