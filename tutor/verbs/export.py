"""`tutor export FORMAT [FILE]`: cards and answers for other programs and other machines."""

from __future__ import annotations

import argparse
import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.errors import NotFoundError, UsageError
from tutor.exchange import output
from tutor.exchange.output import PRIVATE, PUBLIC
from tutor.paths import Place
from tutor.text.printing import say, say_json, tell

if TYPE_CHECKING:
    from tutor.deck.library import Library
    from tutor.deck.model import Card, Entry

# A card's key, and why it stays behind.
Left = tuple[str, str]


def run(args: argparse.Namespace, place: Place) -> int:
    """Write the file at once, or the text on stdout. Returns the exit status."""
    make = _FORMATS.get(args.format)
    if make is None:
        raise UsageError(
            f"No format {args.format!r}", f"There are {', '.join(_FORMATS)}.",
            "See: tutor export --help",
        )  # fmt: skip
    _refuse_foreign_options(args)
    return make(args, place)


def _refuse_foreign_options(args: argparse.Namespace) -> None:
    """What only Anki's formats have is no option of another."""
    only = {"--with-schedule": ("anki",), "--preset": ("anki",), "--freeze": ("anki", "text")}
    for option, formats in only.items():
        if getattr(args, option[2:].replace("-", "_")) and args.format not in formats:
            raise UsageError(
                f"No {option} here", f"It belongs to `tutor export {formats[0]}`.",
                "See: tutor export --help",
            )  # fmt: skip


def _anki(args: argparse.Namespace, place: Place) -> int:
    """An Anki package, with or without the schedule."""
    from tutor.session import exporting_anki
    from tutor.verbs import opening
    from tutor.verbs.progress_line import patience

    target = _package(args)
    wish = exporting_anki.Wish(args.with_schedule, args.preset, args.freeze)
    whole = not (args.topic or args.deck)
    if wish.needs_learner:
        with opening.open_learner(place) as learner, patience(_PACKING) as told:
            chosen = _entries(args, learner.library)
            made = exporting_anki.gather(place, learner.library, chosen, wish, learner, whole, told)
            output.write(target, [made.bytes()], PRIVATE if args.with_schedule else PUBLIC)
    else:
        library = opening.load(place)
        made = exporting_anki.gather(place, library, _entries(args, library), wish)
        output.write(target, [made.bytes()], PUBLIC)
    made.remember()
    _summary(
        args, f"{made.notes:,} notes with {made.cards:,} cards and {made.answers:,} answers",
        notes=made.notes, cards=made.cards, answers=made.answers, left=made.left_out,
    )  # fmt: skip
    if not args.json:
        for line in _TOLD_SCHEDULE if args.with_schedule else _TOLD:
            tell(line)
    return 0


def _package(args: argparse.Namespace) -> Path:
    """The file of a package, by whose name Anki knows what to do with it."""
    if not args.file:
        raise UsageError("No file", "A package is no text.", "Name one: tutor export anki d.apkg")
    target = Path(args.file).expanduser()
    if target.suffix.lower() == ".colpkg":
        raise UsageError(
            "No .colpkg", "Anki would replace the whole collection by it.", "Name a .apkg."
        )
    if target.suffix.lower() != ".apkg":
        raise UsageError(
            f"{target.name} is no name of a package", "Anki takes files that end in .apkg.",
            f"Name it {target.name}.apkg.",
        )  # fmt: skip
    return target


_PACKING = "Writing the package …"
_TOLD = (
    "In Anki: File > Import. A card that is there already gets the new text and stays as it is.",
    "A text that you change there stays until it is changed here; tags you add go with it.",
    "A card that you moved stays where it is; a card that you deleted comes back.",
)
_TOLD_SCHEDULE = (
    'In Anki: File > Import, tick "Import any learning progress" (and "Import any deck presets" '
    "after --preset), and turn FSRS on in the deck options: a package cannot.",
    "Cards that Anki has already get the new text, but no answers and no dates. For a newer "
    "schedule delete these notes in Anki first, then import.",
    "Anki does not take: the marking of choices and numbers (you rate yourself), what you typed, "
    "how sure you were, and the demos. Tags you add there go when a text changes.",
)


def _text(args: argparse.Namespace, place: Place) -> int:
    """Anki's plain text, a row a note."""
    from tutor.exchange.anki import text_writer
    from tutor.session import exporting_anki
    from tutor.verbs import opening

    library = opening.load(place)
    wish = exporting_anki.Wish(freeze=args.freeze)
    made = exporting_anki.gather(place, library, _entries(args, library), wish)
    _put(args, text_writer.lines(made.package.notes), PUBLIC)
    made.remember()
    _summary(args, f"{made.notes:,} notes", notes=made.notes, cards=made.cards, left=made.left_out)
    if not args.json:
        tell("Anki needs the note types first: import any package of `tutor export anki` once.")
    return 0


def _journal(args: argparse.Namespace, place: Place) -> int:
    from tutor.session import carrying
    from tutor.verbs.opening import open_learner

    with open_learner(place) as learner:
        _put(args, carrying.lines(learner, place.settings), PRIVATE)
        answers = learner.glance().answers
    _summary(args, "your whole journal", answers=answers)
    return 0


