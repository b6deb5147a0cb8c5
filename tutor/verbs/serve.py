"""`tutor serve`: the app in a browser, on this machine alone."""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
from pathlib import Path

from tutor.errors import UsageError
from tutor.paths import Place
from tutor.text.printing import say, tell

PORT = 8000


def run(args: argparse.Namespace, place: Place) -> int:
    """Serve until ctrl+c. Raises UsageError without the extra, or for a port that is taken."""
    if importlib.util.find_spec("textual_serve") is None:
        raise UsageError(
            "The browser needs an extra",
            "The packages that serve the app are not installed.",
            "Install them: pip install 'nn-tutor[serve]'",
        )
    from tutor.web.server import Server

    server = Server(args.port, arguments(args, place), args.allow_files)

    def ready(address: str) -> None:
        say(f"Open this address once, in a browser on this machine:\n\n  {address}\n")
        tell(
            f"From another machine: ssh -L {args.port}:127.0.0.1:{args.port} THIS-MACHINE, "
            "then the same address there.\nctrl+c ends it; answers are saved as they are given."
        )
        if args.open:
            import webbrowser

            webbrowser.open(address)

    asyncio.run(server.run(ready))
    return 0


def arguments(args: argparse.Namespace, place: Place) -> list[str]:
    """The same learner and decks for the app of a tab, wherever it is started."""
    given = ["--data-dir", str(place.data.resolve())] if args.data_dir else []
    given += ["--database", str(place.database.resolve())] if args.database else []
    given += ["--no-bundled"] * args.no_bundled
    for path in (*args.content, *getattr(args, "content_after", ())):
        given += ["--content", str(Path(path).resolve())]
    return [*given, "today"]
