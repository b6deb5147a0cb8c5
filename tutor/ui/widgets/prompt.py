"""The words around a demo: how far it is, the question that is open, what the run proved.

Each line is short enough to stand alone; the most telling come first, for as many as fit.
"""

from __future__ import annotations

from textual.content import Content

from demos.base import Ask, DivergedError, Spec, Verdict
from demos.views import Frame
from tutor.lab import seeds, telling
from tutor.lab.inquiry import Inquiry
from tutor.lab.worker import Snapshot
from tutor.text import math
from tutor.text.numerals import written
from tutor.ui.widgets.clicks import for_key
from tutor.ui.widgets.line import spread
from tutor.ui.widgets.signs import sign_of

RIGHT, WRONG = ((f"{sign} ", colour) for sign, colour in map(sign_of, (True, False)))
NOTHING, BELOW, GAP = Content(""), Content("  "), Content("   ")


def state(snapshot: Snapshot, spec: Spec) -> str:
    """Step, pace, seed and state; a demo in which only knobs move has but a seed."""
    seed = f"seed {snapshot.seed}"
    if not spec.pace or spec.steps == 1:
        return seed
    of = f" of {spec.steps:,}" if snapshot.step <= spec.steps else ""
    return f"step {snapshot.step:,}{of} · ×{snapshot.pace:g} · {seed} · {snapshot.state}"


def formula(frame: Frame, width: int, tall: bool) -> list[Content]:
    """The formula with its numbers, in two dimensions where there is room, and the status.

    In one row the status gives way to the formula.
    """
    status = Content.styled(frame.status, "$quiet")
    if tall:
        return [*map(Content, math.display(frame.formula, width).lines), status]
    inline = Content(math.inline(frame.formula))
    fits = inline.cell_length < width - status.cell_length
    return [spread(inline, status if fits else Content(""), width)]


def prompt(inquiry: Inquiry, snapshot: Snapshot, width: int, rows: int) -> list[Content]:
    """The lines for this moment of a run, at most `rows` of at most `width` cells."""
    spec = inquiry.spec
    said = _said(inquiry, width)
    if snapshot.diverged:
        return _fitting([_hung(line, width) for line in diverged(snapshot.diverged)], rows)
    if snapshot.error:
        stopped = Content.styled("This demo has stopped.", "$bad")
        return [stopped, Content(snapshot.error.strip())]
    match inquiry.phase:
        case "predict":
            asked = _asked("Predict", spec.predict, width)
            return _fitting([asked, [_skip_line(spec)]], rows)
        case "run":
            return _fitting([said, [_how_far(inquiry, snapshot)]], rows)
        case "observe":
            asked = _asked("Observe", spec.observe, width)
            return _fitting([said, asked] if len(said) + len(asked) <= rows else [asked], rows)
        case "told":
            return _told(inquiry, snapshot, width, rows)


def _told(inquiry: Inquiry, snapshot: Snapshot, width: int, rows: int) -> list[Content]:
    """What was seen, what the run proved, and a dare, which gives way to advice."""
    said, spec = _said(inquiry, width), inquiry.spec
    lines = [_observed(inquiry, width), *_verdicts(snapshot, spec, width)]
    dare = _dared(spec, snapshot, width)
    if sum(map(len, [*lines, dare])) > rows:  # what other seeds do is told where there is room
        lines = [lines[0], *_verdicts(snapshot, None, width)]
    needed = sum(map(len, lines[:3]))
    holds = snapshot.result is not None and all(v.holds for v in snapshot.result.verdicts)
    least = sum(map(len, lines[:2])) if holds else needed
    if least + len(dare) > rows:
        dare = []
    rows -= len(dare)
    lines = [said, *lines] if len(said) <= rows - needed else lines
    return [*_fitting(lines, rows), *dare]


def _fitting(blocks: list[list[Content]], rows: int) -> list[Content]:
    """The first blocks that fit whole; of the very first one as much as fits."""
    lines: list[Content] = []
    for block in blocks:
        if lines and len(lines) + len(block) > rows:
            break
        lines += block
    return lines[:rows]


def _hung(line: Content, width: int, label: Content = NOTHING) -> list[Content]:
    """`line` behind its label, wrapped to `width` cells, each further row below its beginning."""
    first, *others = line.wrap(max(1, width - label.cell_length))
    return [label + first, *(Content(" " * label.cell_length) + other for other in others)]


def diverged(error: DivergedError) -> list[Content]:
    """Which step, which layer, which knob to turn back."""
    return [
        Content.assemble(("DIVERGED ", "bold $bad"), f"at step {error.step:,} in {error.where}."),
        Content.assemble("Turn back ", (error.knob, "bold"), f". {error.advice}"),
        Content.styled(
            "What you see is the last state in which every number was finite.", "$quiet"
        ),
    ]


