"""What a reader of another program's file gives: notes, and what was left out, by line.

A note is plain data in this program's terms (kind, front, answer as in `deck.model`); texts are
Markdown. Nothing here knows a learner or a deck file.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from tutor.deck.model import (
    Answer,
    Choice,
    Cloze,
    Gap,
    Kind,
    Match,
    Numeric,
    Option,
    Order,
    Prose,
    Typed,
)
from tutor.deck.slugs import free, slug
from tutor.exchange import sizes
from tutor.text.markdown import plain_line
from tutor.text.sanitize import clean

# What a reader takes at most; a file beyond it is refused whole, before anything is written.
MAX_NOTES = 100_000
MAX_CHARACTERS = 50_000_000
# An answer that fits on one typed line is asked for by typing; a longer one is rated.
_LONGEST_CELL = 20_000
# So many of the things left out last are looked at for the same one.
_NEAR = 8
_LONGEST_HEADLINE = 60
# What stands above the two columns of a matching question that has no titles of its own.
OTHER_ANSWERS = "Any other answer"
PAIR_TITLES = ("this", "belongs to")


@dataclass(frozen=True, slots=True)
class Note:
    """One question of another program.

    group: deck, category or heading path, parts joined by `::`. line: where it began, from 1.
    source_id: the other program's own name for it, or empty; units: its names for the units of
    the card, one a gap, where it knows them again. wanted: an id for the card, if it is free.
    due, interval_days: its next date and the interval that led to it, where the file has them (no
    history).
    """

    kind: Kind
    front: str
    answer: Answer
    line: int = 0
    explanation: str = ""
    hints: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    ref: str = ""
    group: str = ""
    source_id: str = ""
    units: tuple[str, ...] = ()
    wanted: str = ""
    due: date | None = None
    interval_days: int | None = None
    # The same of the units after the first; None for one that has no date.
    dates_after: tuple[tuple[date, int] | None, ...] = ()


@dataclass(frozen=True, slots=True)
class LeftOut:
    """Something that does not come in: what (with its line), and why."""

    what: str
    why: str
    line: int = 0


@dataclass(slots=True)
class Found:
    """All that a file gave. `format` is its name as `--as` takes it; `taken` says what was taken
    for what (first column: front ...), one sentence each."""

    format: str
    notes: list[Note] = field(default_factory=list)
    left_out: list[LeftOut] = field(default_factory=list)
    taken: list[str] = field(default_factory=list)

    def leave(self, what: str, why: str, line: int = 0) -> None:
        """Remember something that does not come in."""
        self.left_out.append(LeftOut(short(what), why, line))

    def leave_once(self, what: str, why: str, line: int = 0) -> None:
        """The same, unless that was the last thing that was left out or one just before it."""
        left = LeftOut(short(what), why, line)
        if left not in self.left_out[-_NEAR:]:
            self.left_out.append(left)

    def add(self, note: Note) -> None:
        """Take a note, unless a side of it is empty or its front was there before."""
        if not note.front.strip():
            where = f"line {note.line}" if note.line else _shown(note.answer)
            self.leave(where, "its front is empty", note.line)
        elif why := _unasked(note.answer):
            self.leave(note.front, why, note.line)
        else:
            asked = sizes.fitted(note.kind, note.front, note.answer)
            if asked.why:
                self.leave(f"parts of: {asked.front}", asked.why, note.line)
                note = replace(note, kind=asked.kind, front=asked.front, answer=asked.answer)
            self.notes.append(note)
            self._tell_markup(note)

    def _tell_markup(self, note: Note) -> None:
        """What a text has that is not shown here, where it is Markdown of the other program."""
        texts = (note.front, note.explanation, *note.hints, *_texts(note.answer))
        bare = _CODE.sub("", "\n".join(texts))
        if _PICTURE.search(bare):
            self.leave(f"a picture of: {note.front}", "only text comes in", note.line)
        if _MARKUP.search(bare):
            self.leave(f"tags of HTML of: {note.front}", "they are shown as written", note.line)


def tell_repeated(found: Found) -> None:
    """Take a front that stands twice with the same answer once, and tell of both kinds."""
    seen: dict[str, Note] = {}
    kept: list[Note] = []
    for note in found.notes:
        before = seen.get(note.front)
        if before is None:
            seen[note.front] = note
        elif before.answer == note.answer:
            found.leave(note.front, f"it stands already in line {before.line}", note.line)
            continue
        else:
            found.taken.append(
                f"line {note.line}: the front of line {before.line} with another answer"
            )
        kept.append(note)
    found.notes = kept


def short(text: str, width: int = 60) -> str:
    """The first line of `text`, cleaned and cut."""
    line = clean(text).strip().split("\n", 1)[0]
    return line if len(line) <= width else line[: width - 1] + "…"


def said_to(answer: str, reason: str, right: bool) -> str:
    """What is said to an answer, as a piece of an explanation; empty where nothing is."""
    if not reason or right:
        return reason
    return f"{literal(answer) if answer.strip('* ') else OTHER_ANSWERS}: {reason}"


def typed_or_prose(text: str) -> tuple[Kind, Answer]:
    """How an answer without a kind is asked: it is rated by the learner."""
    return "basic", Prose(text.strip()[:_LONGEST_CELL])


def choice(options: Iterable[Option]) -> tuple[Kind, Choice]:
    """A choice with one right option, or several."""
    made = tuple(options)
    rights = sum(option.right for option in made)
    return ("choice" if rights == 1 else "multi"), Choice(made)


def cloze(text: str, gap: re.Pattern[str], answer: Callable[[re.Match[str]], str]) -> Cloze | None:
    """Prose cut at its gaps; None without any. Slugs are made as the decks' reader makes them."""
    parts: list[str] = []
    gaps: list[Gap] = []
    at = 0
    for match in gap.finditer(text):
        inside = answer(match).strip()
        if not inside:
            continue
        parts.append(text[at : match.start()])
        name = slug(inside) or f"gap-{len(gaps) + 1}"
        gaps.append(Gap(free(name, {gap.slug for gap in gaps}), inside, "$" in inside))
        at = match.end()
    return Cloze((*parts, text[at:]), tuple(gaps)) if gaps else None