def _csv(args: argparse.Namespace, place: Place) -> int:
    from tutor.verbs.opening import open_learner

    with open_learner(place) as learner:
        cards = _chosen(args, learner.library)
        rows = [
            [unit, card.deck, card.topic or "", card.kind, card.front, state.phase,
             f"{state.stability:.6g}", f"{state.difficulty:.6g}", state.due_utc_ms, state.reps,
             state.lapses, int(state.suspended), int(state.flagged)]
            for card in cards
            for unit in learner.library.entries[card.key].units
            for state in [learner.state(unit)]
        ]  # fmt: skip
    head = ["unit", "deck", "topic", "kind", "front", "phase", "stability", "difficulty",
            "due_utc_ms", "reps", "lapses", "suspended", "flagged"]  # fmt: skip
    _put(args, _table([head, *rows]), PRIVATE)
    _summary(args, f"{len(rows):,} rows", notes=len(cards), cards=len(rows))
    return 0


def _table(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """Rows of a table for spreadsheets; a cell that a spreadsheet would compute is a text."""
    for row in rows:
        out = io.StringIO()
        csv.writer(out, lineterminator="").writerow([_cell(value) for value in row])
        yield out.getvalue()


def _cell(value: object) -> object:
    text = str(value)
    return f"'{text}" if text[:1] in "=+@\t\r" or (text[:1] == "-" and not _number(text)) else value


def _number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True


def _markdown(args: argparse.Namespace, place: Place) -> int:
    """One file a deck, with topics, lessons and ids, into a folder."""
    from tutor.deck.parse import ParsedFile
    from tutor.deck.writer import write_deck
    from tutor.errors import InexpressibleError
    from tutor.verbs import opening

    library = opening.load(place)
    cards, left = _chosen(args, library), list[Left]()
    if not args.file:
        raise UsageError("No folder", "Decks are written one file each.", "Name a folder.")
    for deck in dict.fromkeys(card.deck for card in cards):
        mine = tuple(card for card in cards if card.deck == deck)
        wanted = {card.topic for card in mine}
        kept = [t for t in library.topics.values() if t.deck == deck and t.id in wanted]
        topics = tuple(replace(topic, order=place) for place, topic in enumerate(kept))
        first = topics[0] if topics else None
        whole = ParsedFile(
            f"{deck}.md", deck=deck, title=first.chapter_title if first else "",
            chapter=first.chapter if first else 0, topics=topics, cards=mine,
        )  # fmt: skip
        try:
            _write(Path(args.file).expanduser() / f"{deck}.md", [write_deck(whole)], PUBLIC)
        except InexpressibleError as error:
            left.append((deck, str(error)))
    written = len(cards) if not left else sum(card.deck not in dict(left) for card in cards)
    _summary(args, f"{written:,} cards", notes=written, cards=written, left=left)
    return 0


def _quiz(write: str) -> Callable[[argparse.Namespace, Place], int]:
    def make(args: argparse.Namespace, place: Place) -> int:
        from tutor.exchange import gift, moodle_xml
        from tutor.verbs import opening

        writer = {"gift": gift.write, "moodle-xml": moodle_xml.write}[write]
        cards = _chosen(args, opening.load(place))
        text, left = writer(cards)
        _put(args, text.rstrip("\n").split("\n"), PUBLIC)
        count = len(cards) - len(left)
        _summary(args, f"{count:,} questions", notes=count, cards=count, left=left)
        return 0

    return make


_FORMATS: dict[str, Callable[[argparse.Namespace, Place], int]] = {
    "anki": _anki,
    "text": _text,
    "json": _journal,
    "csv": _csv,
    "markdown": _markdown,
    "gift": _quiz("gift"),
    "moodle-xml": _quiz("moodle-xml"),
}


def _chosen(args: argparse.Namespace, library: Library) -> list[Card]:
    """The cards of the topics and decks asked for; all without such a wish."""
    return [library.card(entry.key) for entry in _entries(args, library)]


def _entries(args: argparse.Namespace, library: Library) -> list[Entry]:
    """The same without reading the cards."""
    topics = {_topic(library, name) for name in args.topic}
    for deck in args.deck:
        if not any(entry.deck == deck for entry in library.entries.values()):
            raise NotFoundError("No such deck", f"No deck is called {deck!r}.", "See: tutor check")
    return [
        entry
        for entry in library.entries.values()
        if (not topics or entry.topic in topics) and (not args.deck or entry.deck in args.deck)
    ]


def _topic(library: Library, name: str) -> str:
    found = library.find_topics(name)
    if not found:
        raise NotFoundError("No such topic", f"No topic is called {name!r}.", "See: tutor glossary")
    return found[0].id


def _put(args: argparse.Namespace, lines: Iterable[str], mode: int) -> None:
    """Lines to the file, whole or not at all, or to stdout."""
    if not args.file:
        for line in lines:
            say(line)
        return
    _write(Path(args.file).expanduser(), (f"{line}\n" for line in lines), mode)


def _write(target: Path, pieces: Iterable[str], mode: int) -> None:
    output.write(target, (piece.encode() for piece in pieces), mode)


def _summary(
    args: argparse.Namespace,
    words: str,
    *,
    notes: int = 0,
    cards: int = 0,
    answers: int = 0,
    left: Sequence[Left] = (),
) -> None:
    """What was written; on stderr where stdout holds the export itself."""
    if args.json:
        out = [{"key": key, "why": why} for key, why in left]
        data = {"notes": notes, "cards": cards, "answers": answers, "left_out": out}
        (say_json if args.file else tell)(data)
        return
    tell(f"exported: {words}")
    if left:
        tell(f"left out: {len(left):,}, such as {left[0][0]} ({left[0][1]}); --json names them all")
