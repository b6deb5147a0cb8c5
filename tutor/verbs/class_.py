"""`tutor class WHAT SERVER`: keep a class on a server, see what it knows, share decks with it."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from tutor.paths import Place
from tutor.text.numerals import plural
from tutor.text.printing import say, tell
from tutor.verbs.asking_password import password

if TYPE_CHECKING:
    from tutor.exchange.classroom.keeping import Kind


def run(args: argparse.Namespace, place: Place) -> int:
    """Do what is asked for. Returns the exit status."""
    return _ACTS[args.what](args, place)


def _init(args: argparse.Namespace, _place: Place) -> int:
    from tutor.exchange.classroom.keeping import Class
    from tutor.exchange.classroom.server import server

    with server(args.server, password, founding=True) as found:
        for line in Class(found).found():
            tell(line)
        say(f"There is a class at {found.where}. Let people in: tutor class add")
    return 0


def _add(args: argparse.Namespace, _place: Place) -> int:
    from tutor.exchange.classroom import keys
    from tutor.exchange.classroom.keeping import Class
    from tutor.exchange.classroom.server import server

    file = Path(args.keys).expanduser()
    kind: Kind = "teacher" if args.teacher else "learner"
    with server(args.server, password) as found, keys.opened(file) as ring:
        host = keys.Host.of(args.server, args.host)
        for name in args.names:
            role = keys.let_in(ring, Class(found), kind, name, host)
            say(f"{name}: {role}")
    tell(f"{file} has a line for each, with the password: give each line to its person alone.")
    if host.is_near:
        tell("Its addresses name this machine: say --host HOST for learners elsewhere.")
    return 0


def _remove(args: argparse.Namespace, _place: Place) -> int:
    from tutor.exchange.classroom.keeping import Class
    from tutor.exchange.classroom.server import server

    with server(args.server, password) as found:
        for role in args.roles:
            Class(found).remove(role)
            say(f"{role} is out of the class, and its rows are gone from the server")
    return 0


def _report(args: argparse.Namespace, place: Place) -> int:
    from tutor.verbs.class_report import run as run_report

    return run_report(args, place)


def _deck(args: argparse.Namespace, place: Place) -> int:
    from tutor.exchange.classroom.server import server
    from tutor.session import sharing_decks

    with server(args.server, password) as found:
        if args.act == "push":
            done = sharing_decks.push(found, [Path(each).expanduser() for each in args.files])
        else:
            done = sharing_decks.pull(found, place)
    for each in done:
        why = f": {each.why}" if each.why else ""
        say(f"{each.name}: {each.outcome}{why}")
    if not done:
        tell("The class shares no deck yet.")
    kept = [each for each in done if each.outcome == "refused"]
    if kept:
        tell(f"{plural(len(kept), 'deck')} of the class cannot be read: tell who shared it.")
    return 1 if kept else 0


_ACTS: dict[str, Callable[[argparse.Namespace, Place], int]] = {
    "init": _init,
    "add": _add,
    "remove": _remove,
    "report": _report,
    "deck": _deck,
}
