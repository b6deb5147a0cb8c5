"""`tutor demo`: run a live demo on the terminal, or without one, or list them all."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING, Any

from tutor import paths
from tutor.errors import UsageError
from tutor.text.printing import say, say_json, tell, watched
from tutor.text.voice import speaking as aloud
from tutor.verbs import speaking
from tutor.verbs.dialogue import on_terminal
from tutor.verbs.progress_line import clear, show_bar

if TYPE_CHECKING:
    from tutor.lab.experiment import Experiment


def run(args: argparse.Namespace, place: paths.Place) -> int:
    """List the demos, run one without a screen, or open the app on it.

    Raises NotFoundError, KnobError, and UsageError when neither a name nor --list is given.
    """
    if args.list:
        return _list(args.json)
    if not args.name:
        raise UsageError("Which demo?", "Give the name of a demo.", "See: tutor demo --list")
    if args.headless or args.json or args.speak or not on_terminal():
        return _headless(args, place)
    return _open(args, place)


def _list(as_json: bool) -> int:
    from tutor.lab import listing

    demos = listing.demos()
    if as_json:
        say_json(demos)
        return 0
    width = max(len(demo["name"]) for demo in demos)
    for demo in demos:
        say(f"{demo['name']:<{width}}  {demo['title']} ({', '.join(demo['topics'])})")
    return 0


def _headless(args: argparse.Namespace, place: paths.Place) -> int:
    from tutor.lab import knobs, link

    knobs.parse(link.find(args.name), args.set)  # refuse before the slow imports
    paths.use_kernel_cache(place.cache)
    _compile(args.name)
    _lend(args, place)
    from tutor.lab import headless

    experiment, seconds = headless.finished(args.name, args.set, args.seed)
    report = headless.report(experiment, seconds)
    if args.json:
        say_json(report)
        return 0
    with speaking.voice(args, place):
        say("\n".join(_spoken(report, experiment) if aloud() else _lines(report, experiment)))
    return 0


def _compile(name: str) -> None:
    """Compile what the demo needs, in two processes, with a bar for whoever looks on."""
    from tutor.lab.compilation import readiness

    if readiness.sweep():
        tell(readiness.DAMAGED)
    if readiness.starts_at_once(name):
        return
    from tutor.lab.compilation.kernels import compile_kernels

    def on_progress(done: int, total: int, name: str) -> None:
        if watched(sys.stderr):
            show_bar(done, total, name, sys.stderr)

    compile_kernels([name], "first", on_progress)
    if watched(sys.stderr):
        clear(sys.stderr)


def _lend(args: argparse.Namespace, place: paths.Place) -> None:
    """Open the journal for the one demo that can read it, when it is asked to."""
    from tutor.session import lending

    if args.name == lending.BORROWER and lending.SETTING in args.set:
        from tutor.verbs.opening import open_learner

        with open_learner(place) as learner:
            lending.lend_reviews(learner)


def _lines(report: dict[str, Any], experiment: Experiment) -> list[str]:
    """The report for a reader: what was run, what was measured, what it proves, and elsewhere."""
    head = f"{report['demo']}, seed {report['seed']}: {report['steps']} steps"
    lines = [f"{head} in {report['seconds']:.2f} s", ""]
    lines += [f"{name} = {_number(value)}" for name, value in report["measured"].items()]
    if report["diverged"]:
        at = report["diverged"]
        lines += ["", f"diverged at step {at['step']} in {at['where']}: {at['advice']}"]
    for verdict, beside in zip(report["verdicts"], _beside(report, experiment), strict=True):
        word = ("holds" if verdict["holds"] else "does not hold") + beside
        number = f"{_number(verdict['value'])} {verdict['relation']} {verdict['threshold']:g}"
        lines += ["", f"{verdict['claim']}", f"  {number}: {word}"]
    return lines


_RELATIONS = {
    "<": "less than", "<=": "at most", ">": "greater than", ">=": "at least", "==": "equal to",
}  # fmt: skip


def _spoken(report: dict[str, Any], experiment: Experiment) -> list[str]:
    """The same for ears: what the picture shows, what was measured, the verdicts."""
    from tutor.plot.sentences import frame_sentences

    lines = [f"{experiment.spec.title}, seed {report['seed']}, {report['steps']} steps.", ""]
    lines += frame_sentences(experiment.frame())
    lines += ["", "Measured:"]
    lines += [f"{name}: {_number(value)}." for name, value in report["measured"].items()]
    if report["diverged"]:
        at = report["diverged"]
        lines += ["", f"It diverged at step {at['step']} in {at['where']}: {at['advice']}"]
    for verdict, beside in zip(report["verdicts"], _beside(report, experiment), strict=True):
        word = "This holds" if verdict["holds"] else "This does not hold"
        relation = f"should be {_RELATIONS[verdict['relation']]} {verdict['threshold']:g}"
        lines += ["", f"Claim: {verdict['claim']}"]
        lines += [f"{word}{beside}: the number is {_number(verdict['value'])}, and {relation}."]
    return lines


def _beside(report: dict[str, Any], experiment: Experiment) -> list[str]:
    """What other seeds do, after each verdict's word: "; so do 97 of 100 seeds"."""
    from tutor.lab import seeds

    verdicts = report["verdicts"]
    shares = seeds.of_each(experiment.spec, experiment.knobs, experiment.turns, len(verdicts))
    pairs = zip(shares, verdicts, strict=True)
    return [f"; {share.beside(verdict['holds'])}" if share else "" for share, verdict in pairs]


def _number(value: float | None) -> str:
    return "not finite" if value is None else f"{value:.6g}"


def _open(args: argparse.Namespace, place: paths.Place) -> int:
    from tutor.lab import knobs, link
    from tutor.verbs import app

    knobs.parse(link.find(args.name), args.set)
    args.verb = "lab"
    args.name = f"{args.name}?{'&'.join(args.set)}"
    return app.run(args, place)
