"""Decides a card's kind and reads the answer of that kind out of its body."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from tutor.deck import answer_line, numbers
from tutor.deck.blocks import Item, items, table
from tutor.deck.body import Body
from tutor.deck.duplicates import duplicates
from tutor.deck.gaps import cut, mark_gaps
from tutor.deck.model import (
    KINDS,
    Answer,
    Choice,
    Kind,
    Match,
    Numeric,
    Option,
    Order,
    Prose,
    Typed,
)
from tutor.deck.params import try_draws
from tutor.deck.rules import Findings
from tutor.deck.sections import Block
from tutor.deck.walker import ExprError

OPTIONS = (2, 6)
ROWS = (3, 7)

# An answer with the Markdown that remains beside it, which belongs to the question.
Read = tuple[Answer, str]


def kind_of(given: str, front: str, body: Body, line: int, findings: Findings) -> Kind | None:
    """The card's kind: the one given, or the only one that its body fits; None when reported."""
    if given:
        kind = next((kind for kind in KINDS if kind == given), None)
        if kind is None:
            message = f"`type={given[:40]}` does not exist; known: {', '.join(KINDS)}."
            findings.add(line, "unknown-type", message)
        return kind
    fitting = _fitting(body)
    if len(fitting) > 1:
        message = f"The body fits {' and '.join(fitting)}: say which with type=."
        findings.add(line, "two-kinds", message)
        return None
    return fitting[0] if fitting else "basic" if front.rstrip().endswith("?") else "term"


def _fitting(body: Body) -> list[Kind]:
    kinds: list[Kind] = []
    if body.tasks:
        right = sum(item.checked is True for _, found in body.tasks for item in found)
        kinds.append("multi" if right > 1 else "choice")
    if body.equals:
        kinds.append("typed" if body.equals[0].text.startswith('"') else "numeric")
    if body.gaps():
        kinds.append("cloze")
    return kinds


def read(kind: Kind, body: Body, line: int, findings: Findings) -> Read | None:
    """The answer of `kind`; None, with the reason among the findings, when it cannot be read."""
    return _READERS[kind](kind, body, line, findings)


def _prose(kind: Kind, body: Body, line: int, findings: Findings) -> Read | None:
    text = body.text()
    if not text:
        findings.add(line, "no-answer", "This card has no answer: write it below the comment.")
        return None
    return Prose(text), ""


def _cloze(kind: Kind, body: Body, line: int, findings: Findings) -> Read | None:
    tokens = body.gaps()
    if not tokens:
        findings.add(line, "no-answer", "A cloze needs a ==gap== in its text.")
        return None
    return cut(body.text(changed=mark_gaps(body.lines, tokens))), ""


def _choice(kind: Kind, body: Body, line: int, findings: Findings) -> Read | None:
    found = body.tasks or [(block, items(block, body.lines)) for block in body.lists[:1]]
    if not found:
        message = f"type={kind} needs a list of options: - [x] right, - [ ] wrong."
        findings.add(line, "no-answer", message)
        return None
    block, options = found[0]
    mark = findings.mark()
    if not _all_boxed(options, findings):
        return None
    if len(found) > 1:
        _too_many(found[1][0].start + 1, findings)
    _check_count(options, OPTIONS if kind != "truefalse" else (2, 2), "options", line, findings)
    _check_apart(options, "option", findings)
    right = sum(item.checked is True for item in options)
    if right == 0 or (right > 1 and kind != "multi"):
        wanted = "at least one [x]" if kind == "multi" else "exactly one [x]"
        findings.add(
            line, "right-answers", f"{right} options are marked right: {wanted} is needed."
        )
    if findings.unusable_since(mark):
        return None
    chosen = (Option(item.text, item.checked is True, item.reason) for item in options)
    return Choice(tuple(chosen)), body.text(block)


def _all_boxed(options: list[Item], findings: Findings) -> bool:
    mark = findings.mark()
    for item in options:
        if item.checked is None:
            message = f"`{item.text[:40]}` has no box: write - [ ] or - [x]."
            findings.add(item.line, "option-box", message)
        elif not item.text:
            findings.add(item.line, "option-box", "This option has a box and no text.")
    return not findings.unusable_since(mark)


def _check_count(
    found: list[Item] | list[list[str]],
    allowed: tuple[int, int],
    what: str,
    line: int,
    findings: Findings,
) -> None:
    low, high = allowed
    if not low <= len(found) <= high:
        wanted = f"{low}" if low == high else f"{low} to {high}"
        findings.add(line, "item-count", f"{len(found)} {what}: it takes {wanted}.")


