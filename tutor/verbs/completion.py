"""`tutor completion SHELL`: a script that completes verbs and options, made from the parser."""

from __future__ import annotations

import argparse

from tutor.paths import Place
from tutor.text.printing import say


def run(args: argparse.Namespace, _place: Place) -> int:
    """Print the script. Returns the exit status."""
    # Only this verb needs it.
    import shtab

    parser: argparse.ArgumentParser = args.make_parser()
    say(shtab.complete(parser, args.shell))
    return 0
