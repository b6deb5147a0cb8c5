"""What a learner takes along: each form with its name, its writer and what it is for.

Both drivers write through here, the page `Import and export` and `tutor export`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.deck.library import Library
from tutor.deck.load_progress import OnProgress, counted, ignore
from tutor.deck.model import Card, Entry
from tutor.deck.parse import ParsedFile
from tutor.deck.writer import write_deck
from tutor.errors import InexpressibleError, UsageError
from tutor.exchange import gift, moodle_xml, output
from tutor.exchange.anki import text_writer
from tutor.exchange.output import PRIVATE, PUBLIC
from tutor.paths import Place
from tutor.session import exporting_anki
from tutor.session.exporting_anki import Wish
from tutor.text.numerals import plural

if TYPE_CHECKING:
    from tutor.session.learner import Learner

# A card's key, and why it stays behind.
Left = tuple[str, str]
_HEAD = (
    "unit", "deck", "topic", "kind", "front", "phase", "stability", "difficulty", "due_utc_ms",
    "reps", "lapses", "suspended", "flagged",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Source:
    """What goes along comes from here.

    entries: the cards chosen. learner: None for a form that holds nothing of the answers. whole:
    whether `entries` are all there are.
    """

    place: Place
    library: Library
    entries: Sequence[Entry]
    learner: Learner | None = None
    whole: bool = True
    on_progress: OnProgress = ignore

    def cards(self) -> list[Card]:
        """The cards, read."""
        entries = counted(self.entries, self.on_progress)
        return [self.library.card(entry.key) for entry in entries]

    def answered_by(self) -> Learner:
        """The learner, of whom the form speaks."""
        if self.learner is None:
            raise ValueError("this form needs the learner")
        return self.learner


@dataclass(frozen=True, slots=True)
class Export:
    """What goes along, ready to be written while its source is open.

    words: how much it is. files: bytes by the name of a file within the target; "" is the target
    itself. mode: their rights. left_out: what stays behind. advice: what to do with it in the other
    program, and what that does not take. written: to be called when it is.
    """

    words: str
    files: Mapping[str, Iterable[bytes]]
    mode: int = PUBLIC
    notes: int = 0
    cards: int = 0
    answers: int = 0
    left_out: Sequence[Left] = ()
    advice: Sequence[str] = ()
    written: Callable[[], None] = field(default=lambda: None)

    def write(self, target: Path) -> None:
        """Put each file there, whole or not at all. Raises UnwritableError."""
        for name, pieces in self.files.items():
            output.write(target / name, pieces, self.mode)
        self.written()

    def left_behind(self) -> str:
        """What does not go along, in words; empty when all does."""
        if not self.left_out:
            return ""
        key, why = self.left_out[0]
        return f"left out: {len(self.left_out):,}, such as {key} ({why})"

    def lines(self) -> Iterator[str]:
        """The same for a pipe, of a form that is one text."""
        for piece in self.files[""]:
            yield piece.decode().removesuffix("\n")
        self.written()


def _text(lines: Iterable[str]) -> Mapping[str, Iterable[bytes]]:
    return {"": (f"{line}\n".encode() for line in lines)}


# -- the writers -------------------------------------------------------------------------------


def _package(source: Source, wish: Wish) -> Export:
    """An Anki package, with or without the schedule."""
    made = exporting_anki.gather(
        source.place, source.library, source.entries, wish, source.learner, source.whole,
        source.on_progress,
    )  # fmt: skip
    words = (
        f"{plural(made.notes, 'note')} with {plural(made.cards, 'card')}"
        f" and {plural(made.answers, 'answer')}"
    )
    return Export(
        words, {"": [made.bytes()]}, PRIVATE if wish.schedule else PUBLIC, made.notes, made.cards,
        made.answers, made.left_out, _WITH_SCHEDULE if wish.schedule else _WITHOUT_SCHEDULE,
        made.remember,
    )  # fmt: skip


def _anki_text(source: Source, wish: Wish) -> Export:
    """Anki's plain text, a row a note."""
    made = exporting_anki.gather(
        source.place, source.library, source.entries, wish, on_progress=source.on_progress
    )
    return Export(
        plural(made.notes, "note"), _text(text_writer.lines(made.package.notes)),
        notes=made.notes, cards=made.cards, left_out=made.left_out, advice=_AS_TEXT,
        written=made.remember,
    )  # fmt: skip


