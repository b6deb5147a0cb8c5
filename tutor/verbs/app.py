"""Opens the app on the page that the verb names; without a terminal it says what there is as text.

Nothing heavy is imported before the first paint: the page's numbers come from one prepared row.
"""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable

from tutor import terminals
from tutor.paths import Place
from tutor.text.printing import say
from tutor.ui.start import Start
from tutor.verbs.dialogue import on_terminal
from tutor.verbs.plans import browse_query, card_fields, exam_plan, quiz_plan, study_plan

BY_EAR = "By ear or in braille: leave with ctrl+q, and type: tutor study --speak"
"""Said once, at the very first start, before the screen is painted."""

# What gives a page's content as text.
AS_TEXT = {
    "glossary": "tutor show TERM",
    "lab": "tutor demo --list, and tutor demo NAME --headless",
    "progress": "tutor stats",
}


def run(args: argparse.Namespace, place: Place) -> int:
    """Open the app, or say how to have the same as text. Returns the exit status."""
    if not on_terminal():
        return _as_text(args, place)
    prepare_environment()
    from tutor import settings
    from tutor.store.glance import read_glance
    from tutor.ui.app import TutorApp

    if not place.database.exists() and "TEXTUAL_DRIVER" not in os.environ:
        say(BY_EAR)
    chosen, complaints = settings.load(place.settings)
    if chosen.glyphs == "auto" and terminals.may_paint_wide(os.environ):
        from tutor import probe

        if probe.paints_wide():
            os.environ[terminals.WIDE] = "1"
    app = TutorApp(
        place, start(args), settings=chosen, glance=read_glance(place.database), news=complaints
    )
    app.run()
    return app.return_code or 0


def prepare_environment() -> None:
    """Set what Textual reads of the environment at its import, as this terminal needs it.

    The terminal itself says how large it is: what is exported may be another one's size. A
    driver from elsewhere, such as Textual's for a browser, is told its size by these.
    """
    if "TEXTUAL_DRIVER" in os.environ:
        return
    for name in ("COLUMNS", "LINES"):
        os.environ.pop(name, None)
    if system := terminals.colours(os.environ):
        os.environ["TEXTUAL_COLOR_SYSTEM"] = system


def start(args: argparse.Namespace) -> Start:
    """What the command line asks the app to open."""
    made = _STARTS.get(args.verb)
    return made(args) if made else Start(args.verb)


_STARTS: dict[str, Callable[[argparse.Namespace], Start]] = {
    "study": lambda args: Start("study", plan=study_plan(args)),
    "quiz": lambda args: Start("quiz", plan=quiz_plan(args)),
    "exam": lambda args: Start("exam", plan=exam_plan(args)),
    "browse": lambda args: Start("browse", term=browse_query(args)),
    "add": lambda args: Start(
        "mend" if args.card else "add", term=args.card or "", given=tuple(card_fields(args).items())
    ),
    "glossary": lambda args: Start("glossary", term=args.term or ""),
    # `tutor demo`, which leads here too, has a seed.
    "lab": lambda args: Start("lab", args.name or "", seed=getattr(args, "seed", 0), fps=args.fps),
}


def _as_text(args: argparse.Namespace, place: Place) -> int:
    if args.verb == "today":
        from tutor.verbs.due import run as due

        args.json = False
        return due(args, place)
    verb = AS_TEXT[args.verb]
    say(f"{args.verb} needs a terminal. Its content as text: {verb}")
    return 0
