"""The learner's own editor, opened on a deck file at a line."""

from __future__ import annotations

import os
import shlex
import shutil
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tutor.deck.model import Source


def chosen() -> str:
    """The editor that the environment names; empty when it names none."""
    return os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""


def command(editor: str, source: Source) -> list[str]:
    """What to run: the file, and its line in the form that most terminal editors read.

    The path begins at the root: a deck's name such as `+!x.md` would be an option of the editor.
    Raises ValueError that says why `editor` is no command.
    """
    words = shlex.split(editor)
    if not words:
        raise ValueError("it holds only blanks")
    if words[0].startswith("~"):
        words[0] = str(Path(words[0]).expanduser())
    # A program of the present folder would be another one in each folder, also in a stranger's.
    if (program := shutil.which(words[0])) and not Path(program).is_absolute():
        raise ValueError(f"{words[0]} is found in the present folder alone; write its whole path")
    name, file = Path(words[0]).name, str(Path(source.file).absolute())
    if name in {"vi", "vim", "nvim", "nano", "emacs", "micro", "kak", "ne", "joe", "mg"}:
        return [*words, f"+{source.line}", file]
    if name in {"hx", "helix", "subl"}:
        return [*words, f"{file}:{source.line}"]
    return [*words, file]
