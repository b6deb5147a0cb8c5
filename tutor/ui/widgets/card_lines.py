"""What a card looks like, as lines: the question, its hints, the answer and its explanation.

Plain functions of a question and of how far the learner is; `CardView` shows what they return.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from textual.content import Content
from textual.style import Style

from tutor.quiz.fading import Example
from tutor.quiz.question import LETTERS, WRITTEN, Question
from tutor.quiz.verdict import Mark
from tutor.ui.widgets.prose_layout import EMPTY, Lines, hung, layout, one_line, wrapped
from tutor.ui.widgets.signs import RIGHT, WRONG, sign_of

LABEL = 8  # cells of the column that holds "Note", "Ref" and the like
OPTION = "option"  # the meta of an option's cells: its position, from 0
DONT_KNOW = "I don't know"
MEANING = "What does it mean?"  # below a term, which asks nothing by itself
TRUTH = "    right: "  # before what should stand in a row, below what was answered


@dataclass(frozen=True, slots=True)
class View:
    """How far the learner is with a question.

    options: whether the options of a choice are open. chosen: positions of options chosen so far.
    cursor: the position of the option that enter takes, one behind the last for "I don't know".
    hints: how many are shown. revealed: whether the answer is shown.
    answer, mark: what was answered and what marking said of it. unknown: "I don't know" was.
    demo: the title of the card's demo. raw_math: show LaTeX. changed: the card was edited since.
    lapses: how often a card was forgotten that should perhaps be rewritten.
    example: shown until the answer is.
    """

    options: bool = False
    chosen: frozenset[int] = field(default_factory=frozenset)
    cursor: int | None = None
    hints: int = 0
    revealed: bool = False
    answer: str = ""
    mark: Mark | None = None
    unknown: bool = False
    demo: str = ""
    changed: bool = False
    lapses: int = 0
    worked: bool = False
    raw_math: bool = False
    example: Example | None = None


def card_lines(question: Question, view: View, width: int) -> Lines:
    """The whole card at `width` cells."""
    parts = [
        front(question, view, width),
        worked_example(view, width),
        *(labelled(name, hint, width, view) for name, hint in hints(question, view)),
    ]
    if view.revealed:
        parts += [
            verdict(question, view, width),
            solution(question, view, width),
            labelled("Note", question.explanation, width, view),
            working(question, view, width),
            about(question, view, width),
        ]
    return spaced([part for part in parts if part])


def cue(question: Question, view: View) -> str:
    """What this kind of question asks for, before it is answered."""
    if view.revealed:
        return ""
    if question.options and not view.options:
        return "Answer in your head first; enter opens the options."
    if question.kind == "multi":
        return "Several may be right: choose them all, then enter."
    if question.options:
        return "Choose one."
    if question.kind == "term":
        return "Say what it means, then enter."
    return "" if question.marked else "Answer in your head, then enter."


def worked_example(view: View, width: int) -> Lines:
    """A task like this one worked out, or the steps of this one but the last."""
    if view.example is None or view.revealed:
        return []
    lines = [row for text in view.example.lines for row in wrapped(Content(text), width - LABEL)]
    quiet = [line.stylize("$quiet") for line in lines]
    return hung(quiet, Content.styled(view.example.label.ljust(LABEL), "$quiet"))


def hints(question: Question, view: View) -> list[tuple[str, str]]:
    """The hints asked for so far, numbered where there are several."""
    several = len(question.hints) > 1
    return [
        (f"Hint {number}" if several else "Hint", hint)
        for number, hint in enumerate(question.hints[: view.hints], 1)
    ]


def spaced(parts: list[Lines]) -> Lines:
    """Parts one below the other, one empty line between two of them."""
    lines: Lines = []
    for part in parts:
        lines += [EMPTY, *part] if lines else part
    return lines


def front(question: Question, view: View, width: int) -> Lines:
    """The question itself, and what it asks to choose from, order or match."""
    title = [line.stylize("bold") for line in layout(question.front, width, raw_math=view.raw_math)]
    parts = [title]
    if question.kind == "term" and not view.revealed:
        parts.append([Content.styled(MEANING, "$quiet")])
    if question.kind == "cloze" and not view.revealed:
        parts.append(layout(question.body, width, raw_math=view.raw_math))
    if question.options and view.options:
        parts.append(options(question, view, width))
    if question.items and not view.revealed:
        parts.append(numbered(question.items, width, view))
    if question.lefts and not view.revealed:
        parts.append(columns(question, width, view))
    return spaced(parts)


def options(question: Question, view: View, width: int) -> Lines:
    """The options with their digits; after the answer with marks, and with reasons."""
    lines: Lines = []
    for at, option in enumerate(question.options):
        picked = at in view.chosen
        text = wrapped(one_line(option.text, raw_math=view.raw_math), width - 6)
        lines += _clickable(hung(text, _option_mark(at, picked, option.right, view)), at, view)
        if view.revealed and option.reason and (picked or not view.chosen):
            lines += hung(_quiet(option.reason, width - 6, view), Content(" " * 6))
    if not view.revealed:
        last = len(question.options)
        mark = _open_mark(last, 0, False, view)
        lines += _clickable([mark + Content.styled(DONT_KNOW, "$quiet")], last, view)
    return lines


def _clickable(lines: Lines, at: int, view: View) -> Lines:
    """The cells of an option, which say which it is."""
    if view.revealed:
        return lines
    return [line.stylize(Style.from_meta({OPTION: at})) for line in lines]


def option_at(line: Content) -> int | None:
    """The position of the option whose cells are in this line."""
    styles = (span.style for span in line.spans)
    return next((s.meta[OPTION] for s in styles if isinstance(s, Style) and OPTION in s.meta), None)


def _option_mark(at: int, picked: bool, right: bool, view: View) -> Content:
    if view.revealed:
        mark = sign_of(right) if right or picked else (" ", "")
        return Content.assemble(" ", mark, " ", (f"{at + 1}) ", "$accent"))
    return _open_mark(at, at + 1, picked, view)


def _open_mark(at: int, digit: int, picked: bool, view: View) -> Content:
    """The cursor, the tick and the digit of an option that can still be chosen."""
    before = ">" if at == view.cursor else " "
    return Content.assemble((f"{before}{RIGHT if picked else ' '} {digit}) ", "$accent"))


def numbered(items: tuple[str, ...], width: int, view: View) -> Lines:
    """The items of an order, as shown."""
    return [
        line
        for i, item in enumerate(items, 1)
        for line in hung(
            wrapped(one_line(item, raw_math=view.raw_math), width - 6),
            Content.styled(f"   {i}) ", "$accent"),
        )
    ]


def columns(question: Question, width: int, view: View) -> Lines:
    """The two sides of a match: numbers on the left, letters on the right."""
    half = (width - 2) // 2
    lefts = numbered_cells([str(i) for i in range(1, len(question.lefts) + 1)],
                           question.lefts, half, view)  # fmt: skip
    rights = numbered_cells(list(LETTERS), question.rights, half, view)
    lines: Lines = []
    for left, right in zip(lefts, rights, strict=True):
        for at in range(max(len(left), len(right))):
            first = left[at] if at < len(left) else EMPTY
            second = right[at] if at < len(right) else EMPTY
            lines.append(first.pad_right(half - first.cell_length + 2) + second)
    return lines


def numbered_cells(names: list[str], cells: tuple[str, ...], width: int, view: View) -> list[Lines]:
    """Each cell wrapped in its column, behind its number or letter."""
    return [
        hung(
            wrapped(one_line(cell, raw_math=view.raw_math), width - 6),
            Content.styled(f"   {name}) ", "$accent"),
        )
        for name, cell in zip(names, cells, strict=False)
    ]


def verdict(question: Question, view: View, width: int) -> Lines:
    """Right or wrong in a mark and a word, with the slip named if there is a name for it."""
    mark = view.mark
    if mark is None:
        return []
    if mark.right:
        note = f"  {mark.message}." if mark.message else ""
        text = Content.assemble(("Right.", "$good bold"), note)
        return hung(wrapped(text, width - 3), Content.styled(f"{RIGHT}  ", "$good bold"))
    if view.unknown:
        return [Content.styled(f"{WRONG}  Not known yet.", "$bad bold")]
    text = Content.assemble(("Wrong.", "$bad bold"), _slip(question, view))
    lines = hung(wrapped(text, width - 3), Content.styled(f"{WRONG}  ", "$bad bold"))
    return lines + hung(wrapped(Content(mark.message), width - 3), Content("   ")) * bool(
        mark.message
    )


def _slip(question: Question, view: View) -> Content:
    """The words that were answered, with the name of the slip that gives exactly this."""
    assert view.mark is not None
    answer = view.answer.strip()
    if view.mark.misconception:
        return Content(f"  {answer}: {view.mark.misconception}.")
    return Content(f"  You said {answer}." if answer and question.kind in WRITTEN else "")


def solution(question: Question, view: View, width: int) -> Lines:
    """The right answer; a choice shows it among its options already."""
    if question.options:
        return []
    if question.items or question.lefts:
        return _rows_judged(question, view, width)
    if question.kind in ("numeric", "typed"):
        return labelled("Answer", question.solution, width, view)
    return layout(question.solution or question.expected, width, raw_math=view.raw_math)


def _rows_judged(question: Question, view: View, width: int) -> Lines:
    """The rows of an order or a match: what was answered with its mark, and what is right.

    A mark stands before the learner's own words only: nothing that is right is crossed out.
    """
    mark = view.mark
    picked, parts = (mark.picked, mark.parts) if mark else ((), ())
    texts, places = (
        (question.items, question.places) if question.items else (question.rights, question.pairs)
    )
    lines: Lines = []
    for at, place in enumerate(places):
        before = f"{at + 1}. " if question.items else f"{question.lefts[at]} → "
        if not picked or parts[at]:
            sign = sign_of(True) if picked else (" ", "")
            lines += _row(before + texts[place], sign, width, view)
        else:
            lines += _row(before + texts[picked[at]], sign_of(False), width, view)
            right = wrapped(one_line(texts[place], raw_math=view.raw_math), width - len(TRUTH))
            lines += hung(right, Content.styled(TRUTH, "$quiet"))
    return lines


def _row(markdown: str, sign: tuple[str, str], width: int, view: View) -> Lines:
    text = wrapped(one_line(markdown, raw_math=view.raw_math), width - 4)
    return hung(text, Content.assemble(" ", sign, "  "))


def working(question: Question, view: View, width: int) -> Lines:
    """The way from the drawn numbers to the answer."""
    if not view.worked:
        return []
    lines = [line for text in question.worked() for line in wrapped(Content(text), width - LABEL)]
    return hung(lines, Content.styled("Way".ljust(LABEL), "$quiet")) if lines else []


def about(question: Question, view: View, width: int) -> Lines:
    """Where it is from: reference and demo; the menu over a card names its file."""
    card = question.card
    lines: Lines = []
    if view.changed:
        lines += fact("Changed", "since your last review", width)
    if view.lapses:
        text = f"{view.lapses} times: is the card unclear? e opens it, x suspends it"
        lines += fact("Forgot", text, width)
    if card.ref:
        lines += fact("Ref", card.ref, width)
    if view.demo:
        lines += fact("Demo", view.demo, width)
    return lines


def fact(label: str, text: str, width: int, role: str = "$quiet") -> Lines:
    """One line of text behind its label, wrapped below itself."""
    body = wrapped(Content.styled(text, role), width - LABEL)
    return hung(body, Content.styled(label.ljust(LABEL), "$quiet"))


def labelled(label: str, markdown: str, width: int, view: View) -> Lines:
    """Markdown behind a quiet label, indented below it."""
    if not markdown:
        return []
    body = layout(markdown, width - LABEL, raw_math=view.raw_math)
    return hung(body, Content.styled(label.ljust(LABEL), "$quiet"))


def _quiet(markdown: str, width: int, view: View) -> Lines:
    return [line.stylize("$quiet") for line in layout(markdown, width, raw_math=view.raw_math)]
