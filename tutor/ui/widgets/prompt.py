"""The words around a demo: how far it is, the question that is open, what the run proved.

Each line is short enough to stand alone; the most telling come first, for as many as fit.
"""

from __future__ import annotations

from textual.content import Content

from demos.base import Ask, DivergedError, Spec, Verdict
from demos.views import Frame
from tutor.lab.inquiry import Inquiry
from tutor.lab.worker import Snapshot
from tutor.text import math
from tutor.ui.widgets.line import spread

RIGHT, WRONG = ("✓ ", "$good"), ("✗ ", "$bad")


def state(snapshot: Snapshot, spec: Spec) -> str:
    """Step, pace, seed and state; a demo in which only knobs move has but a seed."""
    seed = f"seed {snapshot.seed}"
    if not spec.pace:
        return seed
    of = f" of {spec.steps:,}" if snapshot.step <= spec.steps else ""
    return f"step {snapshot.step:,}{of} · ×{snapshot.pace:g} · {seed} · {snapshot.state}"


def formula(frame: Frame, width: int, tall: bool) -> list[Content]:
    """The formula with its numbers, in two dimensions where there is room, and the status."""
    status = Content.styled(frame.status, "$quiet")
    if tall:
        return [*map(Content, math.display(frame.formula, width).lines), status]
    return [spread(Content(math.inline(frame.formula)), status, width)]


def prompt(inquiry: Inquiry, snapshot: Snapshot, width: int) -> list[Content]:
    """The lines for this moment of a run."""
    spec = inquiry.spec
    if snapshot.diverged:
        return diverged(snapshot.diverged)
    if snapshot.error:
        return [Content.styled("This demo has stopped.", "$bad"), Content(snapshot.error.strip())]
    match inquiry.phase:
        case "predict":
            return [*_asked("Predict", spec.predict, width), _skip_line(spec)]
        case "run":
            return [*_said(inquiry), _how_far(spec, snapshot)]
        case "observe":
            return [*_said(inquiry), *_asked("What did you see?", spec.observe, width)]
        case "told":
            return [*_said(inquiry), *_observed(inquiry), *_verdicts(snapshot)]


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
    """The question and its numbered options, on one row if they fit, else one a row."""
    question = Content.assemble((f"{title}  ", "$accent"), (ask.question, "bold"))
    options = [
        Content.assemble((f"{i} ", "$accent"), text) for i, text in enumerate(ask.options, 1)
    ]
    row = Content("   ").join(options)
    return [question, row] if row.cell_length <= width else [question, *options]


def _skip_line(spec: Spec) -> Content:
    doing = "runs without a prediction" if spec.steps else "goes on without a prediction"
    return Content.styled(f"space {doing}", "$quiet")


def _how_far(spec: Spec, snapshot: Snapshot) -> Content:
    if snapshot.step == 0:
        return Content.styled("space runs it, . does one step", "$quiet")
    return Content.styled(f"complete after {spec.steps:,} steps", "$quiet")


def _said(inquiry: Inquiry) -> list[Content]:
    """The prediction, marked once the run is complete."""
    if inquiry.predicted is None:
        return []
    options = inquiry.spec.predict.options
    said = options[inquiry.predicted]
    if inquiry.answers is None or inquiry.phase == "run":
        return [Content.assemble(("You predicted  ", "$quiet"), said)]
    right = options[inquiry.answers.predict]
    return [_marked("You predicted", said, right)]


def _observed(inquiry: Inquiry) -> list[Content]:
    if inquiry.observed is None or inquiry.answers is None:
        return []
    options = inquiry.spec.observe.options
    return [_marked("You saw", options[inquiry.observed], options[inquiry.answers.observe])]


def _marked(what: str, said: str, right: str) -> Content:
    if said == right:
        return Content.assemble(RIGHT, (f"{what}  ", "$quiet"), said)
    return Content.assemble(
        WRONG, (f"{what}  ", "$quiet"), said, ("; the run says  ", "$quiet"), right
    )


def _verdicts(snapshot: Snapshot) -> list[Content]:
    """What failed first, with what to change; then what holds."""
    if snapshot.result is None:
        return []
    ordered = sorted(snapshot.result.verdicts, key=lambda verdict: verdict.holds)
    return [line for verdict in ordered for line in _verdict(verdict)]


def _verdict(verdict: Verdict) -> list[Content]:
    number = f"  {verdict.value:.4g} {verdict.relation} {verdict.threshold:g}"
    if verdict.holds:
        return [Content.assemble(RIGHT, verdict.claim, (number, "bold"), ("  holds", "$good"))]
    line = Content.assemble(WRONG, verdict.claim, (number, "bold"), ("  fails", "$bad"))
    return [line, Content.styled(f"  {verdict.advice}", "$quiet")] if verdict.advice else [line]
