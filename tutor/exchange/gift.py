"""Moodle's GIFT, read and written.

Escapes are `\\~ \\= \\# \\{ \\} \\:` and `\\n`; where no answer is `=`, each counts as right
by its weight, so `~%50%` is right for its half; feedback follows `#`, and `####` is for the whole
question. A category line names the group of the questions below it, a comment
`// [id:...] [tag:...]` the next question and its tags.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tutor.deck.model import (
    Answer,
    Card,
    Choice,
    Kind,
    Match,
    Numeric,
    Option,
    Tolerance,
    Typed,
)
from tutor.exchange import html
from tutor.exchange.notes import PAIR_TITLES, Found, Note, choice, literal, said_to, short

_ESCAPED = re.compile(r"\\([~=#{}:\\n])")
# Escaped signs become private characters while the structure is read.
_HIDE = {sign: chr(0xE000 + i) for i, sign in enumerate("~=#{}:\\n")}
_SHOW = {hidden: ("\n" if sign == "n" else sign) for sign, hidden in _HIDE.items()}
_TITLE = re.compile(r"\A::(?P<title>.*?)::", re.DOTALL)
_FORM = re.compile(r"\A\s*\[(?P<form>html|moodle|plain|markdown)\]")
_WEIGHT = re.compile(r"\A%(?P<weight>-?\d+(?:\.\d+)?)%")
_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_PARTS = re.compile(r"(?=[=~])")
_META = re.compile(r"\[(?P<key>id|tag):(?P<value>(?:[^\]\\]|\\.)*)\]")


def looks(text: str) -> bool:
    """Whether a text has answers in braces as GIFT writes them."""
    hidden = _hide(text)
    return bool(re.search(r"\{\s*(?:[=~#]|T\b|F\b|TRUE\b|FALSE\b)", hidden)) and "<?xml" not in text


@dataclass(frozen=True, slots=True)
class _Block:
    """A question as written: where it begins, its lines, and what the comment above it says."""

    line: int
    text: str
    meta: tuple[tuple[str, str], ...] = ()

    def said(self, key: str) -> tuple[str, ...]:
        """The values of a key of the comment."""
        return tuple(value for name, value in self.meta if name == key)


def read(text: str, name: str) -> Found:
    """All questions; what has no answer that can be marked is told."""
    found, group = Found("gift"), ""
    for block in _blocks(text):
        if block.text.lstrip().startswith("$CATEGORY:"):
            group = group_of(_show(block.text.split(":", 1)[1]))
            continue
        _Question(found, block, group).take()
    return found


def group_of(path: str) -> str:
    """A category's path as a group; a doubled slash is one of a name."""
    parts = (part.strip().replace("//", "/") for part in re.split(r"(?<!/)/(?!/)", path.strip()))
    return "::".join(part for part in parts if part not in {"", "$course$", "$system$", "top"})


def _blocks(text: str) -> Iterator[_Block]:
    """Questions: parted by blank lines outside braces; lines of `//` are comments."""
    lines, start, depth, meta = list[str](), 0, 0, list[tuple[str, str]]()
    for number, raw in enumerate([*text.splitlines(), ""], 1):
        bare = raw.lstrip()
        if bare.startswith("//"):
            meta += [(match["key"], match["value"]) for match in _META.finditer(bare)]
            continue
        line = _hide(raw)
        is_category = bare.startswith("$CATEGORY:")
        if is_category or (not bare and depth <= 0):
            if lines:
                yield _Block(start, "\n".join(lines), tuple(meta))
                meta = []
            lines, depth = [], 0
            if is_category:
                yield _Block(number, line)
                meta = []
            continue
        start = start if lines else number
        depth += line.count("{") - line.count("}")
        lines.append(line)
    if lines:
        yield _Block(start, "\n".join(lines), tuple(meta))


_Read = tuple[Kind, Answer]


