"""Moodle XML, read and written: questions with their fractions, feedback and tolerances.

Of several right answers each with a fraction above zero counts, of one the fullest. HTML stands in
CDATA or escaped; pictures in base64 do not come in. A matching pair without a question is a
distractor. What is said to an answer goes to its option, or to the explanation.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from xml.etree import ElementTree as ET

from tutor.deck.model import (
    Answer,
    Card,
    Choice,
    Cloze,
    Kind,
    Match,
    Numeric,
    Option,
    Order,
    Tolerance,
    Typed,
)
from tutor.errors import UsageError
from tutor.exchange import gift, html, moodle_gaps
from tutor.exchange.notes import (
    PAIR_TITLES,
    Found,
    Note,
    choice,
    headline,
    literal,
    said_to,
    short,
)

_ENTITY = re.compile(r"<!(DOCTYPE|ENTITY)", re.IGNORECASE)
_NUMBER = re.compile(r"-?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_IN_TEXT = frozenset({"cloze", "gapselect", "ddwtos"})
# What Moodle says of itself to a right or wrong answer; it says no more than the mark does.
_MOODLES_OWN = re.compile(r"your answer is (partially )?(in)?correct\.?", re.IGNORECASE)
Read = tuple[Kind, Answer] | str


def looks(text: str) -> bool:
    """Whether this is a quiz in Moodle's XML."""
    return "<quiz" in text[:2000]


def read(text: str, name: str) -> Found:
    """All questions. Raises UsageError when the XML cannot be read."""
    if _ENTITY.search(text):
        raise UsageError(
            f"{name} is not read",
            "It declares a document type or entities of its own, which a quiz never needs.",
            "Export it from Moodle anew.",
        )
    try:
        root = ET.fromstring(text)
    except ET.ParseError as error:
        raise UsageError(f"{name} is no XML", f"{error}.", "Nothing was imported.") from error
    found, group = Found("moodle-xml"), ""
    for number, question in enumerate(root.iter("question"), 1):
        if question.get("type") == "category":
            group = gift.group_of(question.findtext("category/text") or "")
            continue
        _question(found, question, number, group)
    return found


def _question(found: Found, question: ET.Element, number: int, group: str) -> None:
    kind = question.get("type", "")
    # A text with gaps is read with them.
    front = "" if kind in _IN_TEXT else _text(found, question.find("questiontext"), number)
    title = (question.findtext("name/text") or "").strip()
    reader = {
        "multichoice": _choice, "truefalse": _true_false, "shortanswer": _typed,
        "numerical": _numeric, "matching": _match, "ddmatch": _match, "ordering": _order,
        "multichoiceset": _choice, "cloze": _gaps, "gapselect": _gaps, "ddwtos": _gaps,
    }.get(kind)  # fmt: skip
    if reader is None:
        found.leave(front or title, f"questions of the type {kind!r} cannot be marked here", number)
        return
    made = reader(found, question, number)
    if isinstance(made, str):
        found.leave(front or title, made, number)
        return
    general = _text(found, question.find("generalfeedback"), number)
    said = [general, *_said(found, question, number)]
    note = "\n\n".join(dict.fromkeys(filter(None, said)))
    if isinstance(made[1], Cloze):
        front = headline(made[1])
    hints = tuple(t for t in (_text(found, h, number) for h in question.findall("hint")) if t)
    tags = tuple((tag.text or "").strip() for tag in question.findall("tags/tag/text"))
    found.add(
        Note(*gift.made_with(made, html.one_line(front)), number, explanation=note, hints=hints,
             tags=tuple(re.sub(r"\s+", "-", tag) for tag in tags if tag), group=group,
             source_id=question.findtext("idnumber") or title)
    )  # fmt: skip


def _said(found: Found, question: ET.Element, number: int) -> Iterator[str]:
    """What is said to answers that are no options, and to right and wrong ones if it says more
    than Moodle itself."""
    kind = question.get("type")
    for answer in question.iterfind("answer"):
        text, right = (answer.findtext("text") or "").strip(), _fraction(answer) >= 100
        if kind in ("shortanswer", "numerical") or (kind == "truefalse" and right):
            yield said_to(text, _text(found, answer.find("feedback"), number), right)
    for name in ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback"):
        text = _text(found, question.find(name), number)
        if not _MOODLES_OWN.fullmatch(text):
            yield text


def _fraction(answer: ET.Element) -> float:
    try:
        return float(answer.get("fraction", "0"))
    except ValueError:
        return 0.0


