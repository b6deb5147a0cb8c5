"""`tutor man`: the manual page in roff, made from the words of `--help`.

A wheel puts it where `man` looks; whoever builds it has none of our dependencies.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from tutor import __version__
from tutor.text.printing import say

if TYPE_CHECKING:
    from tutor.paths import Place

STATUS = (
    ("0", "all is fine"),
    ("1", "problems were found"),
    ("2", "wrong usage"),
    ("3", "the data cannot be opened"),
    ("130", "interrupted"),
)


def run(args: argparse.Namespace, _place: Place) -> int:
    """Print the page. Returns the exit status."""
    for line in page(args.make_parser(), args.groups):
        say(line)
    return 0


def page(parser: argparse.ArgumentParser, groups: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The lines of the page; groups: the verbs under what they are for."""
    (verbs,) = (a for a in parser._actions if isinstance(a, argparse._SubParsersAction))
    yield f'.TH TUTOR 1 "" "tutor {__version__}" "User Commands"'
    yield from (".SH NAME", f"tutor \\- {_text(parser.description or '').rstrip('.').lower()}")
    yield from (".SH SYNOPSIS", ".B tutor", "[\\fIoptions\\fR] [\\fIverb\\fR] [\\fI...\\fR]")
    yield from (".SH DESCRIPTION", _text(parser.epilog or ""))
    for title, names in groups.items():
        yield f".SH {_text(title).upper()}"
        for name in names:
            yield from _verb(verbs.choices[name])
    yield ".SH OPTIONS OF ALL VERBS"
    yield from _options(parser)
    yield ".SH EXIT STATUS"
    for number, meaning in STATUS:
        yield from (".TP", f".B {number}", _text(meaning))


def _verb(verb: argparse.ArgumentParser) -> Iterator[str]:
    operands = " ".join(_operand(each) for each in verb._get_positional_actions())
    yield f".SS {_text(f'{verb.prog} {operands}'.strip())}"
    yield _text(verb.description or "")
    yield from _inner(verb)
    yield from _options(verb, shared=False)
    if verb.epilog:
        yield from (".PP", _text(verb.epilog))


def _inner(verb: argparse.ArgumentParser) -> Iterator[str]:
    """The verbs in a verb, with their operands and options."""
    for action in verb._actions:
        if isinstance(action, argparse._SubParsersAction):
            for each in action.choices.values():
                operands = " ".join(_operand(one) for one in each._get_positional_actions())
                yield from (".TP", f".B {_text(f'{each.prog} {operands}')}")
                yield _text(each.description or "")
                yield from _inner(each)
                yield from _options(each, shared=False)


def _options(parser: argparse.ArgumentParser, *, shared: bool = True) -> Iterator[str]:
    """Its options; those that every verb has are told once."""
    for group in parser._action_groups:
        if group.title == "where things are" and not shared:
            continue
        for action in group._group_actions:
            is_help = isinstance(action, argparse._HelpAction) and not shared
            if action.help in (None, argparse.SUPPRESS) or is_help:
                continue
            if isinstance(action, argparse._SubParsersAction):
                continue
            names = ", ".join(action.option_strings) or _operand(action)
            takes = f" {_operand(action)}" if action.option_strings and action.nargs != 0 else ""
            yield from (".TP", f".B {_text(names + takes)}", _text(action.help or ""))


def _operand(action: argparse.Action) -> str:
    if action.choices and action.metavar is None:
        return "|".join(map(str, action.choices))
    name = action.metavar or action.dest
    return " ".join(name) if isinstance(name, tuple) else str(name)


def _text(text: str) -> str:
    """As roff reads it: a backslash and a hyphen are signs of its own, and so is a first dot."""
    text = " ".join(text.replace("%%", "%").split()).replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{text}" if text[:1] in (".", "'") else text
