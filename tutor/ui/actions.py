"""What several pages do the same way: edit a deck file, mark a topic as known, gather its page.

Functions of the page that asks; the app itself stays small.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
from collections.abc import Callable
from typing import TYPE_CHECKING

from textual.app import SuspendNotSupported

if TYPE_CHECKING:
    from tutor.deck.model import Source
    from tutor.session.learner import Learner
    from tutor.ui.app import TutorApp
    from tutor.ui.screens.page import Page
    from tutor.ui.widgets.demo_view import DemoView
    from tutor.ui.widgets.topic import TopicPage


def page_of(app: TutorApp, topic: str) -> TopicPage:
    """What the page of a topic shows."""
    from tutor.ui.screens.card_page import demo_title
    from tutor.ui.widgets.topic import topic_page

    library = app.learner.library
    found = library.topics[topic]
    return topic_page(library, found, app.learner.known(), demo_title(found.demo))


def toggle_known(page: Page, topic: str) -> None:
    """Mark a topic as known already, or take that back, and say which."""
    learner = page.tutor.learner
    title = learner.library.topics[topic].title
    if topic in learner.marked():
        learner.mark_unknown([topic])
        page.say(f"{title} is no longer marked as known.")
    else:
        learner.mark_known([topic])
        page.say(f"{title} is known: its cards wait until they are due. k takes it back.")


def keep_prediction(
    learner: Learner, asked: str, said: DemoView.Predicted | DemoView.Observed
) -> None:
    """Put what was predicted or seen in a demo into the journal; asked: `predict` or `observe`."""
    payload = {
        "asked": asked,
        "knobs": dict(said.knobs),
        "seed": said.seed,
        "chosen": said.chosen,
        "right": said.right,
    }
    learner.append(
        lambda: [
            learner.event(
                "prediction",
                said.name,
                source="demo",
                correct=said.chosen == said.right,
                payload=json.dumps(payload, ensure_ascii=False),
            )
        ]
    )


def edit(page: Page, source: Source, then: Callable[[], None]) -> None:
    """Open a deck file in $EDITOR at its line; on return call `then`.

    Without an editor, or where the app cannot step aside, the place is told instead.
    """
    editor = os.environ.get("VISUAL") or os.environ.get("EDITOR")
    place = f"{source.file}:{source.line}"
    if not editor:
        page.say(f"{place}   (set EDITOR to open it from here)")
        return
    try:
        with page.app.suspend():
            code = subprocess.call([*shlex.split(editor), *_at_line(editor, source)])
    except SuspendNotSupported:
        page.say(f"{place}   (this terminal cannot step aside for an editor)")
        return
    except OSError as error:
        page.say(f"{editor} cannot be started: {error.strerror}. The card is at {place}")
        return
    page.say("" if code == 0 else f"{editor} ended with status {code}.")
    then()


def _at_line(editor: str, source: Source) -> list[str]:
    """The file, and its line in the form that most terminal editors read."""
    name = os.path.basename(shlex.split(editor)[0])  # noqa: PTH119
    if name in {"vi", "vim", "nvim", "nano", "emacs", "micro", "kak", "ne", "joe", "mg"}:
        return [f"+{source.line}", source.file]
    if name in {"hx", "helix", "subl"}:
        return [f"{source.file}:{source.line}"]
    return [source.file]
