"""Every statement about a framework is bound to a function that asks it; no framework is needed."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

from tutor import paths
from tutor.deck.library import load
from tutor.deck.model import Card, Numeric

CLAIMS = Path(__file__).parents[2] / "claims"
FRAMEWORKS = ("PyTorch", "Keras", "Flax", "JAX", "Optax", "NumPy", "pandas", "Haiku")


def registered() -> dict[str, set[str]]:
    """Claim -> the words of its slips, read from the source."""
    found: dict[str, set[str]] = {}
    for file in CLAIMS.glob("asked_*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "claim":
                name = node.args[0]
                assert isinstance(name, ast.Constant)
                assert isinstance(name.value, str)
                found[name.value] = set(_words(node))
    return found


def _words(call: ast.Call) -> list[str]:
    words = [keyword.arg for keyword in call.keywords if keyword.arg]
    spread = [k.value for k in call.keywords if k.arg is None and isinstance(k.value, ast.Dict)]
    words += [key.value for given in spread for key in given.keys if isinstance(key, ast.Constant)]  # type: ignore[misc]
    return words


@cache
def cards() -> list[Card]:
    library = load((paths.content_dir(),), None, {})
    return [library.card(entry) for entry in library.entries]


def unasked(card: Card, words: set[str]) -> list[str]:
    """The slips of a card that name a framework in words that its claim cannot ask."""
    if not isinstance(card.answer, Numeric) or card.answer.params is None:
        return []
    slips = [wrong.name for wrong in card.answer.params.wrongs]
    named = [slip for slip in slips if any(f"that is {name}" in slip for name in FRAMEWORKS)]
    return [f"{card.key}: {slip}" for slip in named if not any(word in slip for word in words)]


def test_a_claim_and_its_slips_can_be_asked() -> None:
    asked = registered()
    bound = [card for card in cards() if card.claim]
    assert len(bound) > 40
    assert [slip for card in bound for slip in unasked(card, asked[card.claim])] == []


def test_a_generated_card_that_names_a_framework_is_bound() -> None:
    free = [
        card.key
        for card in cards()
        if card.deck == "frameworks" and isinstance(card.answer, Numeric) and not card.claim
    ]
    assert free == []


def test_no_function_is_left_without_a_card() -> None:
    assert registered().keys() - {card.claim for card in cards()} == set()