def _choice(found: Found, question: ET.Element, number: int) -> Read:
    options = [
        Option(html.one_line(_text(found, answer, number)), _fraction(answer) > 0,
               _text(found, answer.find("feedback"), number))
        for answer in question.findall("answer")
    ]  # fmt: skip
    single = (question.findtext("single") or "true").strip().lower() in {"true", "1"}
    if single and sum(option.right for option in options) > 1:
        best = max(_fraction(answer) for answer in question.findall("answer"))
        worths = [_fraction(answer) for answer in question.findall("answer")]
        for option, worth in zip(options, worths, strict=True):
            if 0 < worth < best:
                found.leave(option.text, "an answer of less than full worth", number)
        options = [
            Option(option.text, worth == best, option.reason)
            for option, worth in zip(options, worths, strict=True)
        ]
    return choice(options)


def _true_false(found: Found, question: ET.Element, number: int) -> Read:
    answers = question.findall("answer")
    right = next((a for a in answers if _fraction(a) > 0), None)
    wrong = next((a for a in answers if a is not right), None)
    if right is None:
        return "no answer of it is right"
    truth = (right.findtext("text") or "").strip().lower() == "true"
    reason = _text(found, wrong.find("feedback"), number) if wrong is not None else ""
    options = (
        Option("True", truth, "" if truth else reason),
        Option("False", not truth, reason if truth else ""),
    )
    return "truefalse", Choice(options)


def _typed(found: Found, question: ET.Element, number: int) -> Read:
    full = []
    for answer in question.findall("answer"):
        if _fraction(answer) >= 100:
            full.append(answer)
        elif _fraction(answer) > 0:
            what = (answer.findtext("text") or "").strip()
            found.leave(what, "an answer of less than full worth", number)
    texts = tuple((answer.findtext("text") or "").strip() for answer in full)
    if any("*" in text for text in texts):
        found.leave(texts[0], "an answer with a wildcard (*)", number)
    return "typed", Typed(tuple(text for text in texts if text and "*" not in text))


def _numeric(found: Found, question: ET.Element, number: int) -> Read:
    best = max(question.findall("answer"), key=_fraction, default=None)
    if best is None or _fraction(best) <= 0:
        return "no answer of it is right"
    for answer in question.findall("answer"):
        if answer is not best and _fraction(answer) > 0:
            text, margin = answer.findtext("text"), answer.findtext("tolerance") or "0"
            found.leave(f"{text} within {margin}", gift.OTHER_NUMBER, number)
    value, margin = (
        (best.findtext("text") or "").strip(),
        (best.findtext("tolerance") or "0").strip(),
    )
    if not _NUMBER.fullmatch(value) or not _NUMBER.fullmatch(margin):
        return f"its answer {short(value)!r} is no number"
    unit = (question.findtext("units/unit/unit_name") or "").strip()
    return "numeric", Numeric(value, Tolerance(float(margin)), unit=unit)


def _match(found: Found, question: ET.Element, number: int) -> Read:
    pairs = []
    for sub in question.findall("subquestion"):
        left, right = _text(found, sub, number), _text(found, sub.find("answer"), number)
        if left:
            pairs.append((left, right))
        else:
            found.leave(right, "a distractor of a matching question", number)
    return "match", Match(PAIR_TITLES, tuple(pairs))


def _gaps(found: Found, question: ET.Element, number: int) -> Read:
    """Gaps in the text, each with its right wordings."""

    def markdown(text: str) -> str:
        made, lost = html.to_markdown(text)
        for what in lost:
            found.leave_once(f"{what} of: {short(made)}", "only text comes in", number)
        return made

    made, unused = moodle_gaps.read(question, markdown)
    if made is None:
        return "its gaps have no answers that could be asked"
    if unused:
        found.leave(f"{moodle_gaps.MORE}: {headline(made)}", "gaps are filled in freely", number)
    return "cloze", made


def _order(found: Found, question: ET.Element, number: int) -> Read:
    """The answers stand in their order."""
    items = (_text(found, answer, number) for answer in question.findall("answer"))
    return "order", Order(tuple(html.one_line(item) for item in items if item))


def _text(found: Found, element: ET.Element | None, number: int) -> str:
    """The text of an element as Markdown, by its format."""
    if element is None:
        return ""
    raw = (element.findtext("text") or "").strip()
    if element.find("file") is not None and "<img" not in raw:
        found.leave(f"a file of: {short(raw)}", "only text comes in", number)
    form = element.get("format", "html")
    if form == "markdown":
        return raw
    if form == "plain_text":
        return literal(raw)
    made, lost = html.to_markdown(raw)
    for what in lost:
        found.leave(f"{what} of: {short(made)}", "only text comes in", number)
    return made


