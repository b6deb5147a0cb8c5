"""One card of each kind, as the deck reader would give it."""

from __future__ import annotations

from tutor.deck.model import (
    Answer,
    Card,
    Choice,
    Cloze,
    Entry,
    Gap,
    Kind,
    Match,
    Numeric,
    Option,
    Order,
    Params,
    Prose,
    Source,
    Tolerance,
    Typed,
    Wrong,
)


def card(name: str, kind: Kind, answer: Answer, front: str = "A question?", **more: str) -> Card:
    return Card(
        key=f"deck/{name}",
        deck="deck",
        id=name,
        kind=kind,
        front=front,
        answer=answer,
        source=Source("deck.md", 1),
        explanation=more.get("explanation", ""),
    )


def numeric(value: str, tolerance: float = 0.0, relative: bool = False, **more: object) -> Card:
    return card("number", "numeric", Numeric(value, Tolerance(tolerance, relative), **more))  # type: ignore[arg-type]


TERM = card("term", "term", Prose("Values placed *around* the input."), front="Padding")
CHOICE = card(
    "choice",
    "choice",
    Choice(
        (
            Option("1", False, "Keeps the size for a 3 × 3 kernel."),
            Option("2", True),
            Option("4", False, "That is both sides together."),
            Option("none", False),
        )
    ),
)
MULTI = card(
    "multi",
    "multi",
    Choice(
        (
            Option("above zero", True),
            Option("adds up to one", True),
            Option("the largest is above one half", False, "Ten equal logits give 0.1 each."),
            Option("it is linear", False, "The exponential is not."),
        )
    ),
)
TRUEFALSE = card(
    "truefalse", "truefalse", Choice((Option("True", True), Option("False", False, "It does.")))
)
TYPED = card("typed", "typed", Typed(("ReLU", "rectified linear unit")))
CLOZE = card(
    "cloze",
    "cloze",
    Cloze(
        ("Backpropagation applies the ", " from ", " back to the ", "."),
        (
            Gap("chain-rule", "chain rule", False),
            Gap("l", r"$\ell$", True),
            Gap("weights", "*weights*", False),
        ),
    ),
)
FORMULA = card("formula", "cloze", Cloze(("Softmax is ", "."), (Gap("s", r"$e^{s_i}$", True),)))
ORDER = card("order", "order", Order(("Forward pass", "Loss", "Backward pass", "Update")))
MATCH = card(
    "match",
    "match",
    Match(
        ("Loss", "Task"),
        (
            ("cross-entropy", "classification"),
            ("squared error", "regression"),
            ("hinge", "margins"),
        ),
    ),
)
GENERATED = card(
    "generated",
    "numeric",
    Numeric(
        "@{ans}",
        unit="parameters",
        params=Params(
            (
                ("n_in", "pick(64, 128, 784)"),
                ("n_out", "int(8, 32)"),
                ("ans", "n_in * n_out + n_out"),
            ),
            ("n_in != n_out",),
            (
                Wrong("forgot the biases", "n_in * n_out"),
                Wrong("one bias for the layer", "n_in * n_out + 1"),
            ),
        ),
    ),
    front="A dense layer has @{n_in} inputs and @{n_out} units. How many parameters?",
    explanation="@{n_in} × @{n_out} weights and @{n_out} biases.",
)
SHARE = card(
    "share",
    "numeric",
    Numeric(
        "@{p}",
        Tolerance(0.01, relative=True),
        params=Params(
            (("a", "real(-2, 2, 1)"), ("p", "sigmoid(a)")),
            ("abs(a) > 0.5",),
            (Wrong("forgot the minus sign", "sigmoid(-a)"), Wrong("no exponential", "a / (1 + a)")),
        ),
    ),
    front="What is the sigmoid of @{a}?",
)

MARKED_CARDS = (CHOICE, MULTI, TRUEFALSE, TYPED, CLOZE, ORDER, MATCH, GENERATED, SHARE)


def entry(key: str, kind: Kind, topic: str | None) -> Entry:
    return Entry(key, key.partition("/")[0], kind, "Front", topic, (key,), Source("deck.md", 1))
