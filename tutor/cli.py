"""The command line: parses, then imports only what the verb needs.

stdout is data, stderr is narration. Exit status: 0 fine, 1 problems found, 2 wrong usage,
3 the data cannot be opened, 130 interrupted.
"""

from __future__ import annotations

import argparse
import errno
import importlib
import io
import os
import signal
import sys
from collections.abc import Callable, Container, Iterable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

from tutor import __version__, garbage, package
from tutor.errors import DataError, TutorError, UsageError, did_you_mean
from tutor.options import ARGUMENTS
from tutor.text.printing import say, say_json, tell, tell_crash, watched

if TYPE_CHECKING:
    from tutor.paths import Place

# verb: (module in tutor.verbs, one-line help, example)
VERBS: dict[str, tuple[str, str, str]] = {
    "today": ("app", "open the app on Today (the default)", "tutor today"),
    "study": ("study", "study what is due", "tutor study --plain --limit 5"),
    "quiz": ("quiz", "be quizzed", "tutor quiz --topic softmax --count 5"),
    "exam": ("exam", "be examined: no word until the end", "tutor exam --chapter 5 --count 20"),
    "report": ("report", "what you have passed", "tutor report --markdown"),
    "glossary": ("app", "browse topics, lessons and cards", "tutor glossary padding"),
    "browse": ("browse", "find any card", "tutor browse 'softmax lapses>3'"),
    "add": ("add", "write a card of your own", "tutor add --front Epoch --answer 'One pass.'"),
    "lab": ("app", "open the live demos", "tutor lab ewma"),
    "progress": ("app", "see what you know and what is coming", "tutor progress"),
    "show": ("show", "print one topic as plain text", "tutor show softmax"),
    "check": ("check", "lint decks", "tutor check my-deck.md --json"),
    "ids": ("ids", "add or check card ids", "tutor ids --write my-deck.md"),
    "known": ("known", "mark topics as known already", "tutor known softmax padding"),
    "demo": ("demo", "run a live demo", "tutor demo ewma --set beta=0.98"),
    "sweep": ("sweep", "run a demo over knobs and seeds", "tutor sweep xor --seeds 100"),
    "due": ("due", "what waits", "tutor due --json"),
    "stats": ("stats", "how it goes", "tutor stats --json"),
    "fit": ("fit", "fit the memory model to your answers", "tutor fit --dry-run"),
    "simulate": ("simulate", "forecast the work", "tutor simulate --retention 0.9 --days 365"),
    "serve": ("serve", "the app in a browser, on this machine alone", "tutor serve --open"),
    "import": ("import_", "bring a deck or answers in", "tutor import deck.csv --dry-run"),
    "export": ("export", "take cards and answers along", "tutor export json answers.jsonl"),
    "backup": ("backup", "keep a copy of your answers", "tutor backup answers.db"),
    "restore": ("restore", "bring a copy back", "tutor restore answers.db"),
    "merge": ("merge", "take in what you did on another machine", "tutor merge other/tutor.db"),
    "sync": ("sync", "keep machines in step through a folder", "tutor sync ~/Sync/tutor"),
    "class": (
        "class_",
        "one server for a class",
        "tutor class report postgresql://me@school/class",
    ),
    "doctor": ("doctor", "verify and repair your data", "tutor doctor --json"),
    "bench": ("bench", "how fast the lab trains here", "tutor bench --json"),
    "warm": ("warm", "compile the demos' kernels now", "tutor warm"),
    "completion": ("completion", "print what completes verbs", "tutor completion bash"),
    "man": ("man", "print the manual page", "tutor man"),
}
# The verbs in the help, by what one wants; one that is named nowhere stands in the last.
GROUPS: dict[str, tuple[str, ...]] = {
    "to learn": (
        "today", "study", "quiz", "exam", "show", "glossary", "browse", "known",
    ),
    "to see how it goes": ("due", "stats", "progress", "report", "simulate", "fit"),
    "to watch networks train": ("lab", "demo", "sweep", "bench", "warm"),
    "to write and exchange decks": ("add", "check", "ids", "import", "export"),
    "to keep your answers": ("backup", "restore", "merge", "sync", "doctor"),
    "to use it elsewhere": ("serve", "class", "completion", "man"),
}  # fmt: skip


class Grouped(argparse.HelpFormatter):
    """Lists the verbs by what one wants."""

    def _format_action(self, action: argparse.Action) -> str:
        if not isinstance(action, argparse._SubParsersAction):
            return super()._format_action(action)
        rows = {row.dest: row for row in action._get_subactions()}
        parts = []
        for title, names in grouped(rows).items():
            parts.append(f"\n{' ' * self._current_indent}{title}\n")
            self._indent()
            parts += [super(Grouped, self)._format_action(rows[name]) for name in names]
            self._dedent()
        return "".join(parts)


def grouped(names: Iterable[str]) -> dict[str, list[str]]:
    """The verbs under what they are for, each once."""
    found = {title: [name for name in GROUPS[title] if name in VERBS] for title in GROUPS}
    placed = {name for group in found.values() for name in group}
    found[next(reversed(found))] += [name for name in names if name not in placed]
    return found


