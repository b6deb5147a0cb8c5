"""What a learner takes along in one file: each form with its name, and who writes it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tutor.deck.load_progress import OnProgress
from tutor.exchange import output
from tutor.session import carrying, exporting_anki
from tutor.session.learner import Learner

Write = Callable[[Learner, Path, OnProgress], str]
"""Writes the file, whole or not at all, and says what is in it. Raises UnwritableError."""


@dataclass(frozen=True, slots=True)
class Form:
    """One form: what it is called, what it is for, the file's usual name, and its writer."""

    label: str
    about: str
    file: str
    write: Write


def _package(schedule: bool) -> Write:
    def write(learner: Learner, target: Path, on_progress: OnProgress) -> str:
        wish = exporting_anki.Wish(schedule=schedule)
        entries = learner.library.entries.values()
        made = exporting_anki.gather(
            learner.place, learner.library, entries, wish, learner, True, on_progress
        )
        made.write(target)
        left = f" {len(made.left_out):,} cards stay behind." if made.left_out else ""
        return f"{made.notes:,} notes, {made.cards:,} cards, {made.answers:,} answers.{left}"

    return write


def _journal(learner: Learner, target: Path, _: OnProgress) -> str:
    lines = (f"{line}\n".encode() for line in carrying.lines(learner, learner.place.settings))
    output.write(target, lines, output.PRIVATE)
    return f"Your whole journal with {learner.glance().answers:,} answers."


FORMS = {
    "anki-schedule": Form(
        "Anki, with dates", "cards, every answer, and when each is due", "tutor.apkg",
        _package(True),
    ),
    "anki": Form("Anki, cards alone", "to share: nothing of your answers", "cards.apkg",
                 _package(False)),
    "json": Form("Everything", "your whole journal, for another machine", "journal.jsonl",
                 _journal),
}  # fmt: skip
