"""The command line: parses, then imports only what the verb needs.

stdout is data, stderr is narration. Exit status: 0 fine, 1 problems found, 2 wrong usage,
3 the data cannot be opened, 130 interrupted.
"""

from __future__ import annotations

import argparse
import importlib
import io
import os
import signal
import sys
from collections.abc import Callable, Sequence
from typing import NoReturn

from tutor import __version__, garbage, package
from tutor.errors import DataError, TutorError, UsageError
from tutor.text.printing import say, say_json, tell, tell_crash

# verb: (module in tutor.verbs, one-line help, example)
VERBS: dict[str, tuple[str, str, str]] = {
    "today": ("app", "open the app on Today (the default)", "tutor today"),
    "study": ("study", "study what is due", "tutor study --plain --limit 5"),
    "quiz": ("quiz", "be quizzed", "tutor quiz --topic softmax --count 5"),
    "glossary": ("app", "browse topics, lessons and cards", "tutor glossary padding"),
    "browse": ("browse", "find any card", "tutor browse 'softmax lapses>3'"),
    "lab": ("app", "open the live demos", "tutor lab ewma"),
    "progress": ("app", "see what you know and what is coming", "tutor progress"),
    "show": ("show", "print one topic as plain text", "tutor show softmax"),
    "check": ("check", "lint decks", "tutor check my-deck.md --json"),
    "ids": ("ids", "add or check card ids", "tutor ids --write my-deck.md"),
    "known": ("known", "mark topics as known already", "tutor known softmax padding"),
    "demo": ("demo", "run a live demo", "tutor demo ewma --set beta=0.98"),
    "due": ("due", "what waits", "tutor due --json"),
    "stats": ("stats", "how it goes", "tutor stats --json"),
    "fit": ("fit", "fit the memory model to your answers", "tutor fit --dry-run"),
    "simulate": ("simulate", "forecast the work", "tutor simulate --retention 0.9 --days 365"),
    "import": ("import_", "bring a deck or answers in", "tutor import deck.csv --dry-run"),
    "export": ("export", "take cards and answers along", "tutor export json answers.jsonl"),
    "backup": ("backup", "keep a copy of your answers", "tutor backup answers.db"),
    "restore": ("restore", "bring a copy back", "tutor restore answers.db"),
    "doctor": ("doctor", "verify and repair your data", "tutor doctor --json"),
    "bench": ("bench", "how fast the lab trains here", "tutor bench --json"),
    "warm": ("warm", "compile the demos' kernels now", "tutor warm"),
}


class Parser(argparse.ArgumentParser):
    """argparse, but wrong usage is a TutorError like any other failure."""

    def _print_message(self, message: str, file: object = None) -> None:
        """Print the help or the version."""
        say(message.rstrip("\n"))

    def error(self, message: str) -> NoReturn:
        """Raise UsageError with the words and the way to the help."""
        raise UsageError("Wrong usage", message, f"See: {self.prog} --help")


