"""Moodle's GIFT, read and written.

Escapes are `\\~ \\= \\# \\{ \\} \\:` and `\\n`; an answer counts as right by its weight, so `~%50%`
is right for its half; feedback follows `#`, and `####` is for the whole question. A category line
names the group of the questions below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

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
from tutor.exchange.notes import PAIR_TITLES, Found, Note, choice, literal, short

_ESCAPED = re.compile(r"\\([~=#{}:\\n])")
# Escaped signs become private characters while the structure is read.
_HIDE = {sign: chr(0xE000 + i) for i, sign in enumerate("~=#{}:\\n")}
_SHOW = {hidden: ("\n" if sign == "n" else sign) for sign, hidden in _HIDE.items()}
_TITLE = re.compile(r"\A::(?P<title>.*?)::", re.DOTALL)
_FORM = re.compile(r"\A\s*\[(?P<form>html|moodle|plain|markdown)\]")
_WEIGHT = re.compile(r"\A%(?P<weight>-?\d+(?:\.\d+)?)%")
_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_PARTS = re.compile(r"(?=[=~])")


def looks(text: str) -> bool:
    """Whether a text has answers in braces as GIFT writes them."""
    hidden = _hide(text)
    return bool(re.search(r"\{\s*(?:[=~#]|T\b|F\b|TRUE\b|FALSE\b)", hidden)) and "<?xml" not in text


def read(text: str, name: str) -> Found:
    """All questions; what has no answer that can be marked is told."""
    found, group, start = Found("gift"), "", 1
    for line, block in _blocks(text):
        start = line
        if block.lstrip().startswith("$CATEGORY:"):
            group = _show(block.split(":", 1)[1]).strip().replace("/", "::")
            continue
        _question(found, block, start, group)
    return found


def _blocks(text: str) -> Iterator[tuple[int, str]]:
    """Questions: parted by blank lines outside braces; lines of `//` are comments."""
    lines, start, depth = list[str](), 0, 0
    for number, raw in enumerate([*text.splitlines(), ""], 1):
        line = "" if raw.lstrip().startswith("//") else _hide(raw)
        if raw.lstrip().startswith("//"):
            continue
        if line.lstrip().startswith("$CATEGORY:"):
            if lines:
                yield start, "\n".join(lines)
            lines, depth = [], 0
            yield number, line
            continue
        if not line.strip() and depth <= 0:
            if lines:
                yield start, "\n".join(lines)
            lines, depth = [], 0
            continue
        start = start if lines else number
        depth += line.count("{") - line.count("}")
        lines.append(line)
    if lines:
        yield start, "\n".join(lines)


def _question(found: Found, block: str, line: int, group: str) -> None:
    title = _TITLE.match(block)
    stem = block[title.end() :] if title else block
    form = _FORM.match(stem)
    kind_of_text = form["form"] if form else "moodle"
    stem = stem[form.end() :] if form else stem
    opened, closed = stem.find("{"), stem.rfind("}")
    if opened < 0 or closed < opened:
        found.leave(_show(stem), "it has no answer in braces: a description", line)
        return
    before, inside, after = stem[:opened], stem[opened + 1 : closed], stem[closed + 1 :]
    blank = " _____ " if after.strip() else ""
    front = _text(before + blank + after, kind_of_text, found, line)
    inside, _, general = inside.partition("####")
    read_answer = _answer(inside, kind_of_text, found, line)
    if read_answer is None:
        found.leave(front, "an essay: nothing can be marked", line)
        return
    kind, answer, feedback = read_answer
    explanation = "\n\n".join(t for t in (_text(general, kind_of_text, found, line), feedback) if t)
    found.add(
        Note(kind, " ".join(front.split()), answer, line, explanation=explanation, group=group,
             source_id=_show(title["title"]).strip() if title else "")
    )  # fmt: skip


def _answer(inside: str, form: str, found: Found, line: int) -> tuple[Kind, Answer, str] | None:
    body = inside.strip()
    if not body:
        return None
    if body.startswith("#"):
        return _numeric(body[1:], form, found, line)
    head = body.split("#", 1)
    word = head[0].strip().upper()
    if word in {"T", "F", "TRUE", "FALSE"}:
        return _true_false(word.startswith("T"), head[1:], form, found, line)
    parts = [part.strip() for part in _PARTS.split(body) if part.strip()]
    if any("->" in part for part in parts):
        return _match(parts, form, found, line)
    if all(part.startswith("=") for part in parts):
        return _typed(parts, form, found, line)
    return _options(parts, form, found, line)


def _true_false(
    right: bool, rest: list[str], form: str, found: Found, line: int
) -> tuple[Kind, Answer, str]:
    reasons = [_text(part, form, found, line) for part in (rest[0].split("#") if rest else [])]
    wrong = reasons[0] if reasons else ""
    options = (
        Option("True", right, "" if right else wrong),
        Option("False", not right, wrong if right else ""),
    )
    return "truefalse", Choice(options), reasons[1] if len(reasons) > 1 else ""


def _options(parts: list[str], form: str, found: Found, line: int) -> tuple[Kind, Answer, str]:
    options = []
    for part in parts:
        text, _, reason = part[1:].partition("#")
        weight = _WEIGHT.match(text)
        worth = float(weight["weight"]) if weight else (100.0 if part.startswith("=") else 0.0)
        text = text[weight.end() :] if weight else text
        options.append(
            Option(_text(text, form, found, line), worth > 0, _text(reason, form, found, line))
        )
    return *choice(options), ""


def _typed(parts: list[str], form: str, found: Found, line: int) -> tuple[Kind, Answer, str]:
    accepted, feedback = [], []
    for part in parts:
        text, _, reason = part[1:].partition("#")
        weight = _WEIGHT.match(text)
        text = text[weight.end() :] if weight else text
        if weight and float(weight["weight"]) < 100:
            found.leave(_show(text), "an answer of less than full worth", line)
            continue
        accepted.append(_show(text).strip())
        feedback.append(_text(reason, form, found, line))
    return "typed", Typed(tuple(accepted)), next((text for text in feedback if text), "")


def _match(parts: list[str], form: str, found: Found, line: int) -> tuple[Kind, Answer, str]:
    pairs = []
    for part in parts:
        left, _, right = part.lstrip("=~").partition("->")
        pairs.append((_text(left, form, found, line), _text(right, form, found, line)))
    return "match", Match(PAIR_TITLES, tuple(pairs)), ""


def _numeric(body: str, form: str, found: Found, line: int) -> tuple[Kind, Answer, str] | None:
    """`#3.14:0.005`, `#2..4`, or several `=%100%...` of which the fullest counts."""
    best, best_worth, reason = "", -1.0, ""
    parts = [part for part in _PARTS.split(body.strip()) if part.strip()]
    for part in parts:
        text, _, why = part.lstrip("=").strip().partition("#")
        weight = _WEIGHT.match(text)
        worth = float(weight["weight"]) if weight else 100.0
        if part.lstrip().startswith("~"):
            continue
        if worth > best_worth:
            best, best_worth, reason = text[weight.end() :] if weight else text, worth, why
        elif worth < best_worth:
            found.leave(_show(text), "a second number of less worth", line)
    low, dots, high = (part.strip() for part in best.partition(".."))
    if dots and _NUMBER.fullmatch(low) and _NUMBER.fullmatch(high):
        made = Numeric("", interval=(low, high))
        return "numeric", made, _text(reason, form, found, line)
    value, _, margin = (
        _show(part).strip() for part in best.replace(_HIDE[":"], ":").partition(":")
    )
    if not _NUMBER.fullmatch(value) or (margin and not _NUMBER.fullmatch(margin)):
        return None
    made = Numeric(value, Tolerance(float(margin or 0)))
    return "numeric", made, _text(reason, form, found, line)


def _hide(text: str) -> str:
    return _ESCAPED.sub(lambda match: _HIDE[match[1]], text)


def _show(text: str) -> str:
    return "".join(_SHOW.get(sign, sign) for sign in text)


def _text(text: str, form: str, found: Found, line: int) -> str:
    shown = _show(text).strip()
    if form == "markdown":
        return shown
    if form == "html" or re.search(r"</?[a-zA-Z][^>]*>|&\w+;", shown):
        made, lost = html.to_markdown(shown)
        for what in lost:
            found.leave(f"{what} of: {short(made)}", "only text comes in", line)
        return made
    return literal(shown)


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