class _Question:
    """One question while it is read. said: what is told to an answer, beside the options."""

    def __init__(self, found: Found, block: _Block, group: str) -> None:
        self.found, self.block, self.line, self.group = found, block, block.line, group
        self.title = _TITLE.match(block.text)
        stem = block.text[self.title.end() :] if self.title else block.text
        form = _FORM.match(stem)
        self.form = form["form"] if form else "moodle"
        self.stem = stem[form.end() :] if form else stem
        self.said: list[str] = []

    def take(self) -> None:
        """Take it, or tell why not."""
        stem = self.stem
        opened, closed = stem.find("{"), stem.rfind("}")
        if opened < 0 or closed < opened:
            self.found.leave(_show(stem), "it has no answer in braces: a description", self.line)
            return
        before, inside, after = stem[:opened], stem[opened + 1 : closed], stem[closed + 1 :]
        blank = " _____ " if after.strip() else ""
        front = html.one_line(self.text(before + blank + after))
        inside, _, general = inside.partition("####")
        made = self.answer(inside.strip())
        if isinstance(made, str):
            self.found.leave(front, made, self.line)
            return
        title = _show(self.title["title"]).strip() if self.title else ""
        explanation = "\n\n".join(dict.fromkeys(filter(None, [self.text(general), *self.said])))
        self.found.add(
            Note(*made_with(made, front), self.line, explanation=explanation, group=self.group,
                 source_id=next(iter(self.block.said("id")), title),
                 tags=tuple("-".join(tag.split()) for tag in self.block.said("tag")))
        )  # fmt: skip

    def answer(self, body: str) -> _Read | str:
        """Kind and answer, or why there is none."""
        if not body:
            return "an essay: nothing can be marked"
        if body.startswith("#"):
            return self.numeric(body[1:])
        word, *reasons = body.split("#")
        if word.strip().upper() in {"T", "F", "TRUE", "FALSE"}:
            return self.true_false(word.strip().upper().startswith("T"), reasons)
        parts = [part.strip() for part in _PARTS.split(body) if part.strip()]
        if all(part.startswith("=") for part in parts):
            return self.match(parts) if all("->" in part for part in parts) else self.typed(parts)
        return self.options(parts)

    def true_false(self, right: bool, reasons: list[str]) -> _Read:
        """`T#said to a wrong answer#said to a right one`."""
        wrong, *rest = [*map(self.text, reasons), ""]
        self.said += rest
        options = (
            Option("True", right, "" if right else wrong),
            Option("False", not right, wrong if right else ""),
        )
        return "truefalse", Choice(options)

    def options(self, parts: list[str]) -> _Read:
        """One that is `=`, or several by their weights."""
        one = any(part.startswith("=") for part in parts)
        options = []
        for part in parts:
            text, reason, worth = self.weighed(part)
            right = part.startswith("=") if one else worth > 0
            option = Option(html.one_line(self.text(text)), right, self.text(reason))
            if worth > 0 and not right:
                self.found.leave(option.text, "an answer of less than full worth", self.line)
            options.append(option)
        return choice(options)

    def typed(self, parts: list[str]) -> _Read:
        """Several wordings, each of full worth."""
        accepted = []
        for part in parts:
            text, reason, worth = self.weighed(part)
            text = _show(text).strip()
            self.said.append(said_to(text, self.text(reason), worth >= 100))
            if worth < 100:
                self.found.leave(text, "an answer of less than full worth", self.line)
                continue
            if "*" in text.replace("\\*", ""):
                self.found.leave(text, "an answer with a wildcard (*)", self.line)
                continue
            accepted.append(text.replace("\\*", "*"))
        return "typed", Typed(tuple(accepted))

    def match(self, parts: list[str]) -> _Read:
        """`=left -> right`; a pair without its left is a distractor."""
        pairs = []
        for part in parts:
            left, _, right = part[1:].partition("->")
            if left.strip():
                pairs.append((self.text(left), self.text(right)))
            else:
                what = "a distractor of a matching question"
                self.found.leave(self.text(right), what, self.line)
        return "match", Match(PAIR_TITLES, tuple(pairs))

    def numeric(self, body: str) -> _Read | str:
        """`#3.14:0.005`, `#2..4`, or several `=%100%...` of which the fullest counts."""
        parts = [self.weighed(part) for part in _PARTS.split(body.strip()) if part.strip()]
        best = max((worth for _, _, worth in parts), default=0.0)
        made: Numeric | None = None
        for text, reason, worth in parts:
            self.said.append(said_to(_show(text), self.text(reason), worth == best))
            if worth == best and worth > 0 and made is None:
                made = number(_show(text.replace(_HIDE[":"], ":")))
                if made is None:
                    return f"its answer {short(_show(text))!r} is no number"
            elif text.strip():
                self.found.leave(_show(text), OTHER_NUMBER, self.line)
        return ("numeric", made) if made else "no answer of it is right"

    def weighed(self, part: str) -> tuple[str, str, float]:
        """The text of an answer, what is said to it, and its worth in percent."""
        sign = part.lstrip()[:1]
        text, _, reason = (part.lstrip()[1:] if sign in {"=", "~"} else part).partition("#")
        weight = _WEIGHT.match(text)
        if weight:
            return text[weight.end() :], reason, float(weight["weight"])
        return text, reason, 0.0 if sign == "~" else 100.0

    def text(self, text: str) -> str:
        """A text as Markdown, by its own form or the question's."""
        own = _FORM.match(text)
        form = own["form"] if own else self.form
        shown = _show(text[own.end() :] if own else text).strip()
        if form == "markdown":
            return shown
        if form == "html" or re.search(r"</?[a-zA-Z][^>]*>|&\w+;", shown):
            made, lost = html.to_markdown(shown)
            for what in lost:
                self.found.leave(f"{what} of: {short(made)}", "only text comes in", self.line)
            return made
        return literal(shown)