class Parser(argparse.ArgumentParser):
    """argparse, but wrong usage is a TutorError like any other failure."""

    _mixing = False

    def _print_message(self, message: str, file: object = None) -> None:
        """Print the help or the version."""
        say(message.rstrip("\n"))

    def error(self, message: str) -> NoReturn:
        """Raise UsageError with the words, what may be meant, and the way to the help."""
        from tutor.exchange.classroom.address import without_password

        meant = _meant(message, self._options())
        message = without_password(message)
        raise UsageError("Wrong usage", message, f"{meant}See: {self.prog} --help")

    def _options(self) -> list[str]:
        """Every option of this parser and of the verb that is used."""
        verbs = (a.choices for a in self._actions if isinstance(a, argparse._SubParsersAction))
        used = [verb for choices in verbs for verb in choices.values() if hasattr(verb, "_actions")]
        actions = [action for parser in (self, *used) for action in parser._actions]
        return [option for action in actions for option in action.option_strings]

    def parse_known_args(
        self, args: Iterable[str] | None = None, namespace: Any = None
    ) -> tuple[Any, list[str]]:
        """The words and options of a verb in any order, as in `export text --topic T FILE`.

        argparse itself takes a word that may be missing for missing when an option comes first.
        """
        words = None if args is None else list(args)
        found, rest = super().parse_known_args(words, namespace)
        if self._mixing or self._subparsers or all(word[:1] == "-" for word in rest):
            return found, rest
        self._mixing = True
        try:
            return self.parse_known_intermixed_args(words)
        finally:
            self._mixing = False


class Verb(Parser):
    """A verb's own; of one that is not used only the name is wanted, and nothing is laid out."""

    def __init__(self, *, used: bool = True, **options: Any) -> None:
        if used:
            super().__init__(**options)


def _meant(message: str, options: list[str]) -> str:
    """Which of the choices that argparse lists, or of the options, is near to what was written."""
    import difflib
    import re

    choices = options
    found = re.search(r"unrecognized arguments: (-[^\s=]+)", message)
    if listed := re.search(r"invalid choice: '(.*)' \(choose from (.*)\)", message):
        found, choices = listed, [choice.strip(" '") for choice in listed[2].split(",")]
    if found is None:
        return ""
    meant = did_you_mean(difflib.get_close_matches(found[1], choices, n=1))
    return f"{meant} " if meant else ""


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
        _drop_output()
        return 0
    except Exception as error:
        return _unexpected(error, as_json="--json" in words)


def _drop_output() -> None:
    """Write nothing more: Python, which flushes at its end, would end with a status of its own."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _run(words: list[str]) -> int:
    args = parser(words).parse_args(_with_denials(words))
    args.make_parser, args.groups = parser, grouped(VERBS)
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
    if watched(sys.stdout):
        _use_signs(place)
    if hasattr(signal, "SIGTERM") and VERBS[verb][0] != "app":
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    return run(args, place)


def _with_denials(words: list[str]) -> list[str]:
    """In a query `-word` denies a word: behind a blank it is no option."""
    if "browse" not in words:
        return words
    return [f" {word}" if word[:1] == "-" != word[1:2] and word[1:] != "h" else word
            for word in words]  # fmt: skip


def _use_signs(place: Place) -> None:
    """Write with the signs that this terminal can show, as the settings or its name say."""
    from tutor import settings, terminals
    from tutor.text import glyphs

    chosen, _ = settings.load(place.settings)
    glyphs.use(terminals.signs(chosen.glyphs, os.environ))


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
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return DataError("The disk is full", f"{where}{error.strerror}.", "Make room, then again.")
    return DataError(
        "A file or folder cannot be used",
        f"{where}{error.strerror or error}.",
        "Check its name and its rights, or choose another.",
    )


def _fail(error: TutorError, as_json: bool) -> int:
    try:
        if as_json:
            say_json(error.as_json())
        elif sys.stdout is not None:
            sys.stdout.flush()
    except OSError:  # on a full disk nobody can be told there
        _drop_output()
    tell(f"tutor: {error}")
    return error.exit_status


def parser(words: Container[str] | None = None) -> argparse.ArgumentParser:
    """The whole command line; for `words`, of the verbs that they do not name, the help alone.

    Laying out those of all verbs would cost every start several milliseconds more.
    """
    shared = _global_options()
    top = Parser(
        prog="tutor",
        description="Flashcards, quizzes and live neural-network demos in a terminal.",
        epilog="Without a verb the app opens on Today.",
        formatter_class=Grouped,
        parents=[_global_options(unsaid=False)],
    )
    top.add_argument("--version", action="version", version=f"tutor {__version__}")
    verbs = top.add_subparsers(
        dest="verb", metavar="VERB", parser_class=Verb, title="what you want"
    )
    for name, (_, about, example) in VERBS.items():
        if words is not None and name not in words:
            verbs.add_parser(name, help=about, used=False)
            continue
        verb = verbs.add_parser(
            name, help=about, description=f"{about[0].upper()}{about[1:]}.",
            epilog=f"Example: {example}", parents=[shared],
        )  # fmt: skip
        if name in ARGUMENTS:
            ARGUMENTS[name](verb)
    return top


def _global_options(unsaid: bool = True) -> Verb:
    """Options read before and after the verb; after it they must not reset what stood before."""
    unset = argparse.SUPPRESS if unsaid else None
    options = Verb(add_help=False)
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
        dest="content_after" if unsaid else "content",
        help="a further deck file or folder; repeatable",
    )
    group.add_argument(
        "--no-bundled",
        action="store_true",
        default=argparse.SUPPRESS if unsaid else False,
        help="leave the bundled decks out",
    )
    group.add_argument("--database", metavar="FILE", default=unset, help="the file of your answers")
    return options