def _check_apart(found: list[Item], what: str, findings: Findings) -> None:
    """Nobody can tell which of two that read the same is meant."""
    if pair := duplicates([item.text for item in found]):
        first, second = (found[i] for i in pair)
        message = (
            f"This {what} reads like the one in line {first.line}, `{first.text[:40]}`:"
            " leave one out, or say what tells them apart."
        )
        findings.add(second.line, "equal-items", message)


def _too_many(line: int, findings: Findings) -> None:
    findings.add(line, "right-answers", "A second answer: one list or one line `= ...` a card.")


def _equals(kind: Kind, body: Body, line: int, findings: Findings) -> Read | None:
    if not body.equals:
        wanted = "= 13_002 parameters" if kind == "numeric" else '= "some text"'
        findings.add(line, "no-answer", f"type={kind} needs a paragraph of its own like {wanted}.")
        return None
    found = body.equals[0]
    mark = findings.mark()
    for other in body.equals[1:]:
        _too_many(other.line, findings)
    try:
        answer = answer_line.answer(found.text, body.params)
    except ExprError as error:
        findings.add(found.line, "bad-answer", f"{error}.")
        return None
    if isinstance(answer, Numeric):
        _check_numbers(answer, found.line, body, findings)
    if isinstance(answer, Typed) is not (kind == "typed"):
        findings.add(found.line, "bad-answer", f"`= {found.text[:60]}` does not fit type={kind}.")
    if findings.unusable_since(mark):
        return None
    return answer, body.text(found.block)


def _check_numbers(answer: Numeric, line: int, body: Body, findings: Findings) -> None:
    """Draw the numbers, and see that each one can be met: whole, or with a tolerance."""
    drawn = try_draws(body.params, answer, body.params_line, findings) if body.params else [{}]
    for values in drawn:
        try:
            found = [numbers.resolve(end, values) for end in answer.interval or (answer.value,)]
        except ExprError as error:
            findings.add(line, "bad-answer", f"{error}.")
            return
        if not answer.interval and not answer.tolerance.amount and found[0] % 1:
            message = f"{found[0]:g} is no whole number: give a tolerance, such as ± 1%."
            findings.add(line, "tolerance", message)
            return


def _order(kind: Kind, body: Body, line: int, findings: Findings) -> Read | None:
    block = _first(body.lists, "ordered_list_open")
    if block is None:
        findings.add(line, "no-answer", "type=order needs a numbered list in the right order.")
        return None
    steps = items(block, body.lines)
    mark = findings.mark()
    _check_count(steps, ROWS, "items", line, findings)
    _check_apart(steps, "item", findings)
    if findings.unusable_since(mark):
        return None
    return Order(tuple(step.text for step in steps)), body.text(block)


def _match(kind: Kind, body: Body, line: int, findings: Findings) -> Read | None:
    block = _first(body.tables, "table_open")
    if block is None:
        findings.add(line, "no-answer", "type=match needs a table of two columns.")
        return None
    titles, rows = table(block)
    mark = findings.mark()
    _check_count(rows, ROWS, "rows", line, findings)
    if len(titles) != 2 or not all(all(row) for row in rows):
        message = "A match table has two columns and no empty cell."
        findings.add(block.start + 1, "match-cells", message)
    else:
        for column in zip(*rows, strict=True):
            _check_column(column, block.start + 1, findings)
    if findings.unusable_since(mark):
        return None
    pairs = tuple((row[0], row[1]) for row in rows)
    return Match((titles[0], titles[1]), pairs), body.text(block)


def _check_column(cells: Sequence[str], line: int, findings: Findings) -> None:
    if pair := duplicates(cells):
        # The rows follow the line of titles and the line of dashes.
        first, second = (line + 2 + i for i in pair)
        message = (
            f"`{cells[pair[1]][:40]}` stands in line {first} too, and either could be meant:"
            " join the rows, or say what tells them apart."
        )
        findings.add(second, "match-cells", message)


def _first(blocks: list[Block], kind: str) -> Block | None:
    return next((block for block in blocks if block.kind == kind), None)


_READERS: dict[Kind, Callable[[Kind, Body, int, Findings], Read | None]] = {
    "term": _prose,
    "basic": _prose,
    "cloze": _cloze,
    "choice": _choice,
    "multi": _choice,
    "truefalse": _choice,
    "numeric": _equals,
    "typed": _equals,
    "order": _order,
    "match": _match,
}
