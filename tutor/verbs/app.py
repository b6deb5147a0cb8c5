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
    from tutor.ui.lean import import_textual

    import_textual()
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
    if args.verb == "today":
        return Start()
    from tutor.verbs import plans

    made: dict[str, Callable[[], Start]] = {
        "study": lambda: Start("study", plan=plans.study_plan(args)),
        "quiz": lambda: Start("quiz", plan=plans.quiz_plan(args)),
        "exam": lambda: Start("exam", plan=plans.exam_plan(args)),
        "browse": lambda: Start("browse", term=plans.browse_query(args)),
        "add": lambda: Start(
            "mend" if args.card else "add",
            term=args.card or "",
            given=tuple(plans.card_fields(args).items()),
        ),
        "glossary": lambda: Start("glossary", term=args.term or ""),
        # `tutor demo`, which leads here too, has a seed.
        "lab": lambda: Start("lab", args.name or "", seed=getattr(args, "seed", 0), fps=args.fps),
    }
    return made.get(args.verb, lambda: Start(args.verb))()


def _as_text(args: argparse.Namespace, place: Place) -> int:
    if args.verb == "today":
        from tutor.verbs.due import run as due

        args.json = False
        return due(args, place)
    verb = AS_TEXT[args.verb]
    say(f"{args.verb} needs a terminal. Its content as text: {verb}")
    return 0