# --- writing


def write(cards: Iterable[Card]) -> tuple[str, list[tuple[str, str]]]:
    """Moodle XML for the cards that Moodle can mark, and (key, why) for all others."""
    root = ET.Element("quiz")
    left: list[tuple[str, str]] = []
    group = ""
    for card in cards:
        made = _written(card)
        if made is None:
            left.append((card.key, gift.why_not(card, "Moodle XML")))
            continue
        if card.deck != group:
            group = card.deck
            category = ET.SubElement(root, "question", type="category")
            _put(ET.SubElement(category, "category"), f"$course$/top/{group}")
        root.append(made)
    ET.indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + ET.tostring(root, "unicode") + "\n", left


def _written(card: Card) -> ET.Element | None:
    kinds = {"choice": "multichoice", "multi": "multichoice", "truefalse": "truefalse",
             "typed": "shortanswer", "numeric": "numerical", "match": "matching",
             "order": "ordering"}  # fmt: skip
    kind = kinds.get(card.kind)
    if kind is None or (isinstance(card.answer, Numeric) and (
        card.answer.params or not _plain_number(card.answer)
    )):  # fmt: skip
        return None
    element = ET.Element("question", type=kind)
    _put(ET.SubElement(element, "name"), card.front[:200])
    _put(ET.SubElement(element, "questiontext", format="markdown"), card.front)
    _put(ET.SubElement(element, "generalfeedback", format="markdown"), card.explanation)
    ET.SubElement(element, "idnumber").text = card.key
    _put_answers(element, card)
    for hint in card.hints:
        _put(ET.SubElement(element, "hint", format="markdown"), hint)
    return element


def _plain_number(number: Numeric) -> bool:
    return bool(number.interval) or bool(_NUMBER.fullmatch(_digits(number.value)))


def _digits(value: str) -> str:
    return value.replace("_", "").replace("−", "-")


def _put_answers(element: ET.Element, card: Card) -> None:
    match card.answer:
        case Choice(options):
            rights = sum(option.right for option in options)
            if card.kind != "truefalse":
                ET.SubElement(element, "single").text = "true" if rights == 1 else "false"
            for option in options:
                worth = 100 / rights if option.right else (0 if rights == 1 else -100)
                text = option.text.lower() if card.kind == "truefalse" else option.text
                _answer(element, text, worth, option.reason)
        case Typed(accepted):
            for text in accepted:
                _answer(element, text, 100)
        case Numeric() as number:
            value, margin = _value_and_margin(number)
            answer = _answer(element, value, 100)
            ET.SubElement(answer, "tolerance").text = margin
            _put_unit(element, number.unit)
        case Order(items):
            for place, item in enumerate(items, 1):
                _answer(element, item, place)
        case Match(_, pairs):
            for left, right in pairs:
                sub = ET.SubElement(element, "subquestion", format="markdown")
                _put(sub, left)
                _put(ET.SubElement(sub, "answer"), right)


def _put_unit(element: ET.Element, name: str) -> None:
    """A unit that may be typed behind the number, and need not."""
    if name:
        ET.SubElement(element, "unitgradingtype").text = "0"
        ET.SubElement(element, "showunits").text = "0"
        unit = ET.SubElement(ET.SubElement(element, "units"), "unit")
        ET.SubElement(unit, "multiplier").text = "1"
        ET.SubElement(unit, "unit_name").text = name


def _value_and_margin(number: Numeric) -> tuple[str, str]:
    if number.interval:
        low, high = (float(_digits(end)) for end in number.interval)
        return f"{(low + high) / 2:.12g}", f"{(high - low) / 2:.12g}"
    value = _digits(number.value)
    amount = number.tolerance.amount
    return value, f"{amount * abs(float(value)) if number.tolerance.relative else amount:.12g}"


def _answer(element: ET.Element, text: str, worth: float, reason: str = "") -> ET.Element:
    answer = ET.SubElement(element, "answer", fraction=f"{worth:.5f}".rstrip("0").rstrip("."))
    answer.set("format", "markdown")
    _put(answer, text)
    if reason:
        _put(ET.SubElement(answer, "feedback", format="markdown"), reason)
    return answer


def _put(element: ET.Element, text: str) -> None:
    ET.SubElement(element, "text").text = text