def headline(made: Cloze) -> str:
    """A heading for a text with gaps, which tells none of them: its beginning, the gaps as dots."""
    words = plain_line("…".join(made.parts)).split()
    kept: list[str] = []
    for word in words:
        if sum(map(len, kept)) + len(kept) + len(word) > _LONGEST_HEADLINE:
            kept.append("…")
            break
        kept.append(word)
    return literal(" ".join(kept)) or "…"


_CODE = re.compile(r"(```|~~~).*?\1|`[^`\n]*`|\$[^$\n]*\$", re.DOTALL)
_PICTURE = re.compile(r"!\[[^\]\n]*\]\([^)\n]+\)|!\[\[[^\]\n]+\]\]")
_MARKUP = re.compile(r"(?<!\\)</?[a-zA-Z][^<>]*>")
_MATH = re.compile(r"(\$\$.+?\$\$|\$[^$\n]+\$|\\\(.+?\\\)|\\\[.+?\\\])", re.DOTALL)
# A bracket is escaped only where it would begin or end something, and as an entity, since an
# escaped one begins a formula.
_SPECIAL = re.compile(
    r"(?P<sign>[\\`*_<>~|])|(?P<equals>==)"
    r"|(?P<open>\[(?=[\[^])|(?<=!)\[|^\s*\[(?=[ xX]\]))|(?P<close>\](?=[(\[:]))",
    re.MULTILINE,
)
_LINE_END = re.compile(r"(?<=\S)[ \t]*\n(?=[ \t]*\S)")
_LINE_START = re.compile(r"^(\s*)([#+=>-]|\d+[.)])(?=\s|$)", re.MULTILINE)


def literal(text: str) -> str:
    """Text that is no Markdown, as Markdown that shows it, its line ends too.

    Formulas in dollars stay formulas.
    """
    parts = _MATH.split(clean(text).replace("\r\n", "\n").replace("\r", "\n"))
    escaped = [part if i % 2 else _escape(part) for i, part in enumerate(parts)]
    return "".join(escaped).strip()


def _escaped(match: re.Match[str]) -> str:
    if match["sign"]:
        return "\\" + match["sign"]
    if match["equals"]:
        return r"\=\="
    return match[0].replace("[", "&#91;").replace("]", "&#93;")


def _escape(text: str) -> str:
    text = _SPECIAL.sub(_escaped, text)
    text = _LINE_START.sub(lambda m: f"{m[1]}\\{m[2]}" if not m[2][0].isdigit()
                           else f"{m[1]}{m[2][:-1]}\\{m[2][-1]}", text)  # fmt: skip
    return _LINE_END.sub("\\\\\n", text)


def _unasked(answer: Answer) -> str:
    """Why nothing could be asked; empty when it can."""
    match answer:
        case Choice(options):
            return _unchosen(options)
        case Match(_, items) | Order(items) if len(items) < 2:
            return "it has fewer than two parts"
        case Numeric(value="", interval=None):
            return "its answer is empty"
        case Prose() | Typed() if not any(text.strip() for text in _texts(answer)):
            return "its answer is empty"
        case _:
            return ""


def _unchosen(options: Sequence[Option]) -> str:
    if len(options) < 2:
        return "it has fewer than two options"
    if not all(option.text.strip() for option in options):
        return "an option of it is empty"
    return "" if any(option.right for option in options) else "no answer of it is right"


def _texts(answer: Answer) -> tuple[str, ...]:
    match answer:
        case Prose(text):
            return (text,)
        case Typed(texts) | Order(texts):
            return texts
        case Choice(options):
            return tuple(text for option in options for text in (option.text, option.reason))
        case Cloze(parts, gaps):
            return (*parts, *(gap.text for gap in gaps))
        case Match(_, pairs):
            return tuple(text for pair in pairs for text in pair)
        case _:
            return ()


def _shown(answer: Answer) -> str:
    match answer:
        case Prose(text):
            return f"the note whose answer is: {short(text, 40)}" if text.strip() else "a note"
        case Typed(accepted):
            return f"the note whose answer is: {short(accepted[0], 40)}"
        case _:
            return "a note"
