"""What plain verbs say differently where they are heard or felt: `--speak`, or the setting."""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from tutor.memory.labels import interval_words
from tutor.memory.time import iso
from tutor.paths import Place
from tutor.text.printing import say, tell, watched
from tutor.text.voice import aloud, speaking

if TYPE_CHECKING:
    from tutor.memory.model import Outcome, Rating
    from tutor.session.learner import Learner


@contextmanager
def voice(args: argparse.Namespace, place: Place) -> Iterator[None]:
    """Speak inside, where the command line or the learner's settings want it."""
    from tutor import settings

    wanted = getattr(args, "speak", False) or settings.load(place.settings)[0].formulas == "words"
    with aloud(wanted):
        yield


def show_question(lines: Iterator[str], place: str, key: str, kind: str, *notes: str) -> None:
    """A question under its place and key; for ears the question comes first."""
    if not speaking():
        say(f"\n[{place}] {key} · {kind}")
        for line in (*notes, *lines):
            say(line)
        return
    say()
    for line in (*lines, *notes):
        say(line)
    position, _, total = place.partition("/")
    say(f"Card {position} of {total}. {kind}, {key}.")


def saved(key: str, due_utc_ms: int, now_utc_ms: int) -> None:
    """The promised line, and for ears one that can be heard."""
    say(f"saved {key} due {iso(due_utc_ms)}")
    if speaking():
        say(f"Saved: due in {interval_words(due_utc_ms - now_utc_ms)}.")


def moment(due_utc_ms: int, now_utc_ms: int) -> str:
    """When something is due: the time, or for ears how long that is."""
    if speaking():
        return f"in {interval_words(due_utc_ms - now_utc_ms)}"
    return iso(due_utc_ms)


def offer(learner: Learner) -> None:
    """Say on a terminal that a session can be gone on with, if one was left."""
    if not watched(sys.stderr):
        return
    from tutor.session.recording import unfinished

    found = unfinished(learner)
    if found is not None:
        tell(f"You left this: {found}. Go on with it: tutor {found.verb} --resume")


def spelled(text: str) -> str:
    """Minutes and seconds in letters, for ears whole words."""
    if not speaking():
        return text
    for short, word in (("min", "minute"), ("s", "second")):
        text = re.sub(rf"\b([\d.,]+) {short}\b", rf"\1 {word}s", text)
        text = re.sub(rf"(?<![\d.,])1 {word}s", f"1 {word}", text)
    return text


def ratings(outcomes: Mapping[Rating, Outcome], *, drill: bool = False) -> str:
    """What each rating does, as a prompt."""
    if speaking() and not drill:
        return "; ".join(
            f"{int(rating)} {rating.name.lower()}, in {interval_words(outcome.interval_ms)}"
            for rating, outcome in outcomes.items()
        ) + "."  # fmt: skip
    return " · ".join(
        f"{int(rating)} {rating.name.title()} {outcome.label}"
        for rating, outcome in outcomes.items()
    )