OTHER_NUMBER = "another number or tolerance than the first of full worth"


def made_with(made: _Read, front: str) -> tuple[Kind, str, Answer]:
    """Kind, front and answer, as a note takes them."""
    return made[0], front, made[1]


def number(text: str) -> Numeric | None:
    """`3.14`, `3.14:0.005` or `2..4`; None for anything else."""
    low, dots, high = (part.strip() for part in text.partition(".."))
    if dots and _NUMBER.fullmatch(low) and _NUMBER.fullmatch(high):
        return Numeric("", interval=(low, high))
    value, _, margin = (part.strip() for part in text.partition(":"))
    if not _NUMBER.fullmatch(value) or (margin and not _NUMBER.fullmatch(margin)):
        return None
    return Numeric(value, Tolerance(float(margin or 0)))


def _hide(text: str) -> str:
    return _ESCAPED.sub(lambda match: _HIDE[match[1]], text)


def _show(text: str) -> str:
    return "".join(_SHOW.get(sign, sign) for sign in text)


# --- writing


def write(cards: Iterable[Card]) -> tuple[str, list[tuple[str, str]]]:
    """GIFT for the cards that a teacher's program can mark, and (key, why) for all others."""
    blocks: list[str] = []
    left: list[tuple[str, str]] = []
    group = ""
    for card in cards:
        made = _written(card)
        if made is None:
            left.append((card.key, why_not(card)))
            continue
        if card.deck != group:
            group = card.deck
            blocks.append(f"$CATEGORY: {_escape(group)}")
        blocks.append(made)
    return "\n\n".join(blocks) + "\n", left


def why_not(card: Card, form: str = "GIFT") -> str:
    """Why a card cannot be a question of this form."""
    if isinstance(card.answer, Numeric) and card.answer.params:
        return "its numbers are drawn anew each time"
    return f"{form} has no question of the kind {card.kind!r}"


def _written(card: Card) -> str | None:
    answer = _written_answer(card)
    if answer is None:
        return None
    note = f"####{_escape(card.explanation)}" if card.explanation else ""
    return f"::{_escape(card.key)}::[markdown]{_escape(card.front)} {{{answer}{note}\n}}"


def _written_answer(card: Card) -> str | None:
    match card.answer:
        case Choice(options) if card.kind == "truefalse":
            right = next(i for i, option in enumerate(options) if option.right)
            reason = options[1 - right].reason if len(options) > 1 else ""
            word = "TRUE" if options[right].text.strip().lower() == "true" else "FALSE"
            return word + (f"#{_escape(reason)}" if reason else "")
        case Choice(options):
            return "".join(f"\n\t{line}" for line in _written_options(options))
        case Typed(accepted):
            return "".join(f"\n\t={_escape(text)}" for text in accepted)
        case Match(_, pairs):
            return "".join(f"\n\t={_escape(left)} -> {_escape(right)}" for left, right in pairs)
        case Numeric(params=None) as number:
            return _written_number(number)
        case _:
            return None


def _written_options(options: tuple[Option, ...]) -> Iterator[str]:
    rights = sum(option.right for option in options)
    share = f"%{100 / rights:.5f}%" if rights else ""
    for option in options:
        reason = f"#{_escape(option.reason)}" if option.reason else ""
        if rights == 1:
            yield ("=" if option.right else "~") + _escape(option.text) + reason
        else:
            yield f"~{share if option.right else '%-100%'}{_escape(option.text)}{reason}"


def _written_number(number: Numeric) -> str | None:
    if number.interval:
        low, high = number.interval
        return f"#{low}..{high}"
    value = number.value.replace("_", "").replace("−", "-")
    if not _NUMBER.fullmatch(value):
        return None
    amount = number.tolerance.amount
    if number.tolerance.relative:
        amount *= abs(float(value))
    return f"#{value}:{amount:g}" if amount else f"#{value}"


def _escape(text: str) -> str:
    return re.sub(r"([~=#{}:\\])", r"\\\1", text).replace("\n", "\\n")
