"""The options of `tutor class`."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from copy import copy


def add_class(verb: argparse.ArgumentParser) -> None:
    """What one may want of a class, each with its own options."""
    what = verb.add_subparsers(dest="what", metavar="WHAT", required=True, title="what you want")
    for name, (about, add) in _WHAT.items():
        inner = what.add_parser(name, help=about, description=_sentence(about))
        add(inner)
        _take_along(verb, inner)


def _take_along(verb: argparse.ArgumentParser, inner: argparse.ArgumentParser) -> None:
    """Let the options of all verbs stand behind the inner verb too; unset they say nothing."""
    for action in list(inner._actions):
        if isinstance(action, argparse._SubParsersAction):
            for each in action.choices.values():
                _take_along(verb, each)
            return
    for group in verb._action_groups:
        if group.title == "where things are":
            here = inner.add_argument_group(group.title)
            for action in group._group_actions:
                again = copy(action)
                again.default = argparse.SUPPRESS
                here._add_action(again)


def _sentence(about: str) -> str:
    return f"{about[0].upper()}{about[1:]}."


def _server(of: argparse.ArgumentParser) -> None:
    of.add_argument("server", metavar="SERVER", help="postgresql://NAME@SERVER/DATABASE")


def _add(of: argparse.ArgumentParser) -> None:
    _server(of)
    of.add_argument(
        "names", nargs="+", metavar="NAME",
        help="who comes in; the server gets a pseudonym and never sees this name",
    )  # fmt: skip
    of.add_argument(
        "--keys", metavar="FILE", default="class-keys.csv",
        help="where pseudonyms and passwords are added (class-keys.csv)",
    )  # fmt: skip
    of.add_argument("--host", metavar="HOST", help="how learners reach the server, if not as you")
    of.add_argument("--teacher", action="store_true", help="let teachers in, not learners")


def _remove(of: argparse.ArgumentParser) -> None:
    _server(of)
    of.add_argument("roles", nargs="+", metavar="ROLE", help="the pseudonym, as in the keys' file")


def _report(of: argparse.ArgumentParser) -> None:
    _server(of)
    how = of.add_mutually_exclusive_group()
    how.add_argument("--csv", action="store_true", help="print CSV on stdout")
    how.add_argument("--json", action="store_true", help="print JSON on stdout")


def _deck(of: argparse.ArgumentParser) -> None:
    acts = of.add_subparsers(dest="act", metavar="ACT", required=True, title="what you want")
    push = acts.add_parser("push", help="share decks", description="Share decks with the class.")
    _server(push)
    push.add_argument("files", nargs="+", metavar="FILE", help="a deck file")
    pull = acts.add_parser("pull", help="bring them here", description="Bring its decks here.")
    _server(pull)


_WHAT: dict[str, tuple[str, Callable[[argparse.ArgumentParser], None]]] = {
    "init": ("make a class in an empty database", _server),
    "add": ("let learners or teachers in", _add),
    "remove": ("take members and all their rows away", _remove),
    "report": ("count what the class knows, at least five learners a line", _report),
    "deck": ("share decks with the class", _deck),
}
