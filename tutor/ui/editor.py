"""The learner's own editor, opened on a deck file at a line."""

from __future__ import annotations

import os
import shlex
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.deck.model import Source


def chosen() -> str:
    """The editor that the environment names; empty when it names none."""
    return os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""


def command(editor: str, source: Source) -> list[str]:
    """What to run: the file, and its line in the form that most terminal editors read."""
    words = shlex.split(editor)
    name = os.path.basename(words[0])  # noqa: PTH119
    if name in {"vi", "vim", "nvim", "nano", "emacs", "micro", "kak", "ne", "joe", "mg"}:
        return [*words, f"+{source.line}", source.file]
    if name in {"hx", "helix", "subl"}:
        return [*words, f"{source.file}:{source.line}"]
    return [*words, source.file]