def _asked(title: str, ask: Ask, width: int) -> list[Content]:
    """The question, and its numbered options in as few rows as they need."""
    label = Content.styled(f"{title}  ", "$accent")
    rows: list[Content] = []
    for i, text in enumerate(ask.options, 1):
        option = for_key(Content.assemble((f"{i} ", "$accent"), text), str(i))
        if rows and rows[-1].cell_length + GAP.cell_length + option.cell_length <= width:
            rows[-1] = rows[-1] + GAP + option
        else:
            rows.append(option)
    return [*_hung(Content.styled(ask.question, "bold"), width, label), *rows]


def _skip_line(spec: Spec) -> Content:
    doing = "runs without a prediction" if spec.steps else "goes on without a prediction"
    return for_key(Content.styled(f"space {doing}", "$quiet"), "space")


def _how_far(inquiry: Inquiry, snapshot: Snapshot) -> Content:
    spec = inquiry.spec
    if snapshot.step == 0:
        run = "space runs it, . does one step" if spec.steps > 1 else "space shows all its numbers"
        return for_key(Content.styled(run, "$quiet"), "space")
    if snapshot.result and not inquiry.asks:
        return Content.styled("complete; it asks you once the card is answered", "$quiet")
    return Content.styled(f"it ends at step {spec.steps:,}", "$quiet")


def _dared(spec: Spec, snapshot: Snapshot, width: int) -> list[Content]:
    """What to try next, and the key that does."""
    dare = telling.dare(spec, snapshot.knobs) if snapshot.result else ""
    label = Content.assemble(("Your turn  ", "$accent"), ("1 ", "$accent"))
    lines = _hung(Content.styled(dare, "bold"), width, label) if dare else []
    return [for_key(line, "1") for line in lines]


def _said(inquiry: Inquiry, width: int) -> list[Content]:
    """The prediction, marked once the run is complete."""
    if inquiry.predicted is None:
        return []
    options = inquiry.spec.predict.options
    said = options[inquiry.predicted]
    if inquiry.answers is None or inquiry.phase == "run":
        return _hung(Content(said), width, Content.styled("You predicted  ", "$quiet"))
    return _marked("You predicted", said, options[inquiry.answers.predict], width)


def _observed(inquiry: Inquiry, width: int) -> list[Content]:
    if inquiry.observed is None or inquiry.answers is None:
        return []
    options = inquiry.spec.observe.options
    return _marked("You saw", options[inquiry.observed], options[inquiry.answers.observe], width)


def _marked(what: str, said: str, right: str, width: int) -> list[Content]:
    """What was said with its mark; if it was wrong, what is right, below it where both are long."""
    mine = Content.assemble((f"{what}  ", "$quiet"), said)
    if said == right:
        return _hung(mine, width, Content.assemble(RIGHT))
    truth = Content.assemble(("the run says  ", "$quiet"), right)
    together = mine + Content.styled("; ", "$quiet") + truth
    sign = Content.assemble(WRONG)
    if sign.cell_length + together.cell_length <= width:
        return [sign + together]
    return [*_hung(mine, width, sign), *_hung(truth, width, BELOW)]


def _verdicts(snapshot: Snapshot, spec: Spec | None, width: int) -> list[list[Content]]:
    """What failed first, with what to change; then what holds. With a spec also on other seeds."""
    if snapshot.result is None:
        return []
    verdicts = snapshot.result.verdicts
    shares: tuple[seeds.Share | None, ...] = (None,) * len(verdicts)
    whole: list[list[Content]] = []
    if spec is not None:
        shares = seeds.of_each(spec, snapshot.knobs, snapshot.turns, len(verdicts))
        whole = _crowd(seeds.of_all(spec, snapshot.knobs, snapshot.turns), width)
    pairs = sorted(zip(verdicts, shares, strict=True), key=lambda pair: pair[0].holds)
    return [*(block for pair in pairs for block in _verdict(*pair, width)), *whole]


def _crowd(share: seeds.Share | None, width: int) -> list[list[Content]]:
    """What a crowd with these knobs found."""
    if share is None:
        return []
    told = f"In the crowd all verdicts hold on {share.hold} of {share.of} other seeds."
    return [_hung(Content.styled(told, "$quiet"), width, BELOW)]


def _verdict(verdict: Verdict, share: seeds.Share | None, width: int) -> list[list[Content]]:
    """The claim with its number and what other seeds do, and the advice where it fails."""
    holds = verdict.holds
    beside = f"; {share.beside(holds)}" if share else ""
    claim = Content.assemble(
        f"{written(verdict.claim)}: ", (telling.measured(verdict), "bold"), (beside, "$quiet")
    )
    sign = Content.assemble(RIGHT if holds else WRONG)
    advice = Content.styled(written(verdict.advice), "$quiet")
    lines = [_hung(claim, width, sign)]
    return lines if holds or not verdict.advice else [*lines, _hung(advice, width, BELOW)]