def _journal(source: Source, _: Wish) -> Export:
    from tutor.session import carrying

    learner = source.answered_by()
    answers = learner.glance().answers
    return Export(
        f"your whole journal with {plural(answers, 'answer')}",
        _text(_heard(carrying.lines(learner, source.place.settings), answers, source.on_progress)),
        PRIVATE, answers=answers,
    )  # fmt: skip


def _heard(lines: Iterable[str], about: int, on_progress: OnProgress) -> Iterator[str]:
    """The lines, of which there are at least `about`, each told when it is written."""
    for done, line in enumerate(lines):
        on_progress(min(1.0, done / (about + 1)))
        yield line


def _table(source: Source, _: Wish) -> Export:
    """A row a unit, for spreadsheets."""
    learner, cards = source.answered_by(), source.cards()
    rows = [
        [unit, card.deck, card.topic or "", card.kind, card.front, state.phase,
         f"{state.stability:.6g}", f"{state.difficulty:.6g}", state.due_utc_ms, state.reps,
         state.lapses, int(state.suspended), int(state.flagged)]
        for entry, card in zip(source.entries, cards, strict=True)
        for unit in entry.units
        for state in [learner.state(unit)]
    ]  # fmt: skip
    return Export(
        plural(len(rows), "row"), _text(_csv([_HEAD, *rows])), PRIVATE, len(cards), len(rows)
    )


def _csv(rows: Iterable[Iterable[object]]) -> Iterator[str]:
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


def _decks(source: Source, _: Wish) -> Export:
    """One file a deck, with topics, lessons and ids, into a folder."""
    cards, left, files = source.cards(), list[Left](), dict[str, Iterable[bytes]]()
    count = 0
    for deck in dict.fromkeys(card.deck for card in cards):
        mine = tuple(card for card in cards if card.deck == deck)
        try:
            files[f"{deck}.md"] = [write_deck(_deck(source.library, deck, mine)).encode()]
            count += len(mine)
        except InexpressibleError as error:
            left.append((deck, str(error)))
    return Export(plural(count, "card"), files, notes=count, cards=count, left_out=left)


def _deck(library: Library, deck: str, cards: tuple[Card, ...]) -> ParsedFile:
    """These cards and their topics as a file of their own."""
    wanted = {card.topic for card in cards}
    kept = [t for t in library.topics.values() if t.deck == deck and t.id in wanted]
    topics = tuple(replace(topic, order=place) for place, topic in enumerate(kept))
    first = topics[0] if topics else None
    return ParsedFile(
        f"{deck}.md", deck=deck, title=first.chapter_title if first else "",
        chapter=first.chapter if first else 0, topics=topics, cards=cards,
    )  # fmt: skip


def _questions(writer: Callable[[Sequence[Card]], tuple[str, Sequence[Left]]]) -> Writer:
    def make(source: Source, _: Wish) -> Export:
        cards = source.cards()
        text, left = writer(cards)
        count = len(cards) - len(left)
        lines = text.rstrip("\n").split("\n")
        return Export(
            plural(count, "question"), _text(lines), notes=count, cards=count, left_out=left
        )

    return make


