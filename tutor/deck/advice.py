"""Advises on single cards: what the evidence on good cards says, as far as a program can see it."""

from __future__ import annotations

import re

from tutor.deck.body import Body
from tutor.deck.model import MARKED, Card, Choice, Prose
from tutor.deck.rules import Findings

MAX_WORDS = 40
MAX_ITEMS = 5

_WORD = re.compile(r"[^\W_]")
_YES_NO = re.compile(
    r"(?:is|are|was|were|do|does|did|can|could|may|must|should|will|would|has|have)(?:n't)?\b",
    re.IGNORECASE,
)


def advise(card: Card, body: Body, titled: bool, ref: bool, findings: Findings) -> None:
    """Add advice on one card. titled: its topic or deck gives it a context; ref: it has one."""
    line = card.source.line
    if isinstance(card.answer, Prose):
        _advise_recall(card, card.answer, body, findings)
    if not titled and _words(card.front) < 3:
        findings.add(line, "short-front", "Of what? Put the card under a topic or title the deck.")
    if not ref:
        findings.add(line, "no-ref", "No ref= here or on the topic: name a source.")
    if card.kind in MARKED and not card.explanation:
        message = "No explanation: a > [!NOTE] helps on the next question too."
        findings.add(line, "no-explanation", message)
    if isinstance(card.answer, Choice) and card.kind != "truefalse":
        for option in card.answer.options:
            if not option.right and not option.reason:
                message = f"`{option.text[:40]}`: say in a quote under it why it is wrong."
                findings.add(line, "no-reason", message)


def _advise_recall(card: Card, answer: Prose, body: Body, findings: Findings) -> None:
    line = card.source.line
    words = len(answer.text.split())  # a lone dash or sign is none
    if words > MAX_WORDS and (words := _words(answer.text)) > MAX_WORDS:
        message = f"The answer has {words} words, more than {MAX_WORDS}: split the card."
        findings.add(line, "long-answer", message)
    for block in body.lists:
        count = sum(token.type == "list_item_open" for token in block.tokens)
        if count > MAX_ITEMS:
            message = f"{count} items to recite, more than {MAX_ITEMS}: ask for each alone."
            findings.add(block.start + 1, "long-list", message)
    if card.front.rstrip().endswith("?") and _YES_NO.match(card.front):
        findings.add(line, "yes-no", "Yes or no is half guessed: ask what, why or how many.")


def _words(text: str) -> int:
    return sum(_WORD.search(word) is not None for word in text.split())
