"""Parses one deck file: its topics with their lessons, its cards, and everything wrong with it.

Nothing in a file can make this raise; a broken card is set aside and listed, the others are read.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field, replace

from tutor import garbage
from tutor.deck.advice import advise
from tutor.deck.cards import Context, read_card
from tutor.deck.comments import Comment, attributes, checked_id, listed
from tutor.deck.frontmatter import FrontMatter
from tutor.deck.load_progress import OnProgress, ignore
from tutor.deck.meant import Headings, advise_file
from tutor.deck.model import Card, Problem, Source, Topic
from tutor.deck.outline import decoded, outline
from tutor.deck.prose import lint_section
from tutor.deck.rules import BYTE_LIMIT, Findings
from tutor.deck.sections import Section
from tutor.text import sanitize

_IS_DECK = re.compile(r"<!--\s*(?:card|topic|check)\b", re.IGNORECASE)
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class ParsedFile:
    """What one file holds. A Markdown file without cards or topics is empty and has no problems."""

    file: str
    deck: str = ""
    title: str = ""
    chapter: int = 0
    chapter_title: str = ""
    topics: tuple[Topic, ...] = ()
    cards: tuple[Card, ...] = ()
    problems: tuple[Problem, ...] = ()
    retention: float = 0.0


def parse_bytes(data: bytes, file: str, on_progress: OnProgress = ignore) -> ParsedFile:
    """Parse the content of `file`; bytes that are no UTF-8 are reported and replaced.

    `on_progress` hears which share of the work is done.
    """
    findings = Findings(file)
    if len(data) >= BYTE_LIMIT:
        findings.add(1, "too-long", f"Only the first {BYTE_LIMIT:,} bytes are read: split it.")
    if data.startswith(_UTF16):
        findings.add(1, "control-character", "The file is UTF-16: save it as UTF-8.")
        return ParsedFile(file, problems=tuple(findings.problems))
    if not _is_utf8(data):
        for number, row in enumerate(data.split(b"\n"), 1):
            if not _is_utf8(row):
                message = "Bytes that are no UTF-8 are shown as �: save the file as UTF-8."
                findings.add(number, "control-character", message)
    return _parse(decoded(data), file, findings, on_progress)


def parse_text(text: str, file: str) -> ParsedFile:
    """Parse `text` as the content of `file`."""
    return _parse(text, file, Findings(file), ignore)


def _is_utf8(row: bytes) -> bool:
    try:
        row.decode()
    except UnicodeDecodeError:
        return False
    return True


def _parse(text: str, file: str, findings: Findings, on_progress: OnProgress) -> ParsedFile:
    if not _IS_DECK.search(text):
        advise_file(text, file, findings)
        return ParsedFile(file, problems=tuple(findings.problems))
    _report_characters(text, findings)
    with garbage.paused():
        front, lines, found = outline(text, findings)
        reader, headings = _Reader(file, front, lines, findings), Headings()
        for section in found:
            reader.read(section)
            headings.see(section)
            if section.end:
                on_progress(section.end / len(lines))
        headings.advise(findings)
        return reader.parsed()


def _report_characters(text: str, findings: Findings) -> None:
    for line, what in sanitize.offenders(text):
        if what.startswith("U+"):
            findings.add(line, "control-character", f"{what} is left out.")
        else:
            findings.add(line, "too-long", f"{what[0].upper()}{what[1:]}.")


@dataclass(slots=True)
class _Reader:
    """Goes through the sections in order, knowing the topic that is open."""

    file: str
    front: FrontMatter
    lines: list[str]
    findings: Findings
    deck: str = ""
    topics: dict[str, Topic] = field(default_factory=dict)
    lessons: dict[str, list[str]] = field(default_factory=dict)
    cards: list[Card] = field(default_factory=list)
    taken: dict[str, int] = field(default_factory=dict)
    topic: str | None = None

    def __post_init__(self) -> None:
        self.deck = self.front.deck_of(self.file)

    def read(self, section: Section) -> None:
        """Take in one section: a card, or a part of a lesson that may open a topic."""
        mark = self.findings.mark()
        lint_section(section, self.lines, self.findings)
        opener = section.opener
        if opener and opener.word == "card":
            self._read_card(section, opener, mark)
        elif opener:
            self._open_topic(section, opener)
            self._add_lesson(section)
        elif not self._swallows(section):
            self._add_lesson(section)

    def _swallows(self, section: Section) -> bool:
        """Whether something in the section was never closed, so that its text means nothing."""
        unclosed = self.findings.swallowing
        first = bisect_left(unclosed, section.start + 1)
        return first < len(unclosed) and unclosed[first] <= section.end

    def _read_card(self, section: Section, opener: Comment, mark: int) -> None:
        context = Context(self.file, self.deck, self.topic)
        read = read_card(section, opener, self.lines, context, self.findings)
        if read is None:
            return
        card, body = read
        if card.id in self.taken:
            message = f"`{card.key}` is the card of line {self.taken[card.id]} already."
            self.findings.add(opener.line, "duplicate-id", message)
        self.taken.setdefault(card.id, card.source.line)
        if self.findings.unusable_since(mark) or self._swallows(section):
            return
        self.cards.append(card)
        topic = self.topics.get(card.topic or "")
        elsewhere = bool(card.overrides) or (card.topic is not None and topic is None)
        ref = bool(card.ref or elsewhere or (topic and topic.ref))
        titled = bool(card.topic or card.overrides or self.front.title)
        advise(card, body, titled, ref, self.findings)

    def _open_topic(self, section: Section, opener: Comment) -> None:
        given = attributes(opener, self.findings)
        name = checked_id(opener, given, self.findings)
        if name in self.topics:
            message = f"Topic `{name}` is opened in line {self.topics[name].source.line} already."
            self.findings.add(opener.line, "duplicate-id", message)
        self.topic = name or None
        if not name or name in self.topics:
            return
        self.lessons[name] = []
        self.topics[name] = Topic(
            id=name,
            title=section.front.strip() or name,
            deck=self.deck,
            chapter=self.front.chapter,
            chapter_title=self.front.chapter_title or self.front.title or self.deck,
            order=len(self.topics),
            source=Source(self.file, section.start + 1, section.end),
            needs=listed(given.get("needs", "")),
            aka=listed(given.get("aka", "")),
            find=listed(given.get("find", "")),
            demo=given.get("demo", ""),
            ref=given.get("ref", ""),
        )

    def _add_lesson(self, section: Section) -> None:
        if self.topic is None:
            return
        if section.opener is None and section.depth:
            self.lessons[self.topic].append(self.lines[section.start])
        for block in section.blocks:
            if block.kind != "html_block":
                text = "\n".join(self.lines[block.start : block.end]).strip("\n")
                self.lessons[self.topic].append(text)

    def parsed(self) -> ParsedFile:
        """Everything that was read, the problems by line."""
        if self.cards and not self.front.deck:
            message = (
                f"The history of these cards hangs on the file's name: write `deck: {self.deck}`"
                " into the front matter (`tutor ids --write` does)."
            )
            self.findings.add(1, "no-deck", message)
        return ParsedFile(
            self.file,
            self.deck,
            self.front.title,
            self.front.chapter,
            self.front.chapter_title,
            tuple(self._with_lesson(topic) for topic in self.topics.values()),
            tuple(self.cards),
            tuple(self.findings.problems),
            self.front.retention,
        )

    def _with_lesson(self, topic: Topic) -> Topic:
        return replace(topic, lesson="\n\n".join(self.lessons[topic.id]))
