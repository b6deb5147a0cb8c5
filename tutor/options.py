"""The options of each verb of the command line."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from tutor.options_class import add_class


def _speak(verb: argparse.ArgumentParser) -> None:
    """The option of every verb that can be heard; see `verbs/speaking.py`."""
    verb.add_argument(
        "--speak", action="store_true", help="for ears and braille: formulas and signs in words"
    )


def _json(verb: argparse._ActionsContainer) -> None:
    verb.add_argument("--json", action="store_true", help="print JSON on stdout")


def _told(verb: argparse.ArgumentParser) -> None:
    _speak(verb)
    _json(verb)


def _stats(verb: argparse.ArgumentParser) -> None:
    _told(verb)
    verb.add_argument("--svg", metavar="FILE", help="write a picture of the year to share")


def _which(verb: argparse.ArgumentParser) -> None:
    """Which cards: the options that study and quiz share."""
    verb.add_argument(
        "--topic", action="append", default=[], metavar="T", help="only this topic; repeatable"
    )
    verb.add_argument(
        "--chapter", action="append", default=[], metavar="C",
        help="only this chapter, by number or title; repeatable",
    )  # fmt: skip
    verb.add_argument(
        "--tag", action="append", default=[], metavar="TAG",
        help="only cards with this tag; repeatable",
    )  # fmt: skip
    pick = verb.add_mutually_exclusive_group()
    pick.add_argument(
        "--missed", dest="pick", action="store_const", const="missed", default="",
        help="only what you missed in the last 7 days",
    )  # fmt: skip
    pick.add_argument(
        "--mixed", dest="pick", action="store_const", const="known",
        help="a mix over what you have met",
    )  # fmt: skip
    verb.add_argument("--resume", action="store_true", help="go on with the session that you left")


def _study(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--plain", action="store_true", help="line by line on stdin and stdout")
    _speak(verb)
    verb.add_argument("--limit", type=_count, metavar="N", help="end after N answers")
    verb.add_argument(
        "--minutes", type=_some, metavar="N",
        help="end after N minutes; what is nearest to being forgotten comes first",
    )  # fmt: skip
    verb.add_argument(
        "--new", type=_count, metavar="N", help="let N new cards in, whatever today's limit"
    )
    _which(verb)
    verb.add_argument(
        "--drill", action="store_true",
        help="cards that you have met, until each was known; their dates stay "
        "(--missed and --mixed drill)",
    )  # fmt: skip
    verb.add_argument(
        "--ignore-needs", action="store_true", help="open topics before their prerequisites"
    )


def _quiz(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--plain", action="store_true", help="line by line on stdin and stdout")
    _speak(verb)
    _which(verb)
    verb.add_argument(
        "--kind", action="append", default=[], metavar="K", help="only this kind; repeatable"
    )
    verb.add_argument(
        "--card", action="append", default=[], metavar="KEY", help="just this card; repeatable"
    )
    verb.add_argument("--count", type=_count, metavar="N", help="how many questions (10)")
    verb.add_argument(
        "--seed", type=int, metavar="N", help="the same questions, order and numbers again"
    )
    _json(verb)


def _exam(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--plain", action="store_true", help="line by line on stdin and stdout")
    _speak(verb)
    verb.add_argument(
        "--topic", action="append", default=[], metavar="T", help="over this topic; repeatable"
    )
    verb.add_argument(
        "--chapter", action="append", default=[], metavar="C",
        help="over this chapter, by number or title; repeatable",
    )  # fmt: skip
    verb.add_argument(
        "--kind", action="append", default=[], metavar="K", help="only this kind; repeatable"
    )
    verb.add_argument("--count", type=_count, metavar="N", help="how many questions (20)")
    verb.add_argument(
        "--minutes", type=_count, metavar="N",
        help="for all of them (a minute and a half each); 0: no clock",
    )  # fmt: skip
    verb.add_argument("--seed", type=_count, metavar="N", help="the same questions again")
    verb.add_argument("--resume", action="store_true", help="go on with the exam that you left")
    _json(verb)


def _report(verb: argparse.ArgumentParser) -> None:
    _speak(verb)
    verb.add_argument("--year", action="store_true", help="a page of the last year, in Markdown")
    verb.add_argument("--svg", metavar="FILE", help="with the year as a picture in this file")
    how = verb.add_mutually_exclusive_group()
    how.add_argument("--markdown", action="store_true", help="print Markdown on stdout")
    _json(how)


def _check(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("paths", nargs="*", metavar="PATH", help="check just these files or folders")
    _json(verb)


def _ids(verb: argparse.ArgumentParser) -> None:
    mode = verb.add_mutually_exclusive_group(required=True)
    mode.add_argument("--write", action="store_true", help="add missing ids to the files")
    mode.add_argument("--check", action="store_true", help="fail if any id is missing")
    verb.add_argument("paths", nargs="+", metavar="PATH")


def _demo(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("name", nargs="?", metavar="NAME", help="the demo's name")
    verb.add_argument("--list", action="store_true", help="list the demos and their knobs")
    verb.add_argument("--seed", type=_count, default=0, metavar="N", help="the run's seed (0)")
    verb.add_argument(
        "--set", action="append", default=[], metavar="KNOB=VALUE", help="set a knob; repeatable"
    )
    verb.add_argument(
        "--headless", action="store_true", help="run without a screen, print the numbers"
    )
    verb.add_argument("--fps", type=_count, metavar="N", help="frames a second at most")
    _speak(verb)
    _json(verb)


def _simulate(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--retention",
        type=float,
        action="append",
        metavar="R",
        help="a desired retention; repeatable",
    )
    verb.add_argument("--days", type=_count, default=365, metavar="N", help="how many days (365)")
    _json(verb)


def _fit(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--dry-run", action="store_true", help="report, keep nothing")
    verb.add_argument("--reschedule", action="store_true", help="move the due dates too")
    verb.add_argument("--undo", action="store_true", help="go back to the weights before")
    _json(verb)


def _import(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "what", nargs="+", metavar="FILE",
        help="the file; `anki FILE` is a package of Anki's, `reviews FILE` a log of answers, "
        "`json FILE` what export json wrote",
    )  # fmt: skip
    verb.add_argument("--as", dest="format", metavar="FORMAT", help="read it as this format")
    verb.add_argument("--into", metavar="NAME", help="put all cards into this deck")
    verb.add_argument("--dates", action="store_true", help="take the dates of the file along")
    verb.add_argument("--unit", choices=["ms", "s"], help="what times count that are plain numbers")
    verb.add_argument("--no-history", action="store_true", help="of Anki's take the cards alone")
    verb.add_argument("--weights", action="store_true", help="take Anki's FSRS weights along")
    verb.add_argument("--dry-run", action="store_true", help="show what would come in")
    _json(verb)


def _export(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "format", metavar="FORMAT", help="anki, text, json, csv, markdown, gift or moodle-xml"
    )
    verb.add_argument("file", nargs="?", metavar="FILE", help="where to; else stdout")
    verb.add_argument(
        "--topic", action="append", default=[], metavar="T", help="only this topic; repeatable"
    )
    verb.add_argument(
        "--deck", action="append", default=[], metavar="D", help="only this deck; repeatable"
    )
    verb.add_argument(
        "--with-schedule", action="store_true", help="for Anki: your answers and dates go along"
    )
    verb.add_argument(
        "--preset", action="store_true", help="for Anki: your weights and desired retention too"
    )
    verb.add_argument(
        "--freeze", type=_count, default=0, metavar="N",
        help="for Anki: N instances of each card that draws its numbers",
    )  # fmt: skip
    _json(verb)


def _doctor(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--retime", action="store_true", help="let rows of a clock that ran ahead count as of now"
    )
    verb.add_argument(
        "--terminal", action="store_true", help="try what this terminal can show, and set the signs"
    )
    _json(verb)


def _warm(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("names", nargs="*", metavar="NAME", help="compile just these demos")
    verb.add_argument("--first", action="store_true", help="only what their start needs")


def _lab(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("name", nargs="?", metavar="DEMO", help="open this demo")
    verb.add_argument("--fps", type=_count, metavar="N", help="frames a second at most")


def _glossary(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("term", nargs="?", metavar="TERM", help="open this topic")


def _browse(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "query", nargs="*", metavar="QUERY", help="words, and fields such as due:today"
    )
    verb.add_argument("--plain", action="store_true", help="line by line on stdout")
    verb.add_argument("--sort", metavar="COLUMN", default="", help="by due, lapses, front, ...")
    verb.add_argument("--reverse", action="store_true", help="the other way round")
    _json(verb)


def _show(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("term", metavar="TERM", help="a topic's id, title or other name")
    _speak(verb)


def _serve(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "--port", type=_count, default=8000, metavar="N",
        help="the port on 127.0.0.1 (8000); from another machine: ssh -L N:127.0.0.1:N",
    )  # fmt: skip
    verb.add_argument("--open", action="store_true", help="open the browser")
    verb.add_argument(
        "--allow-files", action="store_true", help="let pages read and write files by their path"
    )


def _known(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("topics", nargs="+", metavar="TOPIC")


def _sweep(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("name", metavar="DEMO", help="the demo's name")
    verb.add_argument(
        "--over", action="append", default=[], metavar="KNOB=VALUES",
        help="sweep a knob: A..B:log:N, A..B:lin:N, a,b,c or one value; repeatable",
    )  # fmt: skip
    verb.add_argument("--seeds", type=_count, default=64, metavar="N", help="seeds a cell (64)")
    verb.add_argument(
        "--set", action="append", default=[], metavar="KNOB=VALUE", help="set a knob; repeatable"
    )
    verb.add_argument("--metric", metavar="M", help="the number that is told; `holds`: verdicts")
    verb.add_argument(
        "--compare", metavar="KNOB=A,B", help="tell what B gives more than A, in pairs"
    )
    verb.add_argument(
        "--engine", choices=("auto", "threads", "processes", "cuda", "dask"), default="auto",
        help="who does the runs (auto)",
    )  # fmt: skip
    verb.add_argument("--workers", type=_count, metavar="N", help="how many at once (all CPUs)")
    verb.add_argument(
        "--cluster", metavar="ADDRESS",
        help="a dask scheduler that you trust: it and its workers run code for us and we read "
        "their results (tcp://..., tls://...)",
    )  # fmt: skip
    verb.add_argument("--csv", metavar="FILE", help="keep the rows in a new file")
    verb.add_argument(
        "--resume",
        metavar="FILE",
        help="go on with the rows of FILE (.csv or JSON lines), add to it",
    )
    verb.add_argument("--dry-run", action="store_true", help="count the runs, guess the time")
    _json(verb)


def _add(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--plain", action="store_true", help="ask for the fields line by line")
    verb.add_argument("--card", metavar="KEY", default="", help="mend this card instead")
    verb.add_argument("--front", metavar="TEXT", help="the question; with it nothing is asked")
    verb.add_argument("--answer", metavar="TEXT", help="the answer as Markdown; - reads stdin")
    verb.add_argument("--kind", metavar="K", help="the kind, where it does not follow")
    verb.add_argument("--hint", metavar="TEXT", help="a hint before the answer")
    verb.add_argument("--note", metavar="TEXT", help="the explanation after the answer")
    verb.add_argument("--topic", metavar="T", help="the topic that it belongs to")
    verb.add_argument("--tag", action="append", default=[], metavar="T", help="a tag; repeatable")
    verb.add_argument("--deck", metavar="NAME", help="your deck for it (my-cards)")
    _json(verb)


def _backup(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("file", nargs="?", metavar="FILE", help="where to; else the backups folder")


def _merge(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "other", metavar="OTHER", help="the other journal: a database, a backup or a data folder"
    )
    _json(verb)


def _sync(verb: argparse.ArgumentParser) -> None:
    verb.add_argument(
        "folder", metavar="DIR",
        help="a folder that something carries for you, or a class: postgresql://...",
    )  # fmt: skip
    verb.add_argument(
        "--git", action="store_true", help="it lies in a clone: pull before, commit and push after"
    )
    _json(verb)


def _restore(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("file", metavar="FILE")


def _completion(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("shell", choices=("bash", "zsh", "fish"), help="for which shell")


ARGUMENTS: dict[str, Callable[[argparse.ArgumentParser], None]] = {
    "study": _study,
    "quiz": _quiz,
    "exam": _exam,
    "report": _report,
    "check": _check,
    "ids": _ids,
    "demo": _demo,
    "simulate": _simulate,
    "fit": _fit,
    "import": _import,
    "export": _export,
    "lab": _lab,
    "warm": _warm,
    "glossary": _glossary,
    "browse": _browse,
    "add": _add,
    "show": _show,
    "serve": _serve,
    "known": _known,
    "backup": _backup,
    "restore": _restore,
    "merge": _merge,
    "sync": _sync,
    "class": add_class,
    "due": _told,
    "stats": _stats,
    "doctor": _doctor,
    "bench": _json,
    "completion": _completion,
    "sweep": _sweep,
}  # fmt: skip


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 up")
    return int(text)


def _some(text: str) -> int:
    if (count := _count(text)) < 1:
        raise argparse.ArgumentTypeError("at least 1")
    return count
