"""`tutor add`: writes or mends a card, in the app's form, line by line, or at once from options."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from tutor.errors import UsageError
from tutor.paths import Place
from tutor.text.printing import say, say_json, tell
from tutor.verbs.dialogue import on_terminal, prose, read_line, read_text
from tutor.verbs.plans import card_fields

if TYPE_CHECKING:
    from tutor.deck.drafting import Draft, Reading
    from tutor.session.learner import Learner

DID = {
    "added": "added",
    "changed": "changed",
    "mended": "your wording is asked from now on; the original stays in its file:",
    "restored": "this is the original again, and yours is gone:",
    "same": "nothing to write:",
}


_FENCES = ("```", "~~~")


def run(args: argparse.Namespace, place: Place) -> int:
    """Open the app's form, or ask for the fields on stdin. Returns the exit status."""
    checked_kind(args.kind)
    if args.card and args.deck:
        raise UsageError("A card stays in its deck", "--deck is for a new card.", "Leave it out.")
    given = args.front is not None or args.answer is not None
    if not (args.plain or args.json or given) and on_terminal():
        from tutor.verbs import app

        return app.run(args, place)
    from tutor.verbs.opening import open_learner

    with open_learner(place) as learner:
        draft = _given(args, _start(learner, args.card))
        if not given and not args.json:
            try:
                draft = _asked(learner, draft, args.card)
            except EOFError:
                tell("Nothing was written.")
                return 1
        return _write(learner, draft, args)


def _start(learner: Learner, key: str) -> Draft:
    from tutor.deck.drafting import Draft
    from tutor.session import writing

    return writing.draft_for(learner, key) if key else Draft(deck=writing.DECK)


def _given(args: argparse.Namespace, draft: Draft) -> Draft:
    """The draft with the fields of the command line in it."""
    fields = card_fields(args)
    if fields.get("answer") == "-":
        fields["answer"] = read_text()
    return replace(draft, **fields)


def _write(learner: Learner, draft: Draft, args: argparse.Namespace) -> int:
    from tutor.session import writing

    found = writing.read(learner, draft, args.card)
    written = writing.write(learner, draft, args.card)
    place = f"{written.source.file}:{written.source.line}"
    if args.json:
        say_json(
            {
                "did": written.did, "key": written.key, "file": written.source.file,
                "line": written.source.line, "errors": [*found.errors], "advice": [*found.advice],
            }
        )  # fmt: skip
        return 0
    for line in _words(found):
        tell(line)
    say(f"{DID[written.did]} {written.key} {place}")
    return 0


# -- line by line -----------------------------------------------------------------------------


def _asked(learner: Learner, draft: Draft, key: str) -> Draft:
    """The draft as the learner fills it in; asked again until it is a card that is wanted.

    Raises EOFError when the learner leaves.
    """
    from tutor.session import writing

    say(_opening(draft, key))
    while True:
        draft = _fields(draft)
        found = writing.read(learner, draft, key)
        for line in (*_shown(found), *_words(found)):
            say(line)
        if found.card is not None and _yes("Save it? (enter: yes, n: change it)"):
            return draft
        say("Once more; an empty line keeps what stands there.")


def _opening(draft: Draft, key: str) -> str:
    whose = f"Mending {key}" if key else f"A new card for the deck {draft.deck}"
    return f"{whose}. q leaves; nothing is written before the end."


def _fields(draft: Draft) -> Draft:
    from tutor.deck.drafting import HOW
    from tutor.deck.model import KINDS

    kind = _line(f"Kind ({', '.join(KINDS)}; enter: it follows)", draft.kind)
    while kind not in {"", *KINDS}:
        say(f"{kind!r} is no kind.")
        kind = _line("Kind", draft.kind)
    front = _line("Question", draft.front)
    how = next((how for one, how in HOW.items() if one == kind), "Markdown, as in a deck")
    return replace(
        draft,
        kind=kind,
        front=front,
        answer=_lines(f"Answer. {how.rstrip('.')}", draft.answer),
        hint=_line("Hint", draft.hint),
        explanation=_lines("Explanation", draft.explanation),
        topic=_line("Topic", draft.topic),
        tags=_line("Tags, with commas", draft.tags),
    )


def _line(asked: str, before: str) -> str:
    """A line; empty keeps what was there, a lone - empties it."""
    line = read_line(f"{asked} [{before}]:" if before else f"{asked}:")
    return "" if line == "-" else line or before


def _lines(asked: str, before: str) -> str:
    """Lines up to an empty one that stands in no fence, with the blanks before them."""
    if before:
        say(before)
    ends = f"An empty line ends it{', at once: keeps it' if before else ''}"
    first = read_line(f"{asked}. {ends}:", indented=True)
    lines = [*_up_to_empty(first)]
    return "" if lines == ["-"] else "\n".join(lines) or before


def _up_to_empty(line: str) -> Iterator[str]:
    fence = ""
    while line or fence:
        yield line
        if (mark := line.strip()[:3]) in _FENCES and fence in ("", mark):
            fence = "" if fence else mark
        line = read_line("…", indented=True)


def _yes(asked: str) -> bool:
    return read_line(asked).casefold() in {"", "y", "yes"}


def _shown(found: Reading) -> Iterator[str]:
    """The card as it will be read."""
    if found.card is None:
        return
    from tutor.deck.writer import write_body

    yield ""
    yield prose(found.card.front.partition("\n\n")[0])
    yield prose(write_body(found.card))
    yield f"({found.card.kind})"


def _words(found: Reading) -> Iterator[str]:
    yield from (f"error: {text}" for text in found.errors)
    yield from (f"advice: {text}" for text in found.advice)


def checked_kind(kind: str | None) -> None:
    """Raise UsageError for a kind that does not exist."""
    from tutor.deck.model import KINDS

    if kind and kind not in KINDS:
        raise UsageError("No such kind", f"{kind!r} is none of {', '.join(KINDS)}.")