def main(argv: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit status."""
    garbage.begin()
    words = list(sys.argv[1:] if argv is None else argv)
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal without Unicode gets question marks, not a crash.
        sys.stdout.reconfigure(errors="replace")
    try:
        return _run(words)
    except TutorError as error:
        return _fail(error, as_json="--json" in words)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader left (as `head` does): that is no failure of ours.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:
        return _unexpected(error, as_json="--json" in words)


def _run(words: list[str]) -> int:
    args = parser().parse_args(_with_denials(words))
    from tutor import paths
    from tutor.store import privacy

    os.umask(privacy.MASK)  # whatever is made holds answers, or comes from them
    place = paths.settle(
        data_dir=args.data_dir,
        content=(*args.content, *getattr(args, "content_after", ())),
        bundled=not args.no_bundled,
        database=args.database,
    )
    paths.use_digits(place.data)
    if news := privacy.keep_private(place):
        tell(news)
    verb = args.verb or "today"
    args.verb = verb
    module = importlib.import_module(f"tutor.verbs.{VERBS[verb][0]}")
    run: Callable[..., int] = module.run
    if hasattr(signal, "SIGTERM") and VERBS[verb][0] != "app":
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    return run(args, place)


def _with_denials(words: list[str]) -> list[str]:
    """In a query `-word` denies a word: behind a blank it is no option."""
    if "browse" not in words:
        return words
    return [f" {word}" if word[:1] == "-" != word[1:2] and word[1:] != "h" else word
            for word in words]  # fmt: skip


def _unexpected(error: Exception, as_json: bool) -> int:
    """An update, a failure of the system, or a mistake of ours, whose traceback is shown."""
    told = package.explained(error)
    if told is None and isinstance(error, OSError):
        told = _unusable(error)
    if told is None:
        tell_crash(error)
        return 1
    return _fail(told, as_json)


def _unusable(error: OSError) -> DataError:
    """What the system refused: a folder that may not be entered, a name that is too long."""
    where = f"{error.filename}: " if error.filename else ""
    return DataError(
        "A file or folder cannot be used",
        f"{where}{error.strerror or error}.",
        "Check its name and its rights, or choose another.",
    )


def _fail(error: TutorError, as_json: bool) -> int:
    if as_json:
        say_json(error.as_json())
    tell(f"tutor: {error}")
    return error.exit_status


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    shared = _global_options()
    top = Parser(
        prog="tutor",
        description="Flashcards, quizzes and live neural-network demos in a terminal.",
        epilog="Without a verb the app opens on Today.",
        parents=[_global_options(suppress=False)],
    )
    top.add_argument("--version", action="version", version=f"tutor {__version__}")
    verbs = top.add_subparsers(dest="verb", metavar="VERB", parser_class=Parser)
    for name, (_, about, example) in VERBS.items():
        verb = verbs.add_parser(
            name, help=about, description=f"{about[0].upper()}{about[1:]}.",
            epilog=f"Example: {example}", parents=[shared],
        )  # fmt: skip
        if name in _ARGUMENTS:
            _ARGUMENTS[name](verb)
    return top


def _global_options(suppress: bool = True) -> Parser:
    """Options read before and after the verb; after it they must not reset what stood before."""
    unset = argparse.SUPPRESS if suppress else None
    options = Parser(add_help=False)
    group = options.add_argument_group("where things are")
    group.add_argument(
        "--data-dir", metavar="DIR", default=unset, help="the folder of your answers"
    )
    # Two destinations: a subparser's list would replace the list given before the verb.
    group.add_argument(
        "--content",
        metavar="PATH",
        action="append",
        default=[],
        dest="content_after" if suppress else "content",
        help="a further deck file or folder; repeatable",
    )
    group.add_argument(
        "--no-bundled",
        action="store_true",
        default=argparse.SUPPRESS if suppress else False,
        help="leave the bundled decks out",
    )
    group.add_argument("--database", metavar="FILE", default=unset, help="the file of your answers")
    return options


def _json(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--json", action="store_true", help="print JSON on stdout")


def _study(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--plain", action="store_true", help="line by line on stdin and stdout")
    verb.add_argument("--limit", type=_count, metavar="N", help="end after N answers")
    verb.add_argument(
        "--new", type=_count, metavar="N", help="let N new cards in, whatever today's limit"
    )
    verb.add_argument(
        "--topic", action="append", default=[], metavar="T", help="only this topic; repeatable"
    )
    verb.add_argument(
        "--ignore-needs", action="store_true", help="open topics before their prerequisites"
    )


def _quiz(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("--plain", action="store_true", help="line by line on stdin and stdout")
    verb.add_argument(
        "--topic", action="append", default=[], metavar="T", help="only this topic; repeatable"
    )
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
    verb.add_argument(
        "--unit", choices=["ms", "s"], default="ms", help="what times count that are plain numbers"
    )
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


def _known(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("topics", nargs="+", metavar="TOPIC")


def _backup(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("file", nargs="?", metavar="FILE", help="where to; else the backups folder")


def _restore(verb: argparse.ArgumentParser) -> None:
    verb.add_argument("file", metavar="FILE")


_ARGUMENTS: dict[str, Callable[[argparse.ArgumentParser], None]] = {
    "study": _study,
    "quiz": _quiz,
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
    "show": _show,
    "known": _known,
    "backup": _backup,
    "restore": _restore,
    "due": _json,
    "stats": _json,
    "doctor": _doctor,
    "bench": _json,
}  # fmt: skip


def _count(text: str) -> int:
    if not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 up")
    return int(text)