_WITHOUT_SCHEDULE = (
    "In Anki: File > Import. A card that is there already gets the new text and stays as it is.",
    "A text that you change there stays until it is changed here; tags you add go with it.",
    "A card that you moved stays where it is; a card that you deleted comes back.",
)
_WITH_SCHEDULE = (
    'In Anki: File > Import, tick "Import any learning progress" (and "Import any deck presets" '
    "after --preset), and turn FSRS on in the deck options: a package cannot.",
    "Cards that Anki has already get the new text, but no answers and no dates. For a newer "
    "schedule delete these notes in Anki first, then import.",
    "Anki does not take: the marking of choices and numbers (you rate yourself), what you typed, "
    "how sure you were, and the demos. Tags you add there go when a text changes.",
)
_AS_TEXT = ("Anki needs the note types first: import any package of `tutor export anki` once.",)


Writer = Callable[[Source, Wish], Export]
WRITERS: dict[str, Writer] = {
    "anki": _package,
    "text": _anki_text,
    "json": _journal,
    "csv": _table,
    "markdown": _decks,
    "gift": _questions(gift.write),
    "moodle-xml": _questions(moodle_xml.write),
}
"""Who makes each form."""
_OF_ANSWERS = frozenset({"json", "csv"})


def needs_learner(form: str, wish: Wish) -> bool:
    """Whether the answers must be opened for a form."""
    return form in _OF_ANSWERS or (form == "anki" and wish.needs_learner)


def check_target(form: str, target: Path | None) -> None:
    """Raises UsageError for a name that the form cannot have; None is a pipe."""
    if form == "anki":
        _check_package(target)
    if form == "markdown" and target is None:
        raise UsageError("No folder", "Decks are written one file each.", "Name a folder.")


def _check_package(target: Path | None) -> None:
    """By the name of a package Anki knows what to do with it."""
    if target is None:
        raise UsageError("No file", "A package is no text.", "Name one: tutor export anki d.apkg")
    if target.suffix.lower() == ".colpkg":
        raise UsageError(
            "No .colpkg", "Anki would replace the whole collection by it.", "Name a .apkg."
        )
    if target.suffix.lower() != ".apkg":
        raise UsageError(
            f"{target.name} is no name of a package", "Anki takes files that end in .apkg.",
            f"Name it {target.name}.apkg.",
        )  # fmt: skip


# -- what a learner chooses from ---------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Form:
    """One form: what it is called, what it is for, its usual name, and who makes it how."""

    label: str
    about: str
    file: str
    writer: str
    wish: Wish = field(default_factory=Wish)

    def write(self, learner: Learner, target: Path, on_progress: OnProgress = ignore) -> str:
        """Write all that the learner has, and say what it is.

        Raises UsageError for a name that the form cannot have, UnwritableError.
        """
        check_target(self.writer, target)
        entries = list(learner.library.entries.values())
        source = Source(learner.place, learner.library, entries, learner, True, on_progress)
        made = WRITERS[self.writer](source, self.wish)
        on_progress(1.0)  # the last moment to stop
        made.write(target)
        return "\n".join(filter(None, (made.words, made.left_behind(), *made.advice)))


FORMS = {
    "anki-schedule": Form(
        "Anki, with dates", "cards, every answer, and when each is due", "tutor.apkg",
        "anki", Wish(schedule=True),
    ),
    "anki": Form("Anki, cards alone", "to share: nothing of your answers", "cards.apkg", "anki"),
    "text": Form("Anki's plain text", "the same cards, a row each", "cards.txt", "text"),
    "markdown": Form("Markdown", "a folder with a file for each deck", "tutor-decks", "markdown"),
    "csv": Form("A table", "each card with its dates, for a spreadsheet", "cards.csv", "csv"),
    "gift": Form("Moodle, GIFT", "questions for teachers", "questions.gift", "gift"),
    "moodle-xml": Form("Moodle, XML", "the same, with hints and tags", "questions.xml",
                       "moodle-xml"),
    "json": Form("Everything", "your whole journal, for another machine", "journal.jsonl",
                 "json"),
}  # fmt: skip
"""What the page offers, by the names of its rows."""
